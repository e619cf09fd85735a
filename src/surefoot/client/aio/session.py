"""Requests over the WebSocket API: the same words and results as REST, one kept connection."""

import asyncio
import ssl
from typing import Any, Self, TypeVar

from surefoot.client.aio.checks import AsyncChecks
from surefoot.client.aio.ranges import AsyncRanges
from surefoot.client.aio.resync import Resync
from surefoot.client.aio.socket import ApiSocket
from surefoot.client.call import call, measure
from surefoot.client.desk import Desk
from surefoot.client.methods.async_all import AsyncMethods
from surefoot.client.timesync import Measurement
from surefoot.codec.rest import SignedRequest
from surefoot.errors import CannotConnect, Misuse, NoAnswer, ProtocolViolation
from surefoot.rules.outcomes import Said
from surefoot.spot.events import Event
from surefoot.spot.request import Request
from surefoot.spot.session import Logon, Logout
from surefoot.wire import Lost
from surefoot.world import Clock

A = TypeVar("A")


class SocketWire:
    """The way over one WebSocket API connection."""

    def __init__(self, socket: ApiSocket, desk: Desk, clock: Clock) -> None:
        self.socket = socket
        self._clock = clock
        self._resync = Resync(desk)

    def spell(self, request: Request[Any], recv_window_ms: int | None) -> SignedRequest:
        return self.socket.spell(request, recv_window_ms)

    async def exchange(self, spelled: SignedRequest, total_ms: float) -> Said | Lost:
        return await self.socket.exchange(spelled, total_ms)

    async def resync(self, known: Measurement | None) -> None:
        await self._resync.newer_than(known, self)

    def now_ms(self) -> float:
        return self._clock.monotonic_ms()


class ApiSession(AsyncMethods, AsyncChecks, AsyncRanges):
    """A WebSocket API session with a client's methods: connects on entry, and again on the next request after
    a loss.

    With an Ed25519 key it logs on once and requests carry no signature; `sign_each` (and any other kind of
    key) signs every request by itself. A request whose answer is lost with the connection raises
    `OutcomeUnknown` (writes) or `NoAnswer` (reads); it is never sent again.
    """

    def __init__(
        self, desk: Desk, clock: Clock, tls: ssl.SSLContext | None, *, sign_each: bool = False
    ) -> None:
        self.desk, self._clock, self._tls = desk, clock, tls
        self._log_on = desk.key is not None and desk.key.signer.can_log_on and not sign_each
        self._connecting = asyncio.Lock()
        self._asking = asyncio.Lock()
        self._socket: ApiSocket | None = None
        self._wire: SocketWire | None = None
        self._closed = False

    def __repr__(self) -> str:
        state = "not connected" if self._wire is None else "logged on" if self.logged_on else "connected"
        return f"ApiSession({self.desk}, {'closed' if self._closed else state})"

    async def __aenter__(self) -> Self:
        await self.opened()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connection; no request is taken any more."""
        self._closed = True
        if self._socket is not None:
            await self._socket.close()

    @property
    def logged_on(self) -> bool:
        """Whether requests leave without a signature."""
        return self._socket is not None and self._socket.logged_on

    async def send(
        self, request: Request[A], *, recv_window_ms: int | None = None, sign_before_ms: int | None = None
    ) -> A:
        """Ask `request`; returns its typed answer or raises the error that says whether it happened."""
        wire = await self.opened()
        answer = await call(
            wire, self.desk, request, recv_window_ms=recv_window_ms, sign_before_ms=sign_before_ms
        )
        if isinstance(request, (Logon, Logout)):
            wire.socket.logged_on = isinstance(request, Logon)
        return answer

    async def sync(self) -> Measurement:
        """Measure the exchange's clock now (AUTH-3)."""
        return await measure(await self.opened(), self.desk)

    async def opened(self) -> SocketWire:
        """The way over the connection that is open, or over a new one."""
        if self._closed:
            raise Misuse("this session is closed; open a new one")
        if (wire := self._usable()) is not None:
            return wire
        async with self._connecting:
            return self._usable() or await self._connect()

    def _usable(self) -> SocketWire | None:
        """The connection, unless it is over or about to be."""
        return self._wire if self._wire is not None and self._wire.socket.socket.sendable else None

    async def _way(self) -> SocketWire:
        return await self.opened()

    async def _connect(self) -> SocketWire:
        if self._socket is not None:
            self._socket.socket.abort()  # whoever waits for an answer there need not wait for its end
        socket = ApiSocket(self.desk, on_event=self._ignore)
        await socket.open(self._tls)
        wire = SocketWire(socket, self.desk, self._clock)
        try:
            await self._introduce(socket, wire)
        except (NoAnswer, ProtocolViolation) as error:  # what waits for this connection has not been sent
            await socket.close()
            raise CannotConnect(
                f"nothing was sent: the connection failed while logging on: {error}"
            ) from None
        except BaseException:
            await socket.close()
            raise
        self._socket, self._wire = socket, wire
        return wire

    async def _introduce(self, socket: ApiSocket, wire: SocketWire) -> None:
        if self.desk.clock.measurement is None and self.desk.key is not None:
            await wire.resync(None)
        if self._log_on:
            await call(wire, self.desk, Logon())
            socket.logged_on = True
        if socket.socket.closed is not None:
            raise CannotConnect("nothing was sent: the connection was lost right after it was made")

    def _ignore(self, event: Event) -> None:
        self.desk.teller.event(event)
