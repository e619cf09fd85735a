"""Group commit: rows are gathered while others are being written, and all who wait share the next write."""

import asyncio
import concurrent.futures
from typing import NamedTuple, Protocol

from surefoot.errors import JournalError, Misuse
from surefoot.execution.journal import Checkpoint, Row

_HELD_MAX = 500_000  # a disk this far behind is no disk to trade with


class Batch(NamedTuple):
    """What is written at once: all of it or nothing."""

    rows: list[Row]
    checkpoint: Checkpoint | None


class Pen(Protocol):
    """Writes elsewhere, never on the thread of the event loop; one batch at a time is asked of it."""

    def write(self, batch: Batch) -> "concurrent.futures.Future[None]":
        """The future ends when the batch is safe, or with what prevented it."""
        ...


class GroupCommit:
    """The half of a store that lives on the event loop. It never waits, and touches no disk.

    The first row after a rest is written after `linger_ms`, or in the next turn of the loop where somebody
    waits for it. So what is appended in one turn, and while an earlier batch is written, is written together.
    """

    failure: JournalError | None = None

    def __init__(self, linger_ms: int) -> None:
        self._linger_ms = linger_ms
        self._pen: Pen | None = None
        self._rows: list[Row] = []
        self._checkpoint: Checkpoint | None = None
        self._waiting: list[asyncio.Future[None]] = []  # for what is gathered
        self._writing: list[asyncio.Future[None]] | None = None  # for what is being written; None: nothing is
        self._next: asyncio.Handle | None = None

    def append(self, row: Row) -> None:
        """Keep `row` with the next commit, at the latest after `linger_ms`. Raises `Misuse` unless open."""
        if self.failure is not None:
            return
        self._rows.append(row)
        if self._writing is None:
            if self._next is None:
                self._linger()
        elif len(self._rows) > _HELD_MAX:
            self._fail(JournalError(f"the disk is too slow for this journal: {len(self._rows)} entries wait"))

    def checkpoint(self, checkpoint: Checkpoint) -> None:
        """Keep `checkpoint` with the next commit, in place of older ones. Raises `Misuse` unless open."""
        if self.failure is not None:
            return
        self._checkpoint = checkpoint
        if self._next is None and self._writing is None:
            self._linger()

    async def commit(self) -> None:
        """Return once all that was appended so far is safe. Raises `JournalError`, then and ever after."""
        if self.failure is not None:
            raise self.failure
        if self._rows or self._checkpoint:
            waiters = self._waiting
            self._hurry()
        elif self._writing is not None:
            waiters = self._writing
        else:
            return
        safe: asyncio.Future[None] = self._loop.create_future()
        waiters.append(safe)
        await safe

    def _must_be_closed(self) -> None:
        """Raises `Misuse` where it is open, or has failed: what is kept is read by a new one."""
        if self._pen is not None:
            raise Misuse("the journal is open already")
        if self.failure is not None:
            raise Misuse(f"this journal failed, and opens no more: make a new store ({self.failure})")

    def _start(self, pen: Pen) -> None:
        self._pen, self._loop = pen, asyncio.get_running_loop()
        self._hurried = False

    async def _stop(self) -> None:
        """Write what is left; nothing more is taken. Raises `JournalError` where that fails only now."""
        try:
            if self.failure is None:
                await self.commit()
        finally:
            self._pen = None
            self._rest()

    def _linger(self) -> None:
        if self._pen is None:
            self._rows.clear()
            self._checkpoint = None
            raise Misuse("the journal is not open: open() comes first, and nothing after close()")
        self._hurried = False
        self._next = self._loop.call_later(self._linger_ms / 1000, self._send)

    def _hurry(self) -> None:
        if self._writing is None and not self._hurried:
            self._rest()
            self._hurried = True
            self._next = self._loop.call_soon(self._send)

    def _rest(self) -> None:
        if self._next is not None:
            self._next.cancel()
            self._next = None

    def _send(self) -> None:
        self._next, self._hurried = None, False
        if self._pen is None or self._writing is not None or self.failure is not None:
            return
        batch = Batch(self._rows, self._checkpoint)
        self._rows, self._checkpoint = [], None
        self._writing, self._waiting = self._waiting, []
        tell = self._loop.call_soon_threadsafe
        self._pen.write(batch).add_done_callback(lambda done: tell(self._landed, done))

    def _landed(self, done: "concurrent.futures.Future[None]") -> None:
        waiters, self._writing = self._writing or [], None
        if (error := done.exception()) is not None:
            self._waiting.extend(waiters)
            self._fail(error)
            return
        for safe in waiters:
            if not safe.done():
                safe.set_result(None)
        if self._waiting:
            self._hurry()  # after those who were just told, so that what they append now comes along
        elif self._rows or self._checkpoint:
            self._linger()

    def _fail(self, error: BaseException) -> None:
        """Nothing is kept from now on, and all who wait are told; the first failure counts."""
        if not isinstance(error, JournalError):
            error = JournalError(f"the journal cannot be written: {error!r}")
        self.failure = self.failure or error
        waiters = [*self._waiting, *(self._writing or [])]
        self._rows, self._waiting = [], []
        self._checkpoint = None
        self._rest()
        for safe in waiters:
            if not safe.done():
                safe.set_exception(self.failure)
