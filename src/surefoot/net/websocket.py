"""WebSocket on picows, both roles: whole text messages in, text messages out, pings answered, closes
answered.
"""

import asyncio
import ssl
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Protocol

import picows

from surefoot.errors import CannotConnect, Facts, NotDelivered
from surefoot.net.limits import Limits, Timeouts
from surefoot.wire import Closed, Origin

_NORMAL, _NO_CODE, _ABNORMAL, _TOO_BIG, _PROTOCOL_ERROR = 1000, 1005, 1006, 1009, 1002
_CLOSING_MS = 2_000
_CODE_BYTES = 2


class TextSink(Protocol):
    """Who hears a connection: each whole message, and once its end."""

    def on_text(self, data: bytes) -> None: ...
    def on_closed(self, closed: Closed) -> None: ...


class WebSocket:
    """An open connection. `closed` is None until it is over."""

    def __init__(self, limits: Limits, ping_every_ms: float | None, pong_timeout_ms: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._limits = limits
        self._ping_every_ms, self._pong_timeout_ms = ping_every_ms, pong_timeout_ms
        self._transport: picows.WSTransport | None = None
        self._sink: TextSink | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._heard_at = self._loop.time()
        self._over: asyncio.Future[None] = self._loop.create_future()
        self._farewell: Closed | None = None
        self.closed: Closed | None = None

    def send(self, data: bytes) -> None:
        """Send one text message; raises `NotDelivered` when the connection is over."""
        if self._transport is None or self.closed is not None or self._farewell is not None:
            raise NotDelivered("the WebSocket is closed: nothing was sent")
        self._transport.send(picows.WSMsgType.TEXT, data)

    async def close(self, code: int = _NORMAL, reason: str = "") -> None:
        """Say good-bye and wait for the answer; cut the connection when none comes in two seconds."""
        if self.closed is not None or self._transport is None:
            return
        self._say_close(code, reason)
        try:
            async with asyncio.timeout(_CLOSING_MS / 1000):
                await asyncio.shield(self._over)
        except TimeoutError:
            self.abort()
            await self._over

    def abort(self) -> None:
        """Cut the connection now."""
        if self._transport is not None and self.closed is None:
            self._transport.disconnect(graceful=False)

    @property
    def unsent_bytes(self) -> int:
        """What was sent and still waits in this process for a slow reader."""
        if self._transport is None or self.closed is not None:
            return 0
        return int(self._transport.underlying_transport.get_write_buffer_size())

    def dismiss(self, code: int, reason: str = "") -> None:
        """Say good-bye without waiting; the connection is cut when no answer comes in two seconds."""
        if self.closed is None and self._farewell is None:
            self._say_close(code, reason)
            self._loop.call_later(_CLOSING_MS / 1000, self.abort)

    def pause(self) -> None:
        """Stop reading; what the other side sends waits in the network."""
        if self._transport is not None:
            self._transport.underlying_transport.pause_reading()

    def resume(self) -> None:
        """Read again."""
        if self._transport is not None:
            self._transport.underlying_transport.resume_reading()

    def on_over(self, call: Callable[[], None]) -> None:
        """Call this once the connection is over."""
        self._over.add_done_callback(lambda _: call())

    def _say_close(self, code: int, reason: str) -> None:
        if self._farewell is None and self._transport is not None:
            self._farewell = Closed(code, reason)
            self._transport.send_close(code, reason.encode()[:120])  # type: ignore[arg-type]

    def _opened(self, transport: picows.WSTransport, sink: TextSink) -> None:
        self._transport, self._sink = transport, sink
        self._heard_at = self._loop.time()
        self._schedule_ping()

    def _schedule_ping(self) -> None:
        if self._ping_every_ms is not None:
            self._timer = self._loop.call_later(self._ping_every_ms / 1000, self._ping)

    def _ping(self) -> None:
        if self.closed is not None or self._transport is None:
            return
        if self._loop.time() - self._heard_at > self._pong_timeout_ms / 1000:
            self.abort()
            return
        self._transport.send_ping()
        self._schedule_ping()

    def _ended(self, closed: Closed) -> None:
        if self.closed is not None:
            return
        self.closed = closed
        if self._timer is not None:
            self._timer.cancel()
        if not self._over.done():
            self._over.set_result(None)
        if self._sink is not None:
            self._sink.on_closed(closed)


class Frames(picows.WSListener):
    """Puts frames together and keeps the protocol; the callbacks that picows calls."""

    def __init__(self, socket: WebSocket, sink_of: Callable[[WebSocket], TextSink], limits: Limits) -> None:
        self._socket, self._sink_of, self._limits = socket, sink_of, limits
        self._sink: TextSink | None = None
        self._parts: list[bytes] = []
        self._size = 0
        self._said: Closed | None = None

    def on_ws_connected(self, transport: picows.WSTransport) -> None:
        sink = self._sink_of(self._socket)
        self._sink = sink
        self._socket._opened(transport, sink)

    def on_ws_frame(self, transport: picows.WSTransport, frame: picows.WSFrame) -> None:
        kind = frame.msg_type
        self._socket._heard_at = self._socket._loop.time()
        if kind in {picows.WSMsgType.TEXT, picows.WSMsgType.BINARY, picows.WSMsgType.CONTINUATION}:
            self._take(frame)
        elif kind == picows.WSMsgType.CLOSE:
            self._hear_close(transport, frame)

    def _take(self, frame: picows.WSFrame) -> None:
        if self._socket._farewell is not None or self._sink is None:
            return
        if frame.fin and not self._parts and frame.msg_type != picows.WSMsgType.CONTINUATION:
            self._sink.on_text(frame.get_payload_as_bytes())
            return
        first = frame.msg_type != picows.WSMsgType.CONTINUATION
        if first == bool(self._parts):
            self._socket._say_close(_PROTOCOL_ERROR, "fragments out of order")
            return
        self._size += frame.payload_size
        if self._size > self._limits.max_message_bytes:
            self._socket._say_close(_TOO_BIG, "message too big")
            return
        self._parts.append(frame.get_payload_as_bytes())
        if frame.fin:
            whole, self._parts, self._size = b"".join(self._parts), [], 0
            self._sink.on_text(whole)

    def _hear_close(self, transport: picows.WSTransport, frame: picows.WSFrame) -> None:
        payload = frame.get_payload_as_bytes()
        code = int.from_bytes(payload[:_CODE_BYTES], "big") if len(payload) >= _CODE_BYTES else _NO_CODE
        self._said = Closed(code, payload[_CODE_BYTES:].decode(errors="replace"))
        self._socket._say_close(_NORMAL if code == _NO_CODE else code, "")
        transport.disconnect()

    def on_ws_disconnected(self, transport: picows.WSTransport) -> None:
        self._socket._ended(self._said or Closed(_ABNORMAL, "the connection was cut"))


async def dial_websocket(
    origin: Origin,
    target: str,
    sink: TextSink,
    *,
    headers: Mapping[str, str] = MappingProxyType({}),
    tls: ssl.SSLContext | None = None,
    timeouts: Timeouts = Timeouts(),  # noqa: B008 - frozen
    limits: Limits = Limits(),  # noqa: B008 - frozen
    ping_every_ms: float | None = None,
    pong_timeout_ms: float = 60_000,
) -> WebSocket:
    """Open a connection; raises `CannotConnect`, with the status when the handshake was refused."""
    url = f"{origin.scheme}://{origin.authority}{target or '/'}"
    socket = WebSocket(limits, ping_every_ms, pong_timeout_ms)
    try:
        async with asyncio.timeout(timeouts.connect_ms / 1000):
            await picows.ws_connect(
                lambda: Frames(socket, lambda _: sink, limits),
                url,
                ssl_context=tls if origin.tls else None,
                websocket_handshake_timeout=timeouts.connect_ms / 1000,
                extra_headers=dict(headers) or None,
                max_frame_size=limits.max_message_bytes,
                max_redirects=0,
                use_aiofastnet=False,
            )
    except picows.WSHandshakeError as error:
        status = error.response.status if error.response is not None else None
        facts = Facts(status=None if status is None else int(status))
        raise CannotConnect(f"{url} refused the WebSocket handshake: {error}", facts) from None
    except TimeoutError:
        raise CannotConnect(f"cannot connect to {url} within {timeouts.connect_ms:.0f} ms") from None
    except OSError as error:
        raise CannotConnect(f"cannot connect to {url}: {error}") from None
    if socket._transport is None:  # picows returns as if all were well when the handshake was never answered
        raise CannotConnect(f"cannot connect to {url}: the connection was lost during the handshake")
    return socket
