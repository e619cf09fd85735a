"""How answers look: tables that fit the screen, for people; one JSON object a line, for programs."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
from msgspec.structs import astuple
from rich import box
from rich.cells import cell_len
from rich.table import Table

from surefoot.cli.terminal import Terminal
from surefoot.values import UNSET, plain, trimmed

Cell = str | int | Decimal

_GAP = 3


def tell_json(objects: Iterable[msgspec.Struct | Mapping[str, Any]]) -> None:
    """One object a line; amounts as text, exactly as the exchange said them."""
    for each in objects:
        spelled = _spelled(msgspec.to_builtins(each, builtin_types=(Decimal,), enc_hook=str))
        sys.stdout.write(msgspec.json.encode(spelled).decode() + "\n")
    sys.stdout.flush()


def _spelled(value: Any) -> Any:
    """The same with amounts as text: in Python's own a zero of eight decimals would be 0E-8."""
    match value:
        case Decimal():
            return plain(value)
        case dict():
            return {name: _spelled(each) for name, each in value.items()}
        case list() | tuple():
            return [_spelled(each) for each in value]
    return value


def as_object(row: msgspec.Struct) -> Mapping[str, Any]:
    """A struct that the exchange sends as an array, as an object with the names of its fields, spelled as the
    exchange spells names.
    """
    return dict(zip(row.__struct_encode_fields__, astuple(row), strict=True))


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
    columns = [_Column(head, cells) for head, cells in zip(heads, zip(*rows, strict=True), strict=True)]
    left_out = _left_out(columns, spare, console.width)
    kept = [column for column in columns if column.head not in left_out]
    if _width(kept) > console.width:
        for lines in zip(*[column.lines() for column in columns], strict=True):
            console.print("\n".join(lines), "", sep="\n", markup=False, soft_wrap=True)
        return
    console.print(_table(title, kept))
    if left_out:
        text = f"too narrow for: {', '.join(left_out)}; --json has everything"
        console.print(text, markup=False, soft_wrap=True)


class _Column:
    """The texts of one column: where all are numbers, with as many decimals as the longest needs."""

    def __init__(self, head: str, cells: Sequence[Cell]) -> None:
        self.head = head
        self.numeric = all(isinstance(cell, (int, Decimal)) for cell in cells)
        places = max(map(_places, cells)) if self.numeric else None
        self.texts = [_text(cell) if places is None else f"{Decimal(cell):.{places}f}" for cell in cells]
        self.width = max(map(cell_len, (head, *self.texts))) + _GAP

    def lines(self) -> list[str]:
        return [f"{self.head} {text}".lstrip() for text in self.texts]


def _places(cell: Cell) -> int:
    return len(_text(cell).partition(".")[2])


def _width(columns: Sequence[_Column]) -> int:
    return sum(column.width for column in columns)


def _left_out(columns: Sequence[_Column], spare: Sequence[str], width: int) -> list[str]:
    """The heads of `spare` that have to go, in its order."""
    gone: list[str] = []
    for name in spare:
        if _width([column for column in columns if column.head not in gone]) > width:
            gone.append(name)
    return gone


def _table(title: str, columns: Sequence[_Column]) -> Table:
    named = any(column.head for column in columns)
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE, show_header=named)
    for column in columns:
        table.add_column(column.head, justify="right" if column.numeric else "left", overflow="fold")
    for texts in zip(*[column.texts for column in columns], strict=True):
        table.add_row(*texts)
    return table


def tell(text: str) -> None:
    """A sentence for people."""
    Terminal(highlight=False).print(text, markup=False, soft_wrap=True)


def clock(time_ms: int) -> str:
    """Milliseconds since 1970 as date and time in UTC."""
    return datetime.fromtimestamp(time_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")


def shown(value: Decimal) -> Decimal:
    """The same amount without the zeros at its end."""
    return Decimal(trimmed(value))


def given(value: Any, otherwise: Cell = "") -> Cell:
    """What the exchange said, or `otherwise` where it said nothing."""
    if value is UNSET or value is None:
        return otherwise
    return shown(value) if isinstance(value, Decimal) else value


def _text(cell: Cell) -> str:
    return plain(cell) if isinstance(cell, Decimal) else str(cell)
