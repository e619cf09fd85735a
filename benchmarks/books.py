"""surefoot's order book as its documentation uses it, and the book alone."""

import asyncio

import uvloop

from benchmarks import desk, market
from benchmarks.chunks import fed, flow_of
from benchmarks.figures import Worked
from surefoot.client.aio import AsyncClient
from surefoot.codec.rest import decode_answer
from surefoot.market.aio import OrderBook
from surefoot.market.book import Book, decode_change
from surefoot.spot.events import Event
from surefoot.spot.market import GetDepth

_NOW_MS = 1_753_772_400_000


async def _followed(seconds: float, port: int) -> Worked:
    flow, over = flow_of(seconds)

    def changed(event: Event) -> None:
        bid, ask = book.bids.best, book.asks.best
        if bid is None or ask is None or bid.price >= ask.price:
            raise AssertionError(f"{bid} {ask}")
        flow.hear(event)

    async with AsyncClient(desk.environment(port)) as client:
        book = OrderBook(client, market.SYMBOL, limit=market.LEVELS, callback=changed)
        async with book:
            await over
    return flow.worked()


def followed(seconds: float, port: int) -> Worked:
    """`OrderBook` on a stream, uvloop; the best bid and ask are read after every diff."""
    return uvloop.run(_followed(seconds, port))


def asyncio_followed(seconds: float, port: int) -> Worked:
    """The same on asyncio's own loop."""
    return asyncio.run(_followed(seconds, port))


def _alone(seconds: float, *, reading: bool) -> Worked:
    book = Book(market.LEVELS)
    snapshot = market.snapshot(market.FIRST_ID - 1)
    book.take(decode_answer(GetDepth(symbol=market.SYMBOL), snapshot), _NOW_MS)

    def apply(payload: bytes) -> None:
        book.hear(decode_change(payload), _NOW_MS)
        if reading:
            _ = book.bids.best, book.asks.best

    worked = fed(apply, seconds, market.diffs)
    bid, ask = book.bids.best, book.asks.best
    if bid is None or ask is None:
        raise AssertionError(f"the book has an empty side: {bid} {ask}")
    market.must_be_best(float(bid.price), float(ask.price))
    return worked


def applied(seconds: float, port: int) -> Worked:
    """The book alone: a diff's JSON is decoded and applied."""
    return _alone(seconds, reading=False)


def read(seconds: float, port: int) -> Worked:
    """The same, and the best bid and ask are read after every diff."""
    return _alone(seconds, reading=True)
