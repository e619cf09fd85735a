"""From HTTP to WebSocket on one connection: the handshake judged, the transport handed to picows."""

import asyncio
import base64
import binascii
from typing import TYPE_CHECKING

from surefoot.net.frames import Frames, protocol_of
from surefoot.net.http1 import encode_request
from surefoot.net.limits import Limits
from surefoot.wire import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from picows.picows import WSProtocol  # type: ignore[attr-defined]

_KEY_BYTES = 16
_VERSION = "13"


def handshake_fault(request: HttpRequest) -> HttpResponse | None:
    """Why this is not a WebSocket handshake (RFC 6455, section 4.2.1), as the answer; None if it is one."""
    asked, version = request.headers.get("upgrade"), request.headers.get("sec-websocket-version")
    if (asked or "").lower() != "websocket":
        return HttpResponse(400, {}, f"cannot upgrade to {asked!r}, only to 'websocket'".encode())
    if request.method != "GET" or request.body:
        return HttpResponse(400, {}, b"a WebSocket handshake is a GET request without a body")
    if version != _VERSION:
        text = f"WebSocket version {version!r} is not spoken here, only {_VERSION}"
        return HttpResponse(426, {"Sec-WebSocket-Version": _VERSION}, text.encode())
    if not _is_key(request.headers.get("sec-websocket-key", "")):
        return HttpResponse(400, {}, b"Sec-WebSocket-Key must be 16 bytes in base64")
    return None


def _is_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == _KEY_BYTES
    except (binascii.Error, ValueError):
        return False


def hand_over(
    transport: asyncio.Transport, request: HttpRequest, tail: bytes, frames: Frames, limits: Limits
) -> None:
    """Let picows answer the handshake and read on; `tail` is what came after it.

    picows is told only what it must know: it refuses, say, ``Connection: keep-alive, Upgrade``, which
    browsers send.
    """
    headers = {
        "Host": request.headers.get("host", ""),
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": _VERSION,
        "Sec-WebSocket-Key": request.headers["sec-websocket-key"],
    }
    protocol = protocol_of(frames, limits)
    transport.set_protocol(protocol)
    protocol.connection_made(transport)
    _replay(protocol, encode_request(HttpRequest("GET", request.target, headers)) + tail)


def _replay(protocol: "WSProtocol", data: bytes) -> None:
    """Hand over what had been read before the protocol changed."""
    view = memoryview(data)
    while view:
        buffer = protocol.get_buffer(len(view))
        size = min(len(buffer), len(view))
        buffer[:size] = view[:size]
        protocol.buffer_updated(size)
        view = view[size:]
