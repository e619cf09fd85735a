"""What any answer, or silence, means: *did it happen?* in five words (RETRY-3, RETRY-4).

========================================================  ===========================  =======================
what came back                                            a write                      a read
========================================================  ===========================  =======================
2xx                                                       Done                         Done
-2021                                                     Partly                       Partly
-1000 -1001 -1006 -1007 -1008, any 5xx                    Unknown                      Unknown (read again)
any other documented code; 401 403 404 410 418 429 451    Refused                      Refused
no connection was made, no byte left                      NotDelivered                 NotDelivered
the wire was cut, or nothing came in time                 Unknown                      Unknown (read again)
anything else (a proxy's page with 200, 3xx, 408 …)       Unknown                      Unknown (read again)
========================================================  ===========================  =======================

Sources: errors page, *HTTP Return Codes* of rest-api. The core passes these values on; only a shell turns
one into an exception, with `error_of`.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import msgspec

from surefoot import errors
from surefoot.errors import Facts, SurefootError
from surefoot.rules.halves import halves
from surefoot.spot import codes
from surefoot.spot.general import RateLimit, window_name
from surefoot.wire import Headers, Lost


class Said(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What the exchange said, REST or WebSocket API alike.

    `code` and `message` are Binance's when there was an error body, `result` the undecoded success body.
    `retry_at_ms` is on the exchange's clock. `limits` are those that the WebSocket API puts into its answers.
    """

    status: int
    result: bytes | msgspec.Raw = b""
    code: int | None = None
    message: str | None = None
    data: Any = None
    headers: Mapping[str, str] = MappingProxyType({})
    retry_at_ms: int | None = None
    limits: tuple[RateLimit, ...] = ()

    def weight(self, name: str) -> int | None:
        """The weight that is used of the window ``1m``, where the answer says it."""
        if self.limits:
            return _counted(self.limits, "REQUEST_WEIGHT", name)
        return _numbered(self.headers, _WEIGHT_HEADERS[name])

    def orders(self, name: str) -> int | None:
        """The unfilled orders of the window ``10s``, where the answer says them."""
        if self.limits:
            return _counted(self.limits, "ORDERS", name)
        return _numbered(self.headers, _ORDERS_HEADERS[name])


class _Names(dict[str, bytes]):
    """Header names by the window's name, spelled once."""

    def __init__(self, prefix: str) -> None:
        super().__init__()
        self._prefix = prefix

    def __missing__(self, name: str) -> bytes:
        spelled = self[name] = (self._prefix + name).encode()
        return spelled


_WEIGHT_HEADERS, _ORDERS_HEADERS = _Names("x-mbx-used-weight-"), _Names("x-mbx-order-count-")
_MOST_DIGITS = 9


def _counted(limits: tuple[RateLimit, ...], kind: str, name: str) -> int | None:
    for row in limits:
        if row.rate_limit_type == kind and window_name(row) == name:
            return row.count if type(row.count) is int and row.count >= 0 else None  # -1: not told
    return None


def _numbered(headers: Mapping[str, str], name: bytes) -> int | None:
    text = headers.find(name) if type(headers) is Headers else None
    if text is None:
        return None
    return int(text) if text.isdigit() and len(text) <= _MOST_DIGITS else None


class Done(msgspec.Struct, frozen=True, gc=False):
    """It happened, and this is the answer."""

    said: Said


class Refused(msgspec.Struct, frozen=True):
    """It did not happen: the exchange said no."""

    said: Said


class Partly(msgspec.Struct, frozen=True):
    """Half of it happened (cancelReplace); `said.data` holds both halves."""

    said: Said


class NotDelivered(msgspec.Struct, frozen=True):
    """It did not happen: no byte reached the exchange."""

    reason: str


class Unknown(msgspec.Struct, frozen=True):
    """Nobody knows. For a write: look it up, never send it again. For a read: read again."""

    reason: str
    said: Said | None = None


INTERRUPTED = Unknown("interrupted")
"""It was sent, and its caller did not stay for the answer."""

Outcome = Done | Refused | NotDelivered | Partly | Unknown

_REFUSING_STATUSES = frozenset({401, 403, 404, 405, 406, 410, 413, 414, 418, 429, 431, 451})
_OK, _REDIRECT, _SERVER_ERROR = 200, 300, 500


def judge(heard: Said | Lost, *, mutates: bool = True) -> Outcome:
    """The meaning of what was heard; `mutates` is whether it answers a write.

    A refusal inside a success (WebSocket API, referencePrice) is documented for reads only: of a write nobody
    knows what it means.
    """
    if isinstance(heard, Lost):
        return Unknown(heard.reason) if heard.delivered else NotDelivered(heard.reason)
    status, code = heard.status, heard.code
    if code == codes.PARTLY_DONE:  # with 409, or with 429 where the order limit stopped the second half
        return Partly(heard)
    if status >= _SERVER_ERROR or code in codes.UNKNOWN_EXECUTION:
        return Unknown(_words(heard), heard)
    if _OK <= status < _REDIRECT and (code is None or mutates):
        return Done(heard) if code is None else Unknown(_words(heard), heard)
    if (code is not None and status >= _OK) or status in _REFUSING_STATUSES:
        return Refused(heard)
    return Unknown(_words(heard), heard)


def is_stale(outcome: Outcome) -> bool:
    """Whether the exchange refused the timestamp (-1021): nothing happened, and a resync may help."""
    return isinstance(outcome, Refused) and outcome.said.code == codes.INVALID_TIMESTAMP


def _words(said: Said) -> str:
    name = f" {said.code} {codes.CODES.get(said.code, '')}".rstrip() if said.code is not None else ""
    return f"HTTP {said.status}{name}: {(said.message or 'no readable text').rstrip('.')}"


def error_of(outcome: Outcome, *, mutates: bool, facts: Facts) -> SurefootError:
    """The error that a shell raises for `outcome`, which must not be `Done`."""
    said = getattr(outcome, "said", None)
    known = _with(facts, said) if said is not None else facts
    match outcome:
        case Refused(said):
            return _refusal(said)(f"{_asked(facts)}{_words(said)}{_advice(said)}", known)
        case Partly(said):
            done, refused = halves(said.data)
            return errors.PartlyDone(f"{_asked(facts)}{_words(said)}", known, done=done, refused=refused)
        case NotDelivered(reason):
            return errors.CannotConnect(f"nothing was sent: {reason}", known)
        case Unknown(reason):
            return _silence(reason, known) if mutates else errors.NoAnswer(f"no answer: {reason}", known)
    raise AssertionError(outcome)


def _asked(facts: Facts) -> str:
    """The request in a word or three: its name, its symbol, its client order id."""
    if facts.request is None:
        return ""
    symbol = getattr(facts.request, "symbol", None)
    words = (type(facts.request).__name__, symbol if isinstance(symbol, str) else None, facts.client_order_id)
    return " ".join(word for word in words if word) + ": "


def _silence(reason: str, facts: Facts) -> errors.OutcomeUnknown:
    order = f" {facts.client_order_id}" if facts.client_order_id else ""
    return errors.OutcomeUnknown(
        f"sent, and then silence ({reason}): the request{order} may or may not have happened; "
        "look it up by its client order id, do not send it again",
        facts,
    )


def _with(facts: Facts, said: Said) -> Facts:
    return msgspec.structs.replace(
        facts,
        status=said.status,
        code=said.code,
        message=said.message,
        headers=said.headers,
        data=said.data,
        retry_at_ms=said.retry_at_ms,
    )


_BANNED, _LIMITED, _UNAVAILABLE_HERE = 418, 429, 451


def _refusal(said: Said) -> type[errors.Refused]:
    """Which branch of the error tree a refusal belongs to: by status first, then by code."""
    if said.status == _BANNED:
        return errors.Banned
    if said.status == _LIMITED or said.code in codes.RATE_LIMITS:
        return errors.RateLimited
    if said.code == codes.INVALID_TIMESTAMP:
        return errors.StaleTimestamp
    if said.code in codes.NOT_AUTHORIZED or said.status in {401, 403, _UNAVAILABLE_HERE}:
        return errors.NotAuthorized
    if said.code in codes.UNKNOWN_ORDER:
        return errors.UnknownOrder
    return errors.OrderRefused if said.code in codes.ORDER_REFUSED else errors.InvalidRequest


_ADVICE = MappingProxyType(
    {
        -1021: "; check that the system clock is synchronised",
        -1022: "; the secret or private key does not belong to this API key",
        -1121: "; check the spelling, in upper case, against exchangeInfo",
        -2014: "; the API key is malformed",
        -2015: "; check that the key belongs to this environment, may trade, and allows this address",
    }
)


_ELSEWHERE = (
    "; the venue does not serve the country that this address is in: no key and no retry helps,"
    " another venue that may serve you does"
)


def _advice(said: Said) -> str:
    if said.status == _UNAVAILABLE_HERE:
        return _ELSEWHERE
    return _ADVICE.get(said.code, "") if said.code is not None else ""
