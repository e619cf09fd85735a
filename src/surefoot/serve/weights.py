"""What a call costs, by the parameters that were sent (official endpoint tables)."""

from collections.abc import Mapping
from typing import Any

import msgspec


class Fixed(msgspec.Struct, frozen=True):
    """Always the same."""

    cost: int

    def of(self, _: Mapping[str, Any]) -> int:
        return self.cost


class PerLimit(msgspec.Struct, frozen=True):
    """By the `limit` parameter: rows of (upper bound, cost), the last one holds for everything above."""

    default: int
    rows: tuple[tuple[int, int], ...]

    def of(self, values: Mapping[str, Any]) -> int:
        limit = values.get("limit", self.default)
        return next((cost for bound, cost in self.rows if limit <= bound), self.rows[-1][1])


class PerSymbols(msgspec.Struct, frozen=True):
    """One symbol, or more (a list, or all)."""

    one: int
    more: int

    def of(self, values: Mapping[str, Any]) -> int:
        return self.one if "symbol" in values else self.more


class PerSymbol(msgspec.Struct, frozen=True):
    """So much for each symbol named, at most `cap`; `omitted` when none is."""

    each: int
    cap: int
    omitted: int

    def of(self, values: Mapping[str, Any]) -> int:
        if "symbol" in values:
            return self.each
        return min(self.each * len(values["symbols"]), self.cap) if "symbols" in values else self.omitted


class BySymbols(msgspec.Struct, frozen=True):
    """By how many symbols are named: rows of (upper bound, cost); `omitted` for more, and when none is."""

    rows: tuple[tuple[int, int], ...]
    omitted: int

    def of(self, values: Mapping[str, Any]) -> int:
        if "symbol" not in values and "symbols" not in values:
            return self.omitted
        count = len(values.get("symbols", ("",)))
        return next((cost for bound, cost in self.rows if count <= bound), self.omitted)


class IfSent(msgspec.Struct, frozen=True):
    """By whether `name` was sent; a boolean counts as sent when it is true."""

    name: str
    sent: int
    otherwise: int

    def of(self, values: Mapping[str, Any]) -> int:
        value = values.get(self.name)
        return self.otherwise if value is None or value is False else self.sent


class FirstSent(msgspec.Struct, frozen=True):
    """By the first of several parameters that was sent."""

    cases: tuple[tuple[str, int], ...]
    otherwise: int

    def of(self, values: Mapping[str, Any]) -> int:
        return next((cost for name, cost in self.cases if name in values), self.otherwise)


Weight = Fixed | PerLimit | PerSymbols | PerSymbol | BySymbols | IfSent | FirstSent
