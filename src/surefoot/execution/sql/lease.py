"""One session of PostgreSQL, and in it the lease of one account: who holds it writes, and nobody else.

The lease is an advisory lock of the session, so it ends when the session does. Every lease has an epoch, and
a row is only kept while its writer's epoch is the newest: whoever lost the lease unawares writes nothing.
"""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from surefoot.errors import JournalError
from surefoot.execution.sql.address import server_of, without_secrets
from surefoot.execution.sql.extras import needed

_CONNECT_S = 10
_ANSWER_S = 60
_END_S = 5
_FOREVER_S = 365 * 24 * 3600
_PURPOSE = "a journal in PostgreSQL"
_KEY = "hashtextextended('surefoot/' || current_schema() || '/' || $1, 0)"
_EPOCH = """
INSERT INTO leases (account, epoch) VALUES ($1, 1)
ON CONFLICT (account) DO UPDATE SET epoch = leases.epoch + 1 RETURNING epoch
"""
_HOLDER = f"""
SELECT activity.application_name FROM pg_locks JOIN pg_stat_activity AS activity USING (pid)
WHERE locktype = 'advisory' AND granted AND objsubid = 1
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
AND (classid::bigint << 32) | objid::bigint = {_KEY}
"""  # noqa: S608


async def session(url: str, settings: dict[str, str], answer_s: float | None = None) -> Any:
    """A connection to `url`; each answer may take `answer_s`. Raises `JournalError`."""
    asyncpg = needed("asyncpg", extra="postgres", purpose=_PURPOSE)
    with told(url):
        return await asyncpg.connect(
            server_of(url), timeout=_CONNECT_S, command_timeout=answer_s, server_settings=settings
        )


class Lease:
    """The right to write `account`'s rows, from `take` until `give_back` or until `lost` is called."""

    def __init__(self, url: str, account: str, lost: Callable[[JournalError], None]) -> None:
        self._url, self._account, self._lost = url, account, lost
        self.connection: Any = None
        self.epoch = 0

    async def connect(self) -> None:
        """Begin the session that will hold it. Raises `JournalError`."""
        self.connection = await session(self._url, _settings(self._account), _ANSWER_S)

    async def take(self, wait_ms: int | None) -> None:
        """Hold it, once whoever holds it is gone. Raises `JournalError` where he is not after `wait_ms`."""
        if not await self._locked(wait_ms):
            raise JournalError(await self._taken())
        self.epoch = await self.connection.fetchval(_EPOCH, self._account)
        self.connection.add_termination_listener(self._ended)

    async def give_back(self) -> None:
        """Let somebody else have it, and end the session, if there is one."""
        if self.connection is None:
            return
        self.connection.remove_termination_listener(self._ended)
        if self.connection.is_closed():
            return
        try:
            await self.connection.execute("SELECT pg_advisory_unlock_all()", timeout=_END_S)
            await self.connection.close(timeout=_END_S)
        except BaseException:
            self.connection.terminate()
            raise

    async def _locked(self, wait_ms: int | None) -> bool:
        if wait_ms == 0:
            return bool(await self.connection.fetchval(f"SELECT pg_try_advisory_lock({_KEY})", self._account))
        asyncpg = needed("asyncpg", extra="postgres", purpose=_PURPOSE)
        await self.connection.execute(f"SET lock_timeout = {wait_ms or 0:d}")
        try:
            query = f"SELECT pg_advisory_lock({_KEY})"
            await self.connection.execute(
                query, self._account, timeout=_FOREVER_S
            )  # the server's limit counts
        except asyncpg.LockNotAvailableError:
            return False
        await self.connection.execute("SET lock_timeout = 0")
        return True

    async def _taken(self) -> str:
        holder = await self.connection.fetchval(_HOLDER, self._account)
        who = f"by {holder!r}" if holder else "by another process"
        text = f"the account {self._account} at {without_secrets(self._url)} is written {who}"
        return f"{text}: one trader writes a journal; stop that one first, or wait for it with wait_ms"

    def _ended(self, _connection: object) -> None:
        place = without_secrets(self._url)
        text = f"the connection to {place} is lost, and the lease of {self._account} with it"
        self._lost(JournalError(f"{text}: open the journal again, it says what was kept"))


@contextmanager
def told(url: str) -> Iterator[None]:
    """Within, what the driver and the server raise becomes a `JournalError` about `url`."""
    asyncpg = needed("asyncpg", extra="postgres", purpose=_PURPOSE)
    try:
        yield
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        reason = str(error) or type(error).__name__
        raise JournalError(f"the journal at {without_secrets(url)} cannot be used: {reason}") from error


def _settings(account: str) -> dict[str, str]:
    """Whatever the server's own are: a commit is on its disk, and a session ends when its process has."""
    return {
        "application_name": f"surefoot {account} {socket.gethostname()}:{os.getpid()}"[:63],
        "synchronous_commit": "on",
        "statement_timeout": "0",
        "idle_session_timeout": "0",
        "tcp_keepalives_idle": "10",
        "tcp_keepalives_interval": "5",
        "tcp_keepalives_count": "3",
    }
