"""What streams must have told: every event of the exchange once and in order, or a `Gap` in its place."""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

import msgspec

from surefoot.client.streams import Gap
from surefoot.codec import stream_messages, wsapi
from surefoot.codec.stream_messages import Wrapped
from surefoot.codec.streams import decode_user_event, market_decoder
from surefoot.spot.events import Event
from surefoot.spot.streams import parse_stream


class Said(msgspec.Struct, frozen=True):
    """One event of the exchange, and when (by the clock of the witness) it was said."""

    time_ms: int
    event: Event


class Witness:
    """Stands beside the exchange and hears every event, before any network. `said` is by the name of the
    stream; those of an account have none.
    """

    def __init__(self, now_us: Callable[[], int]) -> None:
        self._now_us = now_us
        self.said: dict[str, list[Said]] = {}

    def send(self, data: bytes) -> None:
        """One event, as the exchange spells it."""
        if data.startswith(b'{"stream"'):
            wrapped = stream_messages.decode(data)
            assert isinstance(wrapped, Wrapped), "it is combined"
            name, event = wrapped.stream, market_decoder(parse_stream(wrapped.stream))(wrapped.data)
        else:
            name, event = "", decode_user_event(wsapi.decode(data).event)
        self.said.setdefault(name, []).append(Said(self._now_us() // 1000, event))

    def close(self, code: int, reason: str) -> None:
        """Nobody closes a witness's mouth."""


Excused = Callable[[Said, Sequence[Gap]], bool]
"""Whether one event need not have been told; the gaps are those told in its place."""


def covered(lost: Said, gaps: Iterable[Gap]) -> bool:
    """Whether a gap owns up to it."""
    return any(gap.since_ms <= lost.time_ms <= gap.until_ms for gap in gaps)


def deliveries(
    said: Sequence[Said],
    told: Iterable[Event],
    excused: Excused = covered,
    held_ms: Collection[int] = (),
) -> Iterator[str]:
    """What is wrong with what was `told` of `said`, in sentences; both are of one stream, and what was told
    contains its gaps. What was said at one of `held_ms` was held back on one connection, and may come late
    over another.
    """
    waiting, gaps, late = deque(said), list[Gap](), list[Event]()
    for event in told:
        if isinstance(event, Gap):
            gaps.append(event)
            continue
        if all(one.event != event for one in waiting):
            if event in late:
                late.remove(event)
            else:
                yield f"told twice, or out of turn: {words(event)}"
            continue
        while (next := waiting.popleft()).event != event:
            if next.time_ms in held_ms:
                late.append(next.event)
            if not excused(next, gaps):
                yield lost(next, gaps)
        gaps.clear()
    for left in waiting:
        if not excused(left, gaps):
            yield lost(left, gaps)


def lost(one: Said, gaps: Iterable[Gap]) -> str:
    """The sentence about an event that nobody told."""
    told = "; ".join(f"{gap.since_ms} to {gap.until_ms} ({gap.reason})" for gap in gaps)
    return f"lost without a gap that covers {one.time_ms}: {words(one.event)}; gaps there: {told or 'none'}"


def words(event: Event) -> str:
    """An event by what tells it from others."""
    names = ("symbol", "trade_id", "client_order_id", "execution_type", "execution_id", "event_time")
    known = [f"{name} {getattr(event, name)}" for name in names if hasattr(event, name)]
    return " ".join([type(event).__name__, *known])
