"""How each kind of stream is opened: the user data stream, and the market streams."""

import ssl
from collections.abc import Sequence

from surefoot.client.aio.session import SocketWire
from surefoot.client.aio.socket import PING_EVERY_MS, ApiSocket
from surefoot.client.aio.stream import Ear, Opener
from surefoot.client.call import call
from surefoot.client.desk import Desk
from surefoot.codec import streams
from surefoot.errors import Misuse, ProtocolViolation
from surefoot.net.websocket import WebSocket, dial_websocket
from surefoot.spot.session import Logon, SubscribeUserData, SubscribeUserDataSigned
from surefoot.wire import Closed, parse_url
from surefoot.world import Clock


def user_data(desk: Desk, clock: Clock, tls: ssl.SSLContext | None) -> Opener:
    """Subscribe over the WebSocket API: after a log-on for keys that can, by signature for the others
    (TRACK-2).
    """
    key = desk.key
    if key is None:
        raise Misuse("the user data stream needs a key, and this client was opened without credentials")

    async def open(ear: Ear) -> WebSocket:
        socket = ApiSocket(desk, on_event=ear.heard, on_lost=ear.lost)
        await socket.open(tls)
        wire = SocketWire(socket, desk, clock)
        try:
            if key.signer.can_log_on:
                await call(wire, desk, Logon())
                socket.logged_on = True
                await call(wire, desk, SubscribeUserData())
            else:
                await call(wire, desk, SubscribeUserDataSigned())
        except BaseException:
            await socket.close()
            raise
        return socket.socket

    return open


class _MarketSocket:
    """One combined connection: decodes what comes and hands it on."""

    def __init__(self, ear: Ear, desk: Desk) -> None:
        self._ear, self._desk = ear, desk
        self.socket: WebSocket | None = None

    def on_text(self, data: bytes) -> None:
        try:
            _, event = streams.decode_combined(data)
        except ProtocolViolation as error:
            self._desk.teller.nonsense(str(error))
            if self.socket is not None:
                self.socket.abort()
            return
        self._ear.heard(event)

    def on_closed(self, closed: Closed) -> None:
        self._ear.lost(f"the WebSocket was closed: {closed.code} {closed.reason}".rstrip())


def market(names: Sequence[str], desk: Desk, tls: ssl.SSLContext | None) -> Opener:
    """Open a combined connection to the named market streams (see `codec.streams` for the names)."""
    if not names:
        raise Misuse("name at least one stream")

    async def open(ear: Ear) -> WebSocket:
        origin, base = parse_url(desk.environment.streams)
        sink = _MarketSocket(ear, desk)
        target = streams.combined_target(base, names)
        sink.socket = await dial_websocket(
            origin, target, sink, tls=tls, proxy=desk.proxy_to(origin), ping_every_ms=PING_EVERY_MS
        )
        return sink.socket

    return open
