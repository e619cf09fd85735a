"""Causes between the caller and the exchange: connections, silence, HTTP, WebSockets.

Source: rest-api, *HTTP Return Codes*; web-socket-api, *Status codes*. 403, 410 and 451 as seen in use.
"""

from surefoot.errors import Happened
from surefoot.rules.explain.answer import Retry
from surefoot.rules.explain.cause import Cause, open_ended

LOOK_UP = (
    "Look the order up by its client order id (user data stream, then GET /api/v3/order), until "
    "recvWindow and the "
    "exchange's 10 s have passed; absence before that proves nothing. Send nothing again before it is "
    "found or ruled out."
)
_CONNECT = "Repair the way to the exchange; then send it, signed afresh."

SILENCE = (
    open_ended("read_timeout", "The request was sent and no answer came in time.", LOOK_UP),
    open_ended("connection_lost", "The connection broke after the request may have been sent.", LOOK_UP),
    open_ended(
        "lost_websocket_answer",
        "The request went out on the WebSocket API and its answer never came; some clients return that as a "
        "normal result.",
        LOOK_UP,
    ),
    open_ended("timeout", "A time-out that does not say whether the request had left.", LOOK_UP),
    open_ended("network_error", "A network error that does not say whether the request had left.", LOOK_UP),
    open_ended(
        "tls_broken",
        "The encrypted connection failed, and it is not said whether during the handshake.",
        LOOK_UP,
    ),
    open_ended(
        "unreadable_answer",
        "An answer came that is not what the API sends (broken JSON, a page, nonsense).",
        LOOK_UP,
    ),
    open_ended(
        "server_error",
        "The exchange or a gateway before it failed (5xx): the execution status is unknown.",
        LOOK_UP,
    ),
    open_ended(
        "maintenance",
        "The exchange is under maintenance; what it took in before is not told.",
        LOOK_UP,
        Retry.AFTER_WAIT,
    ),
    open_ended(
        "exchange_error",
        "The client's own word for a failure of many kinds; neither code nor status is left in it.",
        LOOK_UP,
    ),
    open_ended(
        "not_recognised",
        "No error that is known could be found in this text; it is taken for the worst.",
        LOOK_UP + " Give more of the error: its code, its status, or what was asked (--context).",
    ),
)

UNSENT = (
    Cause("connection_refused", Retry.SAFE, "Nobody accepted the connection: nothing was sent.", _CONNECT),
    Cause("dns_failure", Retry.SAFE, "The host's name could not be resolved: nothing was sent.", _CONNECT),
    Cause("connect_timeout", Retry.SAFE, "The connection was not made in time: nothing was sent.", _CONNECT),
    Cause("network_unreachable", Retry.SAFE, "There is no way to that host: nothing was sent.", _CONNECT),
    Cause("cannot_connect", Retry.SAFE, "No connection could be made: nothing was sent.", _CONNECT),
    Cause(
        "not_sent",
        Retry.SAFE,
        "The client gave up before the first byte left.",
        "Connect, then send it, signed afresh.",
    ),
    Cause(
        "websocket_handshake_refused",
        Retry.SAFE,
        "The server did not open the WebSocket: nothing was sent on it.",
        "Connect again, with growing pauses.",
    ),
    Cause(
        "proxy_failure",
        Retry.AFTER_FIX,
        "The proxy refused, or could not be reached: nothing came to the exchange.",
        "Correct the proxy's address, login or rules.",
    ),
    Cause(
        "tls_failure",
        Retry.AFTER_FIX,
        "The encrypted connection could not be made (certificate, protocol or name): nothing was sent.",
        "Check the host, this machine's clock and certificates, and what sits between; never switch "
        "verification off.",
    ),
)

LOCAL = (
    Cause(
        "misuse",
        Retry.AFTER_FIX,
        "The client was called wrongly; nothing was sent.",
        "Correct the call as the message says.",
    ),
    Cause(
        "policy_refused",
        Retry.AFTER_FIX,
        "A limit of the operator's own forbids it; nothing was sent.",
        "Stay inside the limit, or change the limit on purpose.",
    ),
    Cause(
        "held_back",
        Retry.AFTER_WAIT,
        "The client's own budget, a ban, or the last signing moment held it back; nothing was sent.",
        "Wait until the time that is said, then build it anew.",
    ),
    Cause(
        "too_late_to_sign",
        Retry.AFTER_FIX,
        "The last moment at which it might be signed had passed; nothing was sent.",
        "Decide anew whether it is still wanted, with today's prices.",
    ),
)

HTTP = (
    Cause(
        "rate_limited",
        Retry.AFTER_WAIT,
        "Too many requests, or too much weight, from this address (429, -1003).",
        "Stop all calls from this address until Retry-After has passed, then ask less; use streams "
        "instead of polls.",
    ),
    Cause(
        "banned",
        Retry.AFTER_WAIT,
        "This address is banned for going on after 429 (418): two minutes to three days, longer each time.",
        "Send nothing at all before the ban ends: every call makes it longer. Then start slowly.",
    ),
    Cause(
        "rate_limited_or_banned",
        Retry.AFTER_WAIT,
        "The client's word for 429 and 418 alike: too many requests, or already banned.",
        "Send nothing before Retry-After, or the end of the ban, has passed; then start slowly.",
    ),
    Cause(
        "waf_blocked",
        Retry.AFTER_WAIT,
        "The firewall before the exchange refused it (403): too many requests, or something in it that "
        "looks like "
        "an attack.",
        "Wait some minutes and slow down; if single requests are refused, look for SQL words or odd "
        "characters in them.",
    ),
    Cause(
        "waf_forbidden_content",
        Retry.AFTER_FIX,
        "The firewall before the exchange refused what the request contains (403).",
        "Take SQL words and odd characters out of the parameters, such as the client order id.",
    ),
    Cause(
        "restricted_location",
        Retry.NEVER,
        "The exchange does not serve the country or region this address belongs to (451).",
        "No key and no retry helps: use a venue and a network that are permitted where you are.",
    ),
    Cause(
        "not_found",
        Retry.AFTER_FIX,
        "This host does not have that path (404).",
        "Check host, path and version; /sapi exists on production only, testnet and demo have /api alone.",
    ),
    Cause(
        "endpoint_removed",
        Retry.NEVER,
        "The endpoint has been removed (410).",
        "Use what replaced it: see the changelog of the API.",
    ),
    Cause(
        "listen_key_removed",
        Retry.NEVER,
        "listenKeys were removed from Spot on 2026-02-20 (410).",
        "Subscribe on the WebSocket API: userDataStream.subscribe.signature works with every kind of key.",
        of_reads=True,
    ),
    Cause(
        "sbe_disabled", Retry.AFTER_FIX, "Only SBE was accepted, and SBE is off (406, -1155).", "Accept JSON."
    ),
    Cause(
        "bad_http_request",
        Retry.AFTER_FIX,
        "The request was refused for its HTTP form (method, size or headers).",
        "Use the documented method, keep the query short, send form fields and not JSON.",
    ),
    Cause(
        "bad_request",
        Retry.AFTER_FIX,
        "The exchange refused the request (4xx); its code is not in this text.",
        "Find Binance's code and text in the response's body: they say which parameter or rule it was.",
    ),
    Cause(
        "not_authorized",
        Retry.AFTER_FIX,
        "The key was refused; it is not said why.",
        "Check that the key belongs to this environment, has the permission, and allows this address.",
    ),
    open_ended(
        "refused_or_half_done",
        "The client hides the status and code of a 4xx here; 409 (half of a cancel-replace happened) "
        "looks the same.",
        LOOK_UP,
    ),
)

SOCKETS = (
    open_ended(
        "websocket_going_away",
        "The server closed the WebSocket (1001): the 24 h are over, or it shuts down.",
        "Connect and subscribe again, then look up what happened meanwhile; requests in flight are open.",
    ),
    open_ended(
        "websocket_cut",
        "The WebSocket was cut without a closing handshake (1006).",
        "Connect and subscribe again with growing pauses, then look up what happened meanwhile; "
        "requests in flight are open.",
    ),
    open_ended(
        "websocket_policy_violation",
        "The server closed the WebSocket for breaking a rule (1008): too many messages, a bad request, "
        "or no pong.",
        "Answer pings, send at most 5 messages a second to streams, check the stream names; then "
        "connect again, not at once.",
        Retry.AFTER_FIX,
    ),
    open_ended(
        "websocket_pong_timeout",
        "The server closed the WebSocket because its pings were not answered in time.",
        "Answer each ping within a minute: do not block the loop that reads; then connect again.",
    ),
    open_ended(
        "websocket_ping_timeout",
        "The client closed the WebSocket because the server did not answer its ping in time.",
        "Connect again, then look up what happened meanwhile; a blocked loop looks the same from inside.",
    ),
    open_ended(
        "websocket_closed",
        "The WebSocket was closed.",
        "Connect and subscribe again, then look up what happened meanwhile; requests in flight are open.",
    ),
    Cause(
        "server_shutdown",
        Retry.SAFE,
        "The server announces that it shuts down and will close this connection.",
        "Open the next connection now, subscribe there, then leave this one.",
        of_reads=True,
    ),
    Cause(
        "user_stream_ended",
        Retry.AFTER_RESYNC,
        "The user data stream has ended (logged off, or its key is no longer accepted).",
        "Subscribe again, then read open orders, trades and balances: events were missed.",
        of_reads=True,
    ),
    Cause(
        "listen_key_expired",
        Retry.AFTER_RESYNC,
        "The listenKey has expired: the stream is silent from then on.",
        "Subscribe again (on the WebSocket API, for Spot), then read open orders, trades and balances.",
        of_reads=True,
    ),
    Cause(
        "queue_overflow",
        Retry.AFTER_RESYNC,
        "The client dropped events because they were read too slowly.",
        "Read faster or subscribe to less; read open orders, trades and balances, or the book, anew.",
        of_reads=True,
    ),
    Cause(
        "bad_stream_request",
        Retry.AFTER_FIX,
        "The stream server refused the message (unknown method, property, id or JSON).",
        "Send SUBSCRIBE, UNSUBSCRIBE or LIST_SUBSCRIPTIONS with params and an id.",
        of_reads=True,
    ),
)

EXECUTED = (
    Cause(
        "order_accepted",
        Retry.NEVER,
        "The exchange accepted the order: its answer is in the text, whatever failed afterwards.",
        "Take the order in as it is told here; do not send it again.",
        Happened.YES,
    ),
    Cause(
        "answer_not_understood",
        Retry.NEVER,
        "The exchange answered 200, and the client could not take the answer in.",
        "The request was done: read the order by its id to learn how; do not send it again. Update "
        "the client.",
        Happened.YES,
    ),
)

CAUSES = SILENCE + UNSENT + LOCAL + HTTP + SOCKETS + EXECUTED
