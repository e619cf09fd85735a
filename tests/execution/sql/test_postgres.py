"""Journals in PostgreSQL, on a real server: one writer an account, also where the last one is not told."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from surefoot.errors import JournalError, Misuse
from surefoot.execution.journal import Checkpoint, Label, Row
from surefoot.execution.sql import postgres
from surefoot.execution.sql.postgres import PostgresStore
from tests.execution.sql.journals import all_rows, kept, process, row, rows, said

pytestmark = pytest.mark.xdist_group("postgres")


@pytest.fixture
async def admin(database: str) -> AsyncIterator[asyncpg.Connection]:
    """Another session, which may do what it likes."""
    connection = await asyncpg.connect(database)
    yield connection
    await connection.close()


async def opened(database: str, account: str = "main", **options: int | None) -> PostgresStore:
    store = PostgresStore(database, account, **options)  # type: ignore[arg-type]
    await store.open()
    return store


async def test_rows_come_again_as_they_were(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "_HANDFUL", 3)
    given = [row(1), row(2, id=None), Row(3, 2**62, "x", "ü", "", b'{"b": 1, "a" :"\\u0000"}'), *rows(4, 20)]
    store = PostgresStore(database, "main")
    assert await store.open() is None
    await kept(store, given)
    assert await all_rows(store) == given
    await store.close()
    await store.open()
    assert await all_rows(store, after=2) == given[2:]
    await store.close()


async def test_a_text_that_postgres_cannot_keep(database: str) -> None:
    store = await opened(database)
    await kept(store, [Row(1, 1, "x", "a\0b", "\0", b'{"id":"a\\u0000b"}')])
    assert await all_rows(store) == [Row(1, 1, "x", "a\ufffdb", "\ufffd", b'{"id":"a\\u0000b"}')]
    await store.close()


async def test_accounts_know_nothing_of_each_other(database: str) -> None:
    one, other = await opened(database, "one"), await opened(database, "other")
    await one.christen(Label(environment="testnet", account="one", uid=1))
    await kept(one, rows(1, 5))
    one.checkpoint(Checkpoint(4, b"{}"))
    await kept(other, [row(1, id="other")])
    assert other.label() is None
    await one.close()
    await other.close()
    again = PostgresStore(database, "other")
    assert await again.open() is None
    assert again.label() is None
    assert await all_rows(again) == [row(1, id="other")]
    await again.close()


async def test_labels_and_checkpoints(database: str) -> None:
    store = await opened(database)
    label = Label(environment="testnet", account="main")
    await store.christen(label)
    with pytest.raises(JournalError, match="and not of the account main at production"):
        await store.christen(Label(environment="production", account="main"))
    for one in rows(1, 4):
        store.append(one)
        store.checkpoint(Checkpoint(one.seq, b'{"seq":%d}' % one.seq))
        await store.commit()
    await store.close()
    assert await store.open() == Checkpoint(4, b'{"seq":4}')
    assert store.label() == label
    await store.close()


async def test_a_damaged_checkpoint(database: str, admin: asyncpg.Connection) -> None:
    store = await opened(database)
    for one in rows(1, 4):
        store.append(one)
        store.checkpoint(Checkpoint(one.seq, b"{}"))
        await store.commit()
    await store.close()
    assert [seq for (seq,) in await admin.fetch("SELECT seq FROM checkpoints ORDER BY seq")] == [3, 4]
    await admin.execute("UPDATE checkpoints SET body = '[]' WHERE seq = 4")
    assert await store.open() == Checkpoint(3, b"{}")
    await store.close()


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("DELETE FROM entries WHERE seq = 1", "entry 1 of 9 is missing"),
        ("DELETE FROM entries WHERE seq IN (4, 6)", "entry 4 of 9 is missing"),
        ("UPDATE entries SET seq = -1 WHERE seq = 1", "entry 1 of 9 is missing"),
        ("INSERT INTO checkpoints VALUES ('main', 12, 0, '')", "entries 10 to 12 are missing"),
    ],
)
async def test_holes(database: str, admin: asyncpg.Connection, statement: str, reason: str) -> None:
    store = await opened(database)
    await kept(store, rows(1, 9))
    await store.close()
    await admin.execute(statement)
    with pytest.raises(JournalError, match=reason):
        await PostgresStore(database, "main").open()
    store = await opened(database, "other")  # and nobody holds anything
    await store.close()


async def test_a_second_one_is_refused(database: str) -> None:
    store = await opened(database)
    for wait_ms in (0, 1):
        with pytest.raises(JournalError, match=r"is written by 'surefoot main .*:\d+'.*stop that one first"):
            await opened(database, wait_ms=wait_ms)
    await kept(store, rows(1, 1))
    await store.close()


@pytest.mark.process
async def test_a_second_process_takes_over_when_the_first_is_killed(database: str) -> None:
    await (await opened(database)).close()
    with process(database, "main") as other:
        assert said(other) == "open"
        while int(said(other)) < 5:
            pass
        waiting = asyncio.ensure_future(opened(database, wait_ms=None))
        await asyncio.sleep(0.05)
        assert not waiting.done()
        other.kill()
        store = await waiting
        promised = [int(line) for line in (other.stdout or ())][-1:] or [5]
    found = await all_rows(store)
    assert [one.seq for one in found] == list(range(1, len(found) + 1))
    assert len(found) >= promised[0]
    await kept(store, [row(len(found) + 1)])
    await store.close()


async def test_waiting_that_is_given_up(database: str) -> None:
    first = await opened(database)
    waiting = asyncio.ensure_future(opened(database, wait_ms=None))
    await asyncio.sleep(0.05)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    await first.close()
    second = await opened(database)
    await second.close()


async def test_a_lost_connection_is_a_failure_at_once(database: str, admin: asyncpg.Connection) -> None:
    store = await opened(database)
    await kept(store, rows(1, 1))
    await admin.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'surefoot main %'"
    )
    while store.failure is None:  # noqa: ASYNC110 - nobody appends or commits
        await asyncio.sleep(0.001)
    assert "the connection to" in str(store.failure)
    with pytest.raises(JournalError, match=r"is lost, and the lease of main with it: open the journal again"):
        await kept(store, rows(2, 2))
    await store.close()
    with pytest.raises(Misuse, match="make a new store"):
        await store.open()
    again = await opened(database)
    assert await all_rows(again) == rows(1, 1)
    await again.close()


async def write(store: PostgresStore, what: str) -> None:
    if what == "label":
        await store.christen(Label(environment="testnet", account="main"))
    elif what == "rows":
        await kept(store, rows(3, 4))
    else:
        store.checkpoint(Checkpoint(2, b"{}"))
        await store.commit()


@pytest.mark.parametrize("what", ["rows", "checkpoint", "label"])
async def test_a_writer_whose_lease_is_gone_writes_nothing(
    database: str, admin: asyncpg.Connection, what: str
) -> None:
    """Behind a pooler, say, a session may go on whose lock is not there any more."""
    store = await opened(database)
    await kept(store, rows(1, 2))
    await store._run(store._account._lease.connection.execute("SELECT pg_advisory_unlock_all()"))
    heir = await opened(database)
    with pytest.raises(JournalError, match="has another writer now: this one has lost its lease, and stops"):
        await write(store, what)
    await kept(heir, [row(3, id="heir's")])
    assert await all_rows(heir) == [*rows(1, 2), row(3, id="heir's")]
    for table in ("checkpoints", "label"):
        assert await admin.fetchval(f"SELECT count(*) FROM {table}") == 0
    await store.close()
    await heir.close()


async def test_a_batch_is_kept_whole_or_not_at_all(database: str) -> None:
    store = await opened(database)
    await kept(store, rows(1, 3))
    with pytest.raises(JournalError, match="cannot be used: duplicate key") as raised:
        await kept(store, [row(4), row(3)])
    assert store.failure is raised.value
    await store.close()
    store = await opened(database)
    assert await all_rows(store) == rows(1, 3)
    await store.close()


async def test_what_is_asked_of_the_server(database: str) -> None:
    """A commit is on its disk, whatever the server's own settings are."""
    store = await opened(f"{database}&synchronous_commit=off")
    lease = store._account._lease
    assert await store._run(lease.connection.fetchval("SHOW synchronous_commit")) == "on"
    await store.close()


async def test_a_server_that_is_not_there() -> None:
    with pytest.raises(
        JournalError, match=r"the journal at postgresql://127\.0\.0\.1:1/db cannot be used"
    ) as raised:
        await PostgresStore("postgresql://me:geheim@127.0.0.1:1/db", "main").open()
    assert "geheim" not in str(raised.value)


async def test_sixty_four_at_once(database: str) -> None:
    store = await opened(database)
    seq = 0

    async def trader() -> None:
        nonlocal seq
        for _ in range(10):
            seq += 1
            store.append(row(seq))
            await store.commit()

    async with asyncio.TaskGroup() as tasks:
        for _ in range(64):
            tasks.create_task(trader())
    assert await all_rows(store) == rows(1, 640)
    await store.close()
