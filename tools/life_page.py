"""The texts of the generated pages about lives and about journals: drawn from the tables that rule them."""

import ast
import inspect
from collections.abc import Iterator, Mapping
from enum import StrEnum
from types import ModuleType
from typing import Any

from surefoot.execution import bracket, entries, lives
from surefoot.execution.bracket import BRACKET_LIFE, BracketState
from surefoot.execution.lives import FINAL, IN_FLIGHT, LIST_LIFE, OPEN, ORDER_LIFE, ListState, OrderState
from tools.pages import first_line, head, table

Life = Mapping[Any, frozenset[Any]]
Boxes = Mapping[str, frozenset[Any]]

_INTRODUCTION = """\
Drawn from the tables that the trader judges by what it hears. An arrow into a box leads to each state in
it. How states are found out, and what ends a doubt, is told in [did it
happen?](../explanation/did-it-happen.md)
"""
_ORDERS = """\
`OrderRecord.state`. The first three are ours; the others are the exchange's own words. `NOT_PLACED` is left
only by a surprise: an order that was taken for not placed and exists all the same. It is told as an anomaly,
and adopted or cancelled, as `TraderOptions.late` says.
"""
_LISTS = "`ListRecord.state`. A list is done when all its orders are.\n"
_BRACKETS = """\
`BracketHandle.state`; see [brackets](../howto/brackets.md). An arrow from a state to itself is the same once
more, under new ids.
"""
_JOURNAL = """\
What a trader keeps, one entry after the other: whatever it means, before it leaves, and whatever it hears, as
it was heard. Everything it knows is a fold of these. Every entry has `at_ms`, the exchange's clock as it was
measured. Fields are only ever added, so that old journals stay readable. How to read them is told in
[journals](../howto/journals.md).
"""


def life_page() -> str:
    """The lives of orders, lists and brackets, as diagrams and tables."""
    orders: Boxes = {"In flight": IN_FLIGHT, "Open": OPEN, "Over": FINAL}
    return "\n".join(
        [
            head("The lives of orders", "`surefoot/execution/lives.py` and `surefoot/execution/bracket.py`"),
            _INTRODUCTION,
            *_chapter("Orders", _ORDERS, ORDER_LIFE, orders, meanings(lives, OrderState)),
            *_chapter("Order lists", _LISTS, LIST_LIFE, {}, meanings(lives, ListState)),
            *_chapter("Brackets", _BRACKETS, BRACKET_LIFE, {}, meanings(bracket, BracketState)),
        ]
    )


def journal_page() -> str:
    """Every kind of entry, what it means and what it holds."""
    kinds = entries.AnyEntry.__args__
    rows = [[f"`{_tag(kind)}`", first_line(kind), _fields(kind)] for kind in kinds]
    return "\n".join(
        [
            head("What a journal remembers", "`surefoot/execution/entries.py`"),
            _JOURNAL,
            table(["kind", "meaning", "fields"], rows),
            "",
        ]
    )


def _chapter(title: str, text: str, life: Life, boxes: Boxes, words: Mapping[str, str]) -> Iterator[str]:
    yield f"## {title}\n"
    yield text
    yield f"```mermaid\n{diagram(life, boxes)}\n```\n"
    rows = [[f"`{state}`", words.get(state.name, ""), _next(life[state])] for state in life]
    yield table(["state", "meaning", "may be followed by"], rows)
    yield ""


def _next(states: frozenset[Any]) -> str:
    return ", ".join(f"`{state}`" for state in sorted(states)) or "nothing"


def diagram(life: Life, boxes: Boxes) -> str:
    """A state diagram in Mermaid: states that share a box are drawn in it, arrows to all of them are one."""
    lines = ["stateDiagram-v2", f"    [*] --> {next(iter(life))}"]
    for name, members in boxes.items():
        inside = [f"        {state}" for state in life if state in members]
        lines += [f'    state "{name}" as {_word(name)} {{', *inside, "    }"]
    for state, after in life.items():
        lines += [f"    {state} --> {target}" for target in _targets(state, after, boxes)]
    return "\n".join(lines)


def _targets(state: Any, after: frozenset[Any], boxes: Boxes) -> list[str]:
    whole = {name: members for name, members in boxes.items() if members <= after and state not in members}
    single = after.difference(*whole.values()) if whole else after
    return [*map(str, sorted(single)), *map(_word, whole)]


def _word(name: str) -> str:
    return name.replace(" ", "_")


def meanings(module: ModuleType, kind: type[StrEnum]) -> dict[str, str]:
    """What is said of each member below it."""
    tree = ast.parse(inspect.getsource(module))
    found = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == kind.__name__)
    words: dict[str, str] = {}
    for member, text in zip(found.body, found.body[1:], strict=False):
        match member, text:
            case ast.Assign(targets=[ast.Name(id=name)]), ast.Expr(value=ast.Constant(value=str() as said)):
                words[name] = " ".join(said.split())
    return words


def _tag(kind: Any) -> str:
    return str(kind.__struct_config__.tag)


def _fields(kind: Any) -> str:
    return ", ".join(f"`{name}`" for name in kind.__struct_fields__ if name != "at_ms") or "–"
