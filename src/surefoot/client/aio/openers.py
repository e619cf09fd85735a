"""How the user data stream is opened."""

import ssl

from surefoot.client.aio.session import SocketWire
from surefoot.client.aio.socket import ApiSocket
from surefoot.client.aio.stream import Ear, Opener
from surefoot.client.call import call
from surefoot.client.desk import Desk
from surefoot.errors import Misuse
from surefoot.net.websocket import WebSocket
from surefoot.spot.session import Logon, SubscribeUserData, SubscribeUserDataSigned
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
