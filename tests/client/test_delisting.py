"""A stream that the exchange serves no more does not take the others with it."""

import asyncio

from surefoot.client.aio import AsyncClient, MarketStream
from surefoot.client.streams import Gap, SubscriptionEnded
from surefoot.spot.events import Event
from tests.client.venue import opened

TRADE = "btcusdt@trade"


async def heard(stream: MarketStream) -> Event:
    async with asyncio.timeout(20):
        return await anext(stream)


async def test_a_stream_that_is_served_no_more_ends_alone() -> None:
    """A symbol was delisted: the exchange refuses a target that names it, and the others go on."""
    async with (
        opened() as (place, environment),
        AsyncClient(environment).stream(TRADE, "gone@trade") as market,
    ):
        place.unknown, place.refused = {"gone@trade"}, {"gone@trade"}
        place.sockets[-1].abort()
        ended = await heard(market)
        assert isinstance(ended, SubscriptionEnded)
        assert ended.names == ("gone@trade",)
        assert isinstance(await heard(market), Gap)
        assert place.targets[1:] == ["/stream?streams=btcusdt@trade/gone@trade", "/stream"]
        assert place.carried == [TRADE]
        place.sockets[-1].abort()
        assert isinstance(await heard(market), Gap)
        assert place.targets[-1] == "/stream?streams=btcusdt@trade"
