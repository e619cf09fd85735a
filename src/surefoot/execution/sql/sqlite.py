"""Journals in SQLite: one file of one account, with a thread of its own that writes it."""

import asyncio
import concurrent.futures
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from surefoot.execution.journal import Checkpoint, Label, Row
from surefoot.execution.sql.file import JournalFile
from surefoot.execution.sql.group import Batch, GroupCommit
from surefoot.execution.sql.labels import must_agree

R = TypeVar("R")
_HANDFUL = 4096


class SqliteStore(GroupCommit):
    """A `Store` in the file `path`, made where it is missing.

    Others may read the file meanwhile, with whatever reads SQLite. A commit of ours waits `busy_ms` for a
    program that writes it, and is then a failure.
    """

    def __init__(self, path: str | Path, *, linger_ms: int = 50, busy_ms: int = 5_000) -> None:
        super().__init__(linger_ms)
        self._path = Path(path).expanduser().resolve()
        self._busy_ms = busy_ms
        self._label: Label | None = None

    async def open(self) -> Checkpoint | None:
        """Become the one process that writes it; returns the newest checkpoint that can be read.

        Raises `JournalError` where another one writes it, or it is damaged, too new or cannot be written.
        """
        self._must_be_closed()
        self._file = JournalFile(self._path, self._busy_ms)
        self._thread = concurrent.futures.ThreadPoolExecutor(1, "surefoot journal")
        try:
            await self._run(self._file.open)
            self._label = await self._run(self._file.label)
            checkpoint = await self._run(self._file.checkpoint)
        except BaseException:
            self._thread.submit(self._file.close)  # after what may still run there, if this was cancelled
            self._thread.shutdown(wait=False)
            raise
        self._start(self)
        return checkpoint

    def label(self) -> Label | None:
        """Whose it is; None of a new one."""
        return self._label

    async def christen(self, label: Label) -> None:
        """Write down whose it is. Raises `JournalError` where it is somebody else's."""
        must_agree(self._label, label)
        await self._run(partial(self._file.christen, label))
        self._label = label

    async def rows(self, after: int) -> AsyncIterator[list[Row]]:
        """All committed rows after the `seq` `after`. Raises `JournalError` where one is missing."""
        while rows := await self._run(partial(self._file.rows, after, _HANDFUL)):
            yield rows
            after = rows[-1].seq

    async def close(self) -> None:
        """Keep what is left, and let another process write it.

        Raises `JournalError` where that fails only now.
        """
        try:
            await self._stop()
        finally:
            await self._run(self._file.close)
            self._thread.shutdown(wait=False)

    def write(self, batch: Batch) -> "concurrent.futures.Future[None]":
        """Called by the group commit."""
        return self._thread.submit(self._file.write, batch)

    async def _run(self, work: Callable[[], R]) -> R:
        return await asyncio.wrap_future(self._thread.submit(work))
