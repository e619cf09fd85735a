"""REST over a pool of kept-alive connections."""

import asyncio
import ssl
from typing import Any

from surefoot.client.aio.resync import Resync
from surefoot.client.desk import Desk
from surefoot.client.heard import http_said
from surefoot.client.rest import RestSpelling, read_ms
from surefoot.client.timesync import Measurement
from surefoot.codec.rest import SignedRequest
from surefoot.net.pool import HttpPool
from surefoot.rules.outcomes import Said
from surefoot.spot.request import Request
from surefoot.wire import Lost
from surefoot.world import Clock


class RestWire:
    """The way to one venue's REST API."""

    def __init__(self, desk: Desk, clock: Clock, tls: ssl.SSLContext | None) -> None:
        self._desk = desk
        self._clock = clock
        self._spelling = RestSpelling(desk)
        self._pool = HttpPool(self._spelling.origin, tls=tls, proxy=desk.proxy_to(self._spelling.origin))
        self._resync = Resync(desk)

    async def ready(self) -> None:
        """Connections are made as they are needed."""

    def spell(self, request: Request[Any], recv_window_ms: int | None) -> SignedRequest:
        return self._spelling.spell(request, recv_window_ms)

    async def exchange(self, spelled: SignedRequest, total_ms: float) -> Said | Lost:
        data = self._spelling.http(spelled)
        heard = await self._pool.exchange(data, read_ms=read_ms(spelled, total_ms), total_ms=total_ms)
        return heard if isinstance(heard, Lost) else http_said(heard, self._desk.now_ms)

    async def resync(self, known: Measurement | None) -> None:
        await self._resync.newer_than(known, self)

    async def sleep_until(self, moment_ms: float) -> None:
        await asyncio.sleep(max(0.0, moment_ms - self._desk.now_ms()) / 1000)

    def now_ms(self) -> float:
        return self._clock.monotonic_ms()

    async def close(self) -> None:
        """Close every connection."""
        await self._pool.close()
