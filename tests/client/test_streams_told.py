"""Every kind of stream as the embedded exchange tells it, and the account's own events by other ways."""

import asyncio
from functools import partial
from typing import Any

import pytest

from surefoot.client.aio import AsyncClient, StreamOptions
from surefoot.client.streams import State, SubscriptionEnded
from surefoot.spot import streams
from surefoot.spot.enums import OrderType, Side
from surefoot.spot.events import (
    AggTradeEvent,
    AvgPriceEvent,
    BookTickerEvent,
    DepthUpdate,
    Event,
    ExecutionReport,
    KlineEvent,
    MiniTickerEvent,
    MiniTickersEvent,
    PartialDepth,
    RollingTickerEvent,
    RollingTickersEvent,
    TickerEvent,
    TradeEvent,
)
from tests.client.street import Place, running
from tests.client.test_aio import resting, until


@pytest.mark.parametrize("kind", ["hmac", "ed25519"])
async def test_user_events_in_microseconds(kind: str) -> None:
    """The clock is right all the same, also when it has to be measured for the subscription (AUTH-3)."""
    async with running(clock_skew_ms=60_000) as place:
        client = AsyncClient(place.environment, getattr(place, kind))  # not entered: not measured
        async with client.user_data(microseconds=True) as events:
            assert client.desk.offset_ms() == pytest.approx(60_000, abs=500)
            async with client:
                placed = await client.send(resting())
            report = await until(events, lambda event: isinstance(event, ExecutionReport))
            assert report.client_order_id == placed.client_order_id
            assert report.transact_time // 1000 == placed.transact_time


async def test_user_events_by_callback(place: Place) -> None:
    heard: list[Event] = []
    told: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))

    def hear(event: Event) -> None:
        heard.append(event)
        if len(heard) == 2:
            raise RuntimeError("mine")

    async with (
        AsyncClient(place.environment, place.hmac) as client,
        client.user_data(callback=hear) as events,
    ):
        await client.send(resting())
        ended = await until(events, lambda event: True)
        assert isinstance(ended, SubscriptionEnded)
        assert ended.names == ("user data",)
        await client.send(resting("0.002"))
        assert isinstance(await until(events, lambda event: True), ExecutionReport), "they are iterated now"
    assert len(heard) == 2
    assert len(told) == 1


SPOKEN = {
    streams.trade("BTCUSDT"): TradeEvent,
    streams.agg_trade("BTCUSDT"): AggTradeEvent,
    streams.kline("BTCUSDT", "1s"): KlineEvent,
    streams.kline("BTCUSDT", "1d", utc_8=True): KlineEvent,
    streams.mini_ticker("BTCUSDT"): MiniTickerEvent,
    streams.mini_tickers(): MiniTickersEvent,
    streams.ticker("BTCUSDT"): TickerEvent,
    streams.rolling_ticker("BTCUSDT", "1h"): RollingTickerEvent,
    streams.rolling_tickers("4h"): RollingTickersEvent,
    streams.book_ticker("BTCUSDT"): BookTickerEvent,
    streams.avg_price("BTCUSDT"): AvgPriceEvent,
    streams.partial_depth("BTCUSDT", 5): PartialDepth,
    streams.depth("BTCUSDT"): DepthUpdate,
}


@pytest.mark.parametrize("microseconds", [False, True])
async def test_every_kind_of_market_stream_as_the_exchange_tells_it(place: Place, microseconds: bool) -> None:
    """The two written apart agree on all that a trade brings about."""
    heard: dict[str, Event] = {}
    complete = asyncio.Event()

    def hear(name: str, event: Event) -> None:
        heard[name] = event
        if len(heard) == len(SPOKEN):
            complete.set()

    options = StreamOptions(microseconds=microseconds)
    first, *others = SPOKEN
    client = AsyncClient(place.environment, place.hmac)
    async with client, client.stream(first, callback=partial(hear, first), options=options) as market:
        await asyncio.gather(*(market.subscribe(name, callback=partial(hear, name)) for name in others))
        await client.new_order("BTCUSDT", Side.BUY, OrderType.MARKET, quantity="0.001")
        async with asyncio.timeout(20):
            await complete.wait()
    assert {name: type(event) for name, event in heard.items()} == SPOKEN
    traded = heard[streams.trade("BTCUSDT")]
    assert isinstance(traded, TradeEvent)
    assert (traded.trade_time > 10**15) is microseconds


async def test_streams_that_seldom_speak_are_served(place: Place) -> None:
    async with AsyncClient(place.environment).stream(
        streams.block_trade("BTCUSDT"), streams.reference_price("BTCUSDT")
    ) as market:
        assert market.state is State.LIVE
