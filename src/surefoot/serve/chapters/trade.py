"""Trading endpoints: parameters and routes, as the official pages print them."""

from surefoot.serve import combinations, tables
from surefoot.serve.parameters import Kind, Parameter
from surefoot.serve.route import Route
from surefoot.serve.weights import Fixed, IfSent
from surefoot.spot.enums import SecurityType

_ORDER_TYPES = (
    "LIMIT",
    "LIMIT_MAKER",
    "MARKET",
    "STOP_LOSS",
    "STOP_LOSS_LIMIT",
    "TAKE_PROFIT",
    "TAKE_PROFIT_LIMIT",
)
_STP_MODES = ("NONE", "EXPIRE_MAKER", "EXPIRE_TAKER", "EXPIRE_BOTH", "DECREMENT", "TRANSFER")

NEW_ORDER = (
    tables.SYMBOL,
    Parameter("side", Kind.CHOICE, True, choices=("BUY", "SELL"), wrong=(-1117, "Invalid side.")),
    Parameter("type", Kind.CHOICE, True, choices=_ORDER_TYPES, wrong=(-1116, "Invalid orderType.")),
    Parameter(
        "timeInForce",
        Kind.CHOICE,
        choices=("GTC", "IOC", "FOK"),
        wrong=(-1115, "Invalid timeInForce."),
    ),
    Parameter("quantity", Kind.DECIMAL),
    Parameter("quoteOrderQty", Kind.DECIMAL),
    Parameter("price", Kind.DECIMAL),
    tables.NEW_CLIENT_ORDER_ID,
    Parameter("strategyId", Kind.LONG),
    Parameter(
        "strategyType", Kind.INT, low=1_000_000, wrong=(-1134, "`strategyType` was less than 1000000.")
    ),
    Parameter("stopPrice", Kind.DECIMAL),
    Parameter("trailingDelta", Kind.LONG),
    Parameter("icebergQty", Kind.DECIMAL),
    Parameter("newOrderRespType", Kind.CHOICE, choices=("ACK", "RESULT", "FULL")),
    Parameter("selfTradePreventionMode", Kind.CHOICE, choices=_STP_MODES),
    Parameter(
        "pegPriceType",
        Kind.CHOICE,
        choices=("PRIMARY_PEG", "MARKET_PEG"),
        wrong=(-1210, "Invalid pegPriceType."),
    ),
    Parameter("pegOffsetValue", Kind.INT, high=100),
    Parameter(
        "pegOffsetType", Kind.CHOICE, choices=("PRICE_LEVEL",), wrong=(-1211, "Invalid pegOffsetType.")
    ),
)
TEST_ORDER = (*NEW_ORDER, Parameter("computeCommissionRates", Kind.BOOLEAN))
CANCEL_ORDER = (
    tables.SYMBOL,
    tables.ORDER_ID,
    tables.ORIG_CLIENT_ORDER_ID,
    tables.NEW_CLIENT_ORDER_ID,
    Parameter(
        "cancelRestrictions",
        Kind.CHOICE,
        choices=("ONLY_NEW", "ONLY_PARTIALLY_FILLED"),
        wrong=(-1145, "`cancelRestrictions` has to be either `ONLY_NEW` or `ONLY_PARTIALLY_FILLED`."),
    ),
)

ROUTES = (
    Route(
        operation="order.place",
        method="POST",
        path="/api/v3/order",
        weight=Fixed(1),
        security=SecurityType.TRADE,
        parameters=NEW_ORDER,
        combination=combinations.order,
        free_on_success=True,
        counts_orders=True,
    ),
    Route(
        operation="order.test",
        method="POST",
        path="/api/v3/order/test",
        weight=IfSent("computeCommissionRates", 20, 1),
        security=SecurityType.TRADE,
        parameters=TEST_ORDER,
        combination=combinations.order,
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
)
