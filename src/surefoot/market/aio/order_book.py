"""A local order book on a client: subscribed, begun with a snapshot, and begun anew after every gap."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from functools import partial
from typing import Self

from surefoot.client.aio import AsyncClient, MarketStream
from surefoot.client.aio.feeds import Callback, Feeds
from surefoot.client.aio.inbox import Inbox
from surefoot.client.streams import State, SubscriptionEnded
from surefoot.errors import InvalidRequest, Misuse, ProtocolViolation, SurefootError
from surefoot.market.aio.snapshots import Snapshots
from surefoot.market.book import MOST_LEVELS, Book, BookChange, BookState, decode_change
from surefoot.market.ladder import Ladder
from surefoot.spot import streams
from surefoot.spot.events import Event
from surefoot.spot.market import Depth


class BookUpdate(Event, frozen=True):
    """A book changed, or its state did; the book itself holds the levels.

    `stale_since_ms` (exchange's clock) is None unless the book is stale. `snapshots` counts how often the
    book was begun: where it grew, the changes in between are not known.
    """

    symbol: str
    update_id: int
    state: BookState
    stale_since_ms: int | None
    snapshots: int


class OrderBook:
    """The local book of one symbol. It is live once entered, and says so when it is not any more.

    `limit` counts the levels a side of its snapshots, 5,000 at most (weight 250); what lies beyond them is
    not shown. `fast` follows the changes every 100 ms, not every second. With `stream` it shares that
    connection with other books and streams: what is iterated of them must be read, as a full queue stops them
    all, and then the book is stale. Iterating tells `BookUpdate`s, a slow reader the newest; with a
    `callback` they go there. Entering raises what the exchange refuses.

    After a gap the book is stale: it shows what it last knew, until a new snapshot and all changes since
    have been put together.
    """

    def __init__(
        self,
        client: AsyncClient,
        symbol: str,
        *,
        limit: int = MOST_LEVELS,
        fast: bool = True,
        stream: MarketStream | None = None,
        callback: Callback | None = None,
    ) -> None:
        if not 0 < limit <= MOST_LEVELS:
            raise Misuse(f"limit {limit}: 1 to {MOST_LEVELS} levels")
        self.symbol = symbol.upper()
        self._name = streams.depth(symbol, fast=fast)
        self._desk, self._book, self._count = client.desk, Book(limit), 0
        self._shared = stream is not None
        self._stream = stream or client.stream(self._name, callback=self._hear, decode=decode_change)
        self.updates: Inbox[Event] = Inbox(2, on_full=_nothing, on_drained=_nothing)
        self._feeds = Feeds(self.updates)
        if callback is None:
            self._feeds.open(self._name, decode_change, partial(self.updates.put_newest, self._name))
        else:
            self._feeds.call(self._name, decode_change, callback)
        self._snapshots = Snapshots(
            client,
            self._book,
            self.symbol,
            limit,
            listening=lambda: self._stream.state is State.LIVE,
            settled=self._settled,
            failed=self._failed,
        )
        self._first: asyncio.Future[None] | None = None
        self._stack = AsyncExitStack()

    def __repr__(self) -> str:
        return f"OrderBook({self.symbol}, {self.state})"

    @property
    def state(self) -> BookState:
        """Whether the book can be trusted."""
        unheard = self._book.state is BookState.LIVE and self._stream.deaf_since_ms is not None
        return BookState.STALE if unheard else self._book.state

    @property
    def stale_since_ms(self) -> int | None:
        """Since when (exchange's clock) the book shows what it last knew; None unless it is stale."""
        live = self._book.state is BookState.LIVE
        return self._stream.deaf_since_ms if live else self._book.since_ms

    @property
    def update_id(self) -> int:
        """The last update that is in the book."""
        return self._book.update_id

    @property
    def bids(self) -> Ladder:
        """The bids, the highest first."""
        return self._book.bids

    @property
    def asks(self) -> Ladder:
        """The asks, the lowest first."""
        return self._book.asks

    def top(self, count: int) -> Depth:
        """The best `count` levels of both sides."""
        book = self._book
        return Depth(last_update_id=book.update_id, bids=book.bids.top(count), asks=book.asks.top(count))

    async def __aenter__(self) -> Self:
        if self._first is not None:
            raise Misuse("an order book is entered once; make a new one")
        if self._shared and self._name in self._stream.names:
            raise Misuse(f"the stream carries {self._name} already, and a second book would take it away")
        self._first = asyncio.get_running_loop().create_future()
        self._first.add_done_callback(_seen)
        async with AsyncExitStack() as stack:
            self._stream.watchers.append(self._turned)
            stack.callback(self._stream.watchers.remove, self._turned)
            if self._shared:
                await self._stream.subscribe(self._name, callback=self._hear, decode=decode_change)
                stack.push_async_callback(self._leave)
            else:
                await stack.enter_async_context(self._stream)
            tasks = await asyncio.TaskGroup().__aenter__()
            # not with the error of whoever waits here: it would be raised in a group
            stack.push_async_callback(tasks.__aexit__, None, None, None)
            fetching = tasks.create_task(self._snapshots.run(), name=f"book {self.symbol}")
            stack.callback(fetching.cancel)
            self._snapshots.wanted.set()
            await self._first
            self._stack = stack.pop_all()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.updates.finish(StopAsyncIteration())
        await self._stack.aclose()

    def __aiter__(self) -> AsyncIterator[BookUpdate]:
        return self

    async def __anext__(self) -> BookUpdate:
        if self._first is None:
            raise Misuse("enter the order book first: async with OrderBook(...) as book")
        return update_of(await self.updates.get())

    async def _leave(self) -> None:
        if self._stream.state is not State.CLOSED:
            await self._stream.unsubscribe(self._name)

    def _hear(self, event: Event) -> None:
        """An event of the stream: nearly always a change."""
        if isinstance(event, BookChange):
            before = self._book.state
            try:
                changed = self._book.hear(event, self._desk.now_ms())
            except ProtocolViolation as error:
                self._desk.teller.nonsense(str(error))
                changed = False
            if self._book.wants_snapshot:
                self._snapshots.wanted.set()
            if changed or self._book.state is not before:
                self._tell()
        elif isinstance(event, SubscriptionEnded) and self._name in event.names:
            self._failed(InvalidRequest(event.reason))

    def _turned(self, state: State) -> None:
        """The stream is live again, or interrupted: what was between is lost."""
        if state is State.LIVE:
            self._snapshots.wanted.set()
            return
        deaf_since_ms = self._stream.deaf_since_ms
        self._book.interrupt(self._desk.now_ms() if deaf_since_ms is None else deaf_since_ms)
        self._tell()
        if state is State.CLOSED:
            self._failed(Misuse("the stream of the order book was closed"), StopAsyncIteration())

    def _settled(self) -> None:
        self._count += 1
        if self._first is not None and not self._first.done():
            self._first.set_result(None)
        self._tell()

    def _failed(self, error: SurefootError, end: Exception | None = None) -> None:
        """The book will not be live any more: `error` is raised where it is being entered, and `end` (or the
        same) where it is iterated.
        """
        self._book.interrupt(self._desk.now_ms())
        if self._first is not None and not self._first.done():
            self._first.set_exception(error)
        self.updates.finish(end or error)

    def _tell(self) -> None:
        route = self._feeds.routes.get(self._name.encode())
        if route is not None:
            book = self._book
            update = BookUpdate(
                symbol=self.symbol,
                update_id=book.update_id,
                state=book.state,
                stale_since_ms=book.since_ms,
                snapshots=self._count,
            )
            self._feeds.deliver(route, update)


def _seen(first: asyncio.Future[None]) -> None:
    """What failed while the book still subscribed is raised there."""
    if not first.cancelled():
        first.exception()


def update_of(event: Event) -> BookUpdate:
    """What iterating a book tells; raises `Misuse`, once, when its callback raised."""
    if not isinstance(event, BookUpdate):
        raise Misuse(f"{getattr(event, 'reason', event)}; it is called no more, and the book goes on")
    return event


def _nothing() -> None:
    """A book is read while nobody reads its updates: only the newest waits."""
