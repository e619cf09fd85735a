"""How the demo tells its steps: for people with colours that mean something, or one JSON object per step."""

import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Protocol

import msgspec
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from surefoot.values import plain

STREAM = "User stream"
"""The step name of what the user data stream says; it comes in the middle of other scenes."""


class Step(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One step of the demo: its name, one sentence, and the facts behind it. `ok` is False when it
    does not add up.
    """

    step: str
    text: str
    ok: bool = True
    facts: Mapping[str, Any] = {}
    table: Sequence[Sequence[str]] = ()


class Voice(Protocol):
    """Tells steps as they happen."""

    def tell(self, step: Step) -> None: ...


class JsonVoice:
    """One JSON object per line, on standard output."""

    def __init__(self) -> None:
        self._encoder = msgspec.json.Encoder(decimal_format="string", enc_hook=str)

    def tell(self, step: Step) -> None:
        facts = msgspec.structs.replace(step, table=())
        sys.stdout.write(self._encoder.encode(facts).decode() + "\n")
        sys.stdout.flush()


class TerminalVoice:
    """Scenes with a heading, sentences with a mark, and what the stream says as it comes, in between."""

    def __init__(self) -> None:
        self._console = Console(highlight=False)
        self._scene = ""

    def tell(self, step: Step) -> None:
        streamed = step.step == STREAM
        if not streamed and step.step != self._scene:
            self._scene = step.step
            self._console.print()
            self._console.print(Text(step.step, style="bold cyan"))
        line = Table.grid(padding=(0, 1))
        line.add_row(_mark(step, streamed), Text(step.text, style="blue" if streamed else ""))
        self._console.print(line)
        if step.table:
            self._console.print(_table(step.table))


def _mark(step: Step, streamed: bool) -> Text:
    if streamed:
        return Text("    ⟵", style="blue")
    return Text("  ✓", style="green") if step.ok else Text("  ✗", style="bold red")


def shown(value: Decimal) -> str:
    """Fixed-point text without the zeros at its end."""
    text = plain(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _table(rows: Sequence[Sequence[str]]) -> Padding:
    head, *body = rows
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for name in head:
        table.add_column(name, justify="right", no_wrap=True)
    for row in body:
        table.add_row(*row)
    return Padding(table, (0, 0, 0, 4))
