"""Requests as REST: what is signed is byte for byte what is sent (AUTH-1, AUTH-2).

Source: rest-api, *SIGNED endpoint security*. GET and DELETE carry their parameters in the query, POST and
PUT in a form body. Headers and the bytes of HTTP itself are the business of `net`.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from surefoot.codec.answers import UNREADABLE, decoder, unwrapped
from surefoot.codec.params import encoded, query
from surefoot.codec.sign import Signer
from surefoot.errors import ProtocolViolation
from surefoot.spot.request import Request
from surefoot.values import whole

A = TypeVar("A")

_WITH_FORM = frozenset({"POST", "PUT"})


class SignedRequest(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """These exact bytes, and until when they can act.

    `payload` is the signed text (empty when nothing is signed), `target` and `body` what goes into the HTTP
    request. `id` tells answers apart where many share a connection (WebSocket API). Times are milliseconds on
    the exchange's clock: after `too_late_after_ms` it must refuse the request before it reaches the engine.
    """

    method: str
    target: str
    body: bytes = b""
    payload: str = ""
    timestamp_ms: int | None = None
    recv_window_ms: int | None = None
    id: int = 0

    @property
    def too_late_after_ms(self) -> int | None:
        """Timestamp plus recvWindow, or None for an unsigned request."""
        if self.timestamp_ms is None or self.recv_window_ms is None:
            return None
        return self.timestamp_ms + self.recv_window_ms


def unsigned(request: Request[Any], base: str = "") -> SignedRequest:
    """Spell a request that needs no signature; `base` is the path before ``/api/v3``."""
    endpoint = request.endpoint
    target, body = _placed(endpoint.method, base + endpoint.path, query(request))
    return SignedRequest(method=endpoint.method, target=target, body=body)


def signed(
    request: Request[Any], signer: Signer, timestamp_ms: int, recv_window_ms: int, base: str = ""
) -> SignedRequest:
    """Spell and sign a request for the moment `timestamp_ms` of the exchange's clock."""
    endpoint = request.endpoint
    own = query(request)
    payload = f"{own}{'&' if own else ''}recvWindow={recv_window_ms}&timestamp={timestamp_ms}"
    signature = signer.sign(payload.encode())
    # hex needs no encoding; base64 has + / = which a form or a query would change
    text = f"{payload}&signature={signature if signature.isalnum() else encoded(signature)}"
    target, body = _placed(endpoint.method, base + endpoint.path, text)
    return SignedRequest(
        method=endpoint.method,
        target=target,
        body=body,
        payload=payload,
        timestamp_ms=timestamp_ms,
        recv_window_ms=recv_window_ms,
    )


def _placed(method: str, path: str, text: str) -> tuple[str, bytes]:
    """Target and body of a request with these parameters."""
    if method in _WITH_FORM:
        return path, text.encode()
    return (f"{path}?{text}" if text else path), b""


class ErrorBody(msgspec.Struct, frozen=True):
    """The body of a refusal: Binance's code and text, and `data` where there are halves to tell apart."""

    code: int
    msg: str = ""
    data: Any = None


_ERROR = msgspec.json.Decoder(ErrorBody)


def decode_answer(request: Request[A], body: bytes | msgspec.Raw) -> A:
    """The typed answer; raises `ProtocolViolation` naming the path inside the JSON that does not fit."""
    try:
        said = unwrapped(body) if request.endpoint.ws_array else body
        answer: A = decoder(request.endpoint.answer).decode(said)
    except UNREADABLE as error:
        name = type(request).__name__
        raise ProtocolViolation(f"the answer to {name} is not what the documentation says: {error}") from None
    return answer


def retry_after_ms(headers: Mapping[str, str]) -> int | None:
    """How many milliseconds ``Retry-After`` (seconds on REST) asks to wait; None where it does not say."""
    wait_s = whole(headers.get("retry-after", ""))
    return None if wait_s is None else wait_s * 1000


def decode_error(body: bytes) -> ErrorBody | None:
    """The refusal in `body`, or None when it is not one of Binance's (HTML of a proxy, an empty body)."""
    try:
        return _ERROR.decode(body)
    except UNREADABLE:
        return None
