"""Parameters of orders that need, exclude or imply each other, by order type; legs of lists alike.

A leg's parameters have its name before them: ``price`` of the leg `above` is ``abovePrice``.
"""

from collections.abc import Mapping
from typing import Any

from surefoot.serve.denial import (
    Denial,
    bad_combination,
    both_needed,
    iceberg_needs_gtc,
    missing,
    neither,
    not_required,
    not_together,
)

Values = Mapping[str, Any]

_STOPS = ("stopPrice", "trailingDelta")
_PEGS = ("pegPriceType", "pegOffsetType", "pegOffsetValue")
PROFIT_TYPES = ("LIMIT_MAKER", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT")
STOP_TYPES = ("STOP_LOSS", "STOP_LOSS_LIMIT")

REQUIRED: Mapping[str, tuple[str, ...]] = {
    "LIMIT": ("timeInForce", "quantity", "price"),
    "LIMIT_MAKER": ("quantity", "price"),
    "MARKET": (),
    "STOP_LOSS": ("quantity",),
    "STOP_LOSS_LIMIT": ("timeInForce", "quantity", "price"),
    "TAKE_PROFIT": ("quantity",),
    "TAKE_PROFIT_LIMIT": ("timeInForce", "quantity", "price"),
}
"""What each order type demands besides symbol, side and type (official page *New order*)."""

_OPTIONAL: Mapping[str, tuple[str, ...]] = {
    "LIMIT": ("icebergQty", *_PEGS),
    "LIMIT_MAKER": ("icebergQty", *_PEGS),
    "MARKET": ("quantity", "quoteOrderQty"),
    "STOP_LOSS": _STOPS,
    "STOP_LOSS_LIMIT": (*_STOPS, "icebergQty", *_PEGS),
    "TAKE_PROFIT": _STOPS,
    "TAKE_PROFIT_LIMIT": (*_STOPS, "icebergQty", *_PEGS),
}
_BY_TYPE = ("timeInForce", "quantity", "quoteOrderQty", "price", *_STOPS, "icebergQty")


def of_leg(leg: str, name: str) -> str:
    """The name of a leg's parameter; without a leg it is the parameter's own."""
    return f"{leg}{name[0].upper()}{name[1:]}" if leg else name


def order(values: Values) -> None:
    """Rules of POST order and order/test by order type; raises `Denial`."""
    kind = values["type"]
    _demand(kind, values, "", REQUIRED[kind])
    if kind == "MARKET":
        if "quantity" not in values and "quoteOrderQty" not in values:
            raise neither("quantity", "quoteOrderQty")
        if "quantity" in values and "quoteOrderQty" in values:
            raise bad_combination()
    _refuse(kind, values, "", _BY_TYPE)
    if "icebergQty" in values and values.get("timeInForce", "GTC") != "GTC":
        raise Denial(-1014, "Unsupported order combination.")


def cancel_replace(values: Values) -> None:
    """The same, and the order that goes is named."""
    if "cancelOrderId" not in values and "cancelOrigClientOrderId" not in values:
        raise neither("cancelOrderId", "cancelOrigClientOrderId")
    order(values)


def oco(values: Values) -> None:
    """orderList/oco."""
    _pair(values, values["side"], "above", "below")


def oto(values: Values) -> None:
    """orderList/oto."""
    _leg(values["workingType"], values, "working")
    _leg(values["pendingType"], values, "pending")


def otoco(values: Values) -> None:
    """orderList/otoco."""
    _leg(values["workingType"], values, "working")
    if "pendingBelowType" not in values:
        raise missing("pendingBelowType")
    _pair(values, values["pendingSide"], "pendingAbove", "pendingBelow")


def old_oco(values: Values) -> None:
    """order/oco, deprecated since 2024-04-02."""
    if not any(name in values for name in _STOPS):
        raise neither(*_STOPS)
    if ("stopLimitPrice" in values) != ("stopLimitTimeInForce" in values):
        raise both_needed("stopLimitPrice", "stopLimitTimeInForce")
    if "stopIcebergQty" in values and values.get("stopLimitTimeInForce") != "GTC":
        raise Denial(-1014, "Unsupported order combination.")


def _pair(values: Values, side: str, above: str, below: str) -> None:
    """Two legs of which one is filled: the profit leg on its side of the market, the stop-loss leg beyond."""
    kinds = (values[f"{above}Type"], values[f"{below}Type"])
    if all(kind == "LIMIT_MAKER" for kind in kinds):
        raise Denial(-1168, "At least one OCO order must be contingent.")
    profit, stop = kinds if side == "SELL" else reversed(kinds)
    if stop not in STOP_TYPES:
        raise _misplaced(stop, side)
    if profit not in PROFIT_TYPES:
        raise _misplaced(profit, side)
    for leg, kind in zip((above, below), kinds, strict=True):
        _leg(kind, values, leg)


def _misplaced(kind: str, side: str) -> Denial:
    buying = side == "BUY"
    if kind in STOP_TYPES:
        code, name, place = (-1196, "stop loss", "above") if buying else (-1197, "stop loss", "below")
    elif kind == "LIMIT_MAKER":
        code, name, place = (-1165, "limit", "below") if buying else (-1166, "limit", "above")
    else:
        code, name, place = (-1198, "take profit", "below") if buying else (-1199, "take profit", "above")
    return Denial(code, f"A {name} order in a {side.lower()} OCO must be {place}.")


def _leg(kind: str, values: Values, leg: str) -> None:
    _demand(kind, values, leg, tuple(name for name in REQUIRED[kind] if name != "quantity"))
    _refuse(kind, values, leg, tuple(name for name in _BY_TYPE if name not in {"quantity", "quoteOrderQty"}))
    iceberg = of_leg(leg, "icebergQty")
    if iceberg in values and values.get(of_leg(leg, "timeInForce"), "GTC") != "GTC":
        raise iceberg_needs_gtc(iceberg)


def _demand(kind: str, values: Values, leg: str, names: tuple[str, ...]) -> None:
    for name in names:
        waived = name == "price" and of_leg(leg, "pegPriceType") in values
        if of_leg(leg, name) not in values and not waived:
            raise missing(of_leg(leg, name))
    stops = [of_leg(leg, name) for name in _STOPS]
    if "stopPrice" in _OPTIONAL[kind] and not any(name in values for name in stops):
        raise neither(stops[0], stops[1])


def _refuse(kind: str, values: Values, leg: str, names: tuple[str, ...]) -> None:
    """What the type does not have must not be sent."""
    allowed = (*REQUIRED[kind], *_OPTIONAL[kind])
    for name in names:
        if of_leg(leg, name) in values and name not in allowed:
            raise not_required(of_leg(leg, name))
    price_type, offset_type, offset = (of_leg(leg, name) for name in _PEGS)
    pegged = any(name in values for name in (price_type, offset_type, offset))
    if pegged and "pegPriceType" not in _OPTIONAL[kind]:
        raise Denial(-1013, "This order type may not use pegged price.")
    if (offset_type in values) != (offset in values):
        raise not_together(offset_type, offset)
    if pegged and price_type not in values:
        raise missing(price_type)
