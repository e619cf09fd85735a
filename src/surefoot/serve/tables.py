"""Parameter tables of the endpoints, row by row as the official pages print them."""

from surefoot.serve.parameters import Kind, Parameter

_SYMBOL = Parameter("symbol", Kind.SYMBOL, mandatory=True)
_ANY_SYMBOL = Parameter("symbol", Kind.SYMBOL)
_SYMBOLS = Parameter("symbols", Kind.LIST)
_STATUS = Parameter(
    "symbolStatus",
    Kind.CHOICE,
    choices=("TRADING", "HALT", "BREAK"),
    wrong=(-1122, "Invalid symbolStatus."),
)
PERMISSIONS = ("SPOT", "MARGIN", "LEVERAGED", *(f"TRD_GRP_{number:03}" for number in range(2, 26)))

EXCHANGE_INFO = (
    _ANY_SYMBOL,
    _SYMBOLS,
    Parameter("permissions", Kind.CHOICES, choices=PERMISSIONS),
    Parameter("showPermissionSets", Kind.BOOLEAN),
    _STATUS,
)
DEPTH = (_SYMBOL, Parameter("limit", Kind.INT, low=1), _STATUS)
BOOK_TICKER = (_ANY_SYMBOL, _SYMBOLS, _STATUS)
ACCOUNT = (Parameter("omitZeroBalances", Kind.BOOLEAN),)

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
_NEW_CLIENT_ORDER_ID = Parameter(
    "newClientOrderId", Kind.CLIENT_ID, blank=(-1118, "New client order ID was empty.")
)

NEW_ORDER = (
    _SYMBOL,
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
    _NEW_CLIENT_ORDER_ID,
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

_ORDER_ID = Parameter("orderId", Kind.LONG)
_ORIG_CLIENT_ORDER_ID = Parameter(
    "origClientOrderId", Kind.CLIENT_ID, blank=(-1119, "Original client order ID was empty.")
)
QUERY_ORDER = (_SYMBOL, _ORDER_ID, _ORIG_CLIENT_ORDER_ID)
CANCEL_ORDER = (
    *QUERY_ORDER,
    _NEW_CLIENT_ORDER_ID,
    Parameter(
        "cancelRestrictions",
        Kind.CHOICE,
        choices=("ONLY_NEW", "ONLY_PARTIALLY_FILLED"),
        wrong=(-1145, "`cancelRestrictions` has to be either `ONLY_NEW` or `ONLY_PARTIALLY_FILLED`."),
    ),
)
OPEN_ORDERS = (_ANY_SYMBOL,)
MY_TRADES = (
    _SYMBOL,
    _ORDER_ID,
    Parameter("startTime", Kind.LONG),
    Parameter("endTime", Kind.LONG),
    Parameter("fromId", Kind.LONG),
    Parameter("limit", Kind.INT, low=1, high=1000),
)
UNSUBSCRIBE = (Parameter("subscriptionId", Kind.INT),)

RECV_WINDOW = Parameter(
    "recvWindow", Kind.DECIMAL, high=60_000, places=3, wrong=(-1131, "recvWindow must be less than 60000")
)
TIMESTAMP = Parameter("timestamp", Kind.LONG, mandatory=True)
SIGNATURE = Parameter("signature", Kind.TEXT, mandatory=True)
API_KEY = Parameter("apiKey", Kind.TEXT, mandatory=True)

SIGNED = (RECV_WINDOW, TIMESTAMP, SIGNATURE)
"""What every signed REST request may carry besides its own table; on the WebSocket API `apiKey` joins."""
