"""How answers look: tables that fit the screen, for people; one JSON object a line, for programs."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
from rich import box
from rich.cells import cell_len
from rich.table import Table

from surefoot.cli.terminal import Terminal
from surefoot.values import UNSET, plain

Cell = str | int | Decimal

_GAP = 3

_ENCODER = msgspec.json.Encoder(decimal_format="string", enc_hook=str)


def tell_json(objects: Iterable[msgspec.Struct | Mapping[str, Any]]) -> None:
    """One object a line; amounts as text, exactly as the exchange said them."""
    for each in objects:
        sys.stdout.write(_ENCODER.encode(each).decode() + "\n")
    sys.stdout.flush()


def as_object(row: msgspec.Struct) -> Mapping[str, Any]:
    """A struct that the exchange sends as an array, as an object with the names of its fields."""
    return {name: getattr(row, name) for name in row.__struct_fields__}


def tell_table(
    title: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    empty: str = "",
    *,
    spare: Sequence[str] = (),
) -> None:
    """Numbers at the right, never cut. Where the screen is too narrow, the columns named in `spare` are left
    out one after the other, and that is said; where even that is too wide, each row is a block of lines.
    """
    console = Terminal(highlight=False)
    if not rows:
        console.print(empty, markup=False)
        return
    left_out: list[str] = []
    for name in spare:
        if _width(heads, rows, left_out) > console.width:
            left_out.append(name)
    if _width(heads, rows, left_out) > console.width:
        for row in rows:
            lines = [f"{head} {_text(cell)}".lstrip() for head, cell in zip(heads, row, strict=True)]
            console.print("\n".join(lines), "", sep="\n", markup=False, soft_wrap=True)
        return
    console.print(_table(title, heads, rows, left_out))
    if left_out:
        text = f"too narrow for: {', '.join(left_out)}; --json has everything"
        console.print(text, markup=False, soft_wrap=True)


def _width(heads: Sequence[str], rows: Sequence[Sequence[Cell]], left_out: Sequence[str]) -> int:
    texts = zip(heads, *[[_text(cell) for cell in row] for row in rows], strict=True)
    return sum(max(map(cell_len, column)) + _GAP for column in texts if column[0] not in left_out)


def _table(
    title: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]], left_out: Sequence[str]
) -> Table:
    table = Table(
        title=title, title_justify="left", title_style="bold", box=box.SIMPLE, show_header=any(heads)
    )
    kept = [number for number, head in enumerate(heads) if head not in left_out]
    for number in kept:
        numeric = all(isinstance(row[number], (int, Decimal)) for row in rows)
        table.add_column(heads[number], justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*[_text(row[number]) for number in kept])
    return table


def tell(text: str) -> None:
    """A sentence for people."""
    Terminal(highlight=False).print(text, markup=False, soft_wrap=True)


def clock(time_ms: int) -> str:
    """Milliseconds since 1970 as date and time in UTC."""
    return datetime.fromtimestamp(time_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")


def shown(value: Decimal) -> Decimal:
    """The same amount without the zeros at its end."""
    text = plain(value)
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)


def given(value: Any, otherwise: Cell = "") -> Cell:
    """What the exchange said, or `otherwise` where it said nothing."""
    if value is UNSET or value is None:
        return otherwise
    return shown(value) if isinstance(value, Decimal) else value


def _text(cell: Cell) -> str:
    return plain(cell) if isinstance(cell, Decimal) else str(cell)
