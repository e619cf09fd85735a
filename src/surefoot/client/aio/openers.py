"""How the user data stream is opened."""

import ssl

from surefoot.client.admission import asked_at_once, must_be_open
from surefoot.client.aio.line import Line
from surefoot.client.aio.session_wire import SocketWire
from surefoot.client.aio.socket import ApiSocket
from surefoot.client.aio.stream import Opener
from surefoot.client.call import call
from surefoot.client.desk import Desk
from surefoot.client.roll_call import RollCall
from surefoot.client.timesync import Measurement
from surefoot.codec.rest import decode_answer
from surefoot.errors import CannotConnect, Misuse, NoAnswer
from surefoot.net.websocket import WebSocket
from surefoot.rules.outcomes import Done, NotDelivered, Refused, Unknown
from surefoot.rules.retries import ONCE
from surefoot.spot import codes
from surefoot.spot.session import GetSubscriptions, Logon, SubscribeUserData, SubscribeUserDataSigned
from surefoot.world import Clock

_ANSWERED_MS = 10_000
_NAME = "user data"


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


class UserCarrier:
    """One connection of the WebSocket API and its subscription."""

    settled = True

    def __init__(self, desk: Desk, wire: SocketWire, subscription_id: int, roll: RollCall) -> None:
        self._desk, self._wire = desk, wire
        self._id, self._roll = subscription_id, roll

    @property
    def socket(self) -> WebSocket:
        """The connection."""
        return self._wire.socket.socket

    async def settle(self) -> None:
        """There is one subscription, and it is made."""

    async def prove(self) -> bool:
        """Whether the exchange lists the subscription; raises `NoAnswer`, and `HeldBack` while it wants to
        hear nothing. Whatever else it answers is a sign of life, but for the key that it does not know any
        more.
        """
        must_be_open(self._desk)
        request = GetSubscriptions()
        outcome = await asked_at_once(self._wire, self._desk, request, _ANSWERED_MS)
        if isinstance(outcome, Done):
            listed = [one.subscription_id for one in decode_answer(request, outcome.said.result)]
            return not self._roll.lost([_NAME], [_NAME] if self._id in listed else [])
        if isinstance(outcome, NotDelivered):
            raise CannotConnect(outcome.reason)
        if isinstance(outcome, Unknown) and outcome.said is None:
            raise NoAnswer(outcome.reason)
        return not (isinstance(outcome, Refused) and outcome.said.code in codes.NOT_AUTHORIZED)


def user_data(desk: Desk, clock: Clock, tls: ssl.SSLContext | None, *, microseconds: bool = False) -> Opener:
    """Subscribe over the WebSocket API: after a log-on for keys that can, by signature for the others
    (TRACK-2).
    """
    key = desk.key
    if key is None:
        raise Misuse("the user data stream needs a key, and this client was opened without credentials")
    roll: RollCall | None = None

    async def open(line: Line) -> UserCarrier:
        nonlocal roll
        socket = ApiSocket(desk, on_event=line.heard, on_lost=line.lost)
        await socket.open(tls, microseconds=microseconds)
        line.connected()
        wire = _MicrosecondWire(socket, desk, clock, tls) if microseconds else SocketWire(socket, desk, clock)
        try:
            if key.signer.can_log_on:
                await call(wire, desk, Logon(), retries=ONCE)
                socket.logged_on = True
                subscription = await call(wire, desk, SubscribeUserData(), retries=ONCE)
            else:
                subscription = await call(wire, desk, SubscribeUserDataSigned(), retries=ONCE)
        except BaseException:
            socket.socket.abort()
            raise
        roll = RollCall(roll)
        return UserCarrier(desk, wire, subscription.subscription_id, roll)

    return open
