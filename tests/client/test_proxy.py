"""The client through a proxy, in all its ways; passwords stay out of what is logged."""

import asyncio
import logging

import pytest

from surefoot import errors
from surefoot.client.aio import AsyncClient
from surefoot.client.blocking import Client
from surefoot.spot import streams
from surefoot.spot.account import GetAccount
from tests.client.street import Place
from tests.net.proxies import Gate, opened


@pytest.mark.parametrize("kind", ["http", "socks5"])
async def test_every_way_in(kind: str, place: Place, caplog: pytest.LogCaptureFixture) -> None:
    gate = Gate(kind, locked=True)
    caplog.set_level(logging.DEBUG)
    async with opened(gate) as port:
        url = gate.url(port)
        async with AsyncClient(place.environment, place.ed25519, proxy=url) as client:
            async with client.session() as session, client.user_data():
                await session.send(GetAccount())
            async with client.stream(streams.book_ticker("BTCUSDT")) as events:
                async for _ in events:
                    break

        def ask() -> None:
            with Client(place.environment, place.hmac, proxy=url) as blocking:
                blocking.account()

        await asyncio.to_thread(ask)
        assert gate.asked == [f"127.0.0.1:{place.server.port}"] * 5
    assert caplog.records
    assert "sesame" not in caplog.text


async def test_the_environment_counts_only_when_it_is_asked(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate("http")
    async with opened(gate) as port:
        monkeypatch.setenv("ALL_PROXY", gate.bare(port))
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        async with AsyncClient(place.environment, place.hmac):
            assert gate.asked == []
        async with AsyncClient(place.environment, place.hmac, proxy="environment"):
            assert len(gate.asked) == 1
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        async with AsyncClient(place.environment, place.hmac, proxy="environment"):
            assert len(gate.asked) == 1


@pytest.mark.parametrize("kind", [AsyncClient, Client])
def test_a_proxy_that_cannot_be_read_is_said_at_once(kind: type) -> None:
    from surefoot.spot.environments import TESTNET

    with pytest.raises(errors.Misuse, match="ftp://p:1 is not one that is spoken here") as refused:
        kind(TESTNET, proxy="ftp://ann:hush@p:1")
    assert "hush" not in str(refused.value)
