"""Causes that have a code of their own, by code. Source: errors page; what each asks for is ours.

Where a code has several causes (-1010, -1013, -1021, -2010 …), the one here is what is left when the text
does not tell; `causes_of_orders` and `refine` know the finer ones.
"""

from types import MappingProxyType

from surefoot.errors import Happened
from surefoot.rules.explain.answer import Retry
from surefoot.rules.explain.cause import Cause, open_ended
from surefoot.rules.explain.causes_of_wire import LOOK_UP
from surefoot.spot import codes

_FIX, _WAIT, _SYNC, _NEVER, _SAFE = (
    Retry.AFTER_FIX,
    Retry.AFTER_WAIT,
    Retry.AFTER_RESYNC,
    Retry.NEVER,
    Retry.SAFE,
)

_UNKNOWN = {
    -1000: open_ended("unknown_error", "The exchange met an error it does not name.", LOOK_UP),
    -1001: open_ended("internal_error", "The exchange lost touch with its own parts.", LOOK_UP),
    -1006: open_ended(
        "unexpected_response",
        "The exchange's message bus answered unexpectedly; execution status unknown.",
        LOOK_UP,
    ),
    -1007: open_ended(
        "backend_timeout",
        "The matching engine did not answer the API within 10 s; execution status unknown.",
        LOOK_UP,
    ),
    -1008: open_ended(
        "server_overloaded",
        "The servers are overloaded; it is not said whether the order got through.",
        LOOK_UP,
        _WAIT,
    ),
    -2021: Cause(
        "cancel_replace_half_done",
        Retry.RESOLVE_FIRST,
        "One half of the cancel-replace happened and the other did not (409).",
        "Read data.cancelResult and data.newOrderResult, keep the half that happened, decide the other anew.",
        Happened.HALF,
    ),
}

_SPECIAL = {
    -2022: Cause(
        "cancel_replace_failed",
        Retry.RESOLVE_FIRST,
        "Neither half of the cancel-replace happened.",
        "Query the old order first: it may have been filled meanwhile. Both errors are in data.",
    ),
    -2011: Cause(
        "cancel_rejected",
        Retry.RESOLVE_FIRST,
        "The cancel was refused, usually because the order is done already.",
        "Query the order, and take it as it is found: filled, cancelled or expired.",
    ),
    -2013: Cause(
        "order_not_found",
        Retry.RESOLVE_FIRST,
        "The exchange finds no such order: a wrong id or symbol, or an order that is not visible yet; "
        "after a cancel its client order "
        "id is another.",
        "Right after placing this proves nothing: ask again until recvWindow and 10 s have passed, then "
        "openOrders and allOrders. "
        "Place nothing meanwhile.",
        of_reads=True,
    ),
    -2035: Cause(
        "subscription_active",
        _SAFE,
        "The account is already subscribed on this connection.",
        "Carry on with the subscription there is.",
        of_reads=True,
    ),
    -2036: Cause(
        "subscription_inactive", _SAFE, "There is no such subscription to end.", "Carry on.", of_reads=True
    ),
}

# code: how it may be sent again, what it means, what to do
_REFUSED: dict[int, tuple[Retry, str, str]] = {
    -1002: (_FIX, "The key may not do this.", "Use a key that has the permission this call needs."),
    -1010: (
        _FIX,
        "The matching engine refused it; only its text says why.",
        "Read the text of the error: it names the rule.",
    ),
    -1013: (
        _FIX,
        "The API refused the order before the matching engine: a filter or a rule of the symbol.",
        "Find the filter in the full text, and bring price and quantity onto its grid and inside its bounds.",
    ),
    -1014: (
        _FIX,
        "Type, timeInForce, stopPrice and icebergQty do not go together.",
        "Use a documented combination.",
    ),
    -1015: (
        _WAIT,
        "Too many unfilled orders in this interval.",
        "Place no new orders until the interval is over (Retry-After); fills give room earlier, cancels "
        "do not. Cancel as you like.",
    ),
    -1016: (_WAIT, "This server is going away.", "Use another host."),
    -1020: (_FIX, "The operation is not supported here.", "Use another endpoint or parameter."),
    -1021: (
        _SYNC,
        "The timestamp was outside recvWindow.",
        "Measure the clock against GET /api/v3/time, then stamp and sign it anew.",
    ),
    -1022: (
        _FIX,
        "The signature does not fit what was sent.",
        "Sign exactly the bytes that are sent, percent-encoded first on REST, with the secret that "
        "belongs to this key.",
    ),
    -1033: (
        _WAIT,
        "The SenderCompID is in use by another FIX session.",
        "Close that session or use another SenderCompID.",
    ),
    -1034: (
        _WAIT,
        "Too many FIX connections, or attempts to connect.",
        "Close spare connections and connect less often.",
    ),
    -1035: (_SYNC, "The FIX session is logged out.", "Send Logout and open a new session."),
    -1100: (
        _FIX,
        "A parameter holds characters that are not allowed.",
        "Send what the range in the text allows: plain decimals (never 1e-05), upper-case symbols, ids "
        "of at most 36 letters, digits, - and _.",
    ),
    -1101: (
        _FIX,
        "Too many parameters, or one twice.",
        "Send each parameter once, and only those the endpoint knows.",
    ),
    -1102: (
        _FIX,
        "A mandatory parameter is missing, empty or malformed.",
        "Add the parameter that the text names.",
    ),
    -1103: (_FIX, "A parameter is unknown here.", "Leave it out, or correct its spelling (case matters)."),
    -1104: (_FIX, "More was sent than this endpoint reads.", "Leave out what it does not know."),
    -1105: (_FIX, "A parameter is empty.", "Leave it out or give it a value."),
    -1106: (
        _FIX,
        "A parameter was sent that this order type does not take.",
        "Leave out the parameter that the text names.",
    ),
    -1108: (_FIX, "A number is too large for its field.", "Send a smaller number."),
    -1111: (
        _FIX,
        "A number has more decimals than the asset or the symbol has.",
        "Cut quantities down to stepSize and prices to tickSize; calculate with Decimal.",
    ),
    -1112: (_WAIT, "The order book is empty on that side.", "Wait for liquidity, or place a LIMIT order."),
    -1114: (_FIX, "timeInForce does not belong to this order type.", "Leave timeInForce out."),
    -1115: (_FIX, "timeInForce is not one of GTC, IOC, FOK.", "Use GTC, IOC or FOK."),
    -1116: (_FIX, "The order type is unknown.", "Use one of the symbol's orderTypes in exchangeInfo."),
    -1117: (_FIX, "The side is neither BUY nor SELL.", "Use BUY or SELL."),
    -1118: (_FIX, "newClientOrderId is empty.", "Give it 1 to 36 characters."),
    -1119: (_FIX, "origClientOrderId is empty.", "Give it a value."),
    -1120: (_FIX, "The interval is none of the documented ones.", "Use 1s, 1m … 1M as documented."),
    -1121: (
        _FIX,
        "The symbol does not exist here.",
        "Spell it in upper case without separator (BTCUSDT) and look it up in this environment's "
        "exchangeInfo.",
    ),
    -1122: (_FIX, "symbolStatus is unknown.", "Use TRADING, HALT or BREAK."),
    -1125: (
        _NEVER,
        "This listenKey does not exist.",
        "listenKeys are gone on Spot: subscribe on the WebSocket API.",
    ),
    -1127: (_FIX, "The span between startTime and endTime is too long.", "Ask for spans of at most 24 h."),
    -1128: (
        _FIX,
        "These optional parameters do not go together.",
        "Send one of the documented combinations.",
    ),
    -1130: (_FIX, "The value of a parameter is not valid.", "Correct the parameter that the text names."),
    -1131: (_FIX, "recvWindow is above 60000.", "Use at most 60000; 5000 or less is better."),
    -1134: (_FIX, "strategyType is below 1000000.", "Use 1000000 or more."),
    -1135: (_FIX, "A parameter that must be JSON is not.", "Send valid JSON in it."),
    -1139: (_FIX, "The ticker type is neither FULL nor MINI.", "Use FULL or MINI."),
    -1145: (_FIX, "cancelRestrictions is unknown.", "Use ONLY_NEW or ONLY_PARTIALLY_FILLED."),
    -1151: (_FIX, "A symbol is in the list twice.", "Name each symbol once."),
    -1152: (_FIX, "The SBE header is malformed.", "Send X-MBX-SBE as schemaId:version."),
    -1153: (_FIX, "That SBE schema is not served.", "Use a schema that is live."),
    -1155: (_FIX, "SBE is switched off.", "Accept JSON."),
    -1158: (_FIX, "This order type cannot be in an OCO.", "Use a documented pair of types."),
    -1160: (_FIX, "An iceberg leg needs timeInForce GTC.", "Set that leg to GTC."),
    -1161: (_FIX, "The SBE schema is too old for this answer.", "Use the schema that the text names."),
    -1165: (_FIX, "In a buy OCO the limit order must be below.", "Put LIMIT_MAKER into below…"),
    -1166: (_FIX, "In a sell OCO the limit order must be above.", "Put LIMIT_MAKER into above…"),
    -1167: (_FIX, "A rule of the old OCO was broken.", "Use POST /api/v3/orderList/oco."),
    -1168: (_FIX, "Both orders of the OCO are limits.", "Make one of them a stop or take-profit order."),
    -1169: (_FIX, "A FIX tag number is invalid.", "Correct the tag."),
    -1170: (_FIX, "The FIX message type does not know a tag.", "Leave the tag out."),
    -1171: (_FIX, "A FIX tag appears twice.", "Send it once."),
    -1172: (_FIX, "A FIX tag is out of order.", "Put it where it belongs."),
    -1173: (_FIX, "The fields of a FIX group are out of order.", "Order them as documented."),
    -1174: (_FIX, "A FIX component is filled wrongly.", "Fill it as the text recommends."),
    -1175: (_FIX, "FIX sequence numbers cannot be continued.", "Log on with ResetSeqNumFlag=Y."),
    -1176: (_FIX, "Logon was sent twice.", "Send it once a session."),
    -1177: (_FIX, "The FIX message is garbled.", "Repair checksum, length and order of its first fields."),
    -1178: (_FIX, "SenderCompID changed within the session.", "Keep the one of the logon."),
    -1179: (
        _SYNC,
        "A FIX sequence number was not the expected one.",
        "Open a new session; then look up what was in flight.",
    ),
    -1180: (_SYNC, "The first FIX message must be Logon.", "Log on first."),
    -1181: (_WAIT, "Too many FIX messages.", "Slow down; the session is closed."),
    -1182: (_FIX, "Fields contradict each other.", "Leave one of them out."),
    -1183: (_FIX, "A DropCopy session cannot do that.", "Use an order entry session."),
    -1184: (_FIX, "This server has no DropCopy sessions.", "Use a drop copy host."),
    -1185: (_FIX, "This server has DropCopy sessions only.", "Use an order entry host."),
    -1186: (_FIX, "An order entry session cannot do that.", "Use the right kind of session."),
    -1187: (_FIX, "A market data session cannot do that.", "Use the right kind of session."),
    -1188: (_FIX, "A FIX group has another count than it says.", "Correct NumInGroup."),
    -1189: (_FIX, "A FIX group has an entry twice.", "Send it once."),
    -1190: (
        _FIX,
        "MDReqID is in use, or belongs to no subscription.",
        "Use a fresh one, or an active one to unsubscribe.",
    ),
    -1191: (_FIX, "Too many subscriptions, or the same twice.", "Unsubscribe from what is no longer needed."),
    -1194: (_FIX, "The time unit is unknown.", "Use MICROSECOND or MILLISECOND."),
    -1196: (_FIX, "In a buy OCO the stop-loss must be above.", "Put it into above…"),
    -1197: (_FIX, "In a sell OCO the stop-loss must be below.", "Put it into below…"),
    -1198: (_FIX, "In a buy OCO the take-profit must be below.", "Put it into below…"),
    -1199: (_FIX, "In a sell OCO the take-profit must be above.", "Put it into above…"),
    -1210: (_FIX, "pegPriceType is unknown.", "Use PRIMARY_PEG or MARKET_PEG."),
    -1211: (_FIX, "pegOffsetType is unknown.", "Use PRICE_LEVEL."),
    -1220: (_SYNC, "The symbol has another status than was asked for.", "Read exchangeInfo again."),
    -1221: (_FIX, "A field of the SBE message is missing or invalid.", "Fill every field."),
    -1222: (_FIX, "The working order of an OPO list must be a BUY.", "Set workingSide to BUY."),
    -1223: (_FIX, "The pending orders of an OPO list must be SELL.", "Set pendingSide to SELL."),
    -1224: (_FIX, "The working order lacks a parameter.", "Add the one that the text names."),
    -1225: (
        _FIX,
        "A pending order has a parameter it must not have.",
        "Leave out the one that the text names.",
    ),
    -2010: (
        _FIX,
        "The matching engine refused the order; only its text says why.",
        "Read the text of the error: it names the rule.",
    ),
    -2014: (
        _FIX,
        "The API key is malformed or empty.",
        "Check how the key is loaded: whole, without quotes or spaces.",
    ),
    -2015: (
        _FIX,
        "The key was refused: wrong environment, address not allowed, permission missing, or key revoked.",
        "Check in this order: does the key belong to this host (production, testnet, demo, .us)? does "
        "it allow this address? may it do this? does it still exist?",
    ),
    -2016: (_NEVER, "There is no trading window for the symbol.", "Ask ticker/24hr."),
    -2026: (
        _NEVER,
        "The order was archived: done without a fill more than 90 days ago.",
        "Keep your own history; the exchange no longer has it.",
    ),
    -2038: (
        _SYNC,
        "The amend was refused; the order is unchanged.",
        "Query the order, then send a smaller newQty or a cancel-replace.",
    ),
    -2039: (_FIX, "orderId and origClientOrderId are of two orders.", "Send one of them."),
    -2042: (_SYNC, "This connection has used up its subscription ids.", "Open a new connection."),
    -2043: (_NEVER, "The symbol has no reference price.", "Use avgPrice."),
    -1099: (_FIX, "Not found, not authenticated or not authorized.", "Check path, host and key."),
}

# Not on the Spot page: of other products of the exchange, or seen in use.
_STRANGERS: dict[int, tuple[str, Retry, str, str]] = {
    -1005: (
        "ip_not_allowed",
        _FIX,
        "This address is not on the key's list.",
        "Add the address to the key, or call from one that is there.",
    ),
    -1011: (
        "ip_not_allowed",
        _FIX,
        "This address may not use that route.",
        "Add the address to the key, or call from one that is there.",
    ),
    -1023: ("bad_time_range", _FIX, "startTime is after endTime.", "Swap them."),
    -1109: (
        "account_inactive",
        _FIX,
        "The account is not valid for this.",
        "Check the account's state and the product it is opened for.",
    ),
    -2008: (
        "bad_api_key_id",
        _FIX,
        "No such API key.",
        "Check that the key is of this environment and still exists.",
    ),
    -2017: ("api_keys_locked", _FIX, "API keys are locked on this account.", "Ask the exchange's support."),
    -2018: (
        "insufficient_balance",
        _SYNC,
        "The balance is too small.",
        "Read the balances anew; free funds or ask for less.",
    ),
    -2019: (
        "insufficient_margin",
        _SYNC,
        "The margin is too small.",
        "Read the balances anew; add margin or ask for less.",
    ),
    -4056: (
        "wrong_key_type",
        _FIX,
        "This kind of key cannot do that: session.logon takes Ed25519 keys only.",
        "Use an Ed25519 key, or sign each request; userDataStream.subscribe.signature takes any key.",
    ),
}

_WORDS = {
    -1021: "invalid_timestamp",
    -1010: "rejected_by_engine",
    -1013: "rejected_before_engine",
    -1002: "not_permitted",
    -1099: "not_found_or_not_authorized",
    -1100: "illegal_characters",
    -1102: "missing_or_malformed_parameter",
    -1111: "too_much_precision",
    -1131: "recv_window_too_large",
    -1167: "old_oco_rule",
    -2010: "order_rejected",
    -2014: "bad_api_key_format",
    -2015: "wrong_environment_or_ip_or_permission",
    -2038: "amend_rejected",
}
_QUERIES = frozenset(
    {-1033, -1034, -1035, -1120, -1122, -1125, -1127, -1139, -1151, -1220, -2016, -2026, -2042, -2043}
)
"""Codes that no order is refused with: queries, sessions and subscriptions."""


def _refused(code: int, row: tuple[Retry, str, str]) -> Cause:
    word = _WORDS.get(code, codes.CODES[code].lower())
    return Cause(word, *row, of_reads=code in _QUERIES)


BY_CODE = MappingProxyType(
    _UNKNOWN
    | _SPECIAL
    | {code: _refused(code, row) for code, row in _REFUSED.items()}
    | {code: Cause(*row) for code, row in _STRANGERS.items()}
)
"""What a code means when nothing else is known; -1003 is told by its text and status."""
