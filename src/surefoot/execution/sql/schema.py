"""The tables as they are now, for reading. How they came to be is told by `migrations`, in the same words.

A file of SQLite is one account's; a database of PostgreSQL may hold many, so there `account` begins
every key.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.types import TypeEngine

Whole = BigInteger().with_variant(Integer(), "sqlite")  # SQLite's own row number is an INTEGER, of 64 bits
Json: TypeEngine[str] = Text().with_variant(
    JSON(), "postgresql"
)  # JSON, not JSONB: it is kept as it was written


class Schema:
    """`entries`, `checkpoints` and `label`; and, where many accounts are, `leases`."""

    def __init__(self, *, many_accounts: bool) -> None:
        self.metadata = MetaData()
        self._many_accounts = many_accounts
        self.entries = self._table(
            "entries",
            Column("seq", Whole, primary_key=True, autoincrement=False),
            Column("at_ms", Whole, nullable=False),
            Column("kind", Text, nullable=False),
            Column("id", Text),
            Column("symbol", Text),
            Column("body", Json, nullable=False),
        )
        Index("entries_by_id", *([self.entries.c.account] if many_accounts else []), self.entries.c.id)
        self.checkpoints = self._table(
            "checkpoints",
            Column("seq", Whole, primary_key=True, autoincrement=False),
            Column("crc32", Whole, nullable=False),
            Column("body", Text, nullable=False),
        )
        self.label = self._table(
            "label",
            Column("environment", Text, nullable=False),
            Column("name", Text, nullable=False),
            Column("uid", Whole),
        )
        if many_accounts:
            self.leases = self._table("leases", Column("epoch", Whole, nullable=False))

    def _table(self, name: str, *columns: Column[object]) -> Table:
        account = [Column("account", Text, primary_key=True)] if self._many_accounts else []
        return Table(name, self.metadata, *account, *columns)
