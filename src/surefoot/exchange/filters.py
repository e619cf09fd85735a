"""The exchange's own judgement of its filters (official page *Filters*), in integers at 1e-8.

Each filter type is a small struct that says whether it refuses an order. Filters for what this exchange does
not serve (icebergs, order lists, trailing stops, algo orders, amends) cannot apply and are not read.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol, Self

import msgspec

from surefoot.exchange.listing import SCALE, units
from surefoot.spot.enums import OrderType, Side


class Asked(msgspec.Struct, frozen=True, gc=False):
    """What is judged. `quantity` is None as long as a quoteOrderQty is not sized yet."""

    side: Side
    type: OrderType
    price: int | None
    quantity: int | None
    quote_order_qty: int | None


class Sight(Protocol):
    """What filters see of the account and the market."""

    def reference(self, minutes: int) -> int | None: ...
    def open_orders(self) -> int: ...
    def open_orders_everywhere(self) -> int: ...
    def position(self) -> int: ...


class Rule(Protocol):
    """One filter of one symbol."""

    def refuses(self, asked: Asked, sight: Sight) -> bool: ...


class PriceFilter(msgspec.Struct, frozen=True):
    """Bounds and tick of the price; 0 disables each."""

    low: int
    high: int
    tick: int

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        return cls(units(raw["minPrice"]), units(raw["maxPrice"]), units(raw["tickSize"]))

    def refuses(self, asked: Asked, sight: Sight) -> bool:
        price = asked.price
        return price is not None and _off_grid(price, self.low, self.high, self.tick)


class LotSize(msgspec.Struct, frozen=True):
    """Bounds and step of the quantity."""

    low: int
    high: int
    step: int

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        return cls(units(raw["minQty"]), units(raw["maxQty"]), units(raw["stepSize"]))

    def refuses(self, asked: Asked, sight: Sight) -> bool:
        quantity = asked.quantity
        return quantity is not None and _off_grid(quantity, self.low, self.high, self.step)


class MarketLotSize(LotSize, frozen=True):
    """The same for MARKET orders, on top of LOT_SIZE; 0 disables each (live symbols bind the maximum)."""

    def refuses(self, asked: Asked, sight: Sight) -> bool:
        return asked.type is OrderType.MARKET and super().refuses(asked, sight)


class Notional(msgspec.Struct, frozen=True):
    """Bounds of price times quantity; MARKET is measured at the reference price, or by its quoteOrderQty."""

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
        price = asked.price if asked.price is not None else sight.reference(self.minutes)
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


class MaxNumOrders(msgspec.Struct, frozen=True):
    """Open orders of the account on the symbol, this one included."""

    limit: int

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        return cls(raw["maxNumOrders"])

    def refuses(self, asked: Asked, sight: Sight) -> bool:
        return sight.open_orders() >= self.limit


class ExchangeMaxNumOrders(MaxNumOrders, frozen=True):
    """Open orders of the account everywhere, this one included."""

    def refuses(self, asked: Asked, sight: Sight) -> bool:
        return sight.open_orders_everywhere() >= self.limit


class MaxPosition(msgspec.Struct, frozen=True):
    """What a BUY may bring the holding of the base asset to: free, locked, open BUY orders and this one."""

    limit: int

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        return cls(units(raw["maxPosition"]))

    def refuses(self, asked: Asked, sight: Sight) -> bool:
        return asked.side is Side.BUY and sight.position() + (asked.quantity or 0) > self.limit


_READERS: Mapping[str, Callable[[Mapping[str, Any]], Rule]] = {
    "PRICE_FILTER": PriceFilter.read,
    "LOT_SIZE": LotSize.read,
    "MARKET_LOT_SIZE": MarketLotSize.read,
    "NOTIONAL": Notional.read,
    "MIN_NOTIONAL": Notional.read_minimum,
    "PERCENT_PRICE": PercentPrice.read,
    "PERCENT_PRICE_BY_SIDE": PercentPrice.read_by_side,
    "MAX_POSITION": MaxPosition.read,
    "MAX_NUM_ORDERS": MaxNumOrders.read,
    "EXCHANGE_MAX_NUM_ORDERS": ExchangeMaxNumOrders.read,
}
_PRECEDENCE = {name: place for place, name in enumerate(_READERS)}


class Filters:
    """Every filter of a symbol that can apply, in the order they are judged."""

    def __init__(self, raw: Iterable[Mapping[str, Any]]) -> None:
        known = sorted(
            (entry for entry in raw if entry["filterType"] in _READERS),
            key=lambda entry: _PRECEDENCE[entry["filterType"]],
        )
        self._rules: tuple[tuple[str, Rule], ...] = tuple(
            (entry["filterType"], _READERS[entry["filterType"]](entry)) for entry in known
        )

    @property
    def longest_average_minutes(self) -> int:
        """The longest window any of them asks a reference price for."""
        return max((getattr(rule, "minutes", 0) for _, rule in self._rules), default=0)

    def failure(self, asked: Asked, sight: Sight) -> str | None:
        """The name of the first filter that refuses, or None."""
        for name, rule in self._rules:
            if rule.refuses(asked, sight):
                return name
        return None


def _off_grid(value: int, low: int, high: int, grid: int) -> bool:
    return value < low or (high != 0 and value > high) or (grid != 0 and value % grid != 0)
