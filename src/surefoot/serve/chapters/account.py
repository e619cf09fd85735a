"""Account endpoints: parameters and routes, as the official pages print them."""

from surefoot.serve import combinations, tables
from surefoot.serve.parameters import Kind, Parameter
from surefoot.serve.route import Route
from surefoot.serve.weights import Fixed, IfSent
from surefoot.spot.enums import SecurityType

ACCOUNT = (Parameter("omitZeroBalances", Kind.BOOLEAN),)
QUERY_ORDER = (tables.SYMBOL, tables.ORDER_ID, tables.ORIG_CLIENT_ORDER_ID)
OPEN_ORDERS = (tables.ANY_SYMBOL,)
MY_TRADES = (
    tables.SYMBOL,
    tables.ORDER_ID,
    Parameter("startTime", Kind.LONG),
    Parameter("endTime", Kind.LONG),
    Parameter("fromId", Kind.LONG),
    Parameter("limit", Kind.INT, low=1, high=1000),
)

ROUTES = (
    Route(
        operation="account.status",
        method="GET",
        path="/api/v3/account",
        weight=Fixed(20),
        security=SecurityType.USER_DATA,
        parameters=ACCOUNT,
    ),
    Route(
        operation="order.status",
        method="GET",
        path="/api/v3/order",
        weight=Fixed(4),
        security=SecurityType.USER_DATA,
        parameters=QUERY_ORDER,
        combination=combinations.order_id,
    ),
    Route(
        operation="openOrders.status",
        method="GET",
        path="/api/v3/openOrders",
        weight=IfSent("symbol", 6, 80),
        security=SecurityType.USER_DATA,
        parameters=OPEN_ORDERS,
    ),
    Route(
        operation="myTrades",
        method="GET",
        path="/api/v3/myTrades",
        weight=IfSent("orderId", 5, 20),
        security=SecurityType.USER_DATA,
        parameters=MY_TRADES,
        combination=combinations.my_trades,
    ),
)
