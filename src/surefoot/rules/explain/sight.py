"""What one record shows: codes, status, filter, request, waiting times. Facts only, no judgement."""

import re
from itertools import zip_longest
from types import MappingProxyType

import msgspec

from surefoot.rules.explain.calls import Call, Kind, call_in_words, call_of, graver
from surefoot.spot import codes

SUCCESS, REDIRECT, REFUSAL, SERVER_ERROR = 200, 300, 400, 500
"""Where each hundred of HTTP's statuses begins."""

UNAUTHORIZED, FORBIDDEN, BANNED = 401, 403, 418


class Sight(msgspec.Struct, frozen=True, kw_only=True):
    """What was seen in a record."""

    text: str
    code: int | None = None
    codes: tuple[int, ...] = ()
    status: int | None = None
    filter: str | None = None
    call: Call = Call()
    retry_after_s: int | None = None
    retry_at_ms: int | None = None
    outcome: str | None = None

    @property
    def lower(self) -> str:
        return self.text.lower()

    @property
    def failed(self) -> bool:
        """Whether a server answered that it failed (5xx)."""
        return self.status is not None and self.status >= SERVER_ERROR


_Q = r"\\{0,3}[\"']?"
_SAID = re.compile(
    rf"(?:\b{_Q}(?:(?:err(?:or)?|ret)[ _-]?)?code{_Q}\s*[:=]\s*{_Q}|\((?:\d{{3}}, )?|\berror )"
    r"(-?\d{1,5})\b",
    re.IGNORECASE,
)
_BARE = re.compile(r"(?<![\w.\-:/])-[1-9]\d{3,4}(?![\w.\-]*\d)")
_STATUS = re.compile(
    rf"(?:\b{_Q}(?:http[_ ]?)?status(?:[_ ]?code)?{_Q}\s*[:=]?\s*{_Q}"
    rf"|\bHTTP(?:/\d(?:\.\d)?)?\s+(?:error\s+)?|\bServer error:?\s+|\bClientError: \("
    r"|\bHTTP/1\.[01]\\*\" |<title>\s*|<h1>\s*|\bresponse code:?\s+|\bContentTypeError: "
    r"|\berror (?:code:? )?(?=\d{3}\b)|\bHandshake status |\bserver response: |\bcode=(?=[45]\d\d\b)"
    r"|unexpected status:? |rejected WebSocket connection: HTTP "
    r"|\bstatus is |\breturned code |<Response \[|returned an error: \(|does not indicate success: "
    r"|\b(?:GET|POST|PUT|DELETE) https?://\S+ "
    r"|\btoo many (?=\d{3} error))([1-5]\d\d)\b",
    re.IGNORECASE,
)
_REASONED = re.compile(
    r"(?<![\d.,:\-])([345]\d\d)[ ,]+(?:message=)?['\"]?(?:Client Error|Server Error|ERROR|Bad Request"
    r"|Unauthorized|Forbidden|Not Found|Method Not|Not Acceptable|Proxy Auth|"
    r"Request Time|Conflict|Gone|Payload|URI Too|Unsupported|I'?m a [Tt]eapot|Too Many|Unavailable For"
    r"|Internal|Not Impl|Bad Gateway|"
    r"Service|Gateway|Moved|Found|None\b|unknown\b)",
    re.IGNORECASE,
)
_FILTER = re.compile(r"Filter failure:?\s*\\*['\"]?([A-Z][A-Z_]{3,60})")
_FILTER_NAMED = re.compile(
    r"\b((?:EXCHANGE_)?MAX_(?:NUM_)?[A-Z_]+|PRICE_FILTER|(?:MARKET_)?LOT_SIZE|MIN_NOTIONAL|NOTIONAL|PERCENT_PRICE(?:_BY_SIDE)?|TRAILING_DELTA)\b"
)
_ASKED = re.compile(
    r"\b(GET|POST|PUT|DELETE)\b['\",]?\s{1,3}['\"]?((?:https?://[^\s'\"<>]{1,300})|/(?:s?api|[dfep]?api|papi)/v\d[^\s'\"<>)]{0,300})"
)
_ADDRESS = re.compile(
    r"(?:https?|wss?)://([\w.-]+)(?::\d+)?(/[^\s'\"<>)]{0,300})?"
    r"|(?:\burl|'): (/[^\s'\")]{1,300})|host='([\w.-]+)'"
)
_OF_AN_API = re.compile(r"/\w?api/|^/(?:ws|stream)\b")
"""A path that was asked; another one is a page to read, or of somebody else."""

_KEYED = re.compile(rf"\b{_Q}(method|path){_Q}\s*:\s*{_Q}([\w./]+)")
_AFTER = re.compile(rf"\bretry[-_ ]after{_Q}\s*[:=,]?\s*{_Q}(\d{{1,16}})", re.IGNORECASE)
_UNTIL = re.compile(r"banned until (\d{13})|\"(?:retry_at_ms|until_ms)\"\s*:\s*(\d{13})")
_OUTCOME = re.compile(r'"kind"\s*:\s*"response".*?"outcome"\s*:\s*"(\w+)"', re.DOTALL)
_EPOCH_MS = 10**12
_FIRST_CODE = -1000
_OF_STREAMS = re.compile(
    r"\"code\"\s*:\s*([0-3])\s*,\s*\"msg\"\s*:\s*"
    r"\"(?:Unknown property|Invalid (?:value type|request|JSON))"
)
"""The only errors with such codes; elsewhere 0 stands for a code that the client did not get."""

_TUNNEL = re.compile(r"Tunnel connection failed: \d{3}|statusCode=\d{3}")
"""What a proxy answered says nothing of the exchange."""

_HALF, _FAILED = -2021, -2022


def look(text: str) -> Sight:
    """What the record shows."""
    said = _codes(text)
    status = _status(text)
    filter = _FILTER.search(text)
    wait_s, until_ms = _waiting(text)
    outcome = _OUTCOME.search(text) if '"kind"' in text else None
    return Sight(
        text=text,
        code=_gravest(said),
        codes=tuple(said),
        status=status,
        filter=filter[1] if filter else _filter_named(text, said),
        call=_call(text),
        retry_after_s=wait_s,
        retry_at_ms=until_ms,
        outcome=outcome[1] if outcome else None,
    )


def _codes(text: str) -> list[int]:
    found = [code for code in map(int, _SAID.findall(text)) if code <= _FIRST_CODE]
    found += [code for code in map(int, _BARE.findall(text)) if code in codes.CODES]
    return list(dict.fromkeys(found)) or [int(code) for code in _OF_STREAMS.findall(text)[:1]]


def _gravest(said: list[int]) -> int | None:
    """Of several codes the one that leaves most open: a half, then the unknown, then the first."""
    for wanted in ({_HALF}, codes.UNKNOWN_EXECUTION, {_FAILED}):
        for code in said:
            if code in wanted:
                return code
    return said[0] if said else None


_REASON = re.compile(
    r"\W*(?:(?:[\w.]+: )?APIError\(code=(?:0|None)\): )?(?:error:? )?"
    r"(service (?:temporarily )?unavailable|bad gateway|internal server error|gateway time-?out|forbidden"
    r"|unauthorized|not found|gone|conflict|too many requests|i'?m a teapot"
    r"|unavailable for legal reasons)\W*",
    re.IGNORECASE,
)
_REASONS = MappingProxyType(
    {
        "service": 503,
        "bad": 502,
        "internal": 500,
        "gateway": 504,
        "forbidden": 403,
        "unauthorized": 401,
        "not": 404,
    }
    | {"gone": 410, "conflict": 409, "too": 429, "i'm": 418, "im": 418, "unavailable": 451}
)


def _status(text: str) -> int | None:
    if "unnel" in text:
        text = _TUNNEL.sub("", text)
    found = [int(digits) for digits in (*_STATUS.findall(text), *_REASONED.findall(text))]
    wrong = [status for status in found if status >= REDIRECT]
    if not found:
        reason = _REASON.fullmatch(text)
        return _REASONS[reason[1].lower().split()[0]] if reason else None
    return max(wrong, key=lambda status: status >= SERVER_ERROR, default=found[0])


def _filter_named(text: str, said: list[int]) -> str | None:
    """A filter's name without the exchange's words before it counts only for a refused order."""
    if (said and not {-1013, -2010} & set(said)) or "liquidity" in text:
        return None
    found = _FILTER_NAMED.search(text)
    if found and found[1] == text.strip():
        return found[1]
    return found[1] if found and ("filter" in text.lower() or said or "NOTIONAL" in found[1]) else None


def _call(text: str) -> Call:
    told = Call()
    for method, address in _ASKED.findall(text):
        told = graver(told, call_of(method, address, _host(address)))
    for method, path in _keyed(text):
        told = _either(told, call_of(method, path))
    for host, path, bare, named in _ADDRESS.findall(text):
        told = _addressed(told, host or named or None, path or bare)
    in_words = call_in_words(text)
    if told.kind is not Kind.OPEN and told.path is not None:
        looks = told.kind in {Kind.READ, Kind.STREAM}
        ordered = looks and in_words.kind is Kind.WRITE and "Traceback" not in text
        return in_words if ordered else told  # what a log says was sent; a traceback shows what failed
    graver_one = graver(told, in_words)
    return msgspec.structs.replace(graver_one, host=graver_one.host or told.host)


def _keyed(text: str) -> list[tuple[str | None, str | None]]:
    """Methods and paths as they stand in objects; of several each one counts."""
    keyed = _KEYED.findall(text)
    methods = [value for name, value in keyed if name.lower() == "method"]
    paths = [value for name, value in keyed if name.lower() == "path"]
    return list(zip_longest(methods, paths))


def _addressed(told: Call, host: str | None, path: str) -> Call:
    """The call with what an address adds to it."""
    if host and "stream" in host and "api" not in host:
        return _at(graver(told, call_of("SUBSCRIBE", None, host)), host)
    if path and _OF_AN_API.search(path) is None:
        return _at(told, host) if "/ws-api/" in path else told
    return _at(_either(told, call_of(None, path, host)) if path else told, host)


def _either(told: Call, call: Call) -> Call:
    """The graver of two, where a path that may be an order's is graver than a read of something else."""
    for one, other in ((told, call), (call, told)):
        if one.kind is Kind.OPEN and one.path is not None and other.harmless and one.path != other.path:
            return one
    return graver(told, call)


def _at(told: Call, host: str | None) -> Call:
    return told if told.host is not None else msgspec.structs.replace(told, host=host)


def _host(address: str) -> str | None:
    found = re.match(r"https?://([\w.-]+)", address)
    return found[1] if found else None


def _waiting(text: str) -> tuple[int | None, int | None]:
    """Seconds of Retry-After, and a moment in ms: the WebSocket API and a ban say one."""
    until = _UNTIL.search(text)
    until_ms = int(until[1] or until[2]) if until else None
    after = _AFTER.search(text)
    if after is None:
        return None, until_ms
    number = int(after[1])
    return (None, until_ms or number) if number >= _EPOCH_MS else (number, until_ms)
