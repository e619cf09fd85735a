"""Kept-alive connections to one origin, the one used last first."""

import asyncio
import ssl

from surefoot.errors import CannotConnect, Misuse
from surefoot.net.connection import HttpConnection
from surefoot.net.dial import dial
from surefoot.net.limits import Limits, Timeouts
from surefoot.net.proxy import Proxy, way
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
        proxy: Proxy | None = None,
        max_connections: int = 64,
    ) -> None:
        if origin.tls and tls is None:
            raise Misuse(f"{origin.scheme}://{origin.authority} needs a TLS context")
        self._origin, self._tls = origin, tls if origin.tls else None
        self._timeouts, self._limits = timeouts, limits
        self._proxy = proxy
        self._max_connections = max_connections
        self._room = asyncio.Semaphore(max_connections)
        self._idle: list[HttpConnection] = []
        self._busy: set[HttpConnection] = set()
        self._closed = False

    async def exchange(
        self, data: bytes, *, read_ms: float | None = None, total_ms: float | None = None
    ) -> HttpResponse | Lost:
        """Send `data`, one encoded request, in one write; raises `CannotConnect` when nobody takes it.

        `total_ms` begins now: it includes the wait for a free connection, and for a new one.
        """
        if self._closed:
            raise Misuse("this connection pool is closed")
        read_s = (self._timeouts.read_ms if read_ms is None else read_ms) / 1000
        total_s = (self._timeouts.total_ms if total_ms is None else total_ms) / 1000
        give_up_at = asyncio.get_running_loop().time() + total_s
        if self._room.locked():
            await self._wait_for_room(give_up_at)
        else:
            await self._room.acquire()
        connection = None
        try:
            if not self._closed:
                connection = self._reused() or await self._connect(give_up_at)
                self._busy.add(connection)
            if connection is None or self._closed:
                return Lost(delivered=False, reason="the connection pool was closed before anything was sent")
            return await connection.exchange(data, read_s, give_up_at)
        finally:
            if connection is not None:
                self._busy.discard(connection)
                self._keep(connection)
            self._room.release()

    async def warm(self, count: int) -> None:
        """Open connections ahead of time, so that the first requests need not.

        Never more than the pool may have. Raises `CannotConnect`; those that could be opened are kept.
        """
        if self._closed:
            raise Misuse("this connection pool is closed")
        self._idle = [connection for connection in self._idle if connection.usable]
        missing = min(count, self._max_connections - len(self._busy)) - len(self._idle)
        found = await asyncio.gather(*(self._open_one() for _ in range(missing)), return_exceptions=True)
        for error in found:
            if error is not None:
                raise error

    async def close(self) -> None:
        """Close every connection; requests under way end as lost."""
        self._closed = True
        for connection in [*self._idle, *self._busy]:
            connection.abort()
        self._idle.clear()
        await asyncio.sleep(0)  # transports tell their end in the next turn of the loop

    async def _wait_for_room(self, give_up_at: float) -> None:
        try:
            async with asyncio.timeout_at(give_up_at):
                await self._room.acquire()
        except TimeoutError:
            text = f"none of {self._max_connections} connections to {self._where} became free in time"
            raise CannotConnect(f"{text}; allow more connections or more time") from None

    async def _open_one(self) -> None:
        give_up_at = asyncio.get_running_loop().time() + self._timeouts.connect_ms / 1000
        self._keep(await self._connect(give_up_at))

    def _reused(self) -> HttpConnection | None:
        fresh_after = asyncio.get_running_loop().time() - self._timeouts.idle_ms / 1000
        while self._idle:
            connection = self._idle.pop()
            if connection.usable and connection.idle_since > fresh_after:
                return connection
            connection.abort()
        return None

    def _keep(self, connection: HttpConnection) -> None:
        if self._closed:
            connection.abort()
        elif connection.usable:
            self._idle.append(connection)

    async def _connect(self, give_up_at: float) -> HttpConnection:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout_at(min(give_up_at, loop.time() + self._timeouts.connect_ms / 1000)):
                return await dial(
                    lambda: HttpConnection(self._limits), self._origin, tls=self._tls, proxy=self._proxy
                )
        except TimeoutError:
            text = f"cannot connect to {self._where} within {self._timeouts.connect_ms:.0f} ms"
            raise CannotConnect(f"{text}, or the time of its request; is the network up?") from None
        except OSError as error:
            raise CannotConnect(f"cannot connect to {self._where}: {error}; is the network up?") from None

    @property
    def _where(self) -> str:
        return way(self._origin, self._proxy)
