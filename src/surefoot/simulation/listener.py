"""A listening port of a simulated host."""

import asyncio
from collections.abc import Callable
from contextvars import Context

from surefoot.simulation.loop import ProtocolFactory
from surefoot.simulation.transport import Address, NoSocket, Transport


class Listener(asyncio.AbstractServer):
    """What ``loop.create_server`` returns; ``sockets[0].getsockname()`` tells the port."""

    def __init__(
        self, factory: ProtocolFactory, address: Address, context: Context, on_close: Callable[[], object]
    ) -> None:
        self.address = address
        self.context = context
        self.local_only = address[0] == "127.0.0.1"
        self.sockets: tuple[NoSocket, ...] = (NoSocket(address),)
        self._factory = factory
        self._on_close = on_close
        self._accepted: list[Transport] = []
        self._closed = asyncio.Event()

    def accept(self, transport: Transport) -> None:
        """A connection has come."""
        self._accepted = [one for one in self._accepted if not one.lost]
        self._accepted.append(transport)
        transport.begin(self._factory())

    def close(self) -> None:
        """Listen no more; connections that stand go on."""
        if self.sockets:
            self.sockets = ()
            self._on_close()
            self._closed.set()

    def close_clients(self) -> None:
        for transport in self._accepted:
            transport.close()

    def abort_clients(self) -> None:
        for transport in self._accepted:
            transport.abort()

    def get_loop(self) -> asyncio.AbstractEventLoop:
        return asyncio.get_running_loop()

    def is_serving(self) -> bool:
        return bool(self.sockets)

    async def start_serving(self) -> None:
        """It serves from the start."""

    async def serve_forever(self) -> None:
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            self.close()

    async def wait_closed(self) -> None:
        """As Python 3.11 documents it: until the listening is over."""
        await self._closed.wait()
