"""A journal in a file: what was committed is there again, in order, for one process at a time."""

import asyncio
import os
import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surefoot.errors import JournalError, Misuse
from surefoot.execution.journal import Checkpoint, Label, Row
from surefoot.execution.sql import sqlite
from surefoot.execution.sql.sqlite import SqliteStore
from tests.execution.sql.journals import all_rows, kept, process, read_again, row, rows, said, sql, written


async def test_rows_come_again_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    given = [
        row(1),
        row(2, id=None),
        row(3, symbol="BTC٣"),
        Row(4, 2**62, "x", "ü", "", b'{"a": "\\u0000"}'),
    ]
    store = SqliteStore(path)
    assert await store.open() is None
    assert await all_rows(store) == []
    await kept(store, given)
    assert await all_rows(store) == given
    assert await all_rows(store, after=2) == given[2:]
    await store.close()
    assert await read_again(path) == given
    assert sorted(os.listdir(tmp_path)) == ["journal.db", "journal.db.lock"]


async def test_many_rows_come_in_handfuls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "_HANDFUL", 7)
    store = SqliteStore(tmp_path / "journal.db")
    await store.open()
    await kept(store, rows(1, 30))
    assert [len(handful) async for handful in store.rows(1)] == [7, 7, 7, 7, 1]
    await store.close()


async def test_files_are_private_and_rows_on_the_disk_when_committed(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    store = SqliteStore(path)
    await store.open()
    assert path.stat().st_mode & 0o777 == 0o600
    pragma = (
        "SELECT (SELECT synchronous FROM pragma_synchronous), (SELECT journal_mode FROM pragma_journal_mode)"
    )
    assert await store._run(lambda: store._file._connection.execute(pragma).fetchone()) == (2, "wal")
    await store.close()


async def test_sixty_four_at_once(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "journal.db")
    await store.open()
    seq = 0

    async def trader() -> None:
        nonlocal seq
        for _ in range(10):
            seq += 1
            store.append(row(mine := seq))
            await store.commit()
            assert sql(tmp_path / "journal.db", "SELECT max(seq) FROM entries")[0][0] >= mine  # type: ignore[operator]

    async with asyncio.TaskGroup() as tasks:
        for _ in range(64):
            tasks.create_task(trader())
    await store.close()
    assert await read_again(tmp_path / "journal.db") == rows(1, 640)


async def test_what_nobody_waited_for_is_kept_by_closing(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "journal.db", linger_ms=3_600_000)
    await store.open()
    store.append(row(1))
    store.checkpoint(Checkpoint(1, b"{}"))
    await store.close()
    with pytest.raises(Misuse, match="not open"):
        store.append(row(2))
    assert await store.open() == Checkpoint(1, b"{}")
    assert await all_rows(store) == [row(1)]
    await store.close()


async def test_others_may_read_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    store = SqliteStore(path)
    await store.open()
    await kept(store, rows(1, 3))
    reader = sqlite3.connect(path)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM entries").fetchone() == (3,)
    await kept(store, rows(4, 5))  # somebody who reads for long keeps nobody from writing
    assert reader.execute("SELECT count(*) FROM entries").fetchone() == (3,)
    reader.close()
    assert sql(path, "SELECT count(*) FROM entries") == [(5,)]
    await store.close()


async def test_one_in_a_process(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "journal.db")
    await store.open()
    (tmp_path / "other.db").symlink_to(tmp_path / "journal.db")
    for name in ("journal.db", "other.db"):
        with pytest.raises(JournalError, match="already open in this process"):
            await SqliteStore(tmp_path / name).open()
    await kept(store, rows(1, 1))
    await store.close()
    assert await read_again(tmp_path / "journal.db") == rows(1, 1)


async def test_a_store_opens_once_at_a_time(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "journal.db")
    await store.open()
    with pytest.raises(Misuse, match="open already"):
        await store.open()
    with pytest.raises(JournalError, match="UNIQUE"):
        await kept(store, [row(1), row(1)])
    await store.close()
    with pytest.raises(Misuse, match="make a new store"):
        await store.open()


@pytest.mark.process
async def test_one_process(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    await written(path, rows(1, 2))
    with process(path, "main") as other:
        assert said(other) == "open"
        with pytest.raises(JournalError, match=f"is written by process {other.pid}"):
            await SqliteStore(path).open()
        other.kill()
        other.wait()
    assert (await read_again(path))[:2] == rows(1, 2)


async def test_whose_it_is(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    store = SqliteStore(path)
    await store.open()
    assert store.label() is None
    await store.christen(Label(environment="testnet", account="main"))
    known = Label(environment="testnet", account="main", uid=7)
    await store.christen(known)
    for other in (
        Label(environment="production", account="main", uid=7),
        Label(environment="testnet", account="second", uid=7),
        Label(environment="testnet", account="main", uid=8),
    ):
        with pytest.raises(
            JournalError, match=r"that of the account main \(number 7\) at testnet, and not of"
        ):
            await store.christen(other)
    assert store.label() == known
    await store.close()
    await store.open()
    assert store.label() == known
    await store.close()


async def test_two_checkpoints_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    store = SqliteStore(path)
    await store.open()
    for one in rows(1, 5):
        store.append(one)
        store.checkpoint(Checkpoint(one.seq, b'{"views":"\xc3\xa9%d"}' % one.seq))
        await store.commit()
    await store.close()
    assert sql(path, "SELECT seq FROM checkpoints ORDER BY seq") == [(4,), (5,)]
    assert await store.open() == Checkpoint(5, b'{"views":"\xc3\xa95"}')
    await store.close()
    sql(path, "UPDATE checkpoints SET body = replace(body, '5', '6') WHERE seq = 5")
    assert await store.open() == Checkpoint(4, b'{"views":"\xc3\xa94"}')
    await store.close()
    sql(path, "UPDATE checkpoints SET body = ''")
    assert await store.open() is None
    await store.close()


async def test_opening_that_is_given_up_leaves_it_free(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    await written(path, rows(1, 2))
    for turns in range(4):
        opening = asyncio.ensure_future(SqliteStore(path).open())
        for _ in range(turns):
            await asyncio.sleep(0)
        opening.cancel()
        await asyncio.gather(opening, return_exceptions=True)
        store = SqliteStore(path)
        while True:  # what ran there when it was given up has still to end
            try:
                await store.open()
            except JournalError:
                continue
            break
        await store.close()


texts = st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
whole = st.integers(-(2**63), 2**63 - 1)


@settings(max_examples=15)
@given(st.lists(st.tuples(whole, st.text("abc", min_size=1), texts, texts, st.integers(0, 3)), max_size=12))
def test_whatever_is_in_a_row(drawn: list[tuple[int, str, str | None, str | None, int]]) -> None:
    asyncio.run(_whatever(drawn))


async def _whatever(drawn: list[tuple[int, str, str | None, str | None, int]]) -> None:
    with TemporaryDirectory() as folder:
        store = SqliteStore(Path(folder) / "journal.db")
        await store.open()
        appended: list[Row] = []
        for at_ms, kind, id, symbol, then in drawn:
            appended.append(Row(len(appended) + 1, at_ms, kind, id, symbol, b'{"a":%d}' % at_ms))
            store.append(appended[-1])
            if then == 0:
                await store.commit()
            elif then == 1:
                await store.close()
                await store.open()
        await store.close()
        assert await read_again(Path(folder) / "journal.db") == appended
