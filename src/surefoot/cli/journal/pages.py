"""How entries are laid out: a line each for people, an object each for programs."""

from collections.abc import Iterable
from typing import Any

import msgspec
from rich.table import Table

from surefoot.cli.journal.words import moment, sentence
from surefoot.execution.journal import Row, read


def laid_out(rows: Iterable[Row], *, indent: int = 0) -> Table:
    """Number, time, kind and sentence; sentences take as many lines as they need."""
    table = Table.grid(padding=(0, 2, 0, 0))
    for _ in range(3):
        table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for row in rows:
        first = " " * indent + str(row.seq)
        table.add_row(first, moment(row.at_ms), row.kind, sentence(read(row)))
    return table


def as_object(row: Row) -> dict[str, Any]:
    """The same for programs, the entry as it is kept."""
    return row._asdict() | {"body": msgspec.Raw(row.body)}
