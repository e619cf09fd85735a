"""What is traded: one frozen struct a symbol, read from exchangeInfo, and the symbols listed by default."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from surefoot.errors import Misuse
from surefoot.spot.enums import OrderType, SelfTradePreventionMode, SymbolStatus

SCALE = 100_000_000
"""Integers inside the exchange count 1e-8 of an asset."""


class Digits(msgspec.Struct, frozen=True, gc=False):
    """How many decimals the base asset has, and the quote asset (prices too)."""

    base: int = 8
    quote: int = 8


CAPABILITIES = (
    "icebergAllowed",
    "ocoAllowed",
    "otoAllowed",
    "quoteOrderQtyMarketAllowed",
    "allowTrailingStop",
    "cancelReplaceAllowed",
    "amendAllowed",
)
"""What a symbol may allow, as exchangeInfo names it, so far as this exchange can do it."""


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """One symbol. `tick` and `step` are the grids of price and quantity at 1e-8 (1 without a filter).

    `base_grain` and `quote_grain` are the smallest amounts of the assets at 1e-8, by their precision;
    `filters` are the raw dicts of exchangeInfo, `allowed` its capabilities that are true.
    """

    symbol: str
    base: str
    quote: str
    status: SymbolStatus
    digits: Digits
    tick: int
    step: int
    base_grain: int
    quote_grain: int
    order_types: frozenset[OrderType]
    allowed: frozenset[str]
    preventions: frozenset[SelfTradePreventionMode]
    default_prevention: SelfTradePreventionMode
    filters: tuple[Mapping[str, Any], ...]

    def filter(self, name: str) -> Mapping[str, Any] | None:
        """The raw filter of that type, or None."""
        return next((entry for entry in self.filters if entry["filterType"] == name), None)

    def notional(self, price: int, quantity: int) -> int:
        """Price times quantity at 1e-8 of the quote asset, rounded down to its precision."""
        value = price * quantity // SCALE
        grain = self.quote_grain
        return value if grain == 1 else value - value % grain


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
        digits=Digits(symbol.get("baseAssetPrecision", 8), symbol.get("quoteAssetPrecision", 8)),
        tick=_grid(grids, "PRICE_FILTER", "tickSize"),
        step=_grid(grids, "LOT_SIZE", "stepSize"),
        base_grain=10 ** (8 - symbol.get("baseAssetPrecision", 8)),
        quote_grain=10 ** (8 - symbol.get("quoteAssetPrecision", 8)),
        order_types=frozenset(OrderType(name) for name in symbol["orderTypes"]),
        allowed=frozenset(name for name in CAPABILITIES if symbol.get(name, False)),
        preventions=frozenset(SelfTradePreventionMode(name) for name in preventions(symbol)),
        default_prevention=SelfTradePreventionMode(default_prevention(symbol)),
        filters=filters,
    )


def preventions(symbol: Mapping[str, Any]) -> Sequence[str]:
    """The self-trade prevention modes of an entry of exchangeInfo; one older than they are has none."""
    return symbol.get("allowedSelfTradePreventionModes") or ("NONE",)


def default_prevention(symbol: Mapping[str, Any]) -> str:
    """The mode of orders that name none."""
    return str(symbol.get("defaultSelfTradePreventionMode", "NONE"))


def asset_places(listings: Iterable[Listing]) -> dict[str, int]:
    """Decimals of every asset that is traded: the finest that any of its symbols has."""
    places: dict[str, int] = {}
    for listing in listings:
        of_listing = ((listing.base, listing.digits.base), (listing.quote, listing.digits.quote))
        for asset, digits in of_listing:
            places[asset] = max(digits, places.get(asset, 0))
    return places


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
        "orderTypes": [str(kind) for kind in OrderType],
        "icebergAllowed": True,
        "ocoAllowed": True,
        "otoAllowed": True,
        "opoAllowed": False,
        "quoteOrderQtyMarketAllowed": True,
        "allowTrailingStop": True,
        "cancelReplaceAllowed": True,
        "amendAllowed": True,
        "pegInstructionsAllowed": False,
        "isSpotTradingAllowed": True,
        "isMarginTradingAllowed": False,
        "filters": _filters(*(f"{Decimal(text):.8f}" for text in (tick, step, most, market_most, least))),
        "permissions": [],
        "permissionSets": [["SPOT"]],
        "defaultSelfTradePreventionMode": "EXPIRE_MAKER",
        "allowedSelfTradePreventionModes": [str(mode) for mode in SelfTradePreventionMode],
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
