"""Order lists: parameters and routes, as the official pages print them."""

from collections.abc import Callable, Mapping
from typing import Any

from surefoot.serve import combinations, order_combinations, tables
from surefoot.serve.order_combinations import PROFIT_TYPES, STOP_TYPES
from surefoot.serve.parameters import Kind, Parameter
from surefoot.serve.route import Route
from surefoot.serve.weights import Fixed
from surefoot.spot.enums import SecurityType

_WORKING_TYPES = ("LIMIT", "LIMIT_MAKER")
_PAIR_TYPES = (*STOP_TYPES, *PROFIT_TYPES)
_LIST_CLIENT_ORDER_ID = Parameter("listClientOrderId", Kind.CLIENT_ID)
_ORDER_LIST_ID = Parameter("orderListId", Kind.LONG)
_TIMES_AND_LIMIT = (
    Parameter("startTime", Kind.LONG),
    Parameter("endTime", Kind.LONG),
    Parameter("limit", Kind.INT, low=1, high=1000),
)


def _leg(leg: str, kind: Parameter) -> tuple[Parameter, ...]:
    """The rows of one leg but for its side and quantity."""
    return (
        kind,
        Parameter(f"{leg}ClientOrderId", Kind.CLIENT_ID),
        Parameter(f"{leg}IcebergQty", Kind.DECIMAL),
        Parameter(f"{leg}Price", Kind.DECIMAL),
        Parameter(f"{leg}StopPrice", Kind.DECIMAL),
        Parameter(f"{leg}TrailingDelta", Kind.LONG),
        tables.time_in_force(f"{leg}TimeInForce"),
        Parameter(f"{leg}StrategyId", Kind.LONG),
        tables.strategy_type(f"{leg}StrategyType"),
        *tables.pegs(leg),
    )


def _pair_leg(leg: str, *, mandatory: bool = True) -> tuple[Parameter, ...]:
    wrong = (-1158, "Order type not supported in OCO.")
    return _leg(leg, Parameter(f"{leg}Type", Kind.CHOICE, mandatory, choices=_PAIR_TYPES, wrong=wrong))


_HEAD = (tables.SYMBOL, _LIST_CLIENT_ORDER_ID, *tables.ANSWERED_AND_PREVENTED)
_NOT_AS_ELSEWHERE = frozenset({"workingPrice", "workingStopPrice", "workingTrailingDelta"})
_WORKING = (
    tables.side("workingSide"),
    Parameter("workingQuantity", Kind.DECIMAL, mandatory=True),
    *(
        row
        for row in _leg("working", tables.order_type("workingType", _WORKING_TYPES))
        if row.name not in _NOT_AS_ELSEWHERE
    ),
    Parameter("workingPrice", Kind.DECIMAL, mandatory=True),
)
_PENDING = (tables.side("pendingSide"), Parameter("pendingQuantity", Kind.DECIMAL, mandatory=True))

OCO = (
    *_HEAD,
    tables.side("side"),
    Parameter("quantity", Kind.DECIMAL, mandatory=True),
    *_pair_leg("above"),
    *_pair_leg("below"),
)
OTO = (*_HEAD, *_WORKING, *_PENDING, *_leg("pending", tables.order_type("pendingType", tables.ORDER_TYPES)))
OTOCO = (
    *_HEAD,
    *_WORKING,
    *_PENDING,
    *_pair_leg("pendingAbove"),
    *_pair_leg("pendingBelow", mandatory=False),
)
OLD_OCO = (
    *_HEAD,
    tables.side("side"),
    Parameter("quantity", Kind.DECIMAL, mandatory=True),
    Parameter("limitClientOrderId", Kind.CLIENT_ID),
    Parameter("price", Kind.DECIMAL, mandatory=True),
    Parameter("limitStrategyId", Kind.LONG),
    tables.strategy_type("limitStrategyType"),
    Parameter("limitIcebergQty", Kind.DECIMAL),
    Parameter("trailingDelta", Kind.LONG),
    Parameter("stopClientOrderId", Kind.CLIENT_ID),
    Parameter("stopPrice", Kind.DECIMAL),
    Parameter("stopStrategyId", Kind.LONG),
    tables.strategy_type("stopStrategyType"),
    Parameter("stopLimitPrice", Kind.DECIMAL),
    Parameter("stopIcebergQty", Kind.DECIMAL),
    tables.time_in_force("stopLimitTimeInForce"),
)
CANCEL_LIST = (tables.SYMBOL, _ORDER_LIST_ID, _LIST_CLIENT_ORDER_ID, tables.NEW_CLIENT_ORDER_ID)
LIST_STATUS = (_ORDER_LIST_ID, tables.ORIG_CLIENT_ORDER_ID)
ALL_LISTS = (Parameter("fromId", Kind.LONG), *_TIMES_AND_LIMIT)


def _placing(
    operation: str,
    path: str,
    parameters: tuple[Parameter, ...],
    combination: Callable[[Mapping[str, Any]], None],
    *,
    orders: int,
) -> Route:
    return Route(
        operation=operation,
        method="POST",
        path=path,
        weight=Fixed(1),
        security=SecurityType.TRADE,
        parameters=parameters,
        combination=combination,
        free_on_success=True,
        order_count=orders,
    )


ROUTES = (
    _placing("orderList.place", "/api/v3/order/oco", OLD_OCO, order_combinations.old_oco, orders=2),
    _placing("orderList.place.oco", "/api/v3/orderList/oco", OCO, order_combinations.oco, orders=2),
    _placing("orderList.place.oto", "/api/v3/orderList/oto", OTO, order_combinations.oto, orders=2),
    _placing("orderList.place.otoco", "/api/v3/orderList/otoco", OTOCO, order_combinations.otoco, orders=3),
    Route(
        operation="orderList.cancel",
        method="DELETE",
        path="/api/v3/orderList",
        weight=Fixed(1),
        security=SecurityType.TRADE,
        parameters=CANCEL_LIST,
        combination=combinations.list_id,
        free_on_success=True,
    ),
    Route(
        operation="orderList.status",
        method="GET",
        path="/api/v3/orderList",
        weight=Fixed(4),
        security=SecurityType.USER_DATA,
        parameters=LIST_STATUS,
        combination=combinations.list_status,
    ),
    Route(
        operation="allOrderLists",
        method="GET",
        path="/api/v3/allOrderList",
        weight=Fixed(20),
        security=SecurityType.USER_DATA,
        parameters=ALL_LISTS,
    ),
    Route(
        operation="openOrderLists.status",
        method="GET",
        path="/api/v3/openOrderList",
        weight=Fixed(6),
        security=SecurityType.USER_DATA,
    ),
)
