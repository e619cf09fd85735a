"""How the user data stream is opened."""

import ssl

from surefoot.client.aio.session_wire import SocketWire
from surefoot.client.aio.socket import ApiSocket
from surefoot.client.aio.stream import Ear, Opener
from surefoot.client.call import call
from surefoot.client.desk import Desk
from surefoot.client.timesync import Measurement
from surefoot.errors import Misuse
from surefoot.net.websocket import WebSocket
from surefoot.rules.retries import ONCE
from surefoot.spot.session import Logon, SubscribeUserData, SubscribeUserDataSigned
from surefoot.world import Clock


class _MicrosecondWire(SocketWire):
    """A connection that says times in microseconds: the clock is measured over another one."""

    def __init__(self, socket: ApiSocket, desk: Desk, clock: Clock, tls: ssl.SSLContext | None) -> None:
        super().__init__(socket, desk, clock)
        self._tls = tls

    async def resync(self, known: Measurement | None) -> None:
        other = ApiSocket(self._desk, on_event=self._desk.teller.event)
        await other.open(self._tls)
        try:
            await SocketWire(other, self._desk, self._clock).resync(known)
        finally:
            await other.close()


def user_data(desk: Desk, clock: Clock, tls: ssl.SSLContext | None, *, microseconds: bool = False) -> Opener:
    """Subscribe over the WebSocket API: after a log-on for keys that can, by signature for the others
    (TRACK-2).
    """
    key = desk.key
    if key is None:
        raise Misuse("the user data stream needs a key, and this client was opened without credentials")

    async def open(ear: Ear) -> WebSocket:
        socket = ApiSocket(desk, on_event=ear.heard, on_lost=ear.lost)
        await socket.open(tls, microseconds=microseconds)
        wire = _MicrosecondWire(socket, desk, clock, tls) if microseconds else SocketWire(socket, desk, clock)
        try:
            if key.signer.can_log_on:
                await call(wire, desk, Logon(), retries=ONCE)
                socket.logged_on = True
                await call(wire, desk, SubscribeUserData(), retries=ONCE)
            else:
                await call(wire, desk, SubscribeUserDataSigned(), retries=ONCE)
        except BaseException:
            await socket.close()
            raise
        return socket.socket

    return open
