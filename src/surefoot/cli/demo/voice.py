"""How the demo tells its steps: for people with colours that mean something, or one JSON object per step."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import msgspec
from rich.text import Text

from surefoot.cli.sheets import tell_json
from surefoot.cli.terminal import Terminal

HEARD = "Heard"
"""The step name of what the trader hears; it comes in the middle of other scenes."""


class Step(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One step of the demo: its name, one sentence, and the facts behind it. `ok` is False when it
    does not add up. What is `drawn` (with rich), like a `table`, is for people only.
    """

    step: str
    text: str
    ok: bool = True
    facts: Mapping[str, Any] = {}
    table: Sequence[Sequence[str]] = ()
    drawn: Any = None


class Voice(Protocol):
    """Tells steps as they happen."""

    def tell(self, step: Step) -> None: ...


class JsonVoice:
    """One JSON object per line, on standard output."""

    def tell(self, step: Step) -> None:
        tell_json([msgspec.structs.replace(step, table=(), drawn=None)])


class TerminalVoice:
    """Scenes with a heading, sentences with a mark, and what is heard as it comes, in between."""

    def __init__(self) -> None:
        self._console = Terminal(highlight=False)
        self._scene = ""

    def tell(self, step: Step) -> None:
        heard = step.step == HEARD
        if not heard and step.step != self._scene:
            self._scene = step.step
            self._console.print()
            self._console.print(Text(step.step, style="bold cyan"))
        self._sentence(_mark(step, heard), Text(step.text, style="blue" if heard else ""))
        if step.table:
            self._console.print(_table(step.table), soft_wrap=True)
        if step.drawn is not None:
            self._console.print(step.drawn)

    def _sentence(self, mark: Text, text: Text) -> None:
        """The mark, and the text beside it in as many lines as it needs; none ends in blanks."""
        indent = " " * (mark.cell_len + 1)
        lines = text.wrap(self._console, max(self._console.width - len(indent), 20))
        for number, line in enumerate(lines):
            line.rstrip()
            self._console.print(mark if number == 0 else " " * mark.cell_len, line, soft_wrap=True)


def _mark(step: Step, heard: bool) -> Text:
    if heard:
        return Text("    ⟵", style="blue")
    return Text("  ✓", style="green") if step.ok else Text("  ✗", style="bold red")


def _table(rows: Sequence[Sequence[str]]) -> str:
    """Columns aligned at their right, four blanks from the edge."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(map(str.rjust, row, widths)) for row in rows)
    return "\n".join([f"    {line}" for line in lines])
