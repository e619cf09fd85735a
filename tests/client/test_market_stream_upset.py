"""Market streams whose caller errs: impossible names, callbacks and decoders that raise, nobody iterating."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from surefoot import errors
from surefoot.client.aio import AsyncClient, StreamOptions
from surefoot.client.streams import Gap, SubscriptionEnded
from surefoot.spot.environments import Environment
from surefoot.spot.events import Event, TradeEvent, UnknownEvent
from tests.client.test_market_stream import BOOK, TRADE, heard, trade
from tests.client.venue import Venue, opened


@pytest.fixture
async def venue() -> AsyncIterator[tuple[Venue, Environment]]:
    async with opened() as found:
        yield found


async def test_who_asks_at_once_for_what_is_refused_hears_it(venue: tuple[Venue, Environment]) -> None:
    """Each of those who asked for it; and whoever asked for something else does not."""
    place, environment = venue
    place.unknown.add("nope@trade")
    async with AsyncClient(environment).stream(TRADE) as market:
        asked = (market.subscribe(*names) for names in (["nope@trade"], [BOOK, "nope@trade"], [BOOK]))
        first, second, other = await asyncio.gather(*asked, return_exceptions=True)
        assert isinstance(first, errors.InvalidRequest)
        assert isinstance(second, errors.InvalidRequest)
        assert other is None
        assert market.names == (TRADE, BOOK)


async def test_names_that_cannot_be_are_not_left_in_silence(venue: tuple[Venue, Environment]) -> None:
    async with AsyncClient(venue[1]).stream(TRADE) as market:
        with pytest.raises(errors.Misuse, match="lower case"):
            await market.unsubscribe(TRADE, "BTCUSDT@trade")
        assert market.names == (TRADE,)


async def test_callbacks_hear_on_though_nobody_iterates(venue: tuple[Venue, Environment]) -> None:
    """What befalls a stream must not fill the queue that only an iteration empties."""
    place, environment = venue
    told: asyncio.Queue[Event] = asyncio.Queue()
    options = StreamOptions(capacity=2)
    client = AsyncClient(environment)
    async with client.stream(TRADE, callback=told.put_nowait, options=options) as market:
        gaps: list[Gap] = []
        while len(gaps) < 5:
            place.sockets[-1].abort()
            event = await told.get()
            assert isinstance(event, Gap)
            gaps.append(event)
        assert market.deaf_since_ms is None
        place.tell(TRADE, trade(1))
        assert isinstance(await told.get(), TradeEvent)
        whole = await heard(market)
        assert isinstance(whole, Gap)
        assert (whole.since_ms, whole.until_ms) == (gaps[0].since_ms, gaps[-1].until_ms)


@pytest.mark.parametrize("raw", [False, True])
@pytest.mark.parametrize("error", [ValueError("mine"), asyncio.CancelledError("mine")])
async def test_a_decoder_or_callback_that_raises_ends_its_streams(
    venue: tuple[Venue, Environment], raw: bool, error: BaseException
) -> None:
    """It is not the connection's fault: to make another would begin that again for ever."""
    place, environment = venue
    told: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))

    def fail(_: object) -> Event:
        raise error

    client = AsyncClient(environment)
    for asked in ({"decode": fail}, {"callback": fail}):
        options = StreamOptions(raw=raw)
        async with client.stream(TRADE, options=options, **asked) as market:  # type: ignore[arg-type]
            place.say(trade(1)) if raw else place.tell(TRADE, trade(1))
            ended = await heard(market)
            assert isinstance(ended, SubscriptionEnded)
            assert ended.names == (TRADE,)
            assert f"the {'decoder' if 'decode' in asked else 'callback'} raised" in ended.reason
    assert len(told) == len(place.sockets) == 2


async def test_a_decoder_that_expects_another_form(venue: tuple[Venue, Environment]) -> None:
    place, environment = venue
    asyncio.get_running_loop().set_exception_handler(lambda _, context: None)
    decode = msgspec.json.Decoder(UnknownEvent).decode
    async with AsyncClient(environment).stream(TRADE, decode=decode) as market:
        place.tell(TRADE, trade(1))
        ended = await heard(market)
        assert isinstance(ended, SubscriptionEnded)
        assert "the decoder raised ValidationError" in ended.reason
