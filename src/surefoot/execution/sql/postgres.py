"""Journals in PostgreSQL: many accounts in one database, each written by whoever holds its lease."""

import asyncio
import concurrent.futures
from collections.abc import AsyncIterator, Coroutine
from typing import Any, TypeVar

from surefoot.errors import JournalError
from surefoot.execution.journal import Checkpoint, Label, Row
from surefoot.execution.sql.account import Account
from surefoot.execution.sql.group import Batch, GroupCommit
from surefoot.execution.sql.labels import must_agree
from surefoot.execution.sql.loop import LoopThread

R = TypeVar("R")
_HANDFUL = 4096


class PostgresStore(GroupCommit):
    """A `Store` of `account` in the database `url` (``postgresql://user@host/database``).

    Where another process writes the account, `open` waits `wait_ms` for it to end, and takes over; None waits
    for as long as it lives.
    """

    def __init__(self, url: str, account: str, *, linger_ms: int = 50, wait_ms: int | None = 0) -> None:
        super().__init__(linger_ms)
        self._url, self._name = url, account
        self._wait_ms = wait_ms
        self._label: Label | None = None

    async def open(self) -> Checkpoint | None:
        """Become the one process that writes the account; returns the newest checkpoint that can be read.

        Raises `JournalError` where another one writes it, or it is damaged, too new or cannot be reached.
        """
        self._must_be_closed()
        self._owner = asyncio.get_running_loop()
        self._account = Account(self._url, self._name, self._lost)
        self._thread = LoopThread("surefoot journal")
        try:
            await self._run(self._account.open(self._wait_ms))
            self._label = await self._run(self._account.label())
            checkpoint = await self._run(self._account.checkpoint())
        except BaseException:
            self._thread.start(self._account.close())
            self._thread.end()
            raise
        self._start(self)
        return checkpoint

    def label(self) -> Label | None:
        """Whose it is; None of a new one."""
        return self._label

    async def christen(self, label: Label) -> None:
        """Write down whose it is. Raises `JournalError` where it is somebody else's."""
        must_agree(self._label, label)
        await self._run(self._account.christen(label))
        self._label = label

    async def rows(self, after: int) -> AsyncIterator[list[Row]]:
        """All committed rows after the `seq` `after`."""
        while rows := await self._run(self._account.rows(after, _HANDFUL)):
            yield rows
            after = rows[-1].seq

    async def close(self) -> None:
        """Keep what is left, and let another process write it.

        Raises `JournalError` where that fails only now.
        """
        try:
            await self._stop()
        finally:
            await self._run(self._account.close())
            self._thread.end()

    def write(self, batch: Batch) -> "concurrent.futures.Future[None]":
        """Called by the group commit."""
        return self._thread.start(self._account.write(batch))

    def _lost(self, error: JournalError) -> None:
        """Called on the thread of the connection."""
        self._owner.call_soon_threadsafe(self._fail, error)

    async def _run(self, work: Coroutine[Any, Any, R]) -> R:
        return await asyncio.wrap_future(self._thread.start(work))
