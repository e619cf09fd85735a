"""Rules of faults over the admin endpoint."""

from collections.abc import Mapping
from typing import Any

import msgspec

from surefoot.exchange.admin.operation import Nothing, Operation
from surefoot.exchange.admin.running import Running
from surefoot.exchange.faults.rules import Rule


class Numbered(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule by its number."""

    number: int


def show(server: Running, _: Nothing) -> Any:
    """The rules in force, how often each struck, and the latest strikes."""
    struck = server.faults.struck
    rules = [
        {"number": number, "rule": rule, "struck": struck[number]}
        for number, rule in server.faults.rules.items()
    ]
    return {
        "rules": rules,
        "struck": {str(number): times for number, times in struck.items()},
        "strikes": list(server.faults.strikes),
    }


def add(server: Running, body: Rule) -> Any:
    """Put a rule in force."""
    return {"number": server.faults.add(body)}


def remove(server: Running, body: Numbered) -> Any:
    """Take a rule back."""
    server.faults.remove(body.number)
    return {}


def clear(server: Running, _: Nothing) -> Any:
    """Take all rules back."""
    server.faults.clear()
    return {}


OPERATIONS: Mapping[str, Operation] = {
    "faults": Operation(Nothing, show),
    "POST faults": Operation(Rule, add),
    "DELETE faults": Operation(Nothing, clear),
    "faults/remove": Operation(Numbered, remove),
}
"""By the path below ``/admin/``."""
