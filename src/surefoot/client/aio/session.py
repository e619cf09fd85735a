"""Requests over the WebSocket API: the same words and results as REST, one kept connection."""

import asyncio
import math
import ssl
from typing import Self, TypeVar

from surefoot.client.aio.checks import AsyncChecks
from surefoot.client.aio.ranges import AsyncRanges
from surefoot.client.aio.session_wire import SessionWire
from surefoot.client.aio.socket import ApiSocket
from surefoot.client.call import SignBefore, Wire, call, measure
from surefoot.client.desk import Desk
from surefoot.client.methods.async_all import AsyncMethods
from surefoot.client.timesync import Measurement
from surefoot.spot.request import Request
from surefoot.spot.session import Logon, Logout
from surefoot.world import Clock

A = TypeVar("A")


class ApiSession(AsyncMethods, AsyncChecks, AsyncRanges):
    """A WebSocket API session with a client's methods: connects on entry, and again on the next request after
    a loss.

    With an Ed25519 key it logs on once and requests carry no signature; `sign_each` (and any other kind of
    key) signs every request by itself. A write whose answer is lost with the connection raises
    `OutcomeUnknown` and is never sent again; a read is asked again over the next connection.
    """

    def __init__(
        self, desk: Desk, clock: Clock, tls: ssl.SSLContext | None, *, sign_each: bool = False
    ) -> None:
        self.desk = desk
        log_on = desk.key is not None and desk.key.signer.can_log_on and not sign_each
        self._asking = asyncio.Lock()
        self._wire = SessionWire(
            desk, clock, tls, log_on=log_on, make=lambda: ApiSocket(desk, on_event=desk.teller.event)
        )

    def __repr__(self) -> str:
        wire = self._wire
        state = "not connected" if not wire.connected else "logged on" if self.logged_on else "connected"
        return f"ApiSession({self.desk}, {'closed' if wire.closed else state})"

    async def __aenter__(self) -> Self:
        await self._wire.ready(math.inf)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connection; no request is taken any more."""
        await self._wire.close()

    @property
    def logged_on(self) -> bool:
        """Whether requests leave without a signature."""
        return self._wire.socket.logged_on

    async def send(
        self,
        request: Request[A],
        *,
        recv_window_ms: int | None = None,
        sign_before_ms: SignBefore | None = None,
    ) -> A:
        """Ask `request`; returns its typed answer or raises the error that says whether it happened."""
        answer = await call(
            self._wire, self.desk, request, recv_window_ms=recv_window_ms, sign_before_ms=sign_before_ms
        )
        if isinstance(request, (Logon, Logout)):
            self._wire.socket.logged_on = isinstance(request, Logon)
        return answer

    async def sync(self) -> Measurement:
        """Measure the exchange's clock now (AUTH-3)."""
        return await measure(await self.way(), self.desk)

    async def way(self) -> Wire:
        """The way that its requests go, once there is a connection."""
        await self._wire.ready(math.inf)
        return self._wire

    async def _way(self) -> Wire:
        return self._wire
