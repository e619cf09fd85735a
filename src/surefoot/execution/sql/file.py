"""A journal as a file of SQLite: opened, written and read by plain statements, on one thread."""

import os
import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from zlib import crc32

from surefoot.errors import JournalError, Misuse
from surefoot.execution.journal import Checkpoint, Label, Row
from surefoot.execution.sql.ailments import ailment, diagnosed
from surefoot.execution.sql.examination import examined
from surefoot.execution.sql.group import Batch
from surefoot.execution.sql.lock import FileLock
from surefoot.execution.sql.upgrade import upgrade_file

_SQLITE = (3, 38, 0)  # the first that reads JSON by -> and ->>, as the views do
_APPEND = "INSERT INTO entries (seq, at_ms, kind, id, symbol, body) VALUES (?, ?, ?, ?, ?, CAST(? AS TEXT))"
_ROWS = (
    "SELECT seq, at_ms, kind, id, symbol, CAST(body AS BLOB) FROM entries WHERE seq > ? ORDER BY seq LIMIT ?"
)
_CHECKPOINT = "INSERT OR REPLACE INTO checkpoints (seq, crc32, body) VALUES (?, ?, CAST(? AS TEXT))"
_CHECKPOINTS = "SELECT seq, crc32, CAST(body AS BLOB) FROM checkpoints ORDER BY seq DESC"
_OLD = "DELETE FROM checkpoints WHERE seq NOT IN (SELECT seq FROM checkpoints ORDER BY seq DESC LIMIT 2)"


class JournalFile:
    """The file at `path` while this process writes it. Every method raises `JournalError` where it cannot."""

    def __init__(self, path: Path, busy_ms: int) -> None:
        self._path = path
        self._busy_ms = busy_ms
        self._lock = FileLock(path)
        self._opened: sqlite3.Connection | None = None

    def open(self) -> None:
        """Lock it, look whether it is whole, bring it to the newest version; or make a new one."""
        if sqlite3.sqlite_version_info < _SQLITE:
            known = ".".join(map(str, _SQLITE))
            raise JournalError(
                f"a journal needs SQLite {known}, and this Python has {sqlite3.sqlite_version}"
            )
        self._lock.take()
        try:
            with diagnosed(self._path):
                self._prepare()
                self._opened = self._connect()
        except BaseException:
            self._lock.release()
            raise

    def close(self) -> None:
        """Let another process write it, if this one could."""
        try:
            if self._opened is not None:
                self._opened.close()
        finally:
            self._opened = None
            self._lock.release()

    def write(self, batch: Batch) -> None:
        """Make the whole of `batch` safe, or nothing of it."""
        connection = self._connection
        try:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(_APPEND, batch.rows)
            if batch.checkpoint is not None:
                seq, body = batch.checkpoint
                connection.execute(_CHECKPOINT, (seq, crc32(body), body))
                connection.execute(_OLD)
            connection.execute("COMMIT")
        except BaseException as error:
            with suppress(sqlite3.Error):  # it is not there any more after some errors
                connection.execute("ROLLBACK")
            if isinstance(error, sqlite3.Error):
                raise ailment(self._path, error) from error
            raise

    def rows(self, after: int, limit: int) -> list[Row]:
        """At most `limit` rows after the `seq` `after`."""
        with diagnosed(self._path):
            rows = list(map(Row._make, self._connection.execute(_ROWS, (after, limit))))
        if rows and rows[-1].seq != after + len(rows):
            missing = next(seq for seq, row in enumerate(rows, after + 1) if row.seq != seq)
            raise JournalError(f"{self._path} is damaged: entry {missing} is missing; restore a copy")
        return rows

    def checkpoint(self) -> Checkpoint | None:
        """The newest checkpoint that is whole."""
        with diagnosed(self._path):
            return whole(self._connection.execute(_CHECKPOINTS))

    def label(self) -> Label | None:
        """Whose journal it is, where that is written in it."""
        with diagnosed(self._path):
            found = self._connection.execute("SELECT environment, name, uid FROM label").fetchone()
        return None if found is None else Label(environment=found[0], account=found[1], uid=found[2])

    def christen(self, label: Label) -> None:
        """Write into it whose it is."""
        with diagnosed(self._path), self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute("DELETE FROM label")
            row = (label.environment, label.account, label.uid)
            self._connection.execute("INSERT INTO label (environment, name, uid) VALUES (?, ?, ?)", row)

    @property
    def _connection(self) -> sqlite3.Connection:
        if self._opened is None:
            raise Misuse(f"{self._path} is not open: open() comes first, and nothing after close()")
        return self._opened

    def _prepare(self) -> None:
        if not self._path.exists():
            self._make()
        elif not examined(self._path, busy_ms=self._busy_ms):
            upgrade_file(self._path, busy_ms=self._busy_ms)

    def _make(self) -> None:
        """Under another name first, so that a journal is never there by half."""
        if (log := beside(self._path, "-wal")).exists() and log.stat().st_size:
            raise JournalError(
                f"{self._path} is missing, and its {log.name} is there: restore a copy of both"
            )
        unborn = beside(self._path, ".new")
        for leftover in (unborn, beside(unborn, "-journal")):
            leftover.unlink(missing_ok=True)
        os.close(os.open(unborn, os.O_CREAT | os.O_WRONLY, 0o600))
        upgrade_file(unborn, busy_ms=self._busy_ms)
        unborn.replace(self._path)
        _sync_folder(self._path.parent)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=self._busy_ms / 1000, isolation_level=None)
        try:
            (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
            if mode != "wal":
                raise JournalError(
                    f"{self._path} cannot have a write-ahead log there: move it to a local disk"
                )
            connection.execute("PRAGMA synchronous = FULL")  # a commit is on the disk, not on its way
            connection.execute("PRAGMA fullfsync = ON")  # on a Mac too; it means nothing elsewhere
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("DELETE FROM label WHERE FALSE")  # says now whether it can be written
            connection.execute("ROLLBACK")
        except BaseException:
            connection.close()
            raise
        return connection


def whole(checkpoints: Iterable[tuple[int, int, bytes]]) -> Checkpoint | None:
    """The first of them (seq, CRC-32, body) that is as it was written."""
    return next((Checkpoint(seq, body) for seq, crc, body in checkpoints if crc32(body) == crc), None)


def beside(path: Path, ending: str) -> Path:
    """The file that belongs to `path`."""
    return path.with_name(path.name + ending)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
