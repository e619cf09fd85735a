"""Parameters that need, exclude or imply each other: judged after each one alone is fine."""

from collections.abc import Mapping
from typing import Any

from surefoot.serve.denial import Denial, bad_combination, missing, neither, not_required, not_together

Values = Mapping[str, Any]

_STOPS = ("stopPrice", "trailingDelta")
_PEGS = ("pegPriceType", "pegOffsetType", "pegOffsetValue")

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


def order(values: Values) -> None:
    """Rules of POST order and order/test by order type; raises `Denial`."""
    kind = values["type"]
    _demand(kind, values)
    allowed = (*REQUIRED[kind], *_OPTIONAL[kind])
    for name in _BY_TYPE:
        if name in values and name not in allowed:
            raise not_required(name)
    _pegs(kind, values)
    if "icebergQty" in values and values.get("timeInForce", "GTC") != "GTC":
        raise Denial(-1014, "Unsupported order combination.")


def _demand(kind: str, values: Values) -> None:
    for name in REQUIRED[kind]:
        if name not in values and not (name == "price" and "pegPriceType" in values):
            raise missing(name)
    if kind == "MARKET":
        if "quantity" not in values and "quoteOrderQty" not in values:
            raise neither("quantity", "quoteOrderQty")
        if "quantity" in values and "quoteOrderQty" in values:
            raise bad_combination()
    elif kind not in {"LIMIT", "LIMIT_MAKER"} and not any(name in values for name in _STOPS):
        raise neither(*_STOPS)


def _pegs(kind: str, values: Values) -> None:
    pegged = [name for name in _PEGS if name in values]
    if pegged and "pegPriceType" not in _OPTIONAL[kind]:
        raise Denial(-1013, "This order type may not use pegged price.")
    if ("pegOffsetType" in values) != ("pegOffsetValue" in values):
        raise not_together("pegOffsetType", "pegOffsetValue")
    if pegged and "pegPriceType" not in values:
        raise missing("pegPriceType")


def order_id(values: Values) -> None:
    """An order is named by its id, its client id, or both."""
    if "orderId" not in values and "origClientOrderId" not in values:
        raise neither("orderId", "origClientOrderId")


_DAY_US = 24 * 3600 * 1_000_000
_EARLIEST_US = 1_483_228_800_000_000  # 2017-01-01
_LATEST_AHEAD_US = 10_000_000
_MY_TRADES = {
    frozenset(names)
    for names in (
        (),
        ("orderId",),
        ("startTime",),
        ("endTime",),
        ("fromId",),
        ("startTime", "endTime"),
        ("orderId", "fromId"),
    )
}


def my_trades(values: Values) -> None:
    """The documented combinations only."""
    if frozenset(values) & {"orderId", "startTime", "endTime", "fromId"} not in _MY_TRADES:
        raise bad_combination()


def times(values: Values, now_us: int) -> tuple[int | None, int | None]:
    """`startTime` and `endTime` in microseconds, brought into the range of times that there are.

    Raises `Denial` -1128 when they are in the wrong order.
    """
    start, end = (_clamped(values.get(name), now_us) for name in ("startTime", "endTime"))
    if start is not None and end is not None and end < start:
        raise bad_combination()
    return start, end


def time_span(values: Values, now_us: int) -> tuple[int | None, int | None]:
    """`times` of queries that look at a day at most; raises `Denial` -1127 when they are further apart."""
    start, end = times(values, now_us)
    if start is not None and end is not None and end - start > _DAY_US:
        raise Denial(-1127, "More than 24 hours between startTime and endTime.")
    return start, end


def _clamped(time: int | None, now_us: int) -> int | None:
    if time is None:
        return None
    return min(max(microseconds(time), _EARLIEST_US), now_us + _LATEST_AHEAD_US)


def exchange_info(values: Values) -> None:
    """At most one of symbol, symbols and permissions; a status only without symbols."""
    at_most_one_symbol(values)
    named = "symbol" in values or "symbols" in values
    if named and ("permissions" in values or "symbolStatus" in values):
        raise bad_combination()


def at_most_one_symbol(values: Values) -> None:
    """Either one symbol or a list."""
    if "symbol" in values and "symbols" in values:
        raise bad_combination()


_MICROSECONDS_FROM = 100_000_000_000_000  # as milliseconds that would be the year 5138


def microseconds(time: int) -> int:
    """A time as sent (milliseconds or microseconds since 1970) in microseconds."""
    return time if time >= _MICROSECONDS_FROM else time * 1000
