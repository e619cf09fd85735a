"""docs/reference/faults.md and the code say the same."""

import json
import re
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from surefoot.exchange import faults
from surefoot.exchange.admin.table import OPERATIONS
from surefoot.exchange.faults.course import course_of
from surefoot.exchange.faults.kinds import EventFault, Fault, RequestFault
from surefoot.exchange.faults.plan import Plan
from surefoot.exchange.faults.rules import Occasion, read_rule
from surefoot.net.endings import Ending

PAGE = (Path(__file__).parents[2] / "docs/reference/faults.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.split(" | ")] for line in PAGE.splitlines() if line.startswith("| `")]
FAULTS = [row for row in ROWS if '"kind"' in row[1]]
KINDS = {kind.__struct_config__.tag: kind for kind in get_args(Fault)}


def section(title: str) -> str:
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


@pytest.mark.parametrize("row", FAULTS, ids=lambda row: row[1])
def test_each_row_is_a_fault_as_it_can_be_given(row: list[str]) -> None:
    """Its name, its JSON, what happens, whether the order is executed, and what it is to test."""
    name, spelled, *rest = row
    fault = read_rule(spelled.strip("`")).fault
    assert type(fault).__name__ == name.strip("| `")
    fields = {field.encode_name for field in msgspec.structs.fields(fault)}
    assert set(json.loads(spelled.strip("`"))) - {"kind"} <= fields
    happens, executed, tests = rest
    assert happens
    assert tests != "|"
    if isinstance(fault, EventFault):
        assert executed == "not concerned"
    else:
        plan = Plan(lambda: 0)
        plan.add(fault)
        course = course_of(plan.strike(Occasion(on="rest", names=("order.place",))))
        assert executed.removeprefix("`executed` says it: ").startswith("no") != course.executed


def test_every_fault_and_every_field_of_it_is_there() -> None:
    assert {read_rule(row[1].strip("`")).fault.__struct_config__.tag for row in FAULTS} == set(KINDS)
    for tag, kind in KINDS.items():
        told = " ".join(cell for row in FAULTS if f'"{tag}"' in row[1] for cell in row)
        for field in msgspec.structs.fields(kind):
            assert field.encode_name in told, (tag, field.encode_name)
    for title, kinds in (("Faults of requests", RequestFault), ("Faults of events", EventFault)):
        assert all(f'"kind": "{kind.__struct_config__.tag}"' in section(title) for kind in get_args(kinds))
    assert all(f"`{ending}`" in section("Faults of requests") for ending in Ending)


@pytest.mark.parametrize("struct", [faults.Rule, faults.Where])
def test_every_field_of_a_rule_is_there(struct: type[msgspec.Struct]) -> None:
    told = set(
        re.findall(r"`(\w+)`", " ".join(line.split(" | ")[0] for line in section("Rules").splitlines()))
    )
    assert {field.encode_name for field in msgspec.structs.fields(struct)} <= told


def test_every_fault_is_in_the_room_s_own_list() -> None:
    assert {kind.__name__ for kind in KINDS.values()} <= set(faults.__all__)


def test_every_operation_of_the_admin_endpoint_is_there() -> None:
    """Of this page: limits and keys have their own."""
    told = section("Over the admin endpoint")
    ours = [name for name in OPERATIONS if name.rpartition(" ")[2].split("/")[0] in OURS]
    assert len(ours) > 10
    for name in ours:
        method, _, path = name.rpartition(" ")
        if path == "faults/remove":  # DELETE /admin/faults/1
            continue
        rows = [line for line in told.splitlines() if f"/admin/{path}`" in line]
        assert any((method or "GET") in row for row in rows), name


OURS = {"faults", "clock", "market", "weights", "maintenance", "shutdown", "connections"}
