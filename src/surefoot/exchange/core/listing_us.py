"""The symbols of an exchange like Binance.US, as its exchangeInfo was seen to list them in 2026-09."""

from collections.abc import Mapping
from typing import Any

from surefoot.exchange.core.listing import default_exchange_info

_PERCENT_PRICE = {
    "filterType": "PERCENT_PRICE",
    "multiplierUp": "5",
    "multiplierDown": "0.2",
    "avgPriceMins": 5,
}
_ICEBERG_PARTS = 10
_NEVER = frozenset({"NONE"})
_NOT_SERVED = ("otoAllowed", "amendAllowed")


def us_exchange_info() -> dict[str, Any]:
    """BTCUSD, ETHUSD, BNBUSD and ETHBTC in the shape of GET exchangeInfo (fresh each call).

    Filters as seen there: MIN_NOTIONAL in place of NOTIONAL, PERCENT_PRICE besides PERCENT_PRICE_BY_SIDE,
    icebergs of ten parts; self-trade prevention cannot be turned off. Order lists beyond OCO and amends are
    said to be not allowed, as it documents no request for them.
    """
    info = default_exchange_info()
    return info | {"symbols": [_american(row) for row in info["symbols"]]}


def _american(row: Mapping[str, Any]) -> dict[str, Any]:
    quote = "USD" if row["quoteAsset"] == "USDT" else row["quoteAsset"]
    modes = [mode for mode in row["allowedSelfTradePreventionModes"] if mode not in _NEVER]
    return {
        **row,
        **dict.fromkeys(_NOT_SERVED, False),
        "symbol": row["baseAsset"] + quote,
        "quoteAsset": quote,
        "filters": [*map(_filter, row["filters"]), _PERCENT_PRICE],
        "allowedSelfTradePreventionModes": modes,
    }


def _filter(row: Mapping[str, Any]) -> Mapping[str, Any]:
    match row["filterType"]:
        case "NOTIONAL":
            least = row["minNotional"]
            return {
                "filterType": "MIN_NOTIONAL",
                "minNotional": least,
                "applyToMarket": True,
                "avgPriceMins": row["avgPriceMins"],
            }
        case "ICEBERG_PARTS":
            return {**row, "limit": _ICEBERG_PARTS}
    return row
