"""A local order book for who blocks: the asynchronous one, on the process's private loop thread."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from surefoot.client.aio.blocking_events import BlockingEvents
from surefoot.client.aio.client import AsyncClient
from surefoot.client.aio.guest import Guest
from surefoot.client.blocking import Client
from surefoot.market.aio import BookUpdate, OrderBook
from surefoot.market.aio.order_book import update_of
from surefoot.market.book import MOST_LEVELS, BookState
from surefoot.market.ladder import Volume
from surefoot.spot.enums import Side
from surefoot.spot.events import Event
from surefoot.spot.market import Depth, Level
from surefoot.values import Money

R = TypeVar("R")


class BlockingOrderBook(BlockingEvents[BookUpdate]):
    """The local book of one symbol, see `OrderBook`; each look at it is made on the loop thread, where it
    cannot change meanwhile. Iterating waits for updates.
    """

    def __init__(
        self,
        client: Client,
        symbol: str,
        *,
        limit: int = MOST_LEVELS,
        fast: bool = True,
        timeout_ms: float | None = None,
    ) -> None:
        asynchronous = client.asynchronous()
        self._book = OrderBook(asynchronous, symbol, limit=limit, fast=fast)
        guest = Guest("order book", _living(asynchronous, self._book))
        super().__init__(guest, self._book.updates, timeout_ms=timeout_ms, among=client.guests)

    def __repr__(self) -> str:
        return f"Blocking{self._book!r}"

    def read(self, look: Callable[[OrderBook], R]) -> R:
        """What `look` returns of the book; all that it reads is of one moment."""
        return self._guest.call(lambda: look(self._book))

    @property
    def state(self) -> BookState:
        """Whether the book can be trusted."""
        return self._book.state

    @property
    def stale_since_ms(self) -> int | None:
        """Since when (exchange's clock) the book shows what it last knew; None unless it is stale."""
        return self._book.stale_since_ms

    @property
    def update_id(self) -> int:
        """The last update that is in the book."""
        return self._book.update_id

    @property
    def best_bid(self) -> Level | None:
        """The highest bid."""
        return self.read(lambda book: book.bids.best)

    @property
    def best_ask(self) -> Level | None:
        """The lowest ask."""
        return self.read(lambda book: book.asks.best)

    def top(self, count: int) -> Depth:
        """The best `count` levels of both sides."""
        return self.read(lambda book: book.top(count))

    def volume_to(self, side: Side, price: Money) -> Volume:
        """What lies between the best price and `price`: of the bids for `BUY`, of the asks for `SELL`."""
        return self.read(lambda book: (book.bids if side is Side.BUY else book.asks).volume_to(price))

    def _told(self, event: Event) -> BookUpdate:
        return update_of(event)


@asynccontextmanager
async def _living(client: AsyncClient, book: OrderBook) -> AsyncIterator[None]:
    async with client, book:
        yield
