"""Entries, checkpoints, the label; and where many accounts share a database, who writes which."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSON

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables of an empty database."""
    many = op.get_context().dialect.name == "postgresql"
    whole = sa.BigInteger() if many else sa.Integer()
    op.create_table(
        "entries",
        *_account(many),
        sa.Column("seq", whole, primary_key=True, autoincrement=False),
        sa.Column("at_ms", whole, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("id", sa.Text),
        sa.Column("symbol", sa.Text),
        sa.Column("body", JSON() if many else sa.Text(), nullable=False),
    )
    op.create_index("entries_by_id", "entries", ["account", "id"] if many else ["id"])
    op.create_table(
        "checkpoints",
        *_account(many),
        sa.Column("seq", whole, primary_key=True, autoincrement=False),
        sa.Column("crc32", whole, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "label",
        *_account(many),
        sa.Column("environment", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("uid", whole),
    )
    if many:
        op.create_table("leases", *_account(many), sa.Column("epoch", whole, nullable=False))


def _account(many: bool) -> list[sa.Column[str]]:
    return [sa.Column("account", sa.Text, primary_key=True)] if many else []
