"""REST over pools of kept-alive connections, one for each host that is asked."""

import asyncio
import ssl
from typing import Any

from surefoot.client.aio.loop_wire import LoopWire
from surefoot.client.desk import Desk
from surefoot.client.heard import http_said
from surefoot.client.hosts import Hosts, asked_by_health
from surefoot.client.rest import RestSpelling, read_ms
from surefoot.codec.rest import SignedRequest
from surefoot.net.pool import HttpPool
from surefoot.rules.outcomes import Said
from surefoot.spot.request import Request
from surefoot.wire import HttpResponse, Lost, Origin
from surefoot.world import Clock


class RestWire(LoopWire):
    """The way to one venue's REST API; where it has several hosts, to the one that is best now."""

    def __init__(self, desk: Desk, clock: Clock, tls: ssl.SSLContext | None) -> None:
        super().__init__(desk, clock)
        self._tls = tls
        self._spelling = RestSpelling(desk)
        origins = self._spelling.origins
        self._hosts = Hosts(self._spelling.hosts, desk.teller.note) if len(origins) > 1 else None
        self._pools = {0: self._pool_to(origins[0])}
        self._pool = self._pools[0]

    usable = True

    async def ready(self, by_ms: float) -> None:
        """Connections are made as they are needed."""

    def spell(self, request: Request[Any], recv_window_ms: int | None) -> SignedRequest:
        return self._spelling.spell(request, recv_window_ms)

    async def exchange(self, spelled: SignedRequest, total_ms: float) -> Said | Lost:
        hosts = self._hosts
        if hosts is None:
            data, silence_ms = self._spelling.http(spelled), read_ms(spelled, total_ms)
            return self._said(await self._pool.exchange(data, read_ms=silence_ms, total_ms=total_ms))
        careful = spelled.method != "GET"
        return await asked_by_health(
            hosts, lambda host: self._ask_at(host, spelled, total_ms), self.now_ms, careful=careful
        )

    async def close(self) -> None:
        """Close every connection."""
        await asyncio.gather(*(pool.close() for pool in self._pools.values()))

    async def _ask_at(self, host: int, spelled: SignedRequest, total_ms: float) -> Said | Lost:
        if host not in self._pools:
            self._pools[host] = self._pool_to(self._spelling.origins[host])
        data, silence_ms = self._spelling.http(spelled, host), read_ms(spelled, total_ms)
        return self._said(await self._pools[host].exchange(data, read_ms=silence_ms, total_ms=total_ms))

    def _said(self, heard: HttpResponse | Lost) -> Said | Lost:
        return heard if isinstance(heard, Lost) else http_said(heard, self._desk.now_ms)

    def _pool_to(self, origin: Origin) -> HttpPool:
        return HttpPool(origin, tls=self._tls, proxy=self._desk.proxy_to(origin))
