"""Rows, and what the tests do with stores again and again."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from surefoot.execution.journal import Row, Store
from surefoot.execution.sql.sqlite import SqliteStore

SCRIPT = Path(__file__).parent / "scripts" / "append.py"


def row(seq: int, *, kind: str = "resolved", id: str | None = "mine", symbol: str | None = None) -> Row:
    body = f'{{"kind":"{kind}","at_ms":{seq * 10},"id":"{id}","evidence":"é{seq}"}}'
    return Row(seq, seq * 10, kind, id, symbol, body.encode())


def rows(first: int, last: int) -> list[Row]:
    return [row(seq) for seq in range(first, last + 1)]


async def all_rows(store: Store, after: int = 0) -> list[Row]:
    return [row async for handful in store.rows(after) for row in handful]


async def kept(store: Store, some: list[Row]) -> None:
    for one in some:
        store.append(one)
    await store.commit()


async def written(path: Path, some: list[Row]) -> None:
    """A journal at `path` that holds `some`, and is closed."""
    store = SqliteStore(path)
    await store.open()
    await kept(store, some)
    await store.close()


async def read_again(path: Path) -> list[Row]:
    store = SqliteStore(path)
    await store.open()
    try:
        return await all_rows(store)
    finally:
        await store.close()


@contextmanager
def process(place: str | Path, account: str, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """Another process that appends to the journal, a row a commit; it says so, a line each."""
    command = [sys.executable, str(SCRIPT), str(place), account, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        try:
            yield running
        finally:
            running.kill()


def said(running: "subprocess.Popen[str]") -> str:
    assert running.stdout is not None
    return running.stdout.readline().strip()


def sql(path: Path, *statements: str) -> list[tuple[object, ...]]:
    """What another program does with the file; the answer to the last statement."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        for statement in statements:
            found = connection.execute(statement).fetchall()
        return found
    finally:
        connection.close()
