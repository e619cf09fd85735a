"""Disks that are full, files that may not be written, programs that lock: a failure is for good."""

import asyncio
import ctypes
import os
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import pytest

from surefoot.errors import JournalError
from surefoot.execution.journal import Label
from surefoot.execution.sql.sqlite import SqliteStore
from tests.execution.sql.journals import kept, process, read_again, row, rows, said, written

NOBODY = 65_534


@pytest.mark.process
async def test_a_disk_that_gets_full(tmp_path: Path) -> None:
    """The system refuses to let any file grow beyond 200,000 bytes: what a full disk says, a quota too."""
    path = tmp_path / "journal.db"
    await written(path, rows(1, 1))
    with process(path, "main", "200000") as other:
        assert said(other) == "open"
        promised = 1
        while (line := said(other)).isdigit():
            promised = int(line)
        assert promised > 10
        assert line.startswith(f"JournalError: {path} ")
        assert "what was committed is safe" in line
        assert said(other) == "failure: True"
        assert other.wait() == 0
    found = await read_again(path)
    assert [one.seq for one in found] == list(range(1, promised + 1))


@pytest.mark.process
async def test_a_disk_that_is_full_from_the_start(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    await written(path, rows(1, 1))
    with process(path, "main", "10") as other:
        assert said(other).startswith(f"refused: {path}")
    assert await read_again(path) == rows(1, 1)


async def test_a_batch_that_does_not_fit_is_left_out_whole(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    await written(path, rows(1, 1))
    store = SqliteStore(path)
    await store.open()
    await store._run(lambda: store._file._connection.execute("PRAGMA max_page_count = 20").fetchone())
    with pytest.raises(
        JournalError, match="has no more room on its disk: make room, and start again"
    ) as raised:
        await kept(store, rows(2, 5_000))
    assert store.failure is raised.value
    store.append(row(5_001))
    with pytest.raises(JournalError, match="no more room"):
        await store.commit()
    await store.close()
    assert await read_again(path) == rows(1, 1)


async def test_a_number_that_is_there_already_is_a_failure(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "journal.db")
    await store.open()
    await kept(store, rows(1, 3))
    with pytest.raises(JournalError, match="UNIQUE constraint failed"):
        await kept(store, [row(4), row(3)])
    await store.close()
    assert await read_again(tmp_path / "journal.db") == rows(1, 3)


async def test_a_number_too_big_is_a_failure(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "journal.db")
    await store.open()
    with pytest.raises(JournalError, match="cannot be written: OverflowError"):
        await kept(store, [row(1), row(2**70)])
    await store.close()
    assert await read_again(tmp_path / "journal.db") == []


async def test_an_old_sqlite_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 37, 2))
    with pytest.raises(JournalError, match=r"needs SQLite 3\.38\.0, and this Python has"):
        await SqliteStore(tmp_path / "journal.db").open()


async def test_what_is_left_at_the_end_and_cannot_be_kept_is_said(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    store = SqliteStore(path, linger_ms=3_600_000)
    await store.open()
    await kept(store, rows(1, 1))
    store.append(row(1))
    with pytest.raises(JournalError, match="UNIQUE"):
        await store.close()
    assert await read_again(path) == rows(1, 1)  # and it is free


async def test_locked_by_another_program_at_the_start(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    await written(path, rows(1, 1))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(JournalError, match="is locked by another program: close what else writes it"):
        await SqliteStore(path, busy_ms=1).open()
    other.close()
    assert await read_again(path) == rows(1, 1)


async def test_locked_by_another_program_later(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    store = SqliteStore(path, busy_ms=1)
    await store.open()
    await kept(store, rows(1, 1))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(JournalError, match="is locked by another program"):
        await kept(store, rows(2, 2))
    with pytest.raises(JournalError, match="is locked by another program"):
        await store.christen(Label(environment="testnet", account="main"))
    other.close()
    with pytest.raises(JournalError, match="is locked by another program"):  # ever after
        await store.commit()
    await store.close()
    assert await read_again(path) == rows(1, 1)


@pytest.fixture
def as_nobody() -> Iterator[Path]:
    """A folder; root, who may write everything, is somebody else for the files of this thread (Linux)."""
    folder = Path(mkdtemp(prefix="surefoot-"))
    folder.chmod(0o777)
    yield folder
    rmtree(folder)


def become(user: int) -> None:
    if os.geteuid() == 0:
        if sys.platform != "linux":
            pytest.skip("root may write everything, and only Linux lets a thread be somebody else")
        ctypes.CDLL(None).setfsuid(user)  # the threads that it starts are the same


@pytest.mark.parametrize("what", ["file", "folder"])
def test_what_may_not_be_written(as_nobody: Path, what: str) -> None:
    path = as_nobody / "journal.db"
    asyncio.run(written(path, rows(1, 1)))
    (as_nobody / "journal.db.lock").chmod(0o666)
    path.chmod(0o444)
    if what == "folder":
        as_nobody.chmod(0o555)
        (as_nobody / "journal.db.lock").unlink()
    become(NOBODY)
    try:
        with pytest.raises(JournalError, match=r"may not be written: look at the owner|lock cannot be made"):
            asyncio.run(SqliteStore(path).open())
    finally:
        become(0)
        as_nobody.chmod(0o777)
    path.chmod(0o644)
    assert asyncio.run(read_again(path)) == rows(1, 1)
