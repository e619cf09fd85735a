"""Rows that several parameter tables share, as the official pages print them."""

from surefoot.serve.parameters import Kind, Parameter

SYMBOL = Parameter("symbol", Kind.SYMBOL, mandatory=True)
ANY_SYMBOL = Parameter("symbol", Kind.SYMBOL)
SYMBOLS = Parameter("symbols", Kind.LIST)
STATUS = Parameter(
    "symbolStatus",
    Kind.CHOICE,
    choices=("TRADING", "HALT", "BREAK"),
    wrong=(-1122, "Invalid symbolStatus."),
)
NEW_CLIENT_ORDER_ID = Parameter(
    "newClientOrderId", Kind.CLIENT_ID, blank=(-1118, "New client order ID was empty.")
)
ORDER_ID = Parameter("orderId", Kind.LONG)
ORIG_CLIENT_ORDER_ID = Parameter(
    "origClientOrderId", Kind.CLIENT_ID, blank=(-1119, "Original client order ID was empty.")
)

ORDER_TYPES = (
    "LIMIT",
    "LIMIT_MAKER",
    "MARKET",
    "STOP_LOSS",
    "STOP_LOSS_LIMIT",
    "TAKE_PROFIT",
    "TAKE_PROFIT_LIMIT",
)
ANSWERED_AND_PREVENTED = (
    Parameter("newOrderRespType", Kind.CHOICE, choices=("ACK", "RESULT", "FULL")),
    Parameter(
        "selfTradePreventionMode",
        Kind.CHOICE,
        choices=("NONE", "EXPIRE_MAKER", "EXPIRE_TAKER", "EXPIRE_BOTH", "DECREMENT", "TRANSFER"),
    ),
)


def side(name: str) -> Parameter:
    """A mandatory side."""
    return Parameter(name, Kind.CHOICE, True, choices=("BUY", "SELL"), wrong=(-1117, "Invalid side."))


def order_type(name: str, choices: tuple[str, ...], *, mandatory: bool = True) -> Parameter:
    """An order type; a real one that may not stand here is -1158."""
    wrong = (-1116, "Invalid orderType.")
    return Parameter(name, Kind.CHOICE, mandatory, choices=choices, wrong=wrong)


def time_in_force(name: str) -> Parameter:
    """How long an order lives."""
    wrong = (-1115, "Invalid timeInForce.")
    return Parameter(name, Kind.CHOICE, choices=("GTC", "IOC", "FOK"), wrong=wrong)


def strategy_type(name: str) -> Parameter:
    """A label of at least 1,000,000."""
    wrong = (-1134, f"`{name}` was less than 1000000.")
    return Parameter(name, Kind.INT, low=1_000_000, wrong=wrong)


def pegs(leg: str) -> tuple[Parameter, ...]:
    """The three parameters of a pegged price, with the name of their leg before them."""
    price_type, offset_type = (f"{leg}PegPriceType", f"{leg}PegOffsetType")
    names = (price_type, f"{leg}PegOffsetValue", offset_type)
    first, value, kind = names if leg else tuple(name[0].lower() + name[1:] for name in names)
    return (
        Parameter(
            first,
            Kind.CHOICE,
            choices=("PRIMARY_PEG", "MARKET_PEG"),
            wrong=(-1210, "Invalid pegPriceType."),
        ),
        Parameter(value, Kind.INT, high=100),
        Parameter(kind, Kind.CHOICE, choices=("PRICE_LEVEL",), wrong=(-1211, "Invalid pegOffsetType.")),
    )


RECV_WINDOW = Parameter(
    "recvWindow", Kind.DECIMAL, high=60_000, places=3, wrong=(-1131, "recvWindow must be less than 60000")
)
TIMESTAMP = Parameter("timestamp", Kind.LONG, mandatory=True)
SIGNATURE = Parameter("signature", Kind.TEXT, mandatory=True)
API_KEY = Parameter("apiKey", Kind.TEXT, mandatory=True)

SIGNED = (RECV_WINDOW, TIMESTAMP, SIGNATURE)
"""What every signed REST request may carry besides its own table; on the WebSocket API `apiKey` joins."""
