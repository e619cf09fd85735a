"""The line of those who wait: everybody is told when to come back, so that nobody stands at the door (pure).

A place in the line is a weight that is planned for a moment of a window. To give one costs no more with a
thousand waiting than with none.
"""

from typing import NamedTuple

from surefoot.budget.lanes import KEPT, LEAST_KEPT, Lane
from surefoot.budget.meter import Meter

_APART_MS = 0.2
_LEAST_MS = 1
_FARTHEST = 10_000


class Place(NamedTuple):
    """When to come back (exchange's clock), and what was planned in the window of that `number`."""

    at_ms: float
    number: int
    lane: Lane
    weight: int


def room(meter: Meter, lane: Lane) -> float:
    """The most that one request of the lane may ever cost, at the full rate."""
    return meter.most * (1 - KEPT[lane] * LEAST_KEPT)


def fits_at(meter: Meter, index: int, lane: Lane, need: float) -> float | None:
    """When in window `index` a total of `need` is allowed to the lane; None where not in this one.

    What is kept for the lanes before it shrinks as the window goes by, to a rest that is always kept.
    """
    most = meter.most * meter.rate
    kept = KEPT[lane]
    if need > most * (1 - kept * LEAST_KEPT):
        return None
    begins_ms = meter.begins_ms(index)
    left = min(1.0, (1 - need / most) / kept)  # the part of the window that may be left at most
    return begins_ms + (1 - max(left, LEAST_KEPT)) * meter.window_ms


class Line:
    """Places by window and lane."""

    def __init__(self) -> None:
        self._planned: dict[tuple[int, Lane], int] = {}
        self._standing: dict[int, int] = {}

    def __len__(self) -> int:
        return sum(self._standing.values())

    def before(self, index: int, lane: Lane) -> int:
        """Weight that is planned in that window for this lane, and for those that go before it."""
        planned = self._planned
        if not planned:
            return 0
        ahead = planned.get((index, Lane.ACCOUNT), 0)
        return ahead + planned.get((index, Lane.MARKET), 0) if lane is Lane.MARKET else ahead

    def stand(self, meter: Meter, lane: Lane, weight: int, used: float, now_ms: float) -> Place:
        """A place at the end of the line, in the future. `used` is what may be used of the window by now."""
        first = meter.index
        if meter.is_turning(now_ms):
            first, used = first + 1, 0
        for index in range(first, first + _FARTHEST):
            at_ms = fits_at(meter, index, lane, used + self.before(index, lane) + weight)
            if at_ms is not None:
                return self._placed(max(at_ms, now_ms + _LEAST_MS), index, lane, weight)
            used = 0
        return self._placed(meter.begins_ms(first + _FARTHEST), first + _FARTHEST, lane, weight)

    def _placed(self, at_ms: float, index: int, lane: Lane, weight: int) -> Place:
        standing = self._standing.get(index, 0)
        self._standing[index] = standing + 1
        self._planned[index, lane] = self._planned.get((index, lane), 0) + weight
        return Place(at_ms + standing * _APART_MS, index, lane, weight)

    def leave(self, place: Place | None) -> None:
        """Whoever had the place comes to the door, or goes away."""
        if place is None:
            return
        key, index = (place.number, place.lane), place.number
        if key not in self._planned:
            return  # of the line before a fork
        self._planned[key] -= place.weight
        self._standing[index] -= 1
        if not self._planned[key]:
            del self._planned[key]
        if not self._standing[index]:
            del self._standing[index]
