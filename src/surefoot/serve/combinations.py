"""Parameters that need, exclude or imply each other: judged after each one alone is fine."""

from collections.abc import Mapping
from typing import Any

from surefoot.serve.denial import Denial, bad_combination, neither

Values = Mapping[str, Any]


def order_id(values: Values) -> None:
    """An order is named by its id, its client id, or both."""
    if "orderId" not in values and "origClientOrderId" not in values:
        raise neither("orderId", "origClientOrderId")


def list_id(values: Values) -> None:
    """A list that is to be cancelled is named by its id, its client id, or both."""
    if "orderListId" not in values and "listClientOrderId" not in values:
        raise neither("orderListId", "listClientOrderId")


def list_status(values: Values) -> None:
    """A list that is asked for is named by either id."""
    if "orderListId" not in values and "origClientOrderId" not in values:
        raise neither("orderListId", "origClientOrderId")


_PREVENTED = {
    frozenset(names)
    for names in (
        ("preventedMatchId",),
        ("orderId",),
        ("orderId", "fromPreventedMatchId"),
        ("orderId", "limit"),
        ("orderId", "fromPreventedMatchId", "limit"),
    )
}


def prevented_matches(values: Values) -> None:
    """The documented combinations only."""
    if frozenset(values) - {"symbol"} not in _PREVENTED:
        raise bad_combination()


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
