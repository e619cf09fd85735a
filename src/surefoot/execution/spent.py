"""What was submitted within a minute and within the day (pure).

Whatever is submitted counts in full, from the moment at which it was written down; what was not placed is
given back. What was placed stays counted, also if it is cancelled unfilled: it is what was risked.
"""

from collections.abc import Iterator
from decimal import Decimal
from itertools import takewhile
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
        self._minute: dict[str, Reservation] = {}
        self._in_minute: dict[str, Decimal] = {}
        self._undecided: dict[str, Reservation] = {}

    @classmethod
    def restored(cls, state: SpentState) -> Self:
        """As it was when `state` was taken."""
        spent = cls()
        spent.clock_ms = state.clock_ms
        spent._of_day = dict(state.of_day)
        for each in state.minute:
            spent._count(each)
        spent._undecided = {each.id: each for each in state.undecided}
        return spent

    def state(self) -> SpentState:
        """What `restored` needs."""
        undecided = tuple(self._undecided.values())
        return SpentState(self.clock_ms, dict(self._of_day), tuple(self._minute.values()), undecided)

    def heard(self, at_ms: int) -> None:
        """It is `at_ms` now; what left the minute and the day is forgotten."""
        if at_ms <= self.clock_ms:
            return
        if at_ms // DAY_MS != self.clock_ms // DAY_MS:
            self._of_day.clear()
        self.clock_ms = at_ms
        for old in tuple(self._older(at_ms)):
            self._uncount(old.id)
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
        self._uncount(id)
        self._count(reservation)
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
        self._uncount(id)
        if reservation.at_ms // DAY_MS == self.clock_ms // DAY_MS:
            rest = EXACT.subtract(self._of_day[reservation.quote], reservation.notional)
            self._of_day[reservation.quote] = rest

    def in_minute(self, quote: str, now_ms: int) -> Decimal:
        """What counts of the 60 s up to `now_ms`."""
        total = self._in_minute.get(quote, ZERO)
        for old in self._older(max(now_ms, self.clock_ms)):
            if old.quote == quote:
                total = EXACT.subtract(total, old.notional)
        return total

    def in_day(self, quote: str, now_ms: int) -> Decimal:
        """What counts of the day that `now_ms` is in."""
        if max(now_ms, self.clock_ms) // DAY_MS != self.clock_ms // DAY_MS:
            return ZERO
        return self._of_day.get(quote, ZERO)

    def _older(self, now_ms: int) -> Iterator[Reservation]:
        """Those that count here still, and not of the minute up to `now_ms`: the first ones."""
        return takewhile(lambda each: each.at_ms <= now_ms - MINUTE_MS, self._minute.values())

    def _count(self, reservation: Reservation) -> None:
        quote = reservation.quote
        self._minute[reservation.id] = reservation
        self._in_minute[quote] = EXACT.add(self._in_minute.get(quote, ZERO), reservation.notional)

    def _uncount(self, id: str) -> None:
        reservation = self._minute.pop(id, None)
        if reservation is not None:
            left = EXACT.subtract(self._in_minute[reservation.quote], reservation.notional)
            self._in_minute[reservation.quote] = left
