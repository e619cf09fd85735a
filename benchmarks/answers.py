"""The bytes the server answers, made once: an accepted LIMIT order and the time, as the official samples are.

The answer's head has twelve lines, the documented counters among them.
"""

from functools import cache
from time import time_ns

import msgspec

from surefoot.exchange.core.listing import default_exchange_info

ORDER = (
    b'{"symbol":"BTCUSDT","orderId":28457021533,"orderListId":-1,"clientOrderId":"sf-0lz2m9k3x7a1b2c3d4e5",'
    b'"transactTime":1753772400123,"price":"60000.00000000","origQty":"0.01000000",'
    b'"executedQty":"0.00000000","origQuoteOrderQty":"0.00000000","cummulativeQuoteQty":"0.00000000",'
    b'"status":"NEW","timeInForce":"GTC","type":"LIMIT","side":"BUY","workingTime":1753772400123,'
    b'"fills":[],"selfTradePreventionMode":"NONE"}'
)
_HEADERS = (
    b"Content-Type: application/json;charset=UTF-8\r\n"
    b"Connection: keep-alive\r\n"
    b"Date: Tue, 29 Jul 2025 07:00:00 GMT\r\n"
    b"Server: nginx\r\n"
    b"x-mbx-uuid: 9f1c5c4e-6a1b-4f27-9a54-0c1d2e3f4a5b\r\n"
    b"x-mbx-used-weight: 12\r\n"
    b"x-mbx-used-weight-1m: 12\r\n"
    b"x-mbx-order-count-10s: 3\r\n"
    b"x-mbx-order-count-1d: 1207\r\n"
    b"Cache-Control: no-cache, no-store, must-revalidate\r\n"
    b"Pragma: no-cache\r\n"
)
_LIMITS = (
    b'"rateLimits":['
    b'{"rateLimitType":"ORDERS","interval":"SECOND","intervalNum":10,"limit":100,"count":3},'
    b'{"rateLimitType":"ORDERS","interval":"DAY","intervalNum":1,"limit":200000,"count":1207},'
    b'{"rateLimitType":"REQUEST_WEIGHT","interval":"MINUTE","intervalNum":1,"limit":6000,"count":12}]'
)
_SESSION = (
    b'{"apiKey":"benchmark","authorizedSince":1753772400000,"connectedSince":1753772400000,'
    b'"returnRateLimits":true,"serverTime":1753772400000}'
)

LARGE = 3_000
"""Symbols of the large exchangeInfo."""

_INFO = msgspec.json.encode(default_exchange_info())
_RESULTS = {"order.place": ORDER, "session.logon": _SESSION}


def _time() -> bytes:
    return b'{"serverTime":%d}' % (time_ns() // 1_000_000)


def response(body: bytes) -> bytes:
    """A whole answer with that body."""
    return b"HTTP/1.1 200 OK\r\n%bContent-Length: %d\r\n\r\n%b" % (_HEADERS, len(body), body)


ORDER_RESPONSE = response(ORDER)


@cache
def _large_info() -> bytes:
    info = default_exchange_info()
    rows = info["symbols"]
    made = ((number, rows[number % len(rows)]) for number in range(LARGE))
    info["symbols"] = [
        row | {"symbol": f"A{n}USDT", "baseAsset": f"A{n}", "quoteAsset": "USDT"} for n, row in made
    ]
    return msgspec.json.encode(info)


def http(request: bytes) -> bytes:
    """The answer to one whole HTTP request: the time or exchangeInfo for a GET, else an accepted order."""
    if not request.startswith(b"GET"):
        return ORDER_RESPONSE
    if request.startswith(b"GET /large "):
        return response(_large_info())
    return response(_INFO if request.startswith(b"GET /api/v3/exchangeInfo") else _time())


def message(method: str, id: bytes) -> bytes:
    """The answer to one question of the WebSocket API, with its id as it was spelled."""
    result = _RESULTS.get(method) or _time()
    return b'{"id":%b,"status":200,"result":%b,%b}' % (id, result, _LIMITS)
