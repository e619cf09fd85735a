"""Looks after a trader besides: surprises, missing executions, comparison with the exchange, checkpoints."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from surefoot.errors import SurefootError
from surefoot.execution import entries
from surefoot.execution.aio.options import TraderOptions
from surefoot.execution.aio.port import ClientPort
from surefoot.execution.audit import QUIET_MS
from surefoot.execution.entries import Entry
from surefoot.execution.orders import News

_AFTER_A_GAP_S = (5.0, 25.0)
"""Reads may lag behind: what was read after a gap is read again when that is over."""

_CLOCKS_DIFFER_MS = 1_000
"""So early may the exchange's news of an order seem, beside the moment when it was sent."""


class Ours(Protocol):
    """Tells our client order ids from others'."""

    def is_ours(self, id: str) -> bool: ...


class Watch:
    """One trader's. `read_up` compares everything with the exchange, `cancel` cancels an order, `checkpoint`
    writes the views down, `tell` says what went wrong and is tried again.
    """

    def __init__(
        self,
        port: ClientPort,
        options: TraderOptions,
        ours: Ours,
        *,
        read_up: Callable[[], Awaitable[None]],
        cancel: Callable[[str], object],
        checkpoint: Callable[[], None],
        tell: Callable[[str], None],
    ) -> None:
        self._port, self._options, self._ours = port, options, ours
        self._read_up, self._cancel, self._checkpoint, self._tell = read_up, cancel, checkpoint, tell
        self._due_s: list[float] = []
        self._wake = asyncio.Event()
        self._entries = 0
        port.pen.listeners.append(self._hear)

    async def run(self, since: int) -> None:
        """Until it is cancelled; `since` the last checkpoint there have been so many entries."""
        self._entries += since
        loop = asyncio.get_running_loop()
        every_s = self._options.reconcile_every_ms / 1000
        self._due_s = [loop.time() + pause_s for pause_s in _AFTER_A_GAP_S]
        next_s = loop.time() + every_s
        while True:
            await self._until(min([next_s, *self._due_s]))
            if self._entries >= self._options.checkpoint_every:
                self._entries = 0
                self._checkpoint()
            if min([next_s, *self._due_s]) <= loop.time():
                await self._compare()
                self._due_s = [at for at in self._due_s if at > loop.time()]
                next_s = loop.time() + every_s

    async def _until(self, at_s: float) -> None:
        self._wake.clear()
        try:
            async with asyncio.timeout_at(at_s):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _compare(self) -> None:
        try:
            await self._read_up()
        except SurefootError as error:
            self._tell(f"the account could not be compared with the exchange, and will be: {error}")
            return
        if self._port.hears:
            self._audit()

    def _audit(self) -> None:
        """Do the executions add up to what was executed, and the balances follow from them? What does not is
        told, and never smoothed over. What is newer than an order whose outcome is not known may be its
        doing.
        """
        now_ms, views = self._port.now_ms(), self._port.views
        sent_ms = min((one.entry.at_ms for one in views.orders.submissions.values()), default=now_ms)
        until_ms = min(now_ms - QUIET_MS, sent_ms - _CLOCKS_DIFFER_MS)
        for finding in views.books.audit.check(until_ms, quiet_ms=0):
            what = "settled" if finding.settled else type(finding).__name__.lower()
            self._port.note(entries.Anomaly(at_ms=now_ms, what=what, text=finding.text))

    def _hear(self, entry: Entry, news: News) -> None:
        self._entries += 1
        if self._entries >= self._options.checkpoint_every:
            self._wake.set()
        if isinstance(entry, entries.GapSeen):
            now_s = asyncio.get_running_loop().time()
            self._due_s += [now_s + pause_s for pause_s in _AFTER_A_GAP_S]
            self._wake.set()
        if isinstance(entry, entries.Anomaly) and entry.what == "late" and entry.id is not None:
            self._surprised(entry.id)
        for id in news.strangers:
            if self._ours.is_ours(id):
                text = f"order {id} bears an id of this trader's, and its journal does not know it"
                self._port.note(entries.Anomaly(at_ms=entry.at_ms, what="orphan", text=text, id=id))

    def _surprised(self, id: str) -> None:
        if self._options.late == "cancel":
            self._cancel(id)
