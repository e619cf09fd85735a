"""One chain of migrations: what it makes is what is read, and older journals come along."""

import asyncio
import os
import sqlite3
from pathlib import Path

import asyncpg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from surefoot.errors import JournalError
from surefoot.execution.sql import upgrade
from surefoot.execution.sql.account import upgrade_database
from surefoot.execution.sql.postgres import PostgresStore
from surefoot.execution.sql.reading import Reader, asked
from surefoot.execution.sql.reports import turnover
from surefoot.execution.sql.sqlite import SqliteStore
from surefoot.execution.sql.upgrade import NEWEST, VERSION_TABLE, is_newest, upgrade_file
from tests.execution.sql.journals import all_rows, kept, sql, written
from tests.execution.sql.spoken import DAY, told

pytestmark = pytest.mark.xdist_group("postgres")


def chain() -> list[str]:
    folder = str(upgrade._CHAIN)
    return [step.revision for step in ScriptDirectory(folder, version_locations=[folder]).walk_revisions()][
        ::-1
    ]


def test_the_chain_ends_in_the_version_that_is_used() -> None:
    assert chain() == [f"{number:04}" for number in range(1, len(chain()) + 1)]
    assert chain()[-1] == NEWEST


def differences(reader: Reader) -> object:
    options = {"version_table": VERSION_TABLE, "compare_type": True}
    context = MigrationContext.configure(reader.connection, opts=options)
    return compare_metadata(context, reader.schema.metadata)


def test_what_is_made_is_what_is_read(tmp_path: Path, database: str) -> None:
    asyncio.run(written(tmp_path / "journal.db", []))
    assert asked(tmp_path / "journal.db", None, differences) == []
    asyncio.run(upgrade_database(database))
    assert asked(database, "main", differences) == []


async def test_an_older_file_comes_along(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    upgrade_file(path, busy_ms=1, to="0001")
    insert = "INSERT INTO entries VALUES (?, ?, ?, ?, ?, CAST(? AS TEXT))"
    with sqlite3.connect(path) as connection:
        connection.executemany(insert, told(*DAY))
    connection.close()
    store = SqliteStore(path)
    await store.open()
    assert await all_rows(store) == told(*DAY)
    await store.close()
    assert sum(day.fills for day in turnover(path)) == 5
    assert sql(path, f"SELECT version_num FROM {VERSION_TABLE}") == [(NEWEST,)]


async def test_an_older_database_comes_along(database: str) -> None:
    await upgrade_database(database, to="0001")
    store = PostgresStore(database, "main")
    await store.open()
    await kept(store, told(*DAY))
    await store.close()
    assert sum(day.fills for day in turnover(database, "main")) == 5


async def test_a_newer_database_is_refused(database: str) -> None:
    await upgrade_database(database)
    connection = await asyncpg.connect(database)
    await connection.execute(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
    with pytest.raises(JournalError, match=r"was written by a newer surefoot \(tables 9999"):
        await PostgresStore(database, "main").open()
    await connection.close()


async def test_two_who_begin_at_once(database: str) -> None:
    stores = [PostgresStore(database, name) for name in ("a", "b", "c")]
    await asyncio.gather(*(store.open() for store in stores))
    await asyncio.gather(*(store.close() for store in stores))


def test_a_migration_that_fails_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    upgrade_file(path, busy_ms=1, to="0001")
    sql(path, "CREATE TABLE orders (mine)")  # the second of the two views cannot be made
    with pytest.raises(sqlite3.OperationalError, match="orders already exists"):
        upgrade_file(path, busy_ms=1)
    assert sql(path, f"SELECT version_num FROM {VERSION_TABLE}") == [("0001",)]
    assert sql(path, "SELECT count(*) FROM sqlite_master WHERE type = 'view'") == [(0,)]
    with pytest.raises(JournalError, match="orders already exists"):
        asyncio.run(SqliteStore(path).open())


def test_versions() -> None:
    assert is_newest(NEWEST, "here")
    assert not is_newest("0001", "here")
    for version in ("", "1", "00001", "abcd", "١٢٣٤"):
        with pytest.raises(JournalError, match="here is not a journal of surefoot"):
            is_newest(version, "here")


def test_the_migrations_are_shipped() -> None:
    """Alembic reads them as files, beside the module that runs them."""
    names = [name for name in os.listdir(upgrade._CHAIN) if name.endswith(".py")]
    assert sorted(name.split("_")[0] for name in names if name.startswith("m")) == [
        f"m{step}" for step in chain()
    ]


def test_without_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "sqlalchemy", None)
    with pytest.raises(
        JournalError, match=r"needs the package sqlalchemy: pip install 'surefoot\[journal\]'"
    ):
        asyncio.run(SqliteStore(tmp_path / "journal.db").open())
    assert not (tmp_path / "journal.db").exists()
    assert sa.__version__
