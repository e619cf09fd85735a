"""What a person asks of a journal, in SQLite and in PostgreSQL, while a trader has it open."""

import asyncio
import json
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pyarrow.parquet
import pytest

from surefoot.errors import JournalError, Misuse
from surefoot.execution.entries import Anomaly
from surefoot.execution.journal import read
from surefoot.execution.sql.exporting import export
from surefoot.execution.sql.postgres import PostgresStore
from surefoot.execution.sql.reading import Reader, asked
from surefoot.execution.sql.reports import Turnover, counts, history, turnover
from surefoot.execution.sql.sqlite import SqliteStore
from surefoot.execution.sql.store import store_of
from tests.execution.sql.journals import kept, row, rows, sql, written
from tests.execution.sql.spoken import DAY, told

pytestmark = pytest.mark.xdist_group("postgres")


class Place(NamedTuple):
    """Where a journal of the day is, that a trader has open."""

    name: str
    account: str | None


async def _traded(place: str) -> None:
    store = store_of(place, "main")
    await store.open()
    await kept(store, told(*DAY))
    if place.startswith("postgresql"):
        other = PostgresStore(place, "other")
        await other.open()
        await kept(other, rows(1, 3))
        await other.close()
    await store.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    many = request.param == "postgresql"
    where = request.getfixturevalue("database") if many else f"sqlite:///{tmp_path / 'a %20?.db'}"
    asyncio.run(_traded(where))
    return Place(where, "main" if many else None)


def test_the_fills(place: Place) -> None:
    """Each once, with the client order id where anybody told it, whichever entries told of it."""
    names = "seq, at_ms, id, symbol, order_id, trade_id, side, price, quantity, commission, commission_asset"
    assert view(place, f"SELECT {names}, is_maker FROM fills ORDER BY trade_id") == [
        (3, 2_000, "a", "BTCUSDT", 1, 11, "BUY", "100.00", "1.00000000", "1E-8", "BNB", True),
        (5, 3_000, "a", "BTCUSDT", 1, 12, "BUY", "100.00", "1.00000000", "2E-8", "BNB", True),
        (7, 4_000, "b", "BTCUSDT", 2, 13, "SELL", "101.5", "0.5", "0.5", "USDT", False),
        (12, 86_400_000, "leg1", "BTCUSDT", 4, 14, "BUY", "99", "2", "0.5", "USDT", False),
        (13, 86_400_001, None, "BTCUSDT", 9, 15, "BUY", "100.00", "1.00000000", "1E-8", "BNB", True),
    ]


def test_the_orders(place: Place) -> None:
    """Each as the exchange last spoke of it, by the id that it was placed with; what is final stays so."""
    names = "id, order_id, side, price, quantity, executed, status, updated_ms"
    assert view(place, f"SELECT {names} FROM orders ORDER BY order_id") == [
        ("a", 1, "BUY", "100.00", "2.00000000", "2.00000000", "FILLED", 3_000),
        ("b", 2, "BUY", "100.00", "2.00000000", "0E-8", "CANCELED", 5_000),
        ("c", 3, "BUY", "100.00", "2.00000000", "0E-8", "NEW", 86_400_000),
        ("leg1", 4, "BUY", "100.00", "2.00000000", "0E-8", "FILLED", 86_400_000),
        ("leg2", 5, "SELL", "100.00", "2.00000000", "0E-8", "PENDING_NEW", 86_400_000),
    ]


def view(place: Place, query: str) -> list[tuple[object, ...]]:
    if place.account is not None:
        query = query.replace(" ORDER", f" WHERE account = '{place.account}' ORDER")

    def question(reader: Reader) -> list[tuple[object, ...]]:
        return [tuple(found) for found in reader.connection.exec_driver_sql(query)]

    return asked(place.name, place.account, question)


def test_a_history(place: Place) -> None:
    found = history(place.name, "a", place.account)
    assert [one.seq for one in found] == [1, 2, 3, 5, 6, 14]
    assert [read(one) for one in found] == [DAY[one.seq - 1] for one in found]
    assert isinstance(read(found[-1]), Anomaly)
    assert history(place.name, "nobody's", place.account) == []


def test_sums(place: Place) -> None:
    assert list(counts(place.name, place.account).items()) == [
        ("reported", 4),
        ("placed", 3),
        ("orderRead", 2),
        ("tradeRead", 2),
        ("anomaly", 1),
        ("canceled", 1),
        ("listPlaced", 1),
    ]
    assert turnover(place.name, place.account) == [
        Turnover(
            day=date(1970, 1, 1),
            symbol="BTCUSDT",
            fills=3,
            bought=Decimal(2),
            sold=Decimal("0.5"),
            notional=Decimal("250.75"),
            commissions={"BNB": Decimal("0.00000003"), "USDT": Decimal("0.5")},
        ),
        Turnover(
            day=date(1970, 1, 2),
            symbol="BTCUSDT",
            fills=2,
            bought=Decimal(3),
            sold=Decimal(0),
            notional=Decimal(298),
            commissions={"BNB": Decimal("0.00000001"), "USDT": Decimal("0.5")},
        ),
    ]


def test_an_export(place: Place, tmp_path: Path) -> None:
    known = told(*DAY)
    assert export(place.name, tmp_path / "all.jsonl", account=place.account) == len(known)
    lines = [json.loads(line) for line in (tmp_path / "all.jsonl").read_text("utf-8").splitlines()]
    assert lines == [one._asdict() | {"body": json.loads(one.body)} for one in known]
    assert export(place.name, tmp_path / "all.parquet", "parquet", place.account) == len(known)
    table = pyarrow.parquet.read_table(tmp_path / "all.parquet")
    assert table.to_pylist() == [one._asdict() | {"body": one.body.decode()} for one in known]
    assert not [file for file in tmp_path.iterdir() if file.name.startswith(".")]


async def test_within_an_event_loop(place: Place) -> None:
    store = store_of(place.name, "main")
    await store.open()
    await kept(store, [row(15, kind="resynced")])
    assert counts(place.name, place.account)["resynced"] == 1
    await store.close()


@pytest.mark.parametrize("format", ["jsonl", "parquet"])
def test_an_export_of_nothing(tmp_path: Path, format: str) -> None:
    asyncio.run(written(tmp_path / "journal.db", []))
    assert export(tmp_path / "journal.db", tmp_path / "all", format) == 0  # type: ignore[arg-type]
    assert (tmp_path / "all").is_file()


def test_an_export_takes_nobodys_place(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    asyncio.run(written(path, rows(1, 3)))
    with pytest.raises(Misuse, match="is there already: name a new file"):
        export(path, path)
    with pytest.raises(Misuse, match="format='csv': jsonl or parquet"):
        export(path, tmp_path / "all", "csv")  # type: ignore[arg-type]
    with pytest.raises(JournalError, match="cannot be written"):
        export(path, tmp_path / "missing" / "all.jsonl")
    sql(path, "UPDATE entries SET body = '{' WHERE seq = 2")
    with pytest.raises(JournalError, match=r"entry 2 of the journal is damaged \(resolved\)"):
        export(path, tmp_path / "all.jsonl")
    assert not [file for file in tmp_path.iterdir() if "all" in file.name]


def test_what_cannot_be_read(tmp_path: Path) -> None:
    missing, other, older = tmp_path / "missing.db", tmp_path / "other.db", tmp_path / "older.db"
    sql(other, "CREATE TABLE entries (a)")
    asyncio.run(written(older, rows(1, 1)))
    sql(older, "UPDATE surefoot_version SET version_num = '0001'")
    for path, reason in (
        (missing, "there is no journal"),
        (other, "no journal of"),
        (older, "of an older surefoot"),
    ):
        with pytest.raises(JournalError, match=reason):
            counts(path)
    sql(older, "UPDATE surefoot_version SET version_num = '0003'")
    with pytest.raises(JournalError, match="newer surefoot"):
        counts(older)
    older.write_bytes(b"damaged" * 1_000)
    with pytest.raises(JournalError, match="is no SQLite database"):
        counts(older)
    assert not missing.exists()


def test_a_server_that_is_not_there() -> None:
    with pytest.raises(
        JournalError, match=r"the journal at postgresql://127\.0\.0\.1:1/db cannot be used"
    ) as raised:
        counts("postgresql://me:geheim@127.0.0.1:1/db", "main")
    assert "geheim" not in str(raised.value)
    with pytest.raises(Misuse, match="may hold many accounts: say which one"):
        counts("postgresql://me:geheim@127.0.0.1:1/db")


def test_where_a_journal_is(tmp_path: Path) -> None:
    for name in (
        tmp_path / "a.db",
        str(tmp_path / "a.db"),
        f"sqlite:///{tmp_path}/a.db",
        "C:\\journals\\a.db",
    ):
        assert isinstance(store_of(name, "main"), SqliteStore)
    for name in ("postgresql://host/db", "postgres://host/db", "postgresql+asyncpg://host/db"):
        assert isinstance(store_of(name, "main"), PostgresStore)
    for name, said in (
        ("mysql://host/db", "mysql"),
        ("redis://host", "redis"),
        ("sqlite+aiosqlite:///a", "sqlite"),
    ):
        with pytest.raises(Misuse, match=f"{said}.*: journals are kept at a path"):
            store_of(name, "main")


@pytest.mark.process
def test_a_library_user_loads_no_extra() -> None:
    rooms = "account, exporting, postgres, reading, reports, sqlite, store"
    asks = "import sys; print({'sqlalchemy', 'alembic', 'asyncpg', 'pyarrow'} & set(sys.modules))"
    command = [sys.executable, "-c", f"from surefoot.execution.sql import {rooms}; {asks}"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "set()\n"


@pytest.mark.parametrize(("package", "extra"), [("sqlalchemy", "journal"), ("pyarrow", "data")])
def test_without_a_package(tmp_path: Path, package: str, extra: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asyncio.run(written(tmp_path / "journal.db", rows(1, 1)))
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(
        JournalError, match=rf"needs the package {package}: pip install 'surefoot\[{extra}\]'"
    ):
        export(tmp_path / "journal.db", tmp_path / "all", "parquet")
    asyncio.run(written(tmp_path / "journal.db", rows(2, 2)))  # a journal that is there needs none of them
