"""Reading a journal from outside, while a trader may be writing it: nothing here can write."""

import asyncio
import concurrent.futures
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from surefoot.errors import JournalError, Misuse
from surefoot.execution.journal import Row
from surefoot.execution.sql.address import file_of, without_secrets
from surefoot.execution.sql.ailments import diagnosed
from surefoot.execution.sql.extras import needed
from surefoot.execution.sql.lease import session
from surefoot.execution.sql.upgrade import VERSION_TABLE, is_newest

if TYPE_CHECKING:
    from sqlalchemy import Connection, FromClause, Select

    from surefoot.execution.sql.schema import Schema

R = TypeVar("R")
_PURPOSE = "reading a journal"
_HANDFUL = 4096


class Reader:
    """What may be asked of one account's journal, over one connection."""

    def __init__(self, connection: "Connection", schema: "Schema", account: str | None) -> None:
        self.connection = connection
        self.schema = schema
        self._account = account

    def ours(self, query: "Select[R]", table: "FromClause") -> "Select[R]":
        """`query` for this account's part of `table` alone."""
        return query if self._account is None else query.where(table.c.account == self._account)

    def rows(self, id: str | None = None) -> Iterator[Row]:
        """All entries in order, or those about the client order id `id`."""
        sa = needed("sqlalchemy", extra="journal", purpose=_PURPOSE)
        entries = self.schema.entries
        names = ("seq", "at_ms", "kind", "id", "symbol")
        query = sa.select(*(entries.c[name] for name in names), sa.cast(entries.c.body, sa.Text))
        query = self.ours(query, entries).order_by(entries.c.seq)
        if id is not None:
            query = query.where(entries.c.id == id)
        for *known, body in self.connection.execution_options(yield_per=_HANDFUL).execute(query):
            yield Row._make((*known, body.encode()))


def asked(place: str | Path, account: str | None, question: Callable[[Reader], R]) -> R:
    """What `question` finds in the journal of `account` at `place`; a file has only one.

    Raises `JournalError` where there is no journal, or an older or newer one; `Misuse` without an account
    where there are many.
    """
    path = file_of(place)
    if path is not None:
        return _asked_of_file(path.expanduser().resolve(), question)
    if account is None:
        raise Misuse(f"{without_secrets(str(place))} may hold many accounts: say which one")
    with concurrent.futures.ThreadPoolExecutor(1) as elsewhere:  # the caller may be within an event loop
        return elsewhere.submit(asyncio.run, _asked_of_server(str(place), account, question)).result()


def _asked_of_file(path: Path, question: Callable[[Reader], R]) -> R:
    if not path.is_file():
        raise JournalError(f"there is no journal at {path}: look whether the path is right")
    sa = needed("sqlalchemy", extra="journal", purpose=_PURPOSE)

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)

    with diagnosed(path):
        try:
            with sa.create_engine(
                "sqlite://", creator=connect, poolclass=sa.NullPool
            ).connect() as connection:
                return _answered(connection, None, question, str(path))
        except sa.exc.DBAPIError as error:
            raise error.orig or error from None


async def _asked_of_server(url: str, account: str, question: Callable[[Reader], R]) -> R:
    needed("asyncpg", extra="postgres", purpose=_PURPOSE)
    sa, aio = (
        needed(name, extra="postgres", purpose=_PURPOSE) for name in ("sqlalchemy", "sqlalchemy.ext.asyncio")
    )
    engine = aio.create_async_engine(
        "postgresql+asyncpg://",
        async_creator=lambda: session(url, {"default_transaction_read_only": "on"}),
        poolclass=sa.NullPool,
    )
    try:
        async with engine.connect() as connection:
            found: R = await connection.run_sync(_answered, account, question, without_secrets(url))
            return found
    except sa.exc.DBAPIError as error:
        raise JournalError(f"the journal at {without_secrets(url)} cannot be read: {error.orig}") from error


def _answered(
    connection: "Connection", account: str | None, question: Callable[[Reader], R], place: str
) -> R:
    sa = needed("sqlalchemy", extra="journal", purpose=_PURPOSE)
    if not sa.inspect(connection).has_table(VERSION_TABLE):
        raise JournalError(f"{place} is no journal of surefoot: look whether the place is right")
    version = connection.scalar(sa.text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608
    if not is_newest(str(version), place):
        raise JournalError(f"{place} is of an older surefoot: open it once with a trader, which migrates it")
    schema = needed("surefoot.execution.sql.schema", extra="journal", purpose=_PURPOSE)
    return question(Reader(connection, schema.Schema(many_accounts=account is not None), account))
