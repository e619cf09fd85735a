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

RECV_WINDOW = Parameter(
    "recvWindow", Kind.DECIMAL, high=60_000, places=3, wrong=(-1131, "recvWindow must be less than 60000")
)
TIMESTAMP = Parameter("timestamp", Kind.LONG, mandatory=True)
SIGNATURE = Parameter("signature", Kind.TEXT, mandatory=True)
API_KEY = Parameter("apiKey", Kind.TEXT, mandatory=True)

SIGNED = (RECV_WINDOW, TIMESTAMP, SIGNATURE)
"""What every signed REST request may carry besides its own table; on the WebSocket API `apiKey` joins."""
