"""Is this file a whole journal? Asked before it is written to, over a connection that cannot write."""

import sqlite3
from contextlib import closing
from pathlib import Path

from surefoot.errors import JournalError
from surefoot.execution.sql.ailments import diagnosed
from surefoot.execution.sql.upgrade import VERSION_TABLE, is_newest

_CHECKED_BYTES = 256 * 1024 * 1024  # up to here every page is looked at: 0.3 s
_EXTENT = "SELECT count(*), coalesce(min(seq), 1), coalesce(max(seq), 0) FROM entries"


def examined(path: Path, *, busy_ms: int) -> bool:
    """Whether its tables are the newest; raises `JournalError` where it is damaged, foreign or too new."""
    if not path.is_file():
        raise JournalError(f"{path} is no file: name the file of a journal, or one that is still to be made")
    if path.stat().st_size == 0:
        raise JournalError(
            f"{path} is empty, as no journal ever is: restore a copy, or remove it to begin anew"
        )
    address = f"{path.as_uri()}?mode=ro"
    with diagnosed(path), closing(sqlite3.connect(address, uri=True, timeout=busy_ms / 1000)) as connection:
        newest = is_newest(_version(connection, path), str(path))
        _whole_pages(connection, path)
        _whole_sequence(connection, path)
        return newest


def _version(connection: sqlite3.Connection, path: Path) -> str:
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if VERSION_TABLE not in tables:
        raise JournalError(
            f"{path} is a database of something else, and no journal of surefoot: name another"
        )
    (version,) = connection.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchone() or ("",)  # noqa: S608
    return str(version)


def _whole_pages(connection: sqlite3.Connection, path: Path) -> None:
    if not path.is_file():
        raise JournalError(f"{path} is no file: name the file of a journal, or one that is still to be made")
    if path.stat().st_size > _CHECKED_BYTES:
        return
    (said,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if said != "ok":
        raise JournalError(f"{path} is damaged: keep it as it is and restore a copy ({said.strip()})")


def _whole_sequence(connection: sqlite3.Connection, path: Path) -> None:
    count, first, last = connection.execute(_EXTENT).fetchone()
    if count != last or first < 1:
        raise JournalError(
            f"{path} is damaged: entry {_hole(connection)} of {last} is missing; restore a copy"
        )
    (seen,) = connection.execute("SELECT coalesce(max(seq), 0) FROM checkpoints").fetchone()
    if seen > last:
        raise JournalError(f"{path} is damaged: entries {last + 1} to {seen} are missing; restore a copy")


def _hole(connection: sqlite3.Connection) -> int:
    """The first number without an entry; entries begin with 1."""
    before = "SELECT 0 AS seq UNION ALL SELECT seq FROM entries WHERE seq > 0"
    (seq,) = connection.execute(
        f"SELECT min(seq) + 1 FROM ({before}) WHERE seq + 1 NOT IN (SELECT seq FROM entries)"  # noqa: S608
    ).fetchone()
    return int(seq)
