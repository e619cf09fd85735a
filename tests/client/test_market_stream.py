"""Market streams: subscribed and left while they run, kept or conflated as the table says, cut and back."""

import asyncio
import json
from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Any

import pytest

from surefoot import errors
from surefoot.client.aio import AsyncClient, MarketStream, StreamOptions
from surefoot.client.aio.feeds import Feeds
from surefoot.client.aio.inbox import Inbox
from surefoot.client.aio.line import Line
from surefoot.client.aio.market_socket import MarketSocket
from surefoot.client.desk import Desk
from surefoot.client.streams import Gap, State, SubscriptionEnded
from surefoot.client.subscriptions import LIST, SUBSCRIBE, Change
from surefoot.simulation.loop import run as virtually
from surefoot.spot import streams
from surefoot.spot.environments import Environment, local
from surefoot.spot.events import (
    BookTickerEvent,
    Event,
    KlineEvent,
    MiniTickersEvent,
    PartialDepth,
    ServerShutdown,
    TradeEvent,
    UnknownEvent,
)
from surefoot.world import system_world
from tests.client.venue import Venue, opened

TRADE, BOOK = "btcusdt@trade", "btcusdt@bookTicker"


@pytest.fixture
async def venue() -> AsyncIterator[tuple[Venue, Environment]]:
    async with opened() as found:
        yield found


def trade(id: int) -> dict[str, Any]:
    return {"e": "trade", "E": id, "s": "BTCUSDT", "t": id, "p": "1", "q": "2", "T": id, "m": True, "M": True}


def book(id: int) -> dict[str, Any]:
    return {"u": id, "s": "BTCUSDT", "b": "1", "B": "1", "a": "2", "A": "1"}


def kline(id: int, *, closed: bool) -> dict[str, Any]:
    numbers = dict.fromkeys("ochlvqVQ", "1")
    candle = {"t": id, "T": id, "s": "X", "i": "1m", "f": 1, "L": 1, "n": 1, "x": closed, "B": "0"}
    return {"e": "kline", "E": id, "s": "BTCUSDT", "k": candle | numbers}


def mini(symbol: str, id: int) -> dict[str, Any]:
    return {"e": "24hrMiniTicker", "E": id, "s": symbol} | dict.fromkeys("cohlvq", "1")


async def heard(stream: MarketStream) -> Event:
    async with asyncio.timeout(20):
        return await anext(stream)


async def all_read(stream: MarketStream, venue: Venue) -> None:
    """Wait until everything that the venue said has arrived: an answer comes after all events."""
    await stream.subscribe(f"mark{len(venue.asked)}@trade")


async def test_streams_come_and_go_while_it_runs(venue: tuple[Venue, Environment]) -> None:
    place, environment = venue
    async with AsyncClient(environment).stream(TRADE) as market:
        assert place.targets == ["/stream?streams=btcusdt@trade"]
        await market.subscribe(BOOK, streams.kline("ETHUSDT", "1m"))
        assert market.names == (TRADE, BOOK, "ethusdt@kline_1m")
        assert place.carried == list(market.names)
        place.tell(BOOK, book(7))
        assert isinstance(await heard(market), BookTickerEvent)
        await market.unsubscribe(TRADE, "never@trade")
        assert place.carried == [BOOK, "ethusdt@kline_1m"]
        place.tell(TRADE, trade(1))  # said before the exchange knew
        place.tell(BOOK, book(8))
        event = await heard(market)
        assert isinstance(event, BookTickerEvent)
        assert event.update_id == 8


async def test_what_is_asked_at_once_is_asked_in_one_message(venue: tuple[Venue, Environment]) -> None:
    place, environment = venue
    async with AsyncClient(environment).stream(TRADE) as market:
        await asyncio.gather(*(market.subscribe(f"s{number}@trade") for number in range(50)))
        assert len(place.asked) <= 3
        assert len(place.carried) == 51


class Prompt:
    """A connection that acknowledges at once, and notes when it was asked."""

    def __init__(self, socket: MarketSocket) -> None:
        self._socket = socket
        self.asked: list[float] = []

    def send(self, data: bytes) -> None:
        self.asked.append(asyncio.get_running_loop().time())
        id = json.loads(data)["id"]
        self._socket.on_text(b'{"result":null,"id":%d}' % id)


def test_control_messages_leave_room_for_pings_and_pongs() -> None:
    """At most five messages a second come in, pings and pongs counted."""

    async def asked() -> list[float]:
        desk = Desk(local("http://h", "ws://h", "ws://h"), None, world=system_world())
        feeds = Feeds(Inbox(1, on_full=lambda: None, on_drained=lambda: None))
        line = Line(lambda route, event: None, lambda: None, asked_ms=0, telling=False)
        socket = MarketSocket(desk, feeds, line)
        prompt = Prompt(socket)
        socket._socket = prompt  # type: ignore[assignment]
        for number in range(3):
            assert not (await socket.ask(Change(SUBSCRIBE, (f"s{number}@trade",)))).refused
        await asyncio.gather(socket.ask(Change(LIST)), socket.ask(Change(SUBSCRIBE, ("last@trade",))))
        return prompt.asked

    apart = [later - earlier for earlier, later in pairwise(virtually(asked()))]
    assert (len(apart), min(apart) > 1 / 3) == (4, True)


async def test_many_streams_do_not_all_fit_in_the_target(venue: tuple[Venue, Environment]) -> None:
    place, environment = venue
    names = [f"symbol{number}@trade" for number in range(600)]
    async with AsyncClient(environment).stream(*names) as market:
        assert len(place.targets[0]) < 4_100
        assert sorted(place.carried) == sorted(names)
        assert len(place.asked[0][1]["params"]) == 200, "at most two hundred streams a message"
        assert market.state is State.LIVE
        with pytest.raises(errors.Misuse, match="1025 streams: one connection carries 1024"):
            await market.subscribe(*(f"other{number}@trade" for number in range(425)))
        assert market.names == tuple(names)


async def test_after_a_cut_everything_is_subscribed_again_and_the_gap_is_told(
    venue: tuple[Venue, Environment],
) -> None:
    place, environment = venue
    client = AsyncClient(environment)
    async with client.stream(TRADE) as market:
        await market.subscribe(BOOK)
        place.tell(TRADE, trade(5))
        assert isinstance(await heard(market), TradeEvent)
        place.sockets[-1].abort()
        gap = await heard(market)
        assert isinstance(gap, Gap)
        assert gap.since_ms == 5, "the last thing heard was said then"
        assert sorted(place.carried) == sorted([TRADE, BOOK])
        assert market.deaf_since_ms is None


async def test_a_subscription_asked_for_while_it_is_cut_is_made_with_the_next_connection(
    venue: tuple[Venue, Environment],
) -> None:
    place, environment = venue
    async with AsyncClient(environment).stream(TRADE) as market:
        place.silent = True
        asking = asyncio.ensure_future(market.subscribe(BOOK))
        await place.until(lambda: len(place.asked) == 1)
        place.silent = False
        place.sockets[-1].abort()
        async with asyncio.timeout(20):
            await asking
        assert sorted(place.carried) == sorted([TRADE, BOOK])


async def test_the_stream_at_fault_is_found_and_refused_alone(venue: tuple[Venue, Environment]) -> None:
    place, environment = venue
    place.unknown = {"nope@trade"}
    async with AsyncClient(environment).stream(TRADE) as market:
        others = asyncio.gather(market.subscribe(BOOK), market.subscribe("ethusdt@trade"))
        with pytest.raises(errors.InvalidRequest, match="refused the stream 'nope@trade'") as caught:
            await market.subscribe("nope@trade")
        assert caught.value.code == 2
        await others
        assert market.names == (TRADE, BOOK, "ethusdt@trade")
        with pytest.raises(errors.InvalidRequest):
            await market.subscribe("nope@trade")


async def test_a_refusal_at_the_beginning_is_raised(venue: tuple[Venue, Environment]) -> None:
    place, environment = venue
    place.unknown = {"symbol279@trade"}
    with pytest.raises(errors.InvalidRequest, match="symbol279@trade"):
        async with AsyncClient(environment).stream(*(f"symbol{number}@trade" for number in range(280))):
            raise AssertionError


async def test_a_slow_reader_gets_the_newest_of_what_may_be_conflated(
    venue: tuple[Venue, Environment],
) -> None:
    place, environment = venue
    names = (TRADE, BOOK, "btcusdt@kline_1m", "!miniTicker@arr", "btcusdt@depth5@100ms")
    async with AsyncClient(environment).stream(*names) as market:
        for number in range(1, 4):
            place.tell(TRADE, trade(number))
            place.tell(BOOK, book(number))
            place.tell("btcusdt@depth5@100ms", {"lastUpdateId": number, "bids": [], "asks": []})
        for number, closed in ((1, False), (2, False), (3, True), (4, False), (5, False)):
            place.tell("btcusdt@kline_1m", kline(number, closed=closed))
        place.tell("!miniTicker@arr", [mini("A", 1), mini("B", 1)])
        place.tell("!miniTicker@arr", [mini("B", 2), mini("C", 2)])
        await all_read(market, place)
        found = [await heard(market) for _ in range(8)]
        assert [event.trade_id for event in found if isinstance(event, TradeEvent)] == [1, 2, 3]
        assert [event.update_id for event in found if isinstance(event, BookTickerEvent)] == [3]
        depths = [event for event in found if isinstance(event, PartialDepth)]
        assert [(event.symbol, event.last_update_id) for event in depths] == [("BTCUSDT", 3)]
        candles = [event.kline for event in found if isinstance(event, KlineEvent)]
        assert [(candle.open_time, candle.is_closed) for candle in candles] == [(3, True), (5, False)]
        (tickers,) = [event for event in found if isinstance(event, MiniTickersEvent)]
        assert [(one.symbol, one.event_time) for one in tickers.tickers] == [("A", 1), ("B", 2), ("C", 2)]


async def test_what_is_said_after_a_gap_is_not_told_before_it(venue: tuple[Venue, Environment]) -> None:
    place, environment = venue
    async with AsyncClient(environment).stream(BOOK) as market:
        place.tell(BOOK, book(1))
        await all_read(market, place)
        place.sockets[-1].abort()
        await place.until(lambda: len(place.sockets) == 2)
        place.tell(BOOK, book(2))
        found = [await heard(market) for _ in range(3)]
        assert isinstance(found[1], Gap)
        assert [event.update_id for event in found if isinstance(event, BookTickerEvent)] == [1, 2]


async def test_nothing_is_conflated_on_request(venue: tuple[Venue, Environment]) -> None:
    place, environment = venue
    options = StreamOptions(conflate=False, microseconds=True)
    async with AsyncClient(environment).stream(BOOK, options=options) as market:
        assert place.targets == ["/stream?streams=btcusdt@bookTicker&timeUnit=MICROSECOND"]
        for number in range(3):
            place.tell(BOOK, book(number))
        await all_read(market, place)
        found = [await heard(market) for _ in range(3)]
        assert [event.update_id for event in found if isinstance(event, BookTickerEvent)] == [0, 1, 2]


async def test_a_full_queue_stops_reading_and_loses_nothing(venue: tuple[Venue, Environment]) -> None:
    """Law 5: trades are never dropped; the socket is not read any more, and all come in the end."""
    place, environment = venue
    async with AsyncClient(environment).stream(TRADE, options=StreamOptions(capacity=4)) as market:
        total = 20_000
        for number in range(total):
            place.tell(TRADE, trade(number))
        first = await heard(market)
        assert isinstance(first, TradeEvent)
        for _ in range(100):
            await asyncio.sleep(0)
        held = len(market.inbox._held)
        assert held < total // 2, "the rest waits in the network"
        found = [event.trade_id async for event in _some(market, total - 1) if isinstance(event, TradeEvent)]
        assert [first.trade_id, *found] == list(range(total))


async def _some(market: MarketStream, count: int) -> AsyncIterator[Event]:
    for _ in range(count):
        yield await heard(market)


async def test_callbacks_by_stream_and_one_that_raises(venue: tuple[Venue, Environment]) -> None:
    """An exception in a user's callback ends its streams with an event, never the client."""
    place, environment = venue
    told: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))
    books: list[Event] = []
    trades: list[Event] = []

    def on_trade(event: Event) -> None:
        trades.append(event)
        if isinstance(event, TradeEvent) and event.trade_id == 2:
            raise RuntimeError("mine")

    client = AsyncClient(environment)
    async with client.stream(BOOK, "ethusdt@trade", callback=books.append) as market:
        await market.subscribe(TRADE, "xrpusdt@trade", callback=on_trade)
        for number in range(1, 4):
            place.tell(TRADE, trade(number))
            place.tell(BOOK, book(number))
        ended = await heard(market)
        assert isinstance(ended, SubscriptionEnded)
        assert ended.names == (TRADE, "xrpusdt@trade")
        assert "RuntimeError: mine" in ended.reason
        await place.until(lambda: place.carried == [BOOK, "ethusdt@trade"])
        assert len(trades) == 2
        assert [event.update_id for event in books if isinstance(event, BookTickerEvent)] == [1, 2, 3]
        assert ended in books, "callbacks hear what befalls the stream"
        place.sockets[-1].abort()
        assert isinstance(await heard(market), Gap)
        assert isinstance(books[-1], Gap)
    assert [str(context["exception"]) for context in told] == ["mine"]


async def test_callbacks_that_cannot_be(venue: tuple[Venue, Environment]) -> None:
    _, environment = venue

    async def coroutine(event: Event) -> None:
        raise AssertionError(event)

    class Called:
        async def __call__(self, event: Event) -> None:
            raise AssertionError(event)

    client = AsyncClient(environment)
    for awaited in (coroutine, Called()):
        with pytest.raises(errors.Misuse, match="plain function"):
            client.stream(TRADE, callback=awaited)  # type: ignore[arg-type]
    with pytest.raises(errors.Misuse, match="cannot be called"):
        client.stream(TRADE, callback="print")  # type: ignore[arg-type]


async def test_raw_connections(venue: tuple[Venue, Environment]) -> None:
    place, environment = venue
    raw = StreamOptions(raw=True)
    client = AsyncClient(environment)
    async with client.stream(BOOK, options=raw) as market:
        assert place.targets == ["/ws/btcusdt@bookTicker"]
        place.say(book(3))
        assert isinstance(await heard(market), BookTickerEvent)
        place.say({"e": "serverShutdown", "E": 1})
        assert await heard(market) == ServerShutdown(event_time=1)
        with pytest.raises(errors.Misuse, match="raw connection carries one stream"):
            await market.subscribe(TRADE)
    with pytest.raises(errors.Misuse, match="raw"):
        client.stream(TRADE, BOOK, options=raw)


async def test_what_else_a_connection_may_say(venue: tuple[Venue, Environment]) -> None:
    place, environment = venue
    async with AsyncClient(environment).stream("这是测试币456@trade") as market:
        place.tell("!serverShutdown", {"e": "serverShutdown", "E": 4})
        assert await heard(market) == ServerShutdown(event_time=4)
        place.say({"data": trade(1), "stream": "这是测试币456@trade"})  # the other way round
        assert isinstance(await heard(market), TradeEvent)
        place.sockets[-1].send(
            b'{"stream":"\\u8fd9\\u662f\\u6d4b\\u8bd5\\u5e01456@trade","data":{"e":"new","x":1}}'
        )
        assert isinstance(await heard(market), UnknownEvent)
        place.tell("这是测试币456@trade", {"e": "trade", "E": "nonsense"})
        assert isinstance(await heard(market), Gap), "nonsense ends the connection"


@pytest.mark.parametrize(
    "message", [b"<html>", b"\xff\xfe", b"[" * 5_000, b'{"stream":"btcusdt@trade","data":', b""]
)
async def test_nonsense_is_not_survived_by_its_connection_but_by_the_stream(
    venue: tuple[Venue, Environment], message: bytes
) -> None:
    place, environment = venue
    async with AsyncClient(environment).stream(TRADE) as market:
        place.sockets[-1].send(message)
        assert isinstance(await heard(market), Gap)
        place.tell(TRADE, trade(2))
        assert isinstance(await heard(market), TradeEvent)


async def test_a_decoder_of_ones_own(venue: tuple[Venue, Environment]) -> None:
    place, environment = venue

    def decode(raw: bytes) -> Event:
        return UnknownEvent(name="mine", raw=raw)

    async with AsyncClient(environment).stream(BOOK, decode=decode) as market:
        place.tell(BOOK, book(1))
        place.tell(BOOK, book(2))
        found = [await heard(market), await heard(market)]
        assert all(isinstance(event, UnknownEvent) and b'"s":"BTCUSDT"' in event.raw for event in found)


async def test_a_stream_is_entered_once_and_shows_what_it_carries(venue: tuple[Venue, Environment]) -> None:
    async with AsyncClient(venue[1]) as client:
        stream = client.stream(*(streams.trade(f"A{number}") for number in range(5)))
        assert repr(stream) == "MarketStream(a0@trade, a1@trade, a2@trade, …, connecting)"
        async with stream:
            with pytest.raises(errors.Misuse, match="entered once"):
                await stream.__aenter__()
        assert stream.state is State.CLOSED


async def test_names_that_cannot_be_leave_nothing_behind(venue: tuple[Venue, Environment]) -> None:
    _, environment = venue
    client = AsyncClient(environment)
    async with client.stream(TRADE) as market:
        with pytest.raises(errors.Misuse, match="there is no stream"):
            await market.subscribe(BOOK, "btcusdt@nothing")
        assert market.names == (TRADE,)
    with pytest.raises(errors.Misuse, match="closed"):
        await market.subscribe(BOOK)
    with pytest.raises(errors.Misuse, match="enter the stream first"):
        await client.stream(TRADE).subscribe(BOOK)
