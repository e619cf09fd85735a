"""The way over the WebSocket API: one connection, and the way that makes a new one when it is lost."""

import asyncio
import math
import ssl
from collections.abc import Callable
from typing import Any

from surefoot.client.aio.loop_wire import LoopWire
from surefoot.client.aio.socket import ApiSocket
from surefoot.client.call import call
from surefoot.client.desk import Desk
from surefoot.client.streams import back_off_ms
from surefoot.codec.rest import SignedRequest
from surefoot.errors import CannotConnect, HeldBack, Misuse, NoAnswer, ProtocolViolation
from surefoot.rules.outcomes import Said
from surefoot.rules.retries import ONCE
from surefoot.spot.request import Request
from surefoot.spot.session import Logon
from surefoot.wire import Lost
from surefoot.world import Clock

_LEAST_MS = 3_000
"""So long a connection may take whoever is in a hurry."""

_LONGEST_REST_MS = 4_000
_LIFE_MS = 23.5 * 3_600_000  # the exchange ends a connection after 24 h


class SocketWire(LoopWire):
    """The way over one WebSocket API connection."""

    def __init__(self, socket: ApiSocket, desk: Desk, clock: Clock) -> None:
        super().__init__(desk, clock)
        self.socket = socket

    @property
    def usable(self) -> bool:
        """It was opened by whoever made it."""
        return True

    async def ready(self, by_ms: float) -> None:
        """There is nothing to make."""

    def spell(self, request: Request[Any], recv_window_ms: int | None) -> SignedRequest:
        return self.socket.spell(request, recv_window_ms)

    async def exchange(self, spelled: SignedRequest, total_ms: float) -> Said | Lost:
        return await self.socket.exchange(spelled, total_ms)


class SessionWire(SocketWire):
    """The way over whichever connection there is: a new one, logged on like the last, when that is lost.

    What was spelled for one connection is not sent over another: nothing is awaited between the two.
    """

    def __init__(
        self,
        desk: Desk,
        clock: Clock,
        tls: ssl.SSLContext | None,
        *,
        log_on: bool,
        make: Callable[[], ApiSocket],
    ) -> None:
        super().__init__(make(), desk, clock)
        self._tls, self._log_on, self._make = tls, log_on, make
        self._connecting = asyncio.Lock()
        self._failures, self._rests_until_ms = 0, -math.inf
        self._failure: CannotConnect | HeldBack | None = None
        self._since_ms = 0.0
        self.connected = self.closed = False

    async def ready(self, by_ms: float) -> None:
        """Return once there is a connection; raises `CannotConnect` when there is none by then (exchange's
        clock), and what the log-on may raise.
        """
        if self.closed:
            raise Misuse("this session is closed; open a new one")
        if self.usable:
            return
        retiring = self.connected and self.socket.socket.sendable
        within_s = None if by_ms == math.inf else max(by_ms - self._desk.now_ms(), _LEAST_MS) / 1000
        try:
            async with asyncio.timeout(within_s), self._connecting:
                if not self.usable:
                    await self._try_to_connect()
        except (TimeoutError, CannotConnect) as error:
            if retiring and self.socket.socket.sendable:
                return  # as long as the old one lives
            if isinstance(error, CannotConnect):
                raise
            raise CannotConnect("nothing was sent: no connection could be made in time") from None

    async def _try_to_connect(self) -> None:
        """Who comes right after two failures is told of them, so that a crowd does not dial as a crowd; so is
        who comes while there is no room to log on.
        """
        if self.now_ms() < self._rests_until_ms and self._failure is not None:
            raise type(self._failure)(str(self._failure), self._failure.facts)
        try:
            await self._connect()
        except (CannotConnect, HeldBack) as error:
            self._failures, self._failure = self._failures + 1, error.with_traceback(None)
            self._rests_until_ms = self.now_ms() + min(self._rest_ms(error), _LONGEST_REST_MS)
            raise
        self._failures, self._failure = 0, None

    def _rest_ms(self, error: CannotConnect | HeldBack) -> float:
        until_ms = error.facts.retry_at_ms
        if isinstance(error, HeldBack) and until_ms is not None:
            return until_ms - self._desk.now_ms()
        if self._failures == 1:
            return 0.0
        return back_off_ms(self._failures - 2, self._desk.entropy.uniform())

    @property
    def usable(self) -> bool:
        """Whether there is a connection that is not over, nor about to be."""
        return self.connected and self.socket.socket.sendable and not self._retiring

    @property
    def _retiring(self) -> bool:
        return self.socket.retiring or self.now_ms() - self._since_ms > _LIFE_MS

    async def _connect(self) -> None:
        if self.connected and not self._retiring:
            self.socket.socket.abort()  # whoever waits for an answer there need not wait for its end
        socket = self._make()
        await socket.open(self._tls)
        wire = SocketWire(socket, self._desk, self._clock)
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
        old, self.socket = self.socket, socket
        if self.connected:
            old.retire()
        self.connected, self._since_ms = True, self.now_ms()

    async def _introduce(self, socket: ApiSocket, wire: SocketWire) -> None:
        if self._desk.clock.measurement is None and self._desk.key is not None:
            await wire.resync(None)
        if self._log_on:
            await call(wire, self._desk, Logon(), retries=ONCE)
            socket.logged_on = True
        if socket.socket.closed is not None:
            raise CannotConnect("nothing was sent: the connection was lost right after it was made")

    async def close(self) -> None:
        """Close the connection; there will be no other."""
        self.closed = True
        await self.socket.close()
