"""Kept-alive connections to one origin, the one used last first."""

import asyncio
import ssl

from surefoot.errors import CannotConnect, Misuse
from surefoot.net.connection import HttpConnection
from surefoot.net.limits import Limits, Timeouts
from surefoot.wire import HttpResponse, Lost, Origin


class HttpPool:
    """Sends whole requests and returns whole answers. At most `max_connections` at once; further callers
    wait.

    A connection that saw an end of file, surplus bytes or a time-out is never used again. Nothing is sent
    twice.
    """

    def __init__(
        self,
        origin: Origin,
        *,
        tls: ssl.SSLContext | None = None,
        timeouts: Timeouts = Timeouts(),  # noqa: B008 - frozen
        limits: Limits = Limits(),  # noqa: B008 - frozen
        max_connections: int = 64,
    ) -> None:
        if origin.tls and tls is None:
            raise Misuse(f"{origin.scheme}://{origin.authority} needs a TLS context")
        self._origin, self._tls = origin, tls if origin.tls else None
        self._timeouts, self._limits = timeouts, limits
        self._room = asyncio.Semaphore(max_connections)
        self._idle: list[HttpConnection] = []
        self._busy: set[HttpConnection] = set()
        self._closed = False

    async def exchange(
        self, data: bytes, *, read_ms: float | None = None, total_ms: float | None = None
    ) -> HttpResponse | Lost:
        """Send `data`, one encoded request, in one write; raises `CannotConnect` when nobody takes it."""
        read_ms = self._timeouts.read_ms if read_ms is None else read_ms
        total_ms = self._timeouts.total_ms if total_ms is None else total_ms
        async with self._room:
            connection = self._reused() or await self._connect()
            self._busy.add(connection)
            try:
                return await connection.exchange(data, read_ms, total_ms)
            finally:
                self._busy.discard(connection)
                self._keep(connection)

    async def warm(self, count: int) -> None:
        """Open connections ahead of time, so that the first requests need not."""
        opened = await asyncio.gather(*(self._connect() for _ in range(count - len(self._idle))))
        for connection in opened:
            self._keep(connection)

    async def close(self) -> None:
        """Close every connection; requests under way end as lost."""
        self._closed = True
        for connection in [*self._idle, *self._busy]:
            connection.abort()
        self._idle.clear()
        await asyncio.sleep(0)  # transports tell their end in the next turn of the loop

    def _reused(self) -> HttpConnection | None:
        if self._closed:
            raise Misuse("this connection pool is closed")
        fresh_after = asyncio.get_running_loop().time() - self._timeouts.idle_ms / 1000
        while self._idle:
            connection = self._idle.pop()
            if connection.usable and connection.idle_since > fresh_after:
                return connection
            connection.abort()
        return None

    def _keep(self, connection: HttpConnection) -> None:
        if connection.usable and not self._closed:
            self._idle.append(connection)
        elif self._closed:
            connection.abort()

    async def _connect(self) -> HttpConnection:
        loop, origin = asyncio.get_running_loop(), self._origin
        where = f"{origin.scheme}://{origin.authority}"
        try:
            async with asyncio.timeout(self._timeouts.connect_ms / 1000):
                _, connection = await loop.create_connection(
                    lambda: HttpConnection(self._limits), origin.host, origin.port, ssl=self._tls
                )
        except TimeoutError:
            text = f"cannot connect to {where} within {self._timeouts.connect_ms:.0f} ms"
            raise CannotConnect(f"{text}; is the network up?") from None
        except (OSError, ssl.SSLError) as error:
            raise CannotConnect(f"cannot connect to {where}: {error}") from None
        return connection
