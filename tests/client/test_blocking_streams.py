"""Streams without await: one private thread while there are any, and none left behind."""

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable

import pytest

from surefoot import Rotation, errors
from surefoot.client.aio import handover, loop_thread
from surefoot.client.aio.blocking_stream import BlockingStream
from surefoot.client.blocking import Client
from surefoot.client.streams import Gap, State
from surefoot.market.blocking import BlockingOrderBook
from surefoot.market.book import BookState
from surefoot.spot import streams
from surefoot.spot.enums import OrderType, Side, TimeInForce
from surefoot.spot.events import BookTickerEvent, Event, ExecutionReport, TradeEvent
from tests.client.street import Place, Street

BOOK = streams.book_ticker("BTCUSDT")


def ours() -> int:
    return sum(thread.name == "surefoot streams" for thread in threading.enumerate())


@pytest.fixture(autouse=True)
async def nothing_left() -> AsyncIterator[None]:
    yield
    assert ours() == 0


async def elsewhere(story: Callable[[], None]) -> None:
    async with asyncio.timeout(30):
        await asyncio.to_thread(story)


def buy(client: Client) -> None:
    client.new_order("BTCUSDT", Side.BUY, OrderType.MARKET, quantity="0.001")


def rest(client: Client, price: int) -> None:
    client.new_order(
        "BTCUSDT", Side.BUY, OrderType.LIMIT, time_in_force=TimeInForce.GTC, quantity="0.001", price=price
    )


async def test_a_for_loop_over_streams(place: Place) -> None:
    def story() -> None:
        with Client(place.environment, place.hmac) as client:
            assert ours() == 0
            with client.stream(streams.trade("BTCUSDT")) as market:
                assert (market.state, ours()) == (State.LIVE, 1)
                buy(client)
                for event in market:
                    assert isinstance(event, TradeEvent)
                    break
                market.subscribe(BOOK)
                buy(client)
                while not isinstance(market.get(5_000), BookTickerEvent):
                    pass
                market.unsubscribe(BOOK)
                with client.user_data() as account:
                    assert ours() == 1, "one thread for all"
                    buy(client)
                    assert any(isinstance(event, ExecutionReport) for event in account)
            assert market.get() is None, "closed"
            assert list(market) == []

    await elsewhere(story)


async def test_a_stream_that_nobody_entered_opens_itself_and_its_client_closes_it(place: Place) -> None:
    def story() -> None:
        with Client(place.environment) as client:
            quiet = client.stream("btcusdt@trade", timeout_ms=1)
            assert list(quiet) == [], "nothing came in time"
            assert quiet.get(timeout_ms=1) is None
            assert quiet.state is State.LIVE
            assert ours() == 1
        assert ours() == 0
        assert quiet.state is State.CLOSED

    await elsewhere(story)


async def test_what_a_blocking_stream_says_of_itself(place: Place) -> None:
    def story() -> None:
        with Client(place.environment) as client:
            market = client.stream("btcusdt@trade")
            with market:
                assert repr(market) == "BlockingMarketStream(btcusdt@trade, live)"
                assert (market.names, market.deaf_since_ms) == (("btcusdt@trade",), None)
                with pytest.raises(errors.Misuse, match="the stream is open already"):
                    market.__enter__()
            with pytest.raises(errors.Misuse, match="the stream was closed: make a new one"):
                market.__enter__()
            with BlockingOrderBook(client, "BTCUSDT") as book:
                assert repr(book) == "BlockingOrderBook(BTCUSDT, live)"
                assert book.update_id > 0
            assert (list(book), book.get(timeout_ms=1)) == ([], None)

    await elsewhere(story)


async def test_a_time_out_loses_nothing(place: Place) -> None:
    def story() -> None:
        with Client(place.environment, place.hmac) as client, client.stream("btcusdt@trade") as market:
            assert market.get(timeout_ms=1) is None
            buy(client)
            found = None
            while found is None:
                found = market.get(timeout_ms=1)
            assert isinstance(found, TradeEvent)

    await elsewhere(story)


async def test_another_thread_may_close_it(place: Place) -> None:
    def story() -> None:
        with Client(place.environment) as client, client.stream("btcusdt@trade") as market:
            closer = threading.Timer(0.01, market.close)
            closer.start()
            assert list(market) == []
            closer.join()

    await elsewhere(story)


async def test_a_gap_is_told_here_too(street: tuple[Street, Place]) -> None:
    proxy, place = street
    loop = asyncio.get_running_loop()

    def story() -> None:
        with Client(place.environment) as client, client.stream("btcusdt@trade") as market:
            loop.call_soon_threadsafe(proxy.cut)
            assert isinstance(market.get(), Gap)

    await elsewhere(story)


async def test_what_fails_is_raised_and_leaves_nothing(place: Place) -> None:
    def story() -> None:
        with Client(place.environment) as client:
            with pytest.raises(errors.Misuse, match="there is no stream"):
                client.stream("nothing")
            with pytest.raises(errors.InvalidRequest), client.stream("nope@trade"):
                raise AssertionError
            with pytest.raises(errors.Misuse, match="without credentials"):
                client.user_data()
            market = client.stream("btcusdt@trade")
            with market, pytest.raises(errors.InvalidRequest, match="nope@trade"):
                market.subscribe("nope@trade")
            with pytest.raises(errors.Misuse, match="not open"):
                market.subscribe("ethusdt@trade")

    await elsewhere(story)


async def test_a_callback_cannot_wait_for_its_own_stream(place: Place) -> None:
    refused: list[str] = []
    done = threading.Event()

    def story() -> None:
        def hear(event: Event) -> None:
            try:
                market.subscribe("ethusdt@trade")
            except errors.Misuse as error:
                refused.append(str(error))
            done.set()

        market: BlockingStream
        with (
            Client(place.environment, place.hmac) as client,
            client.stream("btcusdt@trade", callback=hear) as market,
        ):
            buy(client)
            assert done.wait(10)

    await elsewhere(story)
    assert refused == ["a callback cannot wait for the stream that calls it"]


async def test_after_a_fork_it_is_refused(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def story() -> None:
        with Client(place.environment) as client, client.stream("btcusdt@trade") as market:
            with monkeypatch.context() as child:
                child.setattr(loop_thread.os, "getpid", os.getppid)
                with pytest.raises(errors.Misuse, match="forked while blocking streams were open"):
                    market.get()
                with pytest.raises(errors.Misuse, match="forked"), client.stream("btcusdt@trade"):
                    raise AssertionError
            assert market.get(timeout_ms=1) is None, "the parent is not disturbed"

    await elsewhere(story)


FORK = """
import os
from surefoot.client.aio.loop_thread import LoopThread
from surefoot.errors import Misuse
thread = LoopThread()
if os.fork() == 0:
    try:
        thread.call(int)
    except Misuse:
        os._exit(7)
    os._exit(0)
print(os.waitstatus_to_exitcode(os.wait()[1]))
thread.end()
"""


@pytest.mark.process
def test_a_real_fork() -> None:
    done = subprocess.run([sys.executable, "-c", FORK], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "7"


async def test_a_blocking_order_book(place: Place) -> None:
    def story() -> None:
        with Client(place.environment, place.hmac) as client:
            with BlockingOrderBook(client, "BTCUSDT") as book:
                assert (book.state, book.stale_since_ms) == (BookState.LIVE, None)
                bid, ask = book.best_bid, book.best_ask
                assert bid is not None
                assert ask is not None
                assert bid.price < ask.price
                assert book.volume_to(Side.BUY, bid.price).base > 0
                assert book.volume_to(Side.SELL, ask.price).complete
                rest(client, 60_000)
                for _ in book:
                    if any(level.price == 60_000 for level in book.top(5_000).bids):
                        break
                truth = client.depth("BTCUSDT", limit=5_000)
                assert book.top(5_000) == truth
            assert ours() == 0
            with pytest.raises(errors.Misuse, match="not open"):
                book.top(1)

    await elsewhere(story)


async def test_an_order_book_of_nothing(place: Place) -> None:
    def story() -> None:
        with Client(place.environment) as client:
            with pytest.raises(errors.InvalidRequest), BlockingOrderBook(client, "NOPE"):
                raise AssertionError
            quiet = BlockingOrderBook(client, "BTCUSDT", timeout_ms=1)
            with quiet:
                while list(quiet):
                    pass

    await elsewhere(story)


async def test_connections_are_replaced_without_await_too(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handover, "_OVERLAP_S", 0)

    def story() -> None:
        with (
            Client(place.environment, place.hmac) as client,
            client.stream(streams.trade("BTCUSDT")) as market,
            client.user_data(rotation=Rotation(daily_at="04:30")) as account,
        ):
            for stream in (market, account):
                stream.rotate()
            buy(client)
            assert isinstance(market.get(timeout_ms=20_000), TradeEvent)
            assert isinstance(account.get(timeout_ms=20_000), ExecutionReport)

    await elsewhere(story)


async def test_a_callback_cannot_close_its_own_stream(place: Place) -> None:
    """It would wait for itself; nothing has changed, and another thread closes it as ever."""
    refused: list[str] = []
    done = threading.Event()

    def story() -> None:
        def hear(event: Event) -> None:
            for close in (market.close, client.__exit__):
                try:
                    close()
                except errors.Misuse as error:
                    refused.append(str(error))
            done.set()

        with Client(place.environment, place.hmac) as client:
            market = client.stream("btcusdt@trade", callback=hear)
            with market:
                buy(client)
                assert done.wait(10)
                assert market.state is State.LIVE
        assert market.state is State.CLOSED
        assert "surefoot streams" not in [thread.name for thread in threading.enumerate()]

    await elsewhere(story)
    assert refused == ["a callback cannot wait for the stream that calls it"] * 2
