"""The filters that this version judges, as types (RULES-2; official page *Filters*).

Bounds and steps of 0 are disabled. A filter type that is not here is known to `SymbolRules.unjudged` by name.
"""

from decimal import Decimal
from typing import ClassVar, Self

import msgspec

from surefoot.rules.quantise import EXACT, MOST, ZERO, down, neat
from surefoot.spot.enums import Side
from surefoot.spot.filters import Filter
from surefoot.values import UNSET, UnsetType


def _amount(given: Decimal | UnsetType) -> Decimal:
    return ZERO if given is UNSET else neat(given)


class Range(msgspec.Struct, frozen=True, gc=False):
    """Bounds and grid of one number. `terms` are Binance's names of `low`, `high` and `step`."""

    filter_type: ClassVar[str]
    terms: ClassVar[tuple[str, str, str]]
    low: Decimal
    high: Decimal
    step: Decimal

    def bound_broken(self, value: Decimal) -> tuple[str, Decimal] | None:
        """The name and the value of the bound that `value` breaks."""
        if self.low and value < self.low:
            return self.terms[0], self.low
        return (self.terms[1], self.high) if self.high and value > self.high else None

    def step_broken(self, value: Decimal) -> tuple[str, Decimal] | None:
        """The name and the value of the step that `value` does not fit: the plain modulo of the value."""
        fits = not self.step or down(value, self.step) == value
        return None if fits else (self.terms[2], self.step)


class PriceFilter(Range, frozen=True):
    """PRICE_FILTER: bounds and tick of a price."""

    filter_type = "PRICE_FILTER"
    terms = ("minPrice", "maxPrice", "tickSize")

    @classmethod
    def read(cls, raw: Filter) -> Self:
        """From exchangeInfo."""
        return cls(_amount(raw.min_price), _amount(raw.max_price), _amount(raw.tick_size))


class LotSize(Range, frozen=True):
    """LOT_SIZE: bounds and step of any quantity."""

    filter_type = "LOT_SIZE"
    terms = ("minQty", "maxQty", "stepSize")

    @classmethod
    def read(cls, raw: Filter) -> Self:
        """From exchangeInfo."""
        return cls(_amount(raw.min_qty), _amount(raw.max_qty), _amount(raw.step_size))


class MarketLotSize(LotSize, frozen=True):
    """MARKET_LOT_SIZE: the same for MARKET orders, on top of LOT_SIZE."""

    filter_type = "MARKET_LOT_SIZE"


class Precision(Range, frozen=True):
    """How many decimals an asset has: the exchange refuses more with -1111, before any filter."""

    filter_type = "PRECISION"
    terms = ("0", "the largest readable number", "the asset's smallest unit")

    @classmethod
    def of(cls, decimals: int) -> Self:
        """The grid of an asset with so many decimals."""
        return cls(ZERO, MOST, neat(EXACT.scaleb(Decimal(1), -decimals)))


class Notional(msgspec.Struct, frozen=True, gc=False):
    """NOTIONAL: bounds of price × quantity. MARKET orders have no price: a reference price stands in.

    `avg_price_mins` says which one (see `verdicts.Prices`).
    """

    filter_type: ClassVar[str] = "NOTIONAL"
    min_notional: Decimal
    max_notional: Decimal
    apply_min_to_market: bool
    apply_max_to_market: bool
    avg_price_mins: int

    @classmethod
    def read(cls, raw: Filter) -> Self:
        """From exchangeInfo; flags that are not there are taken as set, the careful way."""
        return cls(
            _amount(raw.min_notional),
            _amount(raw.max_notional),
            raw.apply_min_to_market is not False,
            raw.apply_max_to_market is not False,
            0 if raw.avg_price_mins is UNSET else raw.avg_price_mins,
        )

    def bounds(self, *, market: bool) -> tuple[Decimal, Decimal]:
        """The lowest and the highest worth of such an order; 0 bounds nothing."""
        low = self.min_notional if self.apply_min_to_market or not market else ZERO
        return low, self.max_notional if self.apply_max_to_market or not market else ZERO

    def broken(self, worth: Decimal, *, market: bool) -> tuple[str, Decimal] | None:
        """The name and the value of the bound that an order worth this much breaks."""
        low, high = self.bounds(market=market)
        if worth < low:
            return "minNotional", low
        return ("maxNotional", high) if high and worth > high else None


class MinNotional(Notional, frozen=True):
    """MIN_NOTIONAL: the older form, without a maximum (Binance.US still has it)."""

    filter_type = "MIN_NOTIONAL"

    @classmethod
    def read(cls, raw: Filter) -> Self:
        """From exchangeInfo."""
        minutes = 0 if raw.avg_price_mins is UNSET else raw.avg_price_mins
        return cls(_amount(raw.min_notional), ZERO, raw.apply_to_market is not False, False, minutes)


class PercentPriceBySide(msgspec.Struct, frozen=True, gc=False):
    """PERCENT_PRICE_BY_SIDE: how far a price may be from the reference price; a multiplier of 0 is off."""

    filter_type: ClassVar[str] = "PERCENT_PRICE_BY_SIDE"
    bid_multiplier_up: Decimal
    bid_multiplier_down: Decimal
    ask_multiplier_up: Decimal
    ask_multiplier_down: Decimal
    avg_price_mins: int

    @classmethod
    def read(cls, raw: Filter) -> Self:
        """From exchangeInfo."""
        return cls(
            _amount(raw.bid_multiplier_up),
            _amount(raw.bid_multiplier_down),
            _amount(raw.ask_multiplier_up),
            _amount(raw.ask_multiplier_down),
            0 if raw.avg_price_mins is UNSET else raw.avg_price_mins,
        )

    def bounds(self, side: Side, reference: Decimal) -> tuple[Decimal, Decimal]:
        """The lowest and the highest price of that side; 0 bounds nothing."""
        buy = side == Side.BUY
        low = self.bid_multiplier_down if buy else self.ask_multiplier_down
        high = self.bid_multiplier_up if buy else self.ask_multiplier_up
        return EXACT.multiply(reference, low), EXACT.multiply(reference, high)

    def broken(self, side: Side, price: Decimal, reference: Decimal) -> tuple[str, Decimal] | None:
        """The name of the multiplier and the price bound that `price` breaks."""
        low, high = self.bounds(side, reference)
        if price < low:
            return f"{self._prefix(side)}Down", low
        return (f"{self._prefix(side)}Up", high) if high and price > high else None

    def _prefix(self, side: Side) -> str:
        return "bidMultiplier" if side == Side.BUY else "askMultiplier"


class PercentPrice(PercentPriceBySide, frozen=True):
    """PERCENT_PRICE: the older form, alike for both sides."""

    filter_type = "PERCENT_PRICE"

    @classmethod
    def read(cls, raw: Filter) -> Self:
        """From exchangeInfo."""
        high, low = _amount(raw.multiplier_up), _amount(raw.multiplier_down)
        return cls(high, low, high, low, 0 if raw.avg_price_mins is UNSET else raw.avg_price_mins)

    def _prefix(self, side: Side) -> str:
        return "multiplier"
