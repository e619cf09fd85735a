"""A real exchange on a free port, in the test's own loop; and a street between that can be cut."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

import pytest

from surefoot.credentials import Credentials
from surefoot.exchange.assembly import assemble
from surefoot.exchange.liquidity.synthetic import Liquidity
from surefoot.exchange.server import ExchangeServer
from surefoot.spot.environments import Environment, local
from surefoot.values import Secret
from surefoot.world import SeededEntropy, World, system_world


class Place(NamedTuple):
    """A running exchange, its environment, and the two keys of its first account."""

    server: ExchangeServer
    environment: Environment
    hmac: Credentials
    ed25519: Credentials


@asynccontextmanager
async def running(clock_skew_ms: float = 0, liquidity: Liquidity = Liquidity.QUIET) -> AsyncIterator[Place]:
    world = World(system_world().clock, SeededEntropy(5), system_world().storage)
    server = assemble(world, symbols=("BTCUSDT",), liquidity=liquidity, clock_skew_ms=clock_skew_ms)
    async with server:
        yield place_of(server)


def place_of(server: ExchangeServer) -> Place:
    """A server that is entered, with what a client needs."""
    environment = local(server.rest_url, server.ws_api_url, server.ws_url)
    account = server.accounts[0]
    hmac = Credentials(environment="local", api_key=Secret(account.api_key), secret=account.secret)
    ed25519 = Credentials(
        environment="local",
        api_key=Secret(account.ed25519_api_key),
        private_key=account.ed25519_private_key,
    )
    return Place(server, environment, hmac, ed25519)


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    async with running() as found:
        yield found


class Street:
    """A TCP proxy in front of the exchange: everything passes until it is told otherwise.

    `swallow_answers` drops what the exchange says, `cut()` resets every connection, `closed` refuses new ones
    and `refused` counts them.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._writers: set[asyncio.StreamWriter] = set()
        self.swallow_answers = False
        self.closed = False
        self.refused = 0
        self.refused_thrice = asyncio.Event()

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.closed:
            self.refused += 1
            if self.refused == 3:
                self.refused_thrice.set()
            writer.transport.abort()
            return
        there, back = await asyncio.open_connection("127.0.0.1", self._port)
        self._writers |= {writer, back}
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._carry(reader, back, answers=False))
            tasks.create_task(self._carry(there, writer, answers=True))

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, answers: bool
    ) -> None:
        try:
            while data := await reader.read(65_536):
                if not (answers and self.swallow_answers):
                    writer.write(data)
        except ConnectionError:
            pass
        finally:
            self._writers.discard(writer)
            writer.transport.abort()

    def cut(self) -> None:
        """Reset every connection now."""
        for writer in list(self._writers):
            writer.transport.abort()


@pytest.fixture
async def street(place: Place) -> AsyncIterator[tuple[Street, Place]]:
    """The same exchange, reached through a street."""
    proxy = Street(place.server.port)
    server = await asyncio.start_server(proxy, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    environment = local(
        f"http://127.0.0.1:{port}", f"ws://127.0.0.1:{port}/ws-api/v3", f"ws://127.0.0.1:{port}"
    )
    yield proxy, place._replace(environment=environment)
    proxy.cut()
    server.close()
