"""Trading endpoints: parameters and routes, as the official pages print them."""

from surefoot.serve import combinations, order_combinations, tables
from surefoot.serve.parameters import Kind, Parameter
from surefoot.serve.route import Route
from surefoot.serve.weights import Fixed, IfSent
from surefoot.spot.enums import SecurityType

_RESTRICTIONS = Parameter(
    "cancelRestrictions",
    Kind.CHOICE,
    choices=("ONLY_NEW", "ONLY_PARTIALLY_FILLED"),
    wrong=(-1145, "`cancelRestrictions` has to be either `ONLY_NEW` or `ONLY_PARTIALLY_FILLED`."),
)

NEW_ORDER = (
    tables.SYMBOL,
    tables.side("side"),
    tables.order_type("type", tables.ORDER_TYPES),
    tables.time_in_force("timeInForce"),
    Parameter("quantity", Kind.DECIMAL),
    Parameter("quoteOrderQty", Kind.DECIMAL),
    Parameter("price", Kind.DECIMAL),
    tables.NEW_CLIENT_ORDER_ID,
    Parameter("strategyId", Kind.LONG),
    tables.strategy_type("strategyType"),
    Parameter("stopPrice", Kind.DECIMAL),
    Parameter("trailingDelta", Kind.LONG),
    Parameter("icebergQty", Kind.DECIMAL),
    *tables.ANSWERED_AND_PREVENTED,
    *tables.pegs(""),
)
TEST_ORDER = (*NEW_ORDER, Parameter("computeCommissionRates", Kind.BOOLEAN))
CANCEL_ORDER = (
    tables.SYMBOL,
    tables.ORDER_ID,
    tables.ORIG_CLIENT_ORDER_ID,
    tables.NEW_CLIENT_ORDER_ID,
    _RESTRICTIONS,
)
CANCEL_ALL = (tables.SYMBOL,)
CANCEL_REPLACE = (
    *NEW_ORDER,
    Parameter("cancelReplaceMode", Kind.CHOICE, True, choices=("STOP_ON_FAILURE", "ALLOW_FAILURE")),
    Parameter("cancelNewClientOrderId", Kind.CLIENT_ID),
    Parameter("cancelOrigClientOrderId", Kind.CLIENT_ID),
    Parameter("cancelOrderId", Kind.LONG),
    _RESTRICTIONS,
    Parameter("orderRateLimitExceededMode", Kind.CHOICE, choices=("DO_NOTHING", "CANCEL_ONLY")),
)
AMEND = (
    tables.SYMBOL,
    tables.ORDER_ID,
    tables.ORIG_CLIENT_ORDER_ID,
    tables.NEW_CLIENT_ORDER_ID,
    Parameter("newQty", Kind.DECIMAL, mandatory=True),
)

ROUTES = (
    Route(
        operation="order.place",
        method="POST",
        path="/api/v3/order",
        weight=Fixed(1),
        security=SecurityType.TRADE,
        parameters=NEW_ORDER,
        combination=order_combinations.order,
        free_on_success=True,
        order_count=1,
    ),
    Route(
        operation="order.test",
        method="POST",
        path="/api/v3/order/test",
        weight=IfSent("computeCommissionRates", 20, 1),
        security=SecurityType.TRADE,
        parameters=TEST_ORDER,
        combination=order_combinations.order,
    ),
    Route(
        operation="order.cancel",
        method="DELETE",
        path="/api/v3/order",
        weight=Fixed(1),
        security=SecurityType.TRADE,
        parameters=CANCEL_ORDER,
        combination=combinations.order_id,
        free_on_success=True,
    ),
    Route(
        operation="openOrders.cancelAll",
        method="DELETE",
        path="/api/v3/openOrders",
        weight=Fixed(1),
        security=SecurityType.TRADE,
        parameters=CANCEL_ALL,
        free_on_success=True,
    ),
    Route(
        operation="order.cancelReplace",
        method="POST",
        path="/api/v3/order/cancelReplace",
        weight=Fixed(1),
        security=SecurityType.TRADE,
        parameters=CANCEL_REPLACE,
        combination=order_combinations.cancel_replace,
        free_on_success=True,
        order_count=1,
    ),
    Route(
        operation="order.amend.keepPriority",
        method="PUT",
        path="/api/v3/order/amend/keepPriority",
        weight=Fixed(4),
        security=SecurityType.TRADE,
        parameters=AMEND,
        combination=combinations.order_id,
        free_if_expired=True,
    ),
)
