"""What a listener must have heard: every event of the exchange once and in order, or a `Gap` in its place.

Some faults cannot be noticed by anybody: an event that is withheld on a connection that goes on, or that
overtakes another. What they struck is excused, and nothing else (`Excuses`).
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from surefoot.client.streams import Gap
from surefoot.codec import stream_messages, wsapi
from surefoot.codec.stream_messages import Wrapped
from surefoot.codec.streams import decode_user_event, market_decoder
from surefoot.exchange.faults import Duplicate, Reorder, Strike, Withhold
from surefoot.spot.events import Event, ExecutionReport
from surefoot.spot.streams import parse_stream


class Said(msgspec.Struct, frozen=True):
    """One event of the exchange: when by the run's clock, when by the exchange's own, and what."""

    at_s: float
    time_ms: int
    event: Event


class Witness:
    """Stands beside the exchange and hears every event, before any network. `said` is by the name of the
    stream; those of an account have none.
    """

    def __init__(self, now_s: Callable[[], float], now_us: Callable[[], int]) -> None:
        self._now_s, self._now_us = now_s, now_us
        self.said: dict[str, list[Said]] = {}

    def send(self, data: bytes) -> None:
        """One event, as the exchange spells it."""
        if data.startswith(b'{"stream"'):
            wrapped = stream_messages.decode(data)
            assert isinstance(wrapped, Wrapped), "it is combined"
            name, event = wrapped.stream, market_decoder(parse_stream(wrapped.stream))(wrapped.data)
        else:
            name, event = "", decode_user_event(wsapi.decode(data).event)
        self.said.setdefault(name, []).append(Said(self._now_s(), self._now_us() // 1000, event))

    def close(self, code: int, reason: str) -> None:
        """Nobody closes a witness's mouth."""


class Excuses(msgspec.Struct, frozen=True, kw_only=True):
    """What faults nobody can notice did to the events of one listener: moments (exchange's clock) at which
    one was held back, for ever or until its connection was gone; how many were doubled; whether some came
    late. `right_clock`: whether the exchange's clock was right all the time, so that the times of a gap mean
    something.
    """

    withheld_ms: frozenset[int] = frozenset()
    doubled: int = 0
    late: bool = False
    right_clock: bool = True


def excuses(strikes: Iterable[Strike], *, right_clock: bool) -> Excuses:
    """Those of the strikes that hit one listener."""
    faults = [(strike.fault, strike.at_us // 1000) for strike in strikes]
    withheld = [at_ms for fault, at_ms in faults if isinstance(fault, Reorder | Withhold)]
    late = any(isinstance(fault, Reorder) or getattr(fault, "ms", None) for fault, _ in faults)
    doubled = sum(fault.times for fault, _ in faults if isinstance(fault, Duplicate))
    return Excuses(
        withheld_ms=frozenset(withheld),
        doubled=doubled,
        late=late,
        right_clock=right_clock,
    )


class Span(msgspec.Struct, frozen=True):
    """When (the run's clock) somebody asked for the events, and when they were there."""

    asked_s: float
    live_s: float


def hearing(said: Sequence[Said], heard: Sequence[Event], span: Span, excuse: Excuses) -> Iterator[str]:
    """What is wrong with what was `heard`, in sentences; it contains the gaps."""
    audible = [one for one in said if one.at_s >= span.asked_s]
    heard, twice = _once(heard, excuse)
    yield from twice
    if excuse.late:
        yield from _somehow(audible, heard, span, excuse)
    else:
        yield from _in_order(audible, heard, span, excuse)


def _once(heard: Iterable[Event], excuse: Excuses) -> tuple[list[Event], list[str]]:
    """What was heard, and what of it twice: an execution report never, others as often as they were said."""
    once, twice, again = list[Event](), list[str](), 0
    known = set[Event]()
    for event in heard:
        if isinstance(event, Gap) or event not in known:
            known.add(event)
            once.append(event)
            continue
        again += 1
        if isinstance(event, ExecutionReport) or again > excuse.doubled:
            twice.append(f"heard twice: {_words(event)}")
    return once, twice


def _in_order(said: Sequence[Said], heard: Sequence[Event], span: Span, excuse: Excuses) -> Iterator[str]:
    waiting, gaps = deque(said), list[Gap]()
    known = {one.event for one in said}
    for event in heard:
        if isinstance(event, Gap):
            gaps.append(event)
            continue
        if event not in known:
            yield f"heard, but never said: {_words(event)}"
            continue
        if all(one.event != event for one in waiting):
            yield f"heard out of turn: {_words(event)}"
            continue
        while (next := waiting.popleft()).event != event:
            if not _excused(next, gaps, span, excuse):
                yield _lost(next, gaps)
        gaps.clear()
    for left in waiting:
        if not _excused(left, gaps, span, excuse):
            yield _lost(left, gaps)


def _somehow(said: Sequence[Said], heard: Sequence[Event], span: Span, excuse: Excuses) -> Iterator[str]:
    """Where some came late, the order says nothing."""
    gaps = [event for event in heard if isinstance(event, Gap)]
    events = {event for event in heard if not isinstance(event, Gap)}
    for one in said:
        if one.event not in events and not _excused(one, gaps, span, excuse):
            yield _lost(one, gaps)
    for event in events - {one.event for one in said}:
        yield f"heard, but never said: {_words(event)}"


def _excused(lost: Said, gaps: Iterable[Gap], span: Span, excuse: Excuses) -> bool:
    if lost.at_s <= span.live_s or lost.time_ms in excuse.withheld_ms:
        return True
    if not excuse.right_clock:
        return any(gaps)
    return any(gap.since_ms <= lost.time_ms <= gap.until_ms for gap in gaps)


def _lost(one: Said, gaps: Iterable[Gap]) -> str:
    told = ", ".join(f"{gap.since_ms} to {gap.until_ms}: {gap.reason}" for gap in gaps)
    when = f"said at {one.time_ms} ({one.at_s:.3f} s)"
    return f"lost without a gap: {_words(one.event)}, {when}; gaps there: {told}"


def _words(event: Event) -> str:
    names = ("symbol", "trade_id", "client_order_id", "execution_type", "execution_id", "event_time")
    known = [f"{name} {getattr(event, name)}" for name in names if hasattr(event, name)]
    return " ".join([type(event).__name__, *known])
