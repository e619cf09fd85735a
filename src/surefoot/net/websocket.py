"""WebSocket, both roles: whole text messages in, text messages out, pings answered, closes answered."""

import asyncio
import ssl
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Protocol

import picows

from surefoot.errors import CannotConnect, Facts, Misuse, NotDelivered
from surefoot.net.deadline import Deadline
from surefoot.net.dial import dial
from surefoot.net.frames import Frames, protocol_of
from surefoot.net.http1 import header_block, target_bytes
from surefoot.net.limits import Limits, Timeouts
from surefoot.net.line import never_linger
from surefoot.net.proxy import Proxy
from surefoot.net.pulse import Pulse
from surefoot.wire import Closed, Origin

_NORMAL = 1000
_CLOSING_MS = 2_000
_REASON_BYTES = 120


class TextSink(Protocol):
    """Who hears a connection: each whole message, and once its end.

    `on_text` raises `ProtocolViolation` for what is not its language: the connection is cut.
    """

    def on_text(self, data: bytes) -> None: ...
    def on_closed(self, closed: Closed) -> None: ...


class WebSocket:
    """An open connection. `closed` is None until it is over, `leaving` whether it is about to be."""

    def __init__(self, pulse: Pulse) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport: picows.WSTransport | None = None
        self._beat_at = Deadline(self._beat)
        self._over: asyncio.Future[None] = self._loop.create_future()
        self._dead = False
        self.pulse = pulse
        self.leaving = False
        self.closed: Closed | None = None

    def send(self, data: bytes) -> None:
        """Send one text message; raises `NotDelivered` when the connection is over, or about to be."""
        if self._transport is None or not self.sendable:
            raise NotDelivered("the WebSocket is closed: nothing was sent")
        self._transport.send(picows.WSMsgType.TEXT, data)

    async def close(self, code: int = _NORMAL, reason: str = "") -> None:
        """Say good-bye and wait for the answer; the connection is cut when none comes in two seconds."""
        self.dismiss(code, reason)
        if self._transport is not None:
            await asyncio.shield(self._over)

    def abort(self, *, reset: bool = False) -> None:
        """Cut the connection now; what was read of it already is heard no more, and nothing more is said.

        With `reset` the other side reads a reset, not an end.
        """
        if self._transport is not None and self.closed is None:
            self.leaving = True
            if reset:
                never_linger(self._transport.underlying_transport)
            self._transport.disconnect(graceful=False)

    @property
    def sendable(self) -> bool:
        """Whether something can still be sent."""
        transport = self._transport
        over = self.leaving or self._dead or self.closed is not None
        return transport is not None and not over and not transport.is_close_frame_sent

    @property
    def unsent_bytes(self) -> int:
        """What was sent and still waits in this process for a slow reader."""
        if self._transport is None or self.closed is not None:
            return 0
        return int(self._transport.underlying_transport.get_write_buffer_size())

    def dismiss(self, code: int, reason: str = "") -> None:
        """Say good-bye without waiting; the connection is cut when no answer comes in two seconds."""
        if self._transport is None or self.closed is not None:
            return
        if self._dead:
            self.abort()
        if self.leaving:
            return
        self.leaving = True
        self._beat_at.move(self._loop.time() + _CLOSING_MS / 1000)
        text = reason.encode()[:_REASON_BYTES].decode(errors="ignore")
        self._transport.send_close(code, text)  # type: ignore[arg-type]
        self.resume()  # or the answer would never be read

    def pause(self, *, for_ever: bool = False) -> None:
        """Stop reading; what the other side sends waits in the network.

        `for_ever` is a line gone dead: nothing is said any more either, and the other side is not told.
        """
        if for_ever:
            self._beat_at.cancel()
            self._dead = True
        if (wire := _wire(self._transport)) is not None and not self.pulse.resting and not self.leaving:
            self.pulse.rest()
            wire.pause_reading()

    def resume(self) -> None:
        """Read again."""
        if (wire := _wire(self._transport)) is not None and self.pulse.resting:
            self.pulse.resume(self._loop.time())
            wire.resume_reading()

    def on_over(self, call: Callable[[], None]) -> None:
        """Call this once the connection is over."""
        self._over.add_done_callback(lambda _: call())

    def opened(self, transport: picows.WSTransport) -> None:
        """The handshake is done."""
        self._transport = transport
        self.pulse.heard_at = now = self._loop.time()
        if (beat_at := self.pulse.next(now)) is not None:
            self._beat_at.move(beat_at)

    def ended(self, closed: Closed) -> bool:
        """The connection is over; says whether that is news."""
        news = self.closed is None
        if news:
            self.closed = closed
            self._beat_at.cancel()
            self._over.set_result(None)
        return news

    def _beat(self) -> None:
        """Ping, unless the other side was silent for too long or never answered our good-bye."""
        now = self._loop.time()
        if self.leaving or self.pulse.silent(now) or self._transport is None:
            self.abort()
            return
        if self.pulse.due(now):
            self._transport.send_ping(self.pulse.ping(now))
        if (beat_at := self.pulse.next(now)) is not None:
            self._beat_at.move(beat_at)


def _wire(transport: picows.WSTransport | None) -> asyncio.Transport | None:
    """What carries the frames, while it can still be read."""
    if transport is None:
        return None
    wire: asyncio.Transport = transport.underlying_transport
    return None if wire.is_closing() else wire


async def dial_websocket(
    origin: Origin,
    target: str,
    sink: TextSink,
    *,
    headers: Mapping[str, str] = MappingProxyType({}),
    tls: ssl.SSLContext | None = None,
    timeouts: Timeouts = Timeouts(),  # noqa: B008 - frozen
    limits: Limits = Limits(),  # noqa: B008 - frozen
    proxy: Proxy | None = None,
    ping_every_ms: float | None = None,
    pong_timeout_ms: float = 10_000,
) -> WebSocket:
    """Open a connection; raises `CannotConnect`, with status and headers when the handshake was refused.

    Nothing heard for `ping_every_ms` is asked about by a ping, and nothing heard for `pong_timeout_ms` after
    that is the end.
    """
    if origin.tls and tls is None:
        raise Misuse(f"{origin.scheme}://{origin.authority} needs a TLS context")
    header_block(headers), target_bytes(target or "/")  # refuse what would be another request
    url = f"{origin.scheme}://{origin.authority}{target or '/'}"
    url = url if proxy is None else f"{url} through the proxy {proxy.where}"
    socket = WebSocket(Pulse(ping_every_ms, pong_timeout_ms))
    frames = Frames(socket, lambda _: sink, limits)
    protocol = protocol_of(frames, limits, authority=origin.authority, target=target or "/", headers=headers)
    try:
        async with asyncio.timeout(timeouts.connect_ms / 1000):
            await dial(lambda: protocol, origin, tls=tls if origin.tls else None, proxy=proxy)
            await protocol.wait_until_handshake_complete()
        if socket.closed is None and protocol.listener is None:
            raise ConnectionError("the connection was lost during the handshake")
    except BaseException as error:
        frames.forsake()
        if protocol.transport is not None:
            protocol.transport.disconnect(graceful=False)
        raise _cannot_connect(url, error, timeouts) or error from None
    return socket


def _cannot_connect(url: str, error: BaseException, timeouts: Timeouts) -> CannotConnect | None:
    if isinstance(error, picows.WSHandshakeError):
        return CannotConnect(f"{url} refused the WebSocket handshake: {error}", _facts(error))
    if isinstance(error, TimeoutError):
        return CannotConnect(f"cannot connect to {url} within {timeouts.connect_ms:.0f} ms")
    return CannotConnect(f"cannot connect to {url}: {error}") if isinstance(error, OSError) else None


def _facts(error: picows.WSHandshakeError) -> Facts:
    if error.response is None:
        return Facts()
    headers = {name.lower(): value for name, value in error.response.headers.items()}
    return Facts(status=int(error.response.status), headers=headers)
