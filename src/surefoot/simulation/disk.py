"""A disk of a simulated host, on which journals are kept: what was not committed is forgotten with the host.

A commit takes its time, and takes along what was appended meanwhile; when it is over, its rows are safe, and
not before. A disk can be slow, and full.
"""

import asyncio
from collections.abc import AsyncIterator

from surefoot.errors import JournalError
from surefoot.execution.journal import Checkpoint, Label, Row


class Platter:
    """What outlives a host: the rows, the checkpoints and the label of one journal."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.checkpoints: list[Checkpoint] = []
        self.label: Label | None = None
        self.holder: object | None = None
        self.commit_s = 0.0003
        self.full = False


class SimulatedStore:
    """See `execution.journal.Store`: one life's way to a platter."""

    def __init__(self, platter: Platter, linger_s: float = 0.05) -> None:
        self.failure: JournalError | None = None
        self._platter, self._linger_s = platter, linger_s
        self._pending: list[Row] = []
        self._appended = self._safe = 0
        self._checkpoint: Checkpoint | None = None
        self._writing: asyncio.Task[None] | None = None
        self._lingering: asyncio.TimerHandle | None = None

    async def open(self) -> Checkpoint | None:
        """Take the place of a dead life; a living one is never replaced."""
        self._platter.holder = self
        return self._platter.checkpoints[-1] if self._platter.checkpoints else None

    def label(self) -> Label | None:
        return self._platter.label

    async def christen(self, label: Label) -> None:
        self._platter.label = label

    async def rows(self, after: int) -> AsyncIterator[list[Row]]:
        yield [row for row in self._platter.rows if row.seq > after]

    def append(self, row: Row) -> None:
        self._pending.append(row)
        self._appended += 1
        if self._lingering is None:
            loop = asyncio.get_running_loop()
            self._lingering = loop.call_later(self._linger_s, self._begin)

    async def commit(self) -> None:
        """Wait for the write that takes along what was appended until now."""
        wanted = self._appended
        while self._safe < wanted and self.failure is None:
            self._begin()
            assert self._writing is not None
            await asyncio.wait({self._writing})
        if self.failure is not None:
            raise self.failure

    def checkpoint(self, checkpoint: Checkpoint) -> None:
        self._checkpoint = checkpoint

    async def close(self) -> None:
        if self.failure is None:
            await self.commit()
        if self._lingering is not None:
            self._lingering.cancel()
        self._platter.holder = None

    def _begin(self) -> None:
        if self._lingering is not None:
            self._lingering.cancel()
            self._lingering = None
        if self._writing is None and self._pending and self.failure is None:
            loop = asyncio.get_running_loop()
            self._writing = loop.create_task(self._write(), name="journal: write")

    async def _write(self) -> None:
        """One transaction."""
        batch, self._pending = self._pending, []
        checkpoint, self._checkpoint = self._checkpoint, None
        await asyncio.sleep(self._platter.commit_s)
        self._writing = None
        if self._platter.full or self._platter.holder is not self:
            self.failure = JournalError("the disk of the journal is full: nothing new is sent")
            return
        self._platter.rows += batch
        self._safe += len(batch)
        if checkpoint is not None:
            self._platter.checkpoints = [*self._platter.checkpoints[-1:], checkpoint]
        if self._pending:
            self._begin()
