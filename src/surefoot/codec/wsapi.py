"""Requests and answers of the WebSocket API (official page *WebSocket API*, Request and Response format).

Signed over the sorted raw text, not percent-encoded. After session.logon neither key nor signature is needed,
only the timestamp.
"""

from typing import Any

import msgspec

from surefoot.codec.answers import UNREADABLE
from surefoot.codec.params import sorted_payload, wsapi_params
from surefoot.codec.rest import ErrorBody, SignedRequest
from surefoot.codec.sign import Signer
from surefoot.errors import ProtocolViolation
from surefoot.spot.general import RateLimit
from surefoot.spot.request import Request
from surefoot.values import Secret


class _Envelope(msgspec.Struct, frozen=True, omit_defaults=True):
    id: int
    method: str
    params: dict[str, Any] = {}


_ENCODER = msgspec.json.Encoder()


def unsigned(request: Request[Any], id: int) -> SignedRequest:
    """Spell a request that needs no signature."""
    return _enveloped(request, id, wsapi_params(request))


def logged_on(request: Request[Any], id: int, timestamp_ms: int, recv_window_ms: int) -> SignedRequest:
    """Spell a request for a connection that has logged on: a timestamp, no signature."""
    params = wsapi_params(request) | {"recvWindow": recv_window_ms, "timestamp": timestamp_ms}
    return _enveloped(request, id, params, timestamp_ms=timestamp_ms, recv_window_ms=recv_window_ms)


def signed(
    request: Request[Any],
    id: int,
    *,
    api_key: Secret,
    signer: Signer,
    timestamp_ms: int,
    recv_window_ms: int,
) -> SignedRequest:
    """Spell and sign a request by itself."""
    params = wsapi_params(request)
    params |= {"apiKey": api_key.reveal(), "recvWindow": recv_window_ms, "timestamp": timestamp_ms}
    payload = sorted_payload(params)
    params["signature"] = signer.sign(payload.encode())
    return _enveloped(
        request, id, params, payload=payload, timestamp_ms=timestamp_ms, recv_window_ms=recv_window_ms
    )


def _enveloped(
    request: Request[Any],
    id: int,
    params: dict[str, Any],
    *,
    payload: str = "",
    timestamp_ms: int | None = None,
    recv_window_ms: int | None = None,
) -> SignedRequest:
    method = request.endpoint.ws_method
    return SignedRequest(
        method=method,
        target=method,
        body=_ENCODER.encode(_Envelope(id, method, params)),
        payload=payload,
        timestamp_ms=timestamp_ms,
        recv_window_ms=recv_window_ms,
        id=id,
    )


class Message(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """Anything the WebSocket API says: an answer (`id`, `status`) or an event (`subscription_id`)."""

    id: int | str | None = None
    status: int | None = None
    result: msgspec.Raw = msgspec.Raw(b"")
    error: ErrorBody | None = None
    rate_limits: tuple[RateLimit, ...] = ()
    subscription_id: int | None = None
    event: msgspec.Raw = msgspec.Raw(b"")

    @property
    def is_event(self) -> bool:
        """Whether this came unasked."""
        return bool(bytes(self.event))


_DECODER = msgspec.json.Decoder(Message)


def decode(data: bytes) -> Message:
    """Read one message; raises `ProtocolViolation` when it is not one."""
    try:
        return _DECODER.decode(data)
    except UNREADABLE as error:
        raise ProtocolViolation(f"not a WebSocket API message: {error}") from None
