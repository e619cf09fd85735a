"""Writes entries down: numbers them, hands them to the store, folds them, wakes whoever waits for news."""

import asyncio
from collections.abc import Callable

from surefoot.errors import Misuse
from surefoot.execution import entries
from surefoot.execution.entries import Entry
from surefoot.execution.journal import Store, written
from surefoot.execution.orders import Finding, News
from surefoot.execution.views import Views

_CLOSED = "the trader was closed: what becomes of the order is known when the journal is opened again"

Listener = Callable[[Entry, News], None]


class Pen:
    """The one place where something is written down. What it folds is what a restart would fold."""

    def __init__(self, views: Views, store: Store, seq: int, now_ms: Callable[[], int]) -> None:
        self.views = views
        self.listeners: list[Listener] = []
        self.closers: list[Callable[[], None]] = []
        self._store, self._now_ms = store, now_ms
        self.seq = seq
        self._waiting: dict[asyncio.Future[None], Callable[[], bool]] = {}
        self._closed = False
        self._watching: dict[str, list[asyncio.Future[None]]] = {}

    def note(self, *told: Entry) -> None:
        """Write these down and fold them."""
        for entry in told:
            self._write(entry)
        if self._waiting:
            self._look()

    async def commit(self) -> None:
        """Return once everything that was noted is safe; raises `JournalError`."""
        await self._store.commit()

    async def until(self, done: Callable[[], bool], by_ms: int) -> bool:
        """Wait until `done()` holds, or for that moment."""
        if done():
            return True
        loop = asyncio.get_running_loop()
        wait: asyncio.Future[None] = loop.create_future()
        self._waiting[wait] = done
        timer = loop.call_later(max(0, by_ms - self._now_ms()) / 1000, _finish, wait)
        try:
            await wait
        finally:
            timer.cancel()
            self._waiting.pop(wait, None)
        return done()

    async def change_of(self, id: str) -> None:
        """Return after the next entry that changes what is known of `id`; raises `Misuse` where none will
        come any more.
        """
        if self._closed:
            raise Misuse(_CLOSED)
        wait: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        waiting = self._watching.setdefault(id, [])
        waiting.append(wait)
        try:
            await wait
        finally:
            if wait in waiting:
                waiting.remove(wait)
            if not waiting and self._watching.get(id) is waiting:
                del self._watching[id]

    def close(self) -> None:
        """Nothing more is written down: whoever waits for news is told so."""
        self._closed = True
        for closer in tuple(self.closers):
            closer()
        for waiting in self._watching.values():
            for wait in waiting:
                if not wait.done():
                    wait.set_exception(Misuse(_CLOSED))

    def _write(self, entry: Entry) -> None:
        self.seq += 1
        self._store.append(written(self.seq, entry))
        news = self.views.apply(entry)
        for id in news.changed if self._watching else ():
            for wait in self._watching.pop(id, ()):
                _finish(wait)
        for listener in tuple(self.listeners):
            listener(entry, news)
        for finding in news.findings:
            self._write_finding(finding)

    def _write_finding(self, finding: Finding) -> None:
        now_ms = self._now_ms()
        self._write(entries.Anomaly(at_ms=now_ms, what=finding.what, text=finding.text, id=finding.id))
        if finding.stops:
            self._write(entries.Tripped(at_ms=now_ms, reason=finding.text))

    def _look(self) -> None:
        for wait, done in list(self._waiting.items()):
            if done():
                _finish(wait)


def _finish(wait: asyncio.Future[None]) -> None:
    if not wait.done():
        wait.set_result(None)
