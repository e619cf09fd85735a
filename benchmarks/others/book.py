"""Local order books by other people's clients: followed on a stream, and the book alone."""

import asyncio
from typing import Any

from benchmarks import market
from benchmarks.chunks import Flow, fed
from benchmarks.figures import Worked
from benchmarks.others import pointed


async def _python_binance(seconds: float, port: int) -> Worked:
    from binance import DepthCacheManager

    client, flow = pointed.python_binance(port), Flow(seconds, lambda: None)
    sockets = pointed.python_binance_sockets(client)
    books = DepthCacheManager(client, market.SYMBOL, limit=market.LEVELS, ws_interval=100, bm=sockets)
    async with books:
        while not flow.over:
            book = await books.recv()
            bid, ask = book.get_bids()[0], book.get_asks()[0]
            if bid[0] >= ask[0]:
                raise AssertionError(f"{bid} {ask}")
            flow.hear()
    await client.close_connection()
    return flow.worked()


async def _python_binance_alone(seconds: float, port: int, *, reading: bool) -> Worked:
    import orjson
    from binance import DepthCacheManager
    from binance.ws.depthcache import DepthCache

    client = pointed.python_binance(port)
    books: Any = DepthCacheManager(client, market.SYMBOL)
    book = books._depth_cache = DepthCache(market.SYMBOL)
    books._apply_orders(orjson.loads(market.snapshot(market.FIRST_ID - 1)))

    def apply(payload: bytes) -> None:
        books._apply_orders(orjson.loads(payload))
        if reading:
            _ = book.get_bids()[0], book.get_asks()[0]

    worked = fed(apply, seconds, market.diffs)
    market.must_be_best(book.get_bids()[0][0], book.get_asks()[0][0])
    await client.close_connection()
    return worked


async def _ccxt(seconds: float, port: int) -> Worked:
    client = await pointed.ccxt("pro", port)
    flow = Flow(seconds, lambda: None)
    applied = client.handle_order_book_message

    def handle_order_book_message(*given: Any) -> Any:
        flow.hear()
        return applied(*given)

    client.handle_order_book_message = handle_order_book_message  # what is watched skips some
    while not flow.over:
        book = await client.watch_order_book(pointed.MARKET, market.LEVELS)
        if book["bids"][0][0] >= book["asks"][0][0]:
            raise AssertionError(f"{book['bids'][0]} {book['asks'][0]}")
    await client.close()
    return flow.worked()


async def _ccxt_alone(seconds: float, *, reading: bool) -> Worked:
    import orjson
    from ccxt.pro import binance

    client = binance()
    begun = client.parse_order_book(orjson.loads(market.snapshot(market.FIRST_ID - 1)), pointed.MARKET)
    book = client.order_book(begun, market.LEVELS)

    def apply(payload: bytes) -> None:
        client.handle_order_book_message(None, orjson.loads(payload), book)
        if reading:
            book.limit()
            _ = book["bids"][0], book["asks"][0]

    worked = fed(apply, seconds, market.diffs)
    market.must_be_best(book["bids"][0][0], book["asks"][0][0])
    await client.close()
    return worked


def python_binance(seconds: float, port: int) -> Worked:
    """python-binance's `DepthCacheManager`; the best bid and ask are read after every diff."""
    return asyncio.run(_python_binance(seconds, port))


def python_binance_applied(seconds: float, port: int) -> Worked:
    """Its book alone: a diff's JSON is decoded and applied. It is sorted only when it is read."""
    return asyncio.run(_python_binance_alone(seconds, port, reading=False))


def python_binance_read(seconds: float, port: int) -> Worked:
    """The same, and the best bid and ask are read after every diff."""
    return asyncio.run(_python_binance_alone(seconds, port, reading=True))


def ccxt(seconds: float, port: int) -> Worked:
    """ccxt.pro's `watch_order_book`: every diff is counted, the best is read of the books it tells."""
    return asyncio.run(_ccxt(seconds, port))


def ccxt_applied(seconds: float, port: int) -> Worked:
    """Its book alone: a diff's JSON is decoded and applied."""
    return asyncio.run(_ccxt_alone(seconds, reading=False))


def ccxt_read(seconds: float, port: int) -> Worked:
    """The same, and the best bid and ask are read after every diff, as `watch_order_book` hands them out."""
    return asyncio.run(_ccxt_alone(seconds, reading=True))
