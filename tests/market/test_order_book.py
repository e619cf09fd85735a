"""Order books on a client, against the embedded exchange, with the wire cut in the middle."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal as D

import pytest

from surefoot import errors
from surefoot.client.aio import AsyncClient, StreamOptions, handover
from surefoot.exchange.liquidity.synthetic import Liquidity
from surefoot.market.aio import BookUpdate, OrderBook
from surefoot.market.book import BookState
from surefoot.spot import streams
from surefoot.spot.enums import OrderType, Side, TimeInForce
from surefoot.spot.environments import Environment, local
from surefoot.spot.events import Event, TradeEvent
from tests.client.street import Place, Street, running


async def rest(client: AsyncClient, price: int) -> None:
    """A BUY far below the market: it changes the book, and stays."""
    await client.new_order(
        "BTCUSDT", Side.BUY, OrderType.LIMIT, time_in_force=TimeInForce.GTC, quantity="0.001", price=price
    )


async def until_it_has(book: OrderBook, price: int) -> None:
    """Wait until a live book shows a bid at `price`."""
    async with asyncio.timeout(20):
        while not (book.state is BookState.LIVE and has(book, price)):
            await anext(book)


def has(book: OrderBook, price: int) -> bool:
    return any(level.price == price for level in book.bids.top(5000))


async def same_as_exchange(client: AsyncClient, book: OrderBook) -> None:
    truth = await client.depth("BTCUSDT", limit=5000)
    async with asyncio.timeout(20):
        while book.update_id < truth.last_update_id:
            await anext(book)
    assert book.update_id == truth.last_update_id, "the exchange is quiet, so nothing else happened"
    assert book.top(5000) == truth


@asynccontextmanager
async def quiet(street_of: Place) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(street_of.environment, street_of.hmac) as client:
        yield client


async def test_a_book_begins_follows_and_survives_a_cut_wire(street: tuple[Street, Place]) -> None:
    """Requirement: after any gap it is stale, says since when, and is right again before it is live."""
    proxy, place = street
    async with quiet(place) as client, OrderBook(client, "BTCUSDT") as book:
        assert book.state is BookState.LIVE
        best_bid, best_ask = book.bids.best, book.asks.best
        assert best_bid is not None
        assert best_ask is not None
        assert best_bid.price < best_ask.price
        await rest(client, 60_000)
        await until_it_has(book, 60_000)

        before_ms = client.desk.now_ms()
        proxy.closed = True
        proxy.cut()
        async with asyncio.timeout(20):
            while book.state is BookState.LIVE:
                await anext(book)
        assert book.state is BookState.STALE
        assert book.stale_since_ms is not None
        assert book.stale_since_ms <= client.desk.now_ms()
        assert book.stale_since_ms >= before_ms - 30_000
        assert has(book, 60_000), "it shows what it last knew"

        async with AsyncClient(direct(place), place.hmac) as elsewhere:
            await rest(elsewhere, 60_001)  # while the book is deaf
        assert not has(book, 60_001)
        proxy.closed = False
        await until_it_has(book, 60_001)
        await rest(client, 60_002)
        await until_it_has(book, 60_002)
        await same_as_exchange(client, book)


def direct(place: Place) -> Environment:
    """The exchange without the street."""
    server = place.server
    return local(server.rest_url, server.ws_api_url, server.ws_url)


async def test_a_busy_book_ends_equal_to_the_exchange() -> None:
    async with running(liquidity=Liquidity.LIVELY) as place, quiet(place) as client:
        updates = 0
        async with OrderBook(client, "BTCUSDT") as book, asyncio.timeout(20):
            async for update in book:
                assert isinstance(update, BookUpdate)
                assert (update.state, update.snapshots) == (BookState.LIVE, 1)
                bid, ask = book.bids.best, book.asks.best
                assert bid is not None
                assert ask is not None
                assert bid.price < ask.price
                updates += 1
                if updates == 5:
                    break


async def test_books_share_a_connection_with_other_streams(place: Place) -> None:
    async with quiet(place) as client, client.stream(streams.trade("BTCUSDT")) as market:
        async with OrderBook(client, "BTCUSDT", stream=market) as book:
            assert market.names == ("btcusdt@trade", "btcusdt@depth@100ms")
            await client.new_order("BTCUSDT", Side.BUY, OrderType.MARKET, quantity="0.001")
            async with asyncio.timeout(20):
                assert isinstance(await anext(market), TradeEvent)
            await same_as_exchange(client, book)
        assert market.names == ("btcusdt@trade",)


async def test_a_book_beside_streams_that_nobody_reads_is_stale_and_says_so(place: Place) -> None:
    """A full queue stops the whole connection: the book must not pass for live meanwhile."""
    options = StreamOptions(capacity=2)
    async with (
        quiet(place) as client,
        client.stream(streams.trade("BTCUSDT"), options=options) as market,
        OrderBook(client, "BTCUSDT", stream=market) as book,
    ):
        for _ in range(2):
            await client.new_order("BTCUSDT", Side.BUY, OrderType.MARKET, quantity="0.001")
        async with asyncio.timeout(20):
            while book.state is BookState.LIVE:  # noqa: ASYNC110 - the reading stops, so nothing is told
                await asyncio.sleep(0.005)
        assert book.state is BookState.STALE
        assert book.stale_since_ms is not None
        await anext(market)
        assert (book.state, book.stale_since_ms) == (BookState.LIVE, None)
        await same_as_exchange(client, book)


async def test_two_books_of_one_symbol_do_not_share_a_connection(place: Place) -> None:
    async with quiet(place) as client, client.stream(streams.trade("BTCUSDT")) as market:
        async with OrderBook(client, "BTCUSDT", stream=market) as book:
            with pytest.raises(errors.Misuse, match="carries btcusdt@depth@100ms already"):
                async with OrderBook(client, "BTCUSDT", stream=market):
                    raise AssertionError
            assert book.state is BookState.LIVE
        assert market.watchers == []


async def test_callbacks_hear_updates_and_one_that_raises_is_called_no_more(place: Place) -> None:
    heard: list[Event] = []
    told = asyncio.Event()

    def hear(event: Event) -> None:
        heard.append(event)
        told.set()
        raise RuntimeError("mine")

    failures: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: failures.append(context))
    async with quiet(place) as client, OrderBook(client, "BTCUSDT", callback=hear) as book:
        async with asyncio.timeout(20):
            with pytest.raises(errors.Misuse, match="RuntimeError: mine; it is called no more"):
                await anext(book)
        await rest(client, 60_000)
        async with asyncio.timeout(20):
            while not has(book, 60_000):  # noqa: ASYNC110 - nobody tells any more
                await asyncio.sleep(0.005)
    assert len(heard) == 1
    assert len(failures) == 1


async def test_what_cannot_be_is_refused(place: Place) -> None:
    async with quiet(place) as client:
        with pytest.raises(errors.Misuse, match="limit 0"):
            OrderBook(client, "BTCUSDT", limit=0)
        with pytest.raises(errors.InvalidRequest, match=r"nope@depth.* are the symbols right"):
            async with OrderBook(client, "NOPE"):
                raise AssertionError
        before = asyncio.all_tasks()
        async with client.stream(streams.trade("BTCUSDT")) as market:
            with pytest.raises(errors.InvalidRequest, match="nope@depth"):
                async with OrderBook(client, "NOPE", stream=market):
                    raise AssertionError
        async with asyncio.timeout(5):
            while not asyncio.all_tasks() <= before:  # noqa: ASYNC110
                await asyncio.sleep(0.005)


async def test_a_book_is_entered_once_and_first(place: Place) -> None:
    async with quiet(place) as client:
        book = OrderBook(client, "btcusdt")
        assert repr(book) == "OrderBook(BTCUSDT, syncing)"
        with pytest.raises(errors.Misuse, match="enter the order book first"):
            await anext(book)
        async with book:
            with pytest.raises(errors.Misuse, match="entered once"):
                await book.__aenter__()
            with pytest.raises(errors.Misuse, match=r"price: float 60000.5 is not exact"):
                book.bids.volume_to(60_000.5)  # type: ignore[arg-type]
            assert book.bids.volume_to("60000").complete


async def test_a_book_ends_with_the_stream_that_it_shares(street: tuple[Street, Place]) -> None:
    proxy, place = street
    async with AsyncClient(place.environment) as client:
        market = client.stream(streams.trade("BTCUSDT"))
        async with market, OrderBook(client, "BTCUSDT", stream=market, limit=100) as book:
            await market.__aexit__()
            assert book.state is BookState.STALE
            async with asyncio.timeout(10):
                updates = [update async for update in book]
            assert updates[-1].state is BookState.STALE
        market = client.stream(streams.trade("BTCUSDT"))
        async with market:
            proxy.swallow_answers = True
            entering = asyncio.ensure_future(OrderBook(client, "BTCUSDT", stream=market).__aenter__())
            await asyncio.sleep(0)
        with pytest.raises(errors.Misuse, match="closed"):
            await entering


async def test_what_keeps_a_book_from_beginning_is_raised_as_it_is(place: Place) -> None:
    """Not in a group: nobody who waits for a book expects one."""
    unopened = AsyncClient(place.environment)
    with pytest.raises(errors.Misuse, match="the client is not open"):
        async with OrderBook(unopened, "BTCUSDT"):
            raise AssertionError


async def test_a_snapshot_that_cannot_be_had_is_tried_again(street: tuple[Street, Place]) -> None:
    """The stream lives, REST does not: the book waits, and is never live without a snapshot."""
    proxy, place = street
    keyless = AsyncClient(place.environment)  # so it has asked nothing yet, and holds no connection
    async with keyless as client, client.stream(streams.trade("BTCUSDT")) as market:
        book = OrderBook(client, "BTCUSDT", stream=market, limit=100)
        proxy.closed = True  # the stream keeps its connection, the snapshot needs one
        entering = asyncio.ensure_future(book.__aenter__())
        async with asyncio.timeout(20):
            await proxy.refused_thrice.wait()
        assert book.state is BookState.SYNCING
        assert book.bids.best is None
        proxy.closed = False
        await entering
        assert book.state is BookState.LIVE
        assert len(book.bids) <= 100
        best = book.bids.best
        assert best is not None
        assert book.bids.volume_to(best.price - D(1)).base >= best.quantity
        await book.__aexit__()


async def test_a_book_lives_through_a_rotation(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """The changes of both connections are one chain: no other snapshot is needed."""
    monkeypatch.setattr(handover, "_OVERLAP_S", 0)
    async with quiet(place) as client, OrderBook(client, "BTCUSDT") as book:
        for price in (60_000, 60_001, 60_002):
            await asyncio.gather(book._stream.rotate(), rest(client, price))
            await until_it_has(book, price)
        await same_as_exchange(client, book)
        assert book._count == 1
