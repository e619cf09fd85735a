"""The documented shapes of answers: which fields, in which order, of which kinds."""

import json
from pathlib import Path
from typing import Any

FACTS = Path(__file__).parents[1] / "facts"
ROWS = {(row["method"], row["path"]): row for row in json.loads((FACTS / "endpoints.json").read_text())}


def shape(method: str, path: str, when: str = "response") -> Any:
    found = ROWS[method, f"/api/v3/{path}"]["response"]
    return next(row["shape"] for row in found if row["when"] == when)


def matches(value: Any, wanted: Any, where: str = "", *, ordered: bool = True) -> None:
    """The same fields in the same order, of the documented kinds; conditional ones are checked elsewhere."""
    if isinstance(wanted, list) and wanted and "unused" in wanted[0]:
        for row in value:
            matches_row(row, wanted[0], where)
    elif isinstance(wanted, list):
        for item in value:
            matches(item, wanted[0], f"{where}[]", ordered=ordered)
    elif isinstance(wanted, dict):
        assert (list(value) == list(wanted)) if ordered else (set(value) == set(wanted)), where
        for name, kind in wanted.items():
            matches(value[name], kind, f"{where}.{name}", ordered=ordered)
    elif where.endswith("priceChangePercent"):
        assert len(value.partition(".")[2]) == 3, where
    elif wanted in {"decimal-string", "price decimal-string", "qty decimal-string"}:
        assert isinstance(value, str), where
        assert len(value.partition(".")[2]) == 8, where
    elif wanted == "int":
        assert type(value) is int, where
    elif wanted == "string":
        assert isinstance(value, str), where
    elif wanted == "bool":
        assert type(value) is bool, where
    elif wanted == "null":
        assert value is None, where


def matches_row(row: Any, names: list[str], where: str) -> None:
    """A kline: times and the count of trades are integers, the rest decimals, the last field is unused."""
    assert len(row) == len(names), where
    assert row[-1] == "0", where
    for value, name in zip(row[:-1], names[:-1], strict=True):
        kind = "int" if name in {"openTime", "closeTime", "trades"} else "decimal-string"
        matches(value, kind, f"{where}.{name}")
