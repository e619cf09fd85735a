"""A disk of a simulated host, on which journals are kept: what was not committed is forgotten with the host.

A commit takes its time, and takes along what was appended meanwhile; when it is over, its rows are safe, and
not before. A disk can be slow, and full.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from enum import StrEnum

from surefoot.errors import JournalError
from surefoot.execution.journal import Checkpoint, Label, Row

FAST_S = 0.0003


class Moment(StrEnum):
    """Of one commit: it begins; its rows are half written; they are safe, and nobody knows it yet."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


class Platter:
    """What outlives a host: the rows, the checkpoints and the label of one journal.

    `commits` counts those that began; `told` hears each moment of a commit, `lost` counts commits that a full
    disk did not take.
    """

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.checkpoints: list[Checkpoint] = []
        self.label: Label | None = None
        self.holder: object | None = None
        self.commit_s = FAST_S
        self.full = False
        self.lost = 0
        self.told: Callable[[Moment], object] = str

    def heal(self) -> None:
        """There is room, and it is fast."""
        self.commit_s, self.full = FAST_S, False


class SimulatedStore:
    """See `execution.journal.Store`: one life's way to a platter. `watch` sees each row as it is appended."""

    def __init__(
        self, platter: Platter, linger_s: float = 0.05, watch: Callable[[Row], object] | None = None
    ) -> None:
        self.failure: JournalError | None = None
        self._platter, self._linger_s, self._watch = platter, linger_s, watch
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
        if self._watch is not None:
            self._watch(row)
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
        """One transaction: all of its rows are kept, or none."""
        platter = self._platter
        batch, self._pending = self._pending, []
        checkpoint, self._checkpoint = self._checkpoint, None
        platter.told(Moment.BEFORE)
        await asyncio.sleep(platter.commit_s / 2)
        platter.told(Moment.DURING)
        await asyncio.sleep(platter.commit_s / 2)
        self._writing = None
        if platter.full or platter.holder is not self:
            platter.lost += 1
            self.failure = JournalError("the disk of the journal is full: nothing new is sent")
            return
        platter.rows += batch
        self._safe += len(batch)
        if checkpoint is not None:
            platter.checkpoints = [*platter.checkpoints[-1:], checkpoint]
        platter.told(Moment.AFTER)
        if self._pending:
            self._begin()
