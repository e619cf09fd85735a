"""The store for a place, as people name places."""

from pathlib import Path

from surefoot.execution.journal import Store
from surefoot.execution.sql.address import file_of
from surefoot.execution.sql.postgres import PostgresStore
from surefoot.execution.sql.sqlite import SqliteStore

_GONE_MS = 3_000
"""PostgreSQL may take a moment to notice that a writer is gone."""


def store_of(place: str | Path, account: str) -> Store:
    """The journal of `account` at `place`: the path of a file, ``sqlite:///path``, or ``postgresql://…``.

    A file holds one account. Raises `Misuse` for another kind of database.
    """
    path = file_of(place)
    return PostgresStore(str(place), account, wait_ms=_GONE_MS) if path is None else SqliteStore(path)
