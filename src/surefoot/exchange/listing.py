"""What is traded: one frozen struct a symbol, read from exchangeInfo, and the symbols listed by default."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from surefoot.errors import Misuse
from surefoot.spot.enums import OrderType, SymbolStatus

SCALE = 100_000_000
"""Integers inside the exchange count 1e-8 of an asset."""


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """One symbol. `tick` and `step` are the grids of price and quantity at 1e-8 (1 without a filter).

    `filters` are the raw dicts of exchangeInfo.
    """

    symbol: str
    base: str
    quote: str
    status: SymbolStatus
    base_precision: int
    quote_precision: int
    tick: int
    step: int
    order_types: frozenset[OrderType]
    quote_order_qty_allowed: bool
    filters: tuple[Mapping[str, Any], ...]

    def filter(self, name: str) -> Mapping[str, Any] | None:
        """The raw filter of that type, or None."""
        return next((entry for entry in self.filters if entry["filterType"] == name), None)

    def notional(self, price: int, quantity: int) -> int:
        """Price times quantity at 1e-8 of the quote asset, rounded down."""
        return price * quantity // SCALE


def units(text: str) -> int:
    """A decimal text as an integer at 1e-8; raises `Misuse` when it is malformed or finer than that."""
    try:
        scaled = Decimal(text).scaleb(8)
    except InvalidOperation:
        raise Misuse(f"{text!r} is not a decimal number") from None
    if not scaled.is_finite() or scaled != scaled.to_integral_value():
        raise Misuse(f"{text!r} does not fit 8 decimals")
    return int(scaled)


def listing_from_exchange_info(symbol: Mapping[str, Any]) -> Listing:
    """Read one entry of exchangeInfo's `symbols`; fields younger than a recording may be absent."""
    filters = tuple(symbol["filters"])
    grids = {entry["filterType"]: entry for entry in filters}
    return Listing(
        symbol=symbol["symbol"],
        base=symbol["baseAsset"],
        quote=symbol["quoteAsset"],
        status=SymbolStatus(symbol["status"]),
        base_precision=symbol.get("baseAssetPrecision", 8),
        quote_precision=symbol.get("quoteAssetPrecision", 8),
        tick=_grid(grids, "PRICE_FILTER", "tickSize"),
        step=_grid(grids, "LOT_SIZE", "stepSize"),
        order_types=frozenset(OrderType(name) for name in symbol["orderTypes"]),
        quote_order_qty_allowed=symbol.get("quoteOrderQtyMarketAllowed", False),
        filters=filters,
    )


def _grid(filters: Mapping[str, Mapping[str, Any]], name: str, field: str) -> int:
    entry = filters.get(name)
    return (units(entry[field]) if entry else 0) or 1


def default_exchange_info() -> dict[str, Any]:
    """The symbols of an exchange started without a file, in the shape of GET exchangeInfo (fresh each call).

    Filters and limits are those of production in 2026; what this exchange does not serve is said to be not
    allowed. `serverTime` is 0: the server fills it in.
    """
    return {
        "timezone": "UTC",
        "serverTime": 0,
        "rateLimits": [
            _rate_limit("REQUEST_WEIGHT", "MINUTE", 1, 6_000),
            _rate_limit("ORDERS", "SECOND", 10, 100),
            _rate_limit("ORDERS", "DAY", 1, 200_000),
            _rate_limit("RAW_REQUESTS", "MINUTE", 5, 300_000),
        ],
        "exchangeFilters": [],
        "symbols": [
            _symbol("BTC", "USDT", tick="0.01", step="0.00001", most="9000", market_most="100", least="5"),
            _symbol("ETH", "USDT", tick="0.01", step="0.0001", most="9000", market_most="1500", least="5"),
            _symbol("BNB", "USDT", tick="0.01", step="0.001", most="900000", market_most="1000", least="5"),
            _symbol(
                "ETH", "BTC", tick="0.00001", step="0.0001", most="100000", market_most="900", least="0.0001"
            ),
        ],
        "sors": [],
    }


def _rate_limit(kind: str, interval: str, number: int, limit: int) -> dict[str, Any]:
    return {"rateLimitType": kind, "interval": interval, "intervalNum": number, "limit": limit}


def _symbol(
    base: str, quote: str, *, tick: str, step: str, most: str, market_most: str, least: str
) -> dict[str, Any]:
    return {
        "symbol": base + quote,
        "status": "TRADING",
        "baseAsset": base,
        "baseAssetPrecision": 8,
        "quoteAsset": quote,
        "quotePrecision": 8,
        "quoteAssetPrecision": 8,
        "baseCommissionPrecision": 8,
        "quoteCommissionPrecision": 8,
        "orderTypes": ["LIMIT", "LIMIT_MAKER", "MARKET"],
        "icebergAllowed": False,
        "ocoAllowed": False,
        "otoAllowed": False,
        "opoAllowed": False,
        "quoteOrderQtyMarketAllowed": True,
        "allowTrailingStop": False,
        "cancelReplaceAllowed": False,
        "amendAllowed": False,
        "pegInstructionsAllowed": False,
        "isSpotTradingAllowed": True,
        "isMarginTradingAllowed": False,
        "filters": _filters(*(f"{Decimal(text):.8f}" for text in (tick, step, most, market_most, least))),
        "permissions": [],
        "permissionSets": [["SPOT"]],
        "defaultSelfTradePreventionMode": "NONE",
        "allowedSelfTradePreventionModes": ["NONE"],
    }


def _filters(
    tick: str, step: str, max_qty: str, max_market_qty: str, min_notional: str
) -> list[dict[str, Any]]:
    return [
        {"filterType": "PRICE_FILTER", "minPrice": tick, "maxPrice": "1000000.00000000", "tickSize": tick},
        {"filterType": "LOT_SIZE", "minQty": step, "maxQty": max_qty, "stepSize": step},
        {"filterType": "ICEBERG_PARTS", "limit": 100},
        {
            "filterType": "MARKET_LOT_SIZE",
            "minQty": "0.00000000",
            "maxQty": max_market_qty,
            "stepSize": "0.00000000",
        },
        {
            "filterType": "TRAILING_DELTA",
            "minTrailingAboveDelta": 10,
            "maxTrailingAboveDelta": 2000,
            "minTrailingBelowDelta": 10,
            "maxTrailingBelowDelta": 2000,
        },
        {
            "filterType": "PERCENT_PRICE_BY_SIDE",
            "bidMultiplierUp": "5",
            "bidMultiplierDown": "0.2",
            "askMultiplierUp": "5",
            "askMultiplierDown": "0.2",
            "avgPriceMins": 5,
        },
        {
            "filterType": "NOTIONAL",
            "minNotional": min_notional,
            "applyMinToMarket": True,
            "maxNotional": "9000000.00000000",
            "applyMaxToMarket": False,
            "avgPriceMins": 5,
        },
        {"filterType": "MAX_NUM_ORDERS", "maxNumOrders": 200},
        {"filterType": "MAX_NUM_ORDER_LISTS", "maxNumOrderLists": 20},
        {"filterType": "MAX_NUM_ALGO_ORDERS", "maxNumAlgoOrders": 5},
        {"filterType": "MAX_NUM_ORDER_AMENDS", "maxNumOrderAmends": 10},
    ]
