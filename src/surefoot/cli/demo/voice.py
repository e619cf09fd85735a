"""How the demo tells its steps: for people with colours that mean something, or one JSON object per step."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text


class Step(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One step of the demo: its name, one sentence, and the facts behind it. `ok` is False when it does not add up."""

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
    """Sentences with a mark, and tables that fit the screen."""

    def __init__(self) -> None:
        self._console = Console(highlight=False)
        self._last = ""

    def tell(self, step: Step) -> None:
        if step.step != self._last:
            self._last = step.step
            self._console.print()
            self._console.print(Text(step.step, style="bold cyan"))
        mark = Text("  ✓ " if step.ok else "  ✗ ", style="green" if step.ok else "bold red")
        self._console.print(mark + Text(step.text), soft_wrap=False)
        if step.table:
            self._console.print(_table(step.table))


def _table(rows: Sequence[Sequence[str]]) -> Table:
    head, *body = rows
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 4))
    for index, name in enumerate(head):
        table.add_column(name, justify="left" if index == 0 else "right", no_wrap=True)
    for row in body:
        table.add_row(*row)
    return table
