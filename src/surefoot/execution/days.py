"""What was realised on each UTC day, by quote asset (pure)."""

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from surefoot.execution.positions import added
from surefoot.rules.quantise import EXACT, ZERO

DAY_MS = 86_400_000
KEPT_DAYS = 8
"""The newest days on which something was traded; older ones are forgotten."""


class Gain(msgspec.Struct, frozen=True):
    """What one execution realised in `quote`, and its commission where that is in a third asset."""

    time_ms: int
    quote: str
    realised: Decimal
    commission_asset: str
    commission: Decimal


class Result(msgspec.Struct, frozen=True):
    """What a day realised in a quote asset, and what it cost besides in commissions of third assets."""

    realised: Decimal = ZERO
    commissions: Mapping[str, Decimal] = {}


class Days:
    """Adds up days, numbered from 1970."""

    def __init__(self, results: Mapping[int, Mapping[str, Result]]) -> None:
        self._results = {day: dict(each) for day, each in results.items()}

    def add(self, gain: Gain) -> None:
        """Count it to its day."""
        self._count(gain, gain.realised, gain.commission)

    def take_back(self, gain: Gain) -> None:
        """It was counted, and was not so."""
        self._count(gain, EXACT.minus(gain.realised), EXACT.minus(gain.commission))

    def _count(self, gain: Gain, realised: Decimal, commission: Decimal) -> None:
        results = self._results.setdefault(gain.time_ms // DAY_MS, {})
        had = results.get(gain.quote, Result())
        results[gain.quote] = Result(
            EXACT.add(had.realised, realised), added(had.commissions, gain.commission_asset, commission)
        )
        while len(self._results) > KEPT_DAYS:
            del self._results[min(self._results)]

    def of(self, time_ms: int, quote: str) -> Result:
        """What the day of `time_ms` has realised; nothing of a day that is not kept."""
        return self._results.get(time_ms // DAY_MS, {}).get(quote, Result())

    def state(self) -> dict[int, dict[str, Result]]:
        """All that is kept: day, quote asset, result."""
        return {day: dict(results) for day, results in self._results.items()}
