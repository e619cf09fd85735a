"""Account endpoints: parameters and routes, as the official pages print them."""

from surefoot.serve import combinations, tables
from surefoot.serve.parameters import Kind, Parameter
from surefoot.serve.route import Route
from surefoot.serve.weights import FirstSent, Fixed, IfSent, Weight
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

ALL_ORDERS = (
    tables.SYMBOL,
    tables.ORDER_ID,
    Parameter("startTime", Kind.LONG),
    Parameter("endTime", Kind.LONG),
    Parameter("limit", Kind.INT, low=1, high=1000),
)
PREVENTED = (
    tables.SYMBOL,
    Parameter("preventedMatchId", Kind.LONG),
    tables.ORDER_ID,
    Parameter("fromPreventedMatchId", Kind.LONG),
    Parameter("limit", Kind.INT, low=1, high=1000),
)
AMENDMENTS = (
    tables.SYMBOL,
    Parameter("orderId", Kind.LONG, mandatory=True),
    Parameter("fromExecutionId", Kind.LONG),
    Parameter("limit", Kind.INT, low=1, high=1000),
)
OF_SYMBOL = (tables.SYMBOL,)


def _reading(operation: str, path: str, weight: Weight, parameters: tuple[Parameter, ...] = ()) -> Route:
    return Route(
        operation=operation,
        method="GET",
        path=path,
        weight=weight,
        security=SecurityType.USER_DATA,
        parameters=parameters,
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
    _reading("allOrders", "/api/v3/allOrders", Fixed(20), ALL_ORDERS),
    _reading("account.rateLimits.orders", "/api/v3/rateLimit/order", Fixed(40)),
    _reading("account.commission", "/api/v3/account/commission", Fixed(20), OF_SYMBOL),
    _reading("order.amendments", "/api/v3/order/amendments", Fixed(4), AMENDMENTS),
    _reading("myFilters", "/api/v3/myFilters", Fixed(40), OF_SYMBOL),
    Route(
        operation="myPreventedMatches",
        method="GET",
        path="/api/v3/myPreventedMatches",
        weight=FirstSent((("preventedMatchId", 2), ("orderId", 20)), otherwise=2),
        security=SecurityType.USER_DATA,
        weight_if_unlisted=2,
        parameters=PREVENTED,
        combination=combinations.prevented_matches,
    ),
)
