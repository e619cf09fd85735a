"""The exchange's own judgement of its filters (official page *Filters*), in integers at 1e-8.

Each filter type is a small struct that says whether it refuses an order. Those that count open orders and
lists are in `count_filters`.
"""

from collections.abc import Callable, Container, Iterable, Mapping
from typing import Any, Protocol, Self

import msgspec

from surefoot.exchange.core.listing import SCALE, units
from surefoot.exchange.core.triggers import fires_above
from surefoot.spot.enums import OrderType, Side


class Asked(msgspec.Struct, frozen=True, gc=False):
    """What is judged. `quantity` is None as long as a quoteOrderQty is not sized yet."""

    side: Side
    type: OrderType
    price: int | None
    quantity: int | None
    quote_order_qty: int | None = None
    stop_price: int | None = None
    trailing_delta: int | None = None
    iceberg_qty: int | None = None


class Sight(Protocol):
    """What filters see of the account and the market."""

    def reference(self, minutes: int) -> int | None: ...
    def position(self) -> int: ...


class Rule(Protocol):
    """One filter of one symbol."""

    def refuses(self, asked: Asked, sight: Sight) -> bool: ...


class PriceFilter(msgspec.Struct, frozen=True):
    """Bounds and tick of price and stop price; 0 disables each."""

    low: int
    high: int
    tick: int

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        return cls(units(raw["minPrice"]), units(raw["maxPrice"]), units(raw["tickSize"]))

    def refuses(self, asked: Asked, sight: Sight) -> bool:
        price, stop_price = asked.price, asked.stop_price
        if price is not None and _off_grid(price, self.low, self.high, self.tick):
            return True
        return stop_price is not None and _off_grid(stop_price, self.low, self.high, self.tick)


class LotSize(msgspec.Struct, frozen=True):
    """Bounds and step of the quantity, and of what an iceberg shows."""

    low: int
    high: int
    step: int

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        return cls(units(raw["minQty"]), units(raw["maxQty"]), units(raw["stepSize"]))

    def refuses(self, asked: Asked, sight: Sight) -> bool:
        quantity, shown = asked.quantity, asked.iceberg_qty
        if quantity is not None and _off_grid(quantity, self.low, self.high, self.step):
            return True
        return shown is not None and _off_grid(shown, self.low, self.high, self.step)


class MarketLotSize(LotSize, frozen=True):
    """The same for MARKET orders, on top of LOT_SIZE; 0 disables each (live symbols bind the maximum)."""

    def refuses(self, asked: Asked, sight: Sight) -> bool:
        return asked.type is OrderType.MARKET and super().refuses(asked, sight)


class Notional(msgspec.Struct, frozen=True):
    """Bounds of price times quantity; MARKET is measured at the reference price, or by its quoteOrderQty.

    An order without a price that still waits for its trigger is measured when it becomes a MARKET order.
    """

    low: int
    high: int | None
    low_for_market: bool
    high_for_market: bool
    minutes: int

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        return cls(
            units(raw["minNotional"]),
            units(raw["maxNotional"]),
            raw["applyMinToMarket"],
            raw["applyMaxToMarket"],
            raw["avgPriceMins"],
        )

    @classmethod
    def read_minimum(cls, raw: Mapping[str, Any]) -> Self:
        """MIN_NOTIONAL, the older form."""
        return cls(units(raw["minNotional"]), None, raw["applyToMarket"], False, raw["avgPriceMins"])

    def refuses(self, asked: Asked, sight: Sight) -> bool:
        market = asked.type is OrderType.MARKET
        value = self._value(asked, sight)
        if value is None:
            return False
        if value < self.low * SCALE and (self.low_for_market or not market):
            return True
        return self.high is not None and value > self.high * SCALE and (self.high_for_market or not market)

    def _value(self, asked: Asked, sight: Sight) -> int | None:
        if asked.quote_order_qty is not None:
            return asked.quote_order_qty * SCALE
        price = asked.price
        if price is None and asked.type is OrderType.MARKET:
            price = sight.reference(self.minutes)
        return None if price is None or asked.quantity is None else price * asked.quantity


class PercentPrice(msgspec.Struct, frozen=True):
    """How far a price may be from the reference price, by side (PERCENT_PRICE has the same for both)."""

    buy_up: int
    buy_down: int
    sell_up: int
    sell_down: int
    minutes: int

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        up, down = units(raw["multiplierUp"]), units(raw["multiplierDown"])
        return cls(up, down, up, down, raw["avgPriceMins"])

    @classmethod
    def read_by_side(cls, raw: Mapping[str, Any]) -> Self:
        """PERCENT_PRICE_BY_SIDE."""
        return cls(
            units(raw["bidMultiplierUp"]),
            units(raw["bidMultiplierDown"]),
            units(raw["askMultiplierUp"]),
            units(raw["askMultiplierDown"]),
            raw["avgPriceMins"],
        )

    def refuses(self, asked: Asked, sight: Sight) -> bool:
        if asked.price is None or (reference := sight.reference(self.minutes)) is None:
            return False
        buy = asked.side is Side.BUY
        up, down = (self.buy_up, self.buy_down) if buy else (self.sell_up, self.sell_down)
        return not reference * down <= asked.price * SCALE <= reference * up


class MaxPosition(msgspec.Struct, frozen=True):
    """What a BUY may bring the holding of the base asset to: free, locked, open BUY orders and this one."""

    limit: int

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        return cls(units(raw["maxPosition"]))

    def refuses(self, asked: Asked, sight: Sight) -> bool:
        return asked.side is Side.BUY and sight.position() + (asked.quantity or 0) > self.limit


class IcebergParts(msgspec.Struct, frozen=True):
    """How many parts an iceberg may have."""

    limit: int

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        return cls(raw["limit"])

    def refuses(self, asked: Asked, sight: Sight) -> bool:
        if not asked.iceberg_qty or asked.quantity is None:
            return False
        return -(-asked.quantity // asked.iceberg_qty) > self.limit


class TrailingDelta(msgspec.Struct, frozen=True):
    """Bounds of trailingDelta, in basis points: for orders that wait above the market, and below it."""

    above: tuple[int, int]
    below: tuple[int, int]

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        return cls(
            (raw["minTrailingAboveDelta"], raw["maxTrailingAboveDelta"]),
            (raw["minTrailingBelowDelta"], raw["maxTrailingBelowDelta"]),
        )

    def refuses(self, asked: Asked, sight: Sight) -> bool:
        if asked.trailing_delta is None:
            return False
        low, high = self.above if fires_above(asked.type, asked.side) else self.below
        return not low <= asked.trailing_delta <= high


class MaxAsset(msgspec.Struct, frozen=True):
    """How much of an asset one order may move: as the base its quantity, as the quote its notional."""

    limit: int
    is_base: bool

    def refuses(self, asked: Asked, sight: Sight) -> bool:
        if self.is_base:
            return (asked.quantity or 0) > self.limit
        if asked.quote_order_qty is not None:
            return asked.quote_order_qty > self.limit
        price = asked.price or asked.stop_price or sight.reference(0) or 0
        return price * (asked.quantity or 0) > self.limit * SCALE


_READERS: Mapping[str, Callable[[Mapping[str, Any]], Rule]] = {
    "PRICE_FILTER": PriceFilter.read,
    "LOT_SIZE": LotSize.read,
    "MARKET_LOT_SIZE": MarketLotSize.read,
    "NOTIONAL": Notional.read,
    "MIN_NOTIONAL": Notional.read_minimum,
    "PERCENT_PRICE": PercentPrice.read,
    "PERCENT_PRICE_BY_SIDE": PercentPrice.read_by_side,
    "ICEBERG_PARTS": IcebergParts.read,
    "TRAILING_DELTA": TrailingDelta.read,
    "MAX_POSITION": MaxPosition.read,
}
AT_TRIGGER = frozenset(
    {"MARKET_LOT_SIZE", "NOTIONAL", "MIN_NOTIONAL", "PERCENT_PRICE", "PERCENT_PRICE_BY_SIDE"}
)
"""What depends on the market is judged again when a waiting order begins to work."""

AT_AMEND = frozenset({"LOT_SIZE", "NOTIONAL", "MIN_NOTIONAL", "ICEBERG_PARTS"})
"""What an order may fail by becoming smaller."""

_PRECEDENCE = {name: place for place, name in enumerate(_READERS)}


class Filters:
    """Every filter of a symbol that looks at one order, in the order they are judged.

    `assets` are the limits of MAX_ASSET for the base and for the quote asset, where they have one.
    """

    def __init__(self, raw: Iterable[Mapping[str, Any]], assets: Iterable[MaxAsset] = ()) -> None:
        known = sorted(
            (entry for entry in raw if entry["filterType"] in _READERS),
            key=lambda entry: _PRECEDENCE[entry["filterType"]],
        )
        self._rules: tuple[tuple[str, Rule], ...] = (
            *((entry["filterType"], _READERS[entry["filterType"]](entry)) for entry in known),
            *(("MAX_ASSET", rule) for rule in assets),
        )

    @property
    def longest_average_minutes(self) -> int:
        """The longest window any of them asks a reference price for."""
        return max((getattr(rule, "minutes", 0) for _, rule in self._rules), default=0)

    def failure(self, asked: Asked, sight: Sight, only: Container[str] | None = None) -> str | None:
        """The name of the first filter (of those in `only`, where given) that refuses, or None."""
        for name, rule in self._rules:
            if (only is None or name in only) and rule.refuses(asked, sight):
                return name
        return None


def _off_grid(value: int, low: int, high: int, grid: int) -> bool:
    return value < low or (high != 0 and value > high) or (grid != 0 and value % grid != 0)
