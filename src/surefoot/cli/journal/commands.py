"""The words of `surefoot journal`."""

import sys
from pathlib import Path
from typing import Literal

import cyclopts
import msgspec

from surefoot.cli.edges import DONE
from surefoot.cli.journal.pages import as_object, laid_out
from surefoot.cli.sheets import Cell, tell, tell_json, tell_table
from surefoot.cli.terminal import Terminal
from surefoot.errors import Misuse
from surefoot.execution.sql.address import without_secrets
from surefoot.execution.sql.exporting import export as export_journal
from surefoot.execution.sql.reports import counts, turnover
from surefoot.execution.sql.tracing import trace as trace_order

journal = cyclopts.App(
    name="journal",
    help="Look into a journal, also while a trader writes it. PLACE is a file, or postgresql://host/database "
    "(with --account; the password comes from PGPASSWORD or ~/.pgpass).",
)


@journal.command
def show(place: str, /, *, account: str | None = None, json: bool = False) -> int:
    """Show what is in a journal: its entries by kind, and what was traded by day.

    Parameters
    ----------
    place
        Where the journal is.
    account
        Whose, where a database holds many.
    json
        Print JSON, for programs.
    """
    kinds, days = counts(place, account), turnover(place, account)
    if json:
        tell_json([{"entries": kinds}, *days])
        return DONE
    tell_table("", ["entries", "kind"], [[count, kind] for kind, count in kinds.items()], "it is empty")
    rows: list[list[Cell]] = [[str(d.day), d.symbol, d.fills, d.bought, d.sold, d.notional] for d in days]
    heads = ["day (UTC)", "symbol", "fills", "bought", "sold", "notional"]
    tell_table("", heads, rows, "nothing was traded")
    return DONE


@journal.command
def trace(place: str, id: str, /, *, account: str | None = None, json: bool = False) -> int:
    """Show an order's whole life, by its client order id: all that was meant and heard, in order.

    Parameters
    ----------
    place
        Where the journal is.
    id
        The client order id that it was placed with.
    account
        Whose, where a database holds many.
    json
        Print the entries as they are kept, one JSON object a line.
    """
    rows = trace_order(place, id, account)
    if not rows:
        raise Misuse(f"the journal at {_shown(place)} knows no order {id}: is it the id it was placed with?")
    if json:
        for row in rows:
            sys.stdout.write(msgspec.json.encode(as_object(row)).decode() + "\n")
        return DONE
    Terminal(highlight=False, markup=False).print(laid_out(rows))
    return DONE


@journal.command
def export(
    place: str, target: Path, /, *, format: Literal["jsonl", "parquet"] = "jsonl", account: str | None = None
) -> int:
    """Write a whole journal to a new file.

    Parameters
    ----------
    place
        Where the journal is.
    target
        The file; it must not be there yet.
    format
        One JSON object a line, or a Parquet table (with the extra `data`).
    account
        Whose, where a database holds many.
    """
    count = export_journal(place, target, format, account)
    tell(f"{count} entries of {_shown(place)} are in {target}")
    return DONE


def _shown(place: str) -> str:
    return without_secrets(place) if "://" in place else place
