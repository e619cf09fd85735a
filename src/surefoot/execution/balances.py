"""What the account has of each asset, as the exchange told it (pure)."""

from collections.abc import Mapping
from decimal import Decimal

import msgspec
from msgspec.structs import replace

from surefoot.rules.quantise import EXACT, ZERO
from surefoot.spot.account import Balance

MOST_CHANGES = 100
"""Changes of an asset that no absolute news has covered yet; the oldest beyond these become one."""


class Change(msgspec.Struct, frozen=True, gc=False):
    """A difference: a deposit, a withdrawal, a transfer, a lock from outside."""

    time_ms: int
    free: Decimal
    locked: Decimal


class Holding(msgspec.Struct, frozen=True):
    """What was told of an asset as of `as_of_ms` (None: nothing yet), and the changes after that."""

    free: Decimal = ZERO
    locked: Decimal = ZERO
    as_of_ms: int | None = None
    changes: tuple[Change, ...] = ()

    def told(self, free: Decimal, locked: Decimal, as_of_ms: int) -> "Holding":
        """After absolute news; the same where it knows newer. Of two of one moment the later heard counts."""
        if self.as_of_ms is not None and as_of_ms < self.as_of_ms:
            return self
        return Holding(free, locked, as_of_ms, tuple(c for c in self.changes if c.time_ms > as_of_ms))

    def changed(self, change: Change) -> "Holding":
        """After a difference; the same where absolute news covers it."""
        if self.as_of_ms is not None and change.time_ms <= self.as_of_ms:
            return self
        changes = sorted((*self.changes, change), key=lambda each: each.time_ms)
        if len(changes) > MOST_CHANGES:
            changes[:2] = [_sum(changes[0], changes[1])]
        return replace(self, changes=tuple(changes))

    def balance(self, asset: str) -> Balance:
        """What that comes to."""
        free, locked = self.free, self.locked
        for change in self.changes:
            free, locked = EXACT.add(free, change.free), EXACT.add(locked, change.locked)
        return Balance(asset=asset, free=free, locked=locked)


def _sum(one: Change, two: Change) -> Change:
    return Change(two.time_ms, EXACT.add(one.free, two.free), EXACT.add(one.locked, two.locked))


class Balances:
    """Every asset's holding. What nobody told absolutely is not shown."""

    def __init__(self, holdings: Mapping[str, Holding]) -> None:
        self._holdings = dict(holdings)

    def told(self, asset: str, free: Decimal, locked: Decimal, as_of_ms: int) -> None:
        """Absolute news."""
        self._holdings[asset] = self.holding(asset).told(free, locked, as_of_ms)

    def changed(self, asset: str, change: Change) -> None:
        """A difference."""
        self._holdings[asset] = self.holding(asset).changed(change)

    def holding(self, asset: str) -> Holding:
        """One asset's."""
        return self._holdings.get(asset, Holding())

    def shown(self) -> dict[str, Balance]:
        """What is known, by asset."""
        known = ((a, h) for a, h in self._holdings.items() if h.as_of_ms is not None)
        return {asset: holding.balance(asset) for asset, holding in known}

    def state(self) -> dict[str, Holding]:
        """All holdings, by asset."""
        return dict(self._holdings)
