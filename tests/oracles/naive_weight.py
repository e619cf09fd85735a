"""What a request weighs, read off the documented rule and the parameters as they are sent."""

from collections.abc import Mapping
from typing import Any


def weight(rule: Any, params: Mapping[str, Any]) -> int:
    """`rule` as the facts write it, `params` by their names on the wire."""
    if isinstance(rule, int):
        return rule
    by: dict[str, Any] = {
        "limit": _by_limit,
        "symbols": _by_symbols,
        "flag": lambda r, p: r["true"] if p.get(r["param"]) is True else r["false"],
        "present": lambda r, p: r["present"] if r["param"] in p else r["absent"],
        "first_present": _by_first_present,
    }
    found = by[rule["by"]](rule, params)
    assert isinstance(found, int)
    return found


def _by_limit(rule: Any, params: Mapping[str, Any]) -> Any:
    limit = min(params.get("limit", rule["default"]), rule["clamp"])
    return next(cost for bound, cost in rule["table"] if limit <= bound)


def _by_symbols(rule: Any, params: Mapping[str, Any]) -> Any:
    if "symbol" in params:
        return rule["single"]
    if "symbols" not in params:
        return rule["omitted"]
    count = len(params["symbols"])
    if "per_symbol" in rule:
        return min(count * rule["per_symbol"], rule["cap"])
    return next(cost for bound, cost in rule["table"] if bound is None or count <= bound)


def _by_first_present(rule: Any, params: Mapping[str, Any]) -> Any:
    costs = [cost for name, cost in rule["cases"] if name in params]
    return costs[0] if costs else rule["default"]
