"""What a listener must have heard although the exchange misbehaves on purpose.

Every event once and in order, or a `Gap` in its place (`deliveries`). Some faults cannot be noticed by
anybody: an event that is withheld on a connection that goes on (and then comes late over the one that takes
its place), or that overtakes another. What they struck is excused, and nothing else.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from surefoot.client.streams import Gap
from surefoot.exchange.faults import Duplicate, Reorder, Strike, Withhold
from surefoot.simulation.deliveries import Said, covered, deliveries, lost, words
from surefoot.spot.events import Event, ExecutionReport


class Excuses(msgspec.Struct, frozen=True, kw_only=True):
    """What faults nobody can notice did to the events of one listener: moments (exchange's clock) at which
    one was held back, for ever or until its connection was gone; how many were doubled; whether some came
    late. `right_clock`: whether the exchange's clock was right all the time, so that the times of a gap mean
    something.
    """

    held_ms: frozenset[int] = frozenset()
    doubled: int = 0
    late: bool = False
    right_clock: bool = True


def excuses(strikes: Iterable[Strike], *, right_clock: bool) -> Excuses:
    """Those of the strikes that hit one listener."""
    faults = [(strike.fault, strike.at_us // 1000) for strike in strikes]
    return Excuses(
        held_ms=frozenset(at_ms for fault, at_ms in faults if isinstance(fault, Reorder | Withhold)),
        doubled=sum(fault.times for fault, _ in faults if isinstance(fault, Duplicate)),
        late=any(isinstance(fault, Reorder) or _comes_late(fault) for fault, _ in faults),
        right_clock=right_clock,
    )


def _comes_late(fault: object) -> bool:
    return isinstance(fault, Withhold) and fault.ms is not None


class Span(msgspec.Struct, frozen=True):
    """When (milliseconds of the witness) somebody asked for the events, and when they were there."""

    asked_ms: int
    live_ms: int


def hearing(said: Sequence[Said], heard: Iterable[Event], span: Span, excuse: Excuses) -> Iterator[str]:
    """What is wrong with what was `heard`, in sentences; it contains the gaps."""
    audible = [one for one in said if one.time_ms >= span.asked_ms]
    once, twice = _once(Counter(one.event for one in said), heard, excuse)
    yield from twice

    def excused(one: Said, gaps: Sequence[Gap]) -> bool:
        if one.time_ms <= span.live_ms or one.time_ms in excuse.held_ms:
            return True
        return covered(one, gaps) if excuse.right_clock else bool(gaps or excuse.held_ms)

    if not excuse.late:
        yield from deliveries(audible, once, excused, excuse.held_ms)
        return
    gaps = [event for event in once if isinstance(event, Gap)]  # where some came late, order says nothing
    for one in audible:
        if one.event not in once and not excused(one, gaps):
            yield lost(one, gaps)


def _once(
    said: Mapping[Event, int], heard: Iterable[Event], excuse: Excuses
) -> tuple[list[Event], list[str]]:
    """What was heard, and what of it more often than it was said: an execution report never, of others as
    many as were doubled.
    """
    once, twice, again = list[Event](), list[str](), 0
    known = Counter[Event]()
    for event in heard:
        known[event] += 1
        if isinstance(event, Gap) or known[event] <= max(1, said.get(event, 0)):
            once.append(event)
            continue
        again += 1
        if isinstance(event, ExecutionReport) or again > excuse.doubled:
            twice.append(f"told twice: {words(event)}")
    return once, twice
