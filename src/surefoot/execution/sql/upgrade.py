"""Brings a journal's tables to the newest version: all of it or nothing, in one transaction (Alembic)."""

import sqlite3
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from surefoot.errors import JournalError
from surefoot.execution.sql.extras import needed

if TYPE_CHECKING:
    from sqlalchemy import Connection

NEWEST = "0002"
"""The version of the tables that is written and read here; older ones are `0001` and so on."""

VERSION_TABLE = "surefoot_version"

_CHAIN = Path(__file__).parent / "migrations"
_ONE = threading.Lock()  # Alembic keeps the context of a migration for the whole process


def is_newest(version: str, place: str) -> bool:
    """Whether tables of `version` can be used as they are; raises `JournalError` where they never can."""
    if version == NEWEST:
        return True
    if not (version.isascii() and version.isdigit() and len(version) == len(NEWEST)):
        raise JournalError(f"{place} is not a journal of surefoot: its tables have the version {version!r}")
    if version > NEWEST:
        text = f"{place} was written by a newer surefoot (tables {version}, known here: {NEWEST})"
        raise JournalError(f"{text}: upgrade surefoot to use it")
    return False


def upgrade_file(path: Path, *, busy_ms: int, to: str = NEWEST) -> None:
    """Migrate the file `path`, or make it. Raises `JournalError` without the extra `journal`."""
    sqlalchemy = needed("sqlalchemy", extra="journal", purpose="making or migrating a journal")

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(path, timeout=busy_ms / 1000, isolation_level=None)
        connection.execute("PRAGMA synchronous = FULL")
        return connection

    engine = sqlalchemy.create_engine("sqlite://", creator=connect, poolclass=sqlalchemy.NullPool)
    sqlalchemy.event.listen(engine, "begin", _begin)  # the driver's own transactions leave CREATE TABLE out
    try:
        with engine.begin() as connection:
            upgrade(connection, to=to)
    except sqlalchemy.exc.DBAPIError as error:
        raise error.orig or error from None


def upgrade(connection: "Connection", *, to: str = NEWEST) -> None:
    """Migrate within the transaction of `connection`. Raises `JournalError` without the extra `journal`."""
    purpose = "making or migrating a journal"
    config = needed("alembic.config", extra="journal", purpose=purpose).Config()
    config.set_main_option("script_location", str(_CHAIN).replace("%", "%%"))
    chain = needed("alembic.script", extra="journal", purpose=purpose).ScriptDirectory(
        str(_CHAIN), version_locations=[str(_CHAIN)]
    )

    def steps(now: Any, _context: Any) -> Any:
        return chain._upgrade_revs(to, now)

    environment = needed("alembic.runtime.environment", extra="journal", purpose=purpose).EnvironmentContext
    with _ONE, environment(config, chain, fn=steps, destination_rev=to) as context:
        context.configure(connection=connection, transactional_ddl=True, version_table=VERSION_TABLE)
        context.run_migrations()


def _begin(connection: "Connection") -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
