"""What a struck request is answered instead, in documented words (official page *Error codes*).

The documentation does not say which HTTP status the codes of unknown outcomes come with, only that internal
errors are 5xx (*HTTP Return Codes*): 500 here, 504 for -1007, 503 for the codes of overload and of leaving.
"""

from collections.abc import Mapping
from zlib import compress

from surefoot.exchange.faults.kinds import Answer, BadBody
from surefoot.net.endings import Broken, Ending
from surefoot.serve.answers import JSON, rest_denial, ws_denial
from surefoot.serve.denial import Denial
from surefoot.wire import HttpResponse

_UNKNOWN = -1000
_FORBIDDEN, _TEAPOT, _TOO_MANY, _BEYOND, _INTERNAL, _TIMED_OUT = 403, 418, 429, 451, 500, 504
_WEIGHT = (
    "Too much request weight used; current limit is 6000 request weight per 1 MINUTE. "
    "Please use WebSocket Streams for live updates to avoid polling the API."
)
_BANNED = (
    "Way too much request weight used; IP banned until {until_ms}. "
    "Please use WebSocket Streams for live updates to avoid bans."
)
_WORDS: Mapping[int, tuple[int, str]] = {
    -1000: (500, "An unknown error occurred while processing the request."),
    -1001: (500, "Internal error; unable to process your request. Please try again."),
    -1002: (401, "You are not authorized to execute this request."),
    -1003: (429, _WEIGHT),
    -1006: (500, "An unexpected response was received from the message bus. Execution status unknown."),
    -1007: (
        504,
        "Timeout waiting for response from backend server. Send status unknown; execution status unknown.",
    ),
    -1008: (503, "Server is currently overloaded with other requests. Please try again in a few minutes."),
    -1015: (429, "Too many new orders."),
    -1016: (503, "This service is no longer available."),
    -1021: (400, "Timestamp for this request is outside of the recvWindow."),
    -2015: (401, "Invalid API-key, IP, or permissions for action."),
}
"""Status and text of the codes that are injected most; any other code needs its `message`."""

_CODES = {_FORBIDDEN: -1003, _TEAPOT: -1003, _TOO_MANY: -1003, _BEYOND: -1002, 401: -2015, _TIMED_OUT: -1007}
_WAITS_S = {_TEAPOT: 120, _TOO_MANY: 10}
_PAGES = {
    _FORBIDDEN: "403 Forbidden: the request could not be satisfied. Request blocked.",
    _BEYOND: "451: service unavailable from a restricted location.",
}
_HTML = {"content-type": "text/html"}
_NOISE = bytes(range(128, 256)) + b"\x00\x01\x02}{"
_OTHER_SHAPE = b'{"success":true,"data":null}'


def denial_of(answer: Answer, now_ms: int) -> Denial:
    """The fault as a refusal: code, text, status and when to come back. `now_ms` since 1970."""
    status = answer.status or _WORDS.get(answer.code or 0, (_INTERNAL, ""))[0]
    code = answer.code or _CODES.get(status, _UNKNOWN)
    wait_s = _WAITS_S.get(status, 0) if answer.retry_after_s is None else answer.retry_after_s
    retry_at_ms = now_ms + wait_s * 1000 if wait_s else None
    known = _BANNED if status == _TEAPOT else _WORDS.get(code, (0, "An injected fault."))[1]
    words = known.format(until_ms=retry_at_ms or now_ms) if answer.message is None else answer.message
    return Denial(code, words, status=status, retry_at_ms=retry_at_ms)


def rest_instead(answer: Answer, headers: Mapping[str, str], now_ms: int) -> HttpResponse:
    """The answer to a REST request; `headers` tell the limits, which only JSON answers do."""
    denial = denial_of(answer, now_ms)
    kind = answer.body or ("html" if denial.status in _PAGES and answer.code is None else "json")
    said = rest_denial(denial, headers if kind == "json" else {}, now_ms)
    if kind == "json":
        return said
    kept = {name: text for name, text in said.headers.items() if name == "retry-after"}
    if kind == "empty":
        return HttpResponse(said.status, kept)
    return HttpResponse(said.status, {**_HTML, **kept}, page(said.status))


def ws_instead(answer: Answer, now_ms: int) -> tuple[int, tuple[str, dict[str, object]]]:
    """Status and `error` of an answer of the WebSocket API: it knows no other bodies."""
    denial = denial_of(answer, now_ms)
    return denial.status, ws_denial(denial, now_ms)


def page(status: int) -> bytes:
    """What a machine in front of the exchange says, for people to read."""
    text = _PAGES.get(status, f"{status}: an error occurred")
    return f"<html><head><title>{text}</title></head><body><h1>{text}</h1></body></html>".encode()


def spoiled(fault: BadBody, response: HttpResponse) -> HttpResponse | Broken:
    """The answer as it leaves; a length that is wrong costs the connection as well."""
    status, headers, body = fault.status, {**JSON}, response.body
    match fault.how:
        case "html":
            return HttpResponse(status, _HTML, page(status))
        case "other_shape":
            return HttpResponse(status, headers, _OTHER_SHAPE)
        case "garbage":
            return HttpResponse(status, headers, _NOISE)
        case "broken_gzip":
            return HttpResponse(status, headers | {"content-encoding": "gzip"}, _broken_gzip(body))
        case "truncated":
            return _with_length(status, body[: len(body) // 2], len(body))
        case _:
            return _with_length(status, body, max(0, len(body) - 7))


def spoiled_text(fault: BadBody, text: bytes) -> bytes:
    """The same for an answer of the WebSocket API: what has no length and no coding there is garbage."""
    match fault.how:
        case "html":
            return page(fault.status)
        case "other_shape":
            return _OTHER_SHAPE
        case "truncated":
            return text[: len(text) // 2]
        case _:
            return b"\x7f\x01}{" + text[3:]


def _broken_gzip(body: bytes) -> bytes:
    return b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" + compress(body)[2:-4][: len(body) // 2] + b"\xff"


def _with_length(status: int, body: bytes, length: int) -> Broken:
    head = f"HTTP/1.1 {status} OK\r\ncontent-type: {JSON['content-type']}\r\ncontent-length: {length}\r\n\r\n"
    return Broken(Ending.CLOSE, head.encode() + body)


__all__ = ["denial_of", "page", "rest_instead", "spoiled", "spoiled_text", "ws_instead"]
