"""Which path or method is which operation, with its security, its weight and its parameter table.

The WebSocket API's method is the operation's name: every REST endpoint has a twin there.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from surefoot.serve import combinations, tables
from surefoot.serve.parameters import Parameter
from surefoot.serve.weights import Fixed, IfSent, PerLimit, PerSymbols, Weight
from surefoot.spot.enums import SecurityType

_NONE, _TRADE, _USER_DATA, _USER_STREAM = (
    SecurityType.NONE,
    SecurityType.TRADE,
    SecurityType.USER_DATA,
    SecurityType.USER_STREAM,
)


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """One operation. `method` and `path` are empty where REST has no twin.

    `free_on_success`: a call that works costs no weight (order calls, since 2026-04-02).
    `parameters` leaves out what authentication adds; `combination` judges them together.
    """

    operation: str
    weight: Weight
    method: str = ""
    path: str = ""
    security: SecurityType = _NONE
    parameters: tuple[Parameter, ...] = ()
    combination: Callable[[Mapping[str, Any]], None] | None = None
    free_on_success: bool = False
    counts_orders: bool = False

    @property
    def signed(self) -> bool:
        """Whether key, timestamp and signature are asked for."""
        return self.security is not _NONE


_DEPTH_WEIGHT = PerLimit(100, ((100, 5), (500, 25), (1000, 50), (5000, 250)))

ROUTES = (
    Route(operation="ping", method="GET", path="/api/v3/ping", weight=Fixed(1)),
    Route(operation="time", method="GET", path="/api/v3/time", weight=Fixed(1)),
    Route(
        operation="exchangeInfo",
        method="GET",
        path="/api/v3/exchangeInfo",
        weight=Fixed(20),
        parameters=tables.EXCHANGE_INFO,
        combination=combinations.exchange_info,
    ),
    Route(
        operation="depth",
        method="GET",
        path="/api/v3/depth",
        weight=_DEPTH_WEIGHT,
        parameters=tables.DEPTH,
    ),
    Route(
        operation="ticker.book",
        method="GET",
        path="/api/v3/ticker/bookTicker",
        weight=PerSymbols(2, 4),
        parameters=tables.BOOK_TICKER,
        combination=combinations.at_most_one_symbol,
    ),
    Route(
        operation="account.status",
        method="GET",
        path="/api/v3/account",
        weight=Fixed(20),
        security=_USER_DATA,
        parameters=tables.ACCOUNT,
    ),
    Route(
        operation="order.place",
        method="POST",
        path="/api/v3/order",
        weight=Fixed(1),
        security=_TRADE,
        parameters=tables.NEW_ORDER,
        combination=combinations.order,
        free_on_success=True,
        counts_orders=True,
    ),
    Route(
        operation="order.test",
        method="POST",
        path="/api/v3/order/test",
        weight=IfSent("computeCommissionRates", 20, 1),
        security=_TRADE,
        parameters=tables.TEST_ORDER,
        combination=combinations.order,
    ),
    Route(
        operation="order.status",
        method="GET",
        path="/api/v3/order",
        weight=Fixed(4),
        security=_USER_DATA,
        parameters=tables.QUERY_ORDER,
        combination=combinations.order_id,
    ),
    Route(
        operation="order.cancel",
        method="DELETE",
        path="/api/v3/order",
        weight=Fixed(1),
        security=_TRADE,
        parameters=tables.CANCEL_ORDER,
        combination=combinations.order_id,
        free_on_success=True,
    ),
    Route(
        operation="openOrders.status",
        method="GET",
        path="/api/v3/openOrders",
        weight=IfSent("symbol", 6, 80),
        security=_USER_DATA,
        parameters=tables.OPEN_ORDERS,
    ),
    Route(
        operation="myTrades",
        method="GET",
        path="/api/v3/myTrades",
        weight=IfSent("orderId", 5, 20),
        security=_USER_DATA,
        parameters=tables.MY_TRADES,
        combination=combinations.my_trades,
    ),
    Route(operation="session.logon", weight=Fixed(2), security=_USER_STREAM),
    Route(operation="session.status", weight=Fixed(2)),
    Route(operation="session.logout", weight=Fixed(2)),
    Route(operation="session.subscriptions", weight=Fixed(2)),
    Route(operation="userDataStream.subscribe", weight=Fixed(2)),
    Route(operation="userDataStream.subscribe.signature", weight=Fixed(2), security=_USER_STREAM),
    Route(operation="userDataStream.unsubscribe", weight=Fixed(2), parameters=tables.UNSUBSCRIBE),
)

REST: Mapping[tuple[str, str], Route] = {(route.method, route.path): route for route in ROUTES if route.path}
WS_API: Mapping[str, Route] = {route.operation: route for route in ROUTES}

REMOVED_PATHS = frozenset({"/api/v3/userDataStream"})
"""Switched off on 2026-02-20; these answer 410."""

REMOVED_METHODS = frozenset({"userDataStream.start", "userDataStream.ping", "userDataStream.stop"})


def rest_route(method: str, path: str) -> Route | None:
    """The operation behind a method and a path, if it is one that exists here."""
    return REST.get((method, path))


def ws_route(method: str) -> Route | None:
    """The operation behind a WebSocket API method, with or without the ``v3/`` prefix."""
    return WS_API.get(method.removeprefix("v3/"))
