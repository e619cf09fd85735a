"""The rows of one account in a database of PostgreSQL, over the one session that may write them."""

from collections.abc import Callable
from zlib import crc32

from surefoot.errors import JournalError
from surefoot.execution.journal import Checkpoint, Label, Row
from surefoot.execution.sql.address import without_secrets
from surefoot.execution.sql.extras import needed
from surefoot.execution.sql.file import whole
from surefoot.execution.sql.group import Batch
from surefoot.execution.sql.lease import Lease, session, told
from surefoot.execution.sql.upgrade import NEWEST, VERSION_TABLE, is_newest, upgrade

_WRITE_S = 30
_PURPOSE = "a journal in PostgreSQL"
_HELD = "WITH held AS MATERIALIZED (SELECT 1 FROM leases WHERE account = $1 AND epoch = $2 FOR SHARE)"
_APPEND = f"""{_HELD}
INSERT INTO entries (account, seq, at_ms, kind, id, symbol, body)
SELECT $1, seq, at_ms, kind, id, symbol, body::json
FROM unnest($3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[])
  AS row (seq, at_ms, kind, id, symbol, body)
WHERE EXISTS (SELECT 1 FROM held)
"""  # noqa: S608
_CHECKPOINT = f"""{_HELD}
INSERT INTO checkpoints (account, seq, crc32, body) SELECT $1, $3, $4, $5 WHERE EXISTS (SELECT 1 FROM held)
ON CONFLICT (account, seq) DO UPDATE SET crc32 = EXCLUDED.crc32, body = EXCLUDED.body
"""  # noqa: S608
_OLD = """
DELETE FROM checkpoints WHERE account = $1 AND seq NOT IN
  (SELECT seq FROM checkpoints WHERE account = $1 ORDER BY seq DESC LIMIT 2)
"""
_CHECKPOINTS = "SELECT seq, crc32, body FROM checkpoints WHERE account = $1 ORDER BY seq DESC"
_ROWS = """
SELECT seq, at_ms, kind, id, symbol, body::text FROM entries
WHERE account = $1 AND seq > $2 ORDER BY seq LIMIT $3
"""
_LABEL = f"""{_HELD}
INSERT INTO label (account, environment, name, uid) SELECT $1, $3, $4, $5 WHERE EXISTS (SELECT 1 FROM held)
ON CONFLICT (account) DO UPDATE
  SET environment = EXCLUDED.environment, name = EXCLUDED.name, uid = EXCLUDED.uid
"""  # noqa: S608
_EXTENT = "SELECT count(*), coalesce(min(seq), 1), coalesce(max(seq), 0) FROM entries WHERE account = $1"
_HOLE = """
SELECT min(seq) + 1 FROM (SELECT 0 AS seq UNION ALL SELECT seq FROM entries WHERE account = $1) AS known
WHERE seq >= 0 AND NOT EXISTS (SELECT 1 FROM entries WHERE account = $1 AND entries.seq = known.seq + 1)
"""


class Account:
    """What `account` has in the database `url` while this process writes it.

    Every method raises `JournalError` where it cannot; `lost` is called when it cannot any more.
    """

    def __init__(self, url: str, account: str, lost: Callable[[JournalError], None]) -> None:
        self._url, self._account = url, account
        self._name = f"the journal of {account} at {without_secrets(url)}"
        self._lease = Lease(url, account, lost)

    async def open(self, wait_ms: int | None) -> None:
        """Make or migrate the tables, take the lease, look whether all entries are there."""
        await self._lease.connect()
        try:
            await self._prepare()
            with told(self._url):
                await self._lease.take(wait_ms)
                await self._examine()
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Let another process write it."""
        with told(self._url):
            await self._lease.give_back()

    async def write(self, batch: Batch) -> None:
        """Make all rows of `batch` safe, or none; and then its checkpoint."""
        with told(self._url):
            if batch.rows:
                await self._held(_APPEND, *_columns(batch.rows), count=len(batch.rows))
            if batch.checkpoint is not None:
                seq, body = batch.checkpoint
                await self._held(_CHECKPOINT, seq, crc32(body), body.decode())
                await self._lease.connection.execute(_OLD, self._account, timeout=_WRITE_S)

    async def rows(self, after: int, limit: int) -> list[Row]:
        """At most `limit` rows after the `seq` `after`."""
        with told(self._url):
            records = await self._lease.connection.fetch(_ROWS, self._account, after, limit)
        return [Row(seq, at, kind, id, symbol, body.encode()) for seq, at, kind, id, symbol, body in records]

    async def checkpoint(self) -> Checkpoint | None:
        """The newest checkpoint that is whole."""
        with told(self._url):
            records = await self._lease.connection.fetch(_CHECKPOINTS, self._account)
        return whole((seq, crc, body.encode()) for seq, crc, body in records)

    async def label(self) -> Label | None:
        """Whose journal it is, where that is written in it."""
        with told(self._url):
            query = "SELECT environment, name, uid FROM label WHERE account = $1"
            found = await self._lease.connection.fetchrow(query, self._account)
        return None if found is None else Label(environment=found[0], account=found[1], uid=found[2])

    async def christen(self, label: Label) -> None:
        """Write into it whose it is."""
        with told(self._url):
            await self._held(_LABEL, label.environment, label.account, label.uid)

    async def _held(self, statement: str, *given: object, count: int = 1) -> None:
        """Run `statement` if the lease is still ours: it says so itself, by writing nothing."""
        connection, epoch = self._lease.connection, self._lease.epoch
        said = await connection.execute(statement, self._account, epoch, *given, timeout=_WRITE_S)
        if said != f"INSERT 0 {count}":
            raise JournalError(f"{self._name} has another writer now: this one has lost its lease, and stops")

    async def _prepare(self) -> None:
        connection = self._lease.connection
        version = None
        with told(self._url):
            if await connection.fetchval("SELECT to_regclass($1)::text", VERSION_TABLE):
                version = await connection.fetchval(f"SELECT version_num FROM {VERSION_TABLE}")  # noqa: S608
        if version is None or not is_newest(version, without_secrets(self._url)):
            await upgrade_database(self._url)

    async def _examine(self) -> None:
        connection, account = self._lease.connection, self._account
        count, first, last = await connection.fetchrow(_EXTENT, account)
        if count != last or first < 1:
            missing = await connection.fetchval(_HOLE, account)
            raise JournalError(
                f"{self._name} is damaged: entry {missing} of {last} is missing; restore a copy"
            )
        query = "SELECT coalesce(max(seq), 0) FROM checkpoints WHERE account = $1"
        if (seen := await connection.fetchval(query, account)) > last:
            raise JournalError(
                f"{self._name} is damaged: entries {last + 1} to {seen} are missing; restore a copy"
            )


async def upgrade_database(url: str, *, to: str = NEWEST) -> None:
    """Make or migrate the tables in the first schema of `url`'s search path. Raises `JournalError`."""
    sqlalchemy = needed("sqlalchemy.ext.asyncio", extra="postgres", purpose=_PURPOSE)
    pool = needed("sqlalchemy", extra="postgres", purpose=_PURPOSE).NullPool
    engine = sqlalchemy.create_async_engine(
        "postgresql+asyncpg://", async_creator=lambda: session(url, {}), poolclass=pool
    )
    try:
        async with engine.begin() as connection:  # one at a time: who comes second finds nothing to do
            await connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('surefoot migrations'))")
            await connection.run_sync(upgrade, to=to)
    except needed("sqlalchemy.exc", extra="postgres", purpose=_PURPOSE).DBAPIError as error:
        raise JournalError(
            f"the tables at {without_secrets(url)} cannot be migrated: {error.orig}"
        ) from error


def _columns(rows: list[Row]) -> list[list[object]]:
    """`rows` as arrays, one a column; PostgreSQL's text has no NUL."""
    seq, at_ms, kind, ids, symbols, bodies = zip(*rows, strict=True)
    return [
        list(seq),
        list(at_ms),
        list(kind),
        [_text(value) for value in ids],
        [_text(value) for value in symbols],
        [body.decode() for body in bodies],
    ]


def _text(value: str | None) -> str | None:
    return value.replace("\0", "\ufffd") if value else value
