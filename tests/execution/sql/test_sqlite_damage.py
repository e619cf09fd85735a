"""Files that are no whole journal: each is refused with a reason, and left as it is."""

import os
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from surefoot.errors import JournalError
from surefoot.execution.journal import Checkpoint, read
from surefoot.execution.sql.sqlite import SqliteStore
from tests.execution.sql.journals import all_rows, kept, process, read_again, row, rows, said, sql, written

PAGE = 4096


def prints(folder: Path) -> dict[str, str]:
    """What is in the files; the lock's and the shared memory's are nobody's memory."""
    contents = {file.name: file.read_bytes() for file in folder.iterdir() if file.suffix != ".lock"}
    return {
        name: sha256(content).hexdigest()
        for name, content in contents.items()
        if "-shm" not in name and content
    }


async def refused(path: Path, reason: str) -> None:
    before = prints(path.parent)
    with pytest.raises(JournalError, match=reason) as raised:
        await SqliteStore(path, busy_ms=1).open()
    assert str(path) in str(raised.value)
    assert prints(path.parent) == before


async def journal(folder: Path, last: int = 400) -> Path:
    path = folder / "journal.db"
    await written(path, rows(1, last))
    return path


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"not a database, whatever its name " * 400, "is no SQLite database"),
        (b"SQLite format 3\0", "is no SQLite database"),
        (b"\0" * PAGE, "is no SQLite database"),
    ],
    ids=["empty", "text", "head", "zeros"],
)
async def test_no_database(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "journal.db"
    path.write_bytes(content)
    await refused(path, reason)


async def test_a_database_of_something_else(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    sql(path, "CREATE TABLE entries (seq INTEGER PRIMARY KEY)")
    await refused(path, "is a database of something else")


async def test_a_folder(tmp_path: Path) -> None:
    (tmp_path / "journal.db").mkdir()
    with pytest.raises(JournalError, match="is no file"):
        await SqliteStore(tmp_path / "journal.db").open()


async def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(
        JournalError, match=r"journal\.db\.lock cannot be made, so nothing can be written here"
    ):
        await SqliteStore(tmp_path / "missing" / "journal.db").open()


@pytest.mark.parametrize("pages", [1, 2, 5])
async def test_truncated(tmp_path: Path, pages: int) -> None:
    path = await journal(tmp_path)
    os.truncate(path, pages * PAGE)
    await refused(path, "is damaged")


def overwrite(path: Path, place: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(place)
        file.write(content)


def tables_page(path: Path, name: str) -> int:
    ((page,),) = sql(path, f"SELECT rootpage FROM sqlite_master WHERE name = '{name}'")
    return int(str(page))


@pytest.mark.parametrize("table", ["entries", "entries_by_id", "checkpoints"])
async def test_a_damaged_page(tmp_path: Path, table: str) -> None:
    path = await journal(tmp_path)
    place = (tables_page(path, table) - 1) * PAGE
    overwrite(path, place, b"\xa5" * PAGE)
    await refused(path, "is damaged")


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("DELETE FROM entries WHERE seq = 1", "entry 1 of 400 is missing"),
        ("DELETE FROM entries WHERE seq IN (250, 300)", "entry 250 of 400 is missing"),
        ("UPDATE entries SET seq = 500 WHERE seq = 400", "entry 400 of 500 is missing"),
        ("UPDATE entries SET seq = -1 WHERE seq = 1", "entry 1 of 400 is missing"),
        ("INSERT INTO checkpoints VALUES (403, 0, '')", "entries 401 to 403 are missing"),
        ("DELETE FROM surefoot_version", "its tables have the version ''"),
        ("UPDATE surefoot_version SET version_num = '1a2b3c'", "its tables have the version '1a2b3c'"),
        ("UPDATE surefoot_version SET version_num = '9999'", "was written by a newer surefoot"),
        ("DROP TABLE surefoot_version", "is a database of something else"),
    ],
)
async def test_changed_by_somebody(tmp_path: Path, statement: str, reason: str) -> None:
    path = await journal(tmp_path)
    sql(path, statement)
    await refused(path, reason)


async def test_a_hole_that_comes_while_it_is_open(tmp_path: Path) -> None:
    path = await journal(tmp_path)
    store = SqliteStore(path)
    await store.open()
    sql(path, "DELETE FROM entries WHERE seq = 7")
    with pytest.raises(JournalError, match="entry 7 is missing"):
        await all_rows(store)
    await store.close()


@pytest.mark.parametrize("body", ['\'{"kind":"resolved",\'', "x'ff00'", "''", '\'{"kind":"odd"}\''])
async def test_a_damaged_body_names_its_entry(tmp_path: Path, body: str) -> None:
    path = await journal(tmp_path, last=3)
    sql(path, f"UPDATE entries SET body = {body} WHERE seq = 2")
    found = await read_again(path)
    assert [one.seq for one in found] == [1, 2, 3]
    with pytest.raises(JournalError, match=r"entry 2 of the journal cannot be read \(resolved\)"):
        read(found[1])


async def test_its_log_without_it(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    (tmp_path / "journal.db-wal").write_bytes(b"rows that were committed")
    await refused(path, r"is missing, and its journal\.db-wal is there")


async def test_a_leftover_of_a_making_that_was_killed(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    (tmp_path / "journal.db.new").write_bytes(b"half")
    (tmp_path / "journal.db.new-journal").write_bytes(b"half")
    await written(path, rows(1, 1))
    assert sorted(os.listdir(tmp_path)) == ["journal.db", "journal.db.lock"]


async def torn(folder: Path, tear: Callable[[bytes], bytes]) -> Path:
    """A copy of an open journal whose rows are in the log, one a commit, and the log's end torn."""
    path = await journal(folder, last=1)
    store = SqliteStore(path)
    await store.open()
    for one in rows(2, 20):
        await kept(store, [one])
    store.checkpoint(Checkpoint(1, b"{}"))
    (folder / "copy").mkdir()
    copy = folder / "copy" / "journal.db"
    shutil.copyfile(path, copy)
    log = (folder / "journal.db-wal").read_bytes()
    (folder / "copy" / "journal.db-wal").write_bytes(tear(log))
    await store.close()
    return copy


@pytest.mark.parametrize(
    "tear",
    [
        lambda log: log[:-1],
        lambda log: log[:-PAGE],
        lambda log: log[: -3 * PAGE - 100],
        lambda log: log[:-50] + b"\xff" * 50,
        lambda log: log[: -2 * PAGE] + bytes(2 * PAGE),
        lambda log: log + b"\xff" * 10_000,
    ],
    ids=["byte", "page", "pages", "overwritten", "zeros", "more"],
)
async def test_a_torn_log_recovers_what_is_whole(tmp_path: Path, tear: Callable[[bytes], bytes]) -> None:
    path = await torn(tmp_path, tear)
    found = await read_again(path)
    assert found == rows(1, len(found))
    assert 17 <= len(found) <= 20
    await written(path, [row(len(found) + 1)])
    assert await read_again(path) == rows(1, len(found) + 1)


@pytest.mark.process
async def test_killed_at_any_instant(tmp_path: Path) -> None:
    path = await journal(tmp_path, last=1)
    for wanted in (1, 40):
        with process(path, "main") as other:
            assert said(other) == "open"
            for _ in range(wanted):
                promised = int(said(other))
            other.kill()
            other.wait()
        found = await read_again(path)
        assert [one.seq for one in found] == list(range(1, len(found) + 1))
        assert len(found) >= promised
