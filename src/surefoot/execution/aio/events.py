"""What a trader tells whoever listens: orders that changed, executions, gaps, anomalies."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from typing import Self

from surefoot.execution import entries
from surefoot.execution.aio.pen import Pen
from surefoot.execution.entries import Entry
from surefoot.execution.fills import Fill
from surefoot.execution.orders import News
from surefoot.execution.records import ListRecord, OrderRecord

Told = OrderRecord | ListRecord | Fill | Entry

_CAPACITY = 10_000
_TOLD = (
    entries.GapSeen,
    entries.Resynced,
    entries.Anomaly,
    entries.Tripped,
    entries.Armed,
    entries.Positioned,
    entries.Moved,
    entries.NotPlaced,
    entries.BracketMoved,
)


class Overrun(Entry, frozen=True, tag="overrun"):
    """The listener did not keep up, and hears no more: begin again, and read the views first."""


class Events:
    """An asynchronous iterator, for one listener, of all that happens from now on, in order. It ends with the
    trader. Bounded: who falls too far behind is told so, and hears no more; the trader goes on.
    """

    def __init__(self, pen: Pen, capacity: int = _CAPACITY) -> None:
        self._pen, self._capacity = pen, capacity
        self._held: deque[Told] = deque()
        self._wake: asyncio.Future[None] | None = None
        self._over = False
        pen.listeners.append(self._hear)
        pen.closers.append(self.close)

    def __aiter__(self) -> AsyncIterator[Told]:
        return self

    async def __anext__(self) -> Told:
        await self._something()
        return self._held.popleft()

    async def get_all(self) -> list[Told]:
        """All that is held; waits for something, and raises `StopAsyncIteration` once it is closed."""
        await self._something()
        told = list(self._held)
        self._held.clear()
        return told

    async def _something(self) -> None:
        while not self._held:
            if self._over:
                raise StopAsyncIteration
            self._wake = asyncio.get_running_loop().create_future()
            await self._wake

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hear no more; what is held can still be read."""
        if not self._over:
            self._over = True
            self._pen.listeners.remove(self._hear)
            self._pen.closers.remove(self.close)
            self._rouse()

    def _hear(self, entry: Entry, news: News) -> None:
        self._held.extend(news.fills)
        orders = self._pen.views.orders.shelf
        for id in dict.fromkeys(news.changed):
            changed = orders.get(id) or orders.lists.get(id)
            if changed is not None:
                self._held.append(changed)
        if isinstance(entry, _TOLD):
            self._held.append(entry)
        if len(self._held) > self._capacity:
            self._held.append(Overrun(at_ms=entry.at_ms))
            self.close()
        self._rouse()

    def _rouse(self) -> None:
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)
