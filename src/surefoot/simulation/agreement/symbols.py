"""Random symbols in the shape of exchangeInfo, each of which carries every filter there is (pure)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from surefoot.simulation.draws import below, pick
from surefoot.world import Entropy

Row = Mapping[str, Any]
"""A symbol, or a filter, as exchangeInfo prints it."""

_TYPES = (
    *("LIMIT", "LIMIT_MAKER", "MARKET", "STOP_LOSS"),
    *("STOP_LOSS_LIMIT", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT"),
)
_GRIDS = ("1", "0.5", "0.1", "0.05", "0.01", "0.001", "0.00025", "0.00001", "0.00000001")
_FINEST = Decimal("0.00000001")
_FLAGS = ("quoteOrderQtyMarketAllowed", "icebergAllowed", "allowTrailingStop", "cancelReplaceAllowed")
_LISTS = ("ocoAllowed", "otoAllowed", "amendAllowed")
_MODES = ["NONE", "EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH"]


def made_symbol(dice: Entropy, symbol: str = "BASEQUOTE") -> Row:
    """A symbol whose filters are narrow enough to be met by chance. `tick` and `step` are anything legal."""
    tick, step = Decimal(pick(dice, *_GRIDS)), Decimal(pick(dice, *_GRIDS))
    row: dict[str, Any] = {
        "symbol": symbol,
        "status": "TRADING" if below(dice, 40) else pick(dice, "BREAK", "HALT"),
        "baseAsset": "BASE",
        "quoteAsset": "QUOTE",
        "baseAssetPrecision": 8,
        "quoteAssetPrecision": 8,
        "orderTypes": [kind for kind in _TYPES if below(dice, 25)],
        "permissionSets": [["SPOT"]],
        "defaultSelfTradePreventionMode": "NONE",
        "allowedSelfTradePreventionModes": _MODES,
        "filters": made_filters(dice, tick, step),
    }
    row |= {name: below(dice, 12) > 0 for name in _FLAGS} | dict.fromkeys(_LISTS, True)
    return row


def made_filters(dice: Entropy, tick: Decimal, step: Decimal) -> list[Row]:
    """Every filter of a symbol."""
    rows = [*_grids(dice, tick, step), *_worth(dice, tick * step * 100), *_distance(dice), *_inside(dice)]
    rows += [
        {"filterType": "MAX_POSITION", "maxPosition": text(step * (500 + below(dice, 3_000)))},
        {"filterType": "MAX_NUM_ORDERS", "maxNumOrders": 2 + below(dice, 5)},
        {"filterType": "MAX_NUM_ALGO_ORDERS", "maxNumAlgoOrders": below(dice, 4)},
        {"filterType": "MAX_NUM_ICEBERG_ORDERS", "maxNumIcebergOrders": below(dice, 4)},
        {"filterType": "MAX_NUM_ORDER_LISTS", "maxNumOrderLists": 1 + below(dice, 3)},
        {"filterType": "MAX_NUM_ORDER_AMENDS", "maxNumOrderAmends": 1 + below(dice, 3)},
    ]
    return sorted(rows, key=lambda _: dice.uniform())


def exchange_filters(dice: Entropy) -> list[Row]:
    """The filters of the exchange as a whole."""
    return [
        {"filterType": "EXCHANGE_MAX_NUM_ORDERS", "maxNumOrders": 2 + below(dice, 8)},
        {"filterType": "EXCHANGE_MAX_NUM_ALGO_ORDERS", "maxNumAlgoOrders": 1 + below(dice, 4)},
        {"filterType": "EXCHANGE_MAX_NUM_ICEBERG_ORDERS", "maxNumIcebergOrders": 1 + below(dice, 4)},
        {"filterType": "EXCHANGE_MAX_NUM_ORDER_LISTS", "maxNumOrderLists": 1 + below(dice, 4)},
    ]


def asset_filters(dice: Entropy, units: Mapping[str, Decimal]) -> list[Row]:
    """What an account may move of each asset in one order: some units of it."""
    return [
        {"filterType": "MAX_ASSET", "asset": asset, "limit": text(unit * (1 + below(dice, 20)))}
        for asset, unit in units.items()
    ]


def _grids(dice: Entropy, tick: Decimal, step: Decimal) -> list[Row]:
    off = below(dice, 6) == 0
    return [
        {
            "filterType": "PRICE_FILTER",
            "minPrice": "0.00000000" if off else text(tick * (1 + below(dice, 60))),
            "maxPrice": "0.00000000" if off else text(tick * (150 + below(dice, 400))),
            "tickSize": text(tick),
        },
        {
            "filterType": "LOT_SIZE",
            "minQty": text(step * (1 + below(dice, 4))),
            "maxQty": text(step * (300 + below(dice, 700))),
            "stepSize": text(step),
        },
        {
            "filterType": "MARKET_LOT_SIZE",
            "minQty": pick(dice, "0.00000000", text(step * 3)),
            "maxQty": pick(dice, "0.00000000", text(step * (100 + below(dice, 300)))),
            "stepSize": pick(dice, "0.00000000", text(step), text(step * 2)),
        },
    ]


def _worth(dice: Entropy, unit: Decimal) -> list[Row]:
    minutes = pick(dice, 0, 5)
    return [
        {
            "filterType": "NOTIONAL",
            "minNotional": text(unit * (1 + below(dice, 8))),
            "applyMinToMarket": below(dice, 2) == 0,
            "maxNotional": text(unit * (400 + below(dice, 600))),
            "applyMaxToMarket": below(dice, 2) == 0,
            "avgPriceMins": minutes,
        },
        {
            "filterType": "MIN_NOTIONAL",
            "minNotional": text(unit * (1 + below(dice, 8))),
            "applyToMarket": below(dice, 2) == 0,
            "avgPriceMins": minutes,
        },
    ]


def _distance(dice: Entropy) -> list[Row]:
    ups, downs = ("1.1", "1.5", "5"), ("0.9", "0.5", "0.2")
    minutes = pick(dice, 0, 5)
    return [
        {
            "filterType": "PERCENT_PRICE",
            "multiplierUp": pick(dice, *ups),
            "multiplierDown": pick(dice, *downs),
            "avgPriceMins": minutes,
        },
        {
            "filterType": "PERCENT_PRICE_BY_SIDE",
            "bidMultiplierUp": pick(dice, *ups),
            "bidMultiplierDown": pick(dice, *downs),
            "askMultiplierUp": pick(dice, *ups),
            "askMultiplierDown": pick(dice, *downs),
            "avgPriceMins": minutes,
        },
    ]


def _inside(dice: Entropy) -> list[Row]:
    return [
        {"filterType": "ICEBERG_PARTS", "limit": 2 + below(dice, 20)},
        {
            "filterType": "TRAILING_DELTA",
            "minTrailingAboveDelta": 10,
            "maxTrailingAboveDelta": 1_000 + below(dice, 1_000),
            "minTrailingBelowDelta": 20,
            "maxTrailingBelowDelta": 2_000,
        },
    ]


def text(value: Decimal) -> str:
    """As exchangeInfo prints it; never nothing, which would switch a bound off."""
    return f"{max(value, _FINEST):.8f}"
