"""Every way to the exchange over TLS, straight and through proxies; trust is the caller's to give."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from surefoot import errors
from surefoot.client.aio import AsyncClient
from surefoot.client.blocking import Client
from surefoot.exchange.assembly import assemble
from surefoot.exchange.server import Binding
from surefoot.market.aio import OrderBook
from surefoot.market.blocking import BlockingOrderBook
from surefoot.market.book import BookState
from surefoot.net.tls import server_context
from surefoot.world import SeededEntropy, World, system_world
from tests.client.street import Place, place_of
from tests.net.proxies import Gate, opened


@asynccontextmanager
async def encrypted(certificates: Any) -> AsyncIterator[Place]:
    system = system_world()
    binding = Binding(tls=server_context(certificates.cert, certificates.key))
    world = World(system.clock, SeededEntropy(5), system.storage)
    async with assemble(world, symbols=("BTCUSDT",), binding=binding) as server:
        yield place_of(server)


async def every_way(place: Place, tls: ssl.SSLContext, proxy: str | None) -> None:
    """REST, the WebSocket API, events, streams and books, with and without await."""
    where, key = place.environment, place.ed25519
    async with (
        AsyncClient(where, key, tls=tls, proxy=proxy) as client,
        client.user_data(),
        client.session() as session,
        OrderBook(client, "BTCUSDT") as book,
    ):
        assert (await session.account()).balances == (await client.account()).balances
        assert book.state is BookState.LIVE
    async with AsyncClient(where, key, tls=tls, proxy=proxy, transport="ws_api") as client:
        await client.account()

    def blocking() -> None:
        with Client(where, key, tls=tls, proxy=proxy) as spot:
            spot.account()
            with spot.user_data(), spot.stream("btcusdt@bookTicker") as quotes:
                assert quotes.get() is not None
            with BlockingOrderBook(spot, "BTCUSDT") as book:
                assert book.state is BookState.LIVE

    await asyncio.to_thread(blocking)


async def test_every_way_over_tls(certificates: Any) -> None:
    trusting = ssl.create_default_context(cafile=certificates.ca)
    async with encrypted(certificates) as place:
        assert place.environment.rest.startswith("https:")
        await every_way(place, trusting, None)


@pytest.mark.parametrize("kind", ["http", "socks5"])
async def test_every_way_over_tls_through_a_proxy(kind: str, certificates: Any) -> None:
    trusting = ssl.create_default_context(cafile=certificates.ca)
    gate = Gate(kind)
    async with encrypted(certificates) as place, opened(gate) as port:
        await every_way(place, trusting, gate.bare(port))
    assert set(gate.asked) == {f"127.0.0.1:{place.server.port}"}
    assert len(gate.asked) >= 9, "REST, session, two streams, and the same without await"


async def test_a_stranger_is_not_trusted(certificates: Any) -> None:
    async with encrypted(certificates) as place:
        with pytest.raises(errors.CannotConnect, match="certificate verify failed"):
            async with AsyncClient(place.environment, place.hmac):
                raise AssertionError

        def ask() -> None:
            with Client(place.environment) as spot:
                spot.ping()

        with pytest.raises(errors.CannotConnect, match="certificate verify failed"):
            await asyncio.to_thread(ask)
