"""The pages about lives and journals say what the code says."""

import re
from collections.abc import Mapping
from typing import Any

import pytest

from surefoot.execution import lives
from surefoot.execution.bracket import BRACKET_LIFE
from surefoot.execution.lives import FINAL, IN_FLIGHT, LIST_LIFE, OPEN, ORDER_LIFE, OrderState
from tools.life_page import diagram, journal_page, life_page, meanings

BOXES = {"In flight": IN_FLIGHT, "Open": OPEN, "Over": FINAL}


def arrows(drawn: str) -> set[tuple[str, str]]:
    """Every single step of a diagram, boxes opened."""
    boxes = {name.replace(" ", "_"): set(map(str, members)) for name, members in BOXES.items()}
    found = re.findall(r"^    (\w+) --> (\w+)$", drawn, re.MULTILINE)
    return {(source, each) for source, target in found for each in boxes.get(target, {target})}


@pytest.mark.parametrize(
    ("life", "boxes"), [(ORDER_LIFE, BOXES), (LIST_LIFE, {}), (BRACKET_LIFE, {}), (ORDER_LIFE, {})]
)
def test_a_diagram_has_every_step_of_its_table_and_no_other(life: Mapping[Any, Any], boxes: Any) -> None:
    """TRACK-4."""
    steps = {(str(state), str(then)) for state, after in life.items() for then in after}
    assert arrows(diagram(life, boxes)) == steps


def test_meanings_are_those_of_the_source() -> None:
    words = meanings(lives, OrderState)
    assert words["UNKNOWN"] == "Sent, and then silence: it is being looked for."
    assert words["UNKNOWN"] in life_page()


def test_every_kind_of_entry_is_listed() -> None:
    assert "| `submitted` | About to be sent" in journal_page()
    assert journal_page().count("\n| `") > 25
