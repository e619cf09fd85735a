"""What was submitted within a minute and within the day (pure).

Whatever is submitted counts in full, from the moment at which it was written down; what was not placed is
given back. What was placed stays counted, also if it is cancelled unfilled: it is what was risked.
"""

from collections import deque
from decimal import Decimal
from typing import Self

import msgspec

from surefoot.rules.quantise import EXACT, ZERO

MINUTE_MS = 60_000
DAY_MS = 86_400_000
"""A day is UTC's, by the exchange's clock."""


class Reservation(msgspec.Struct, frozen=True, gc=False):
    """The order `id` counts as `notional` of `quote`, from `at_ms` on."""

    id: str
    quote: str
    notional: Decimal
    at_ms: int


class SpentState(msgspec.Struct, frozen=True):
    """All that `Spent` remembers, for a checkpoint."""

    clock_ms: int = 0
    of_day: dict[str, Decimal] = {}
    minute: tuple[Reservation, ...] = ()
    undecided: tuple[Reservation, ...] = ()


class Spent:
    """The counts. Its clock is the latest moment that it heard of: a clock that goes back frees nothing.

    It remembers one sum per quote asset, each order of the last minute, and each order of the day of which
    it is not known whether it was placed.
    """

    def __init__(self) -> None:
        self.clock_ms = 0
        self._of_day: dict[str, Decimal] = {}
        self._minute: deque[Reservation] = deque()
        self._undecided: dict[str, Reservation] = {}

    @classmethod
    def restored(cls, state: SpentState) -> Self:
        """As it was when `state` was taken."""
        spent = cls()
        spent.clock_ms = state.clock_ms
        spent._of_day = dict(state.of_day)
        spent._minute = deque(state.minute)
        spent._undecided = {each.id: each for each in state.undecided}
        return spent

    def state(self) -> SpentState:
        """What `restored` needs."""
        undecided = tuple(self._undecided.values())
        return SpentState(self.clock_ms, dict(self._of_day), tuple(self._minute), undecided)

    def heard(self, at_ms: int) -> None:
        """It is `at_ms` now; what left the minute and the day is forgotten."""
        if at_ms <= self.clock_ms:
            return
        if at_ms // DAY_MS != self.clock_ms // DAY_MS:
            self._of_day.clear()
        self.clock_ms = at_ms
        while self._minute and self._minute[0].at_ms <= at_ms - MINUTE_MS:
            self._minute.popleft()
        while self._undecided and self._gone(first := next(iter(self._undecided.values()))):
            del self._undecided[first.id]

    def _gone(self, reservation: Reservation) -> bool:
        """Whether it counts nowhere any more."""
        yesterday = reservation.at_ms // DAY_MS < self.clock_ms // DAY_MS
        return yesterday and reservation.at_ms <= self.clock_ms - MINUTE_MS

    def reserve(self, id: str, quote: str, notional: Decimal) -> None:
        """The order `id` counts from now on."""
        reservation = Reservation(id, quote, notional, self.clock_ms)
        self._of_day[quote] = EXACT.add(self._of_day.get(quote, ZERO), notional)
        self._minute.append(reservation)
        self._undecided.pop(id, None)  # so that they stay in their order
        self._undecided[id] = reservation

    def placed(self, id: str) -> None:
        """It is known to have been placed: it is never given back."""
        self._undecided.pop(id, None)

    def give_back(self, id: str) -> None:
        """It was not placed. Whatever is not undecided, or not known, is let be."""
        reservation = self._undecided.pop(id, None)
        if reservation is None:
            return
        if reservation in self._minute:
            self._minute.remove(reservation)
        if reservation.at_ms // DAY_MS == self.clock_ms // DAY_MS:
            rest = EXACT.subtract(self._of_day[reservation.quote], reservation.notional)
            self._of_day[reservation.quote] = rest

    def in_minute(self, quote: str, now_ms: int) -> Decimal:
        """What counts of the 60 s up to `now_ms`."""
        after_ms = max(now_ms, self.clock_ms) - MINUTE_MS
        total = ZERO
        for each in self._minute:
            if each.quote == quote and each.at_ms > after_ms:
                total = EXACT.add(total, each.notional)
        return total

    def in_day(self, quote: str, now_ms: int) -> Decimal:
        """What counts of the day that `now_ms` is in."""
        if max(now_ms, self.clock_ms) // DAY_MS != self.clock_ms // DAY_MS:
            return ZERO
        return self._of_day.get(quote, ZERO)
