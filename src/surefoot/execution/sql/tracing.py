"""One order's whole life in a journal: whatever names it, and whatever bears its number."""

from pathlib import Path
from typing import Any

from surefoot.execution.entries import Amended, Submitted
from surefoot.execution.journal import Row, read
from surefoot.execution.requests import remembered
from surefoot.execution.sql.extras import needed
from surefoot.execution.sql.reading import Reader, asked

_PURPOSE = "tracing an order"


def trace(place: str | Path, id: str, account: str | None = None) -> list[Row]:
    """All entries about the order `id`, oldest first. Raises as `reports.history` does."""
    return asked(place, account, lambda reader: _traced(reader, id))


def _traced(reader: Reader, id: str) -> list[Row]:
    """By its id; and by its number, because a cancel and an amendment rename it, and executions that were
    read have no id.
    """
    rows = {row.seq: row for row in reader.rows(id)}
    numbers = {number for row in rows.values() if (number := _number(read(row))) is not None}
    for number in numbers:
        found = _with_text(reader, rows[min(rows)], str(number))
        rows |= {row.seq: row for row in found if _number(read(row)) == number}
    return [rows[seq] for seq in sorted(rows)]


def _with_text(reader: Reader, first: Row, text: str) -> list[Row]:
    """Entries about the same symbol, from then on, that say `text` somewhere."""
    sa = needed("sqlalchemy", extra="journal", purpose=_PURPOSE)
    entries = reader.schema.entries
    body = sa.cast(entries.c.body, sa.Text)
    names = ("seq", "at_ms", "kind", "id", "symbol")
    query = reader.ours(sa.select(*(entries.c[name] for name in names), body), entries).where(
        entries.c.symbol == first.symbol, entries.c.seq > first.seq, body.contains(text)
    )
    found = reader.connection.execute(query)
    return [Row._make((*known, body.encode())) for *known, body in found]


def _number(entry: Any) -> int | None:
    """The exchange's number of the order that an entry tells of, or would change."""
    match entry:
        case Submitted(name=name, request=raw):
            request = remembered(name, raw)
            places: tuple[Any, ...] = (request,)
        case Amended(answer=answer):
            places = (answer.amended_order,)
        case _:
            places = tuple(getattr(entry, name, None) for name in ("answer", "event", "order", "trade"))
    found = (getattr(place, name, None) for place in places for name in ("order_id", "cancel_order_id"))
    return next((number for number in found if isinstance(number, int)), None)
