"""How a request's weight depends on its parameters (official page *REST API*, weight of each endpoint)."""

from collections.abc import Sequence
from typing import Any

import msgspec

from surefoot.values import UNSET

Row = tuple[int | None, int]
"""Up to which count (None: any), and what it costs."""


class ByLimit(msgspec.Struct, frozen=True):
    """Weight by `limit`: the first row (bound, weight) that holds it; `clamp` caps the parameter."""

    default: int
    table: tuple[Row, ...]
    clamp: int

    def of(self, request: Any) -> int:
        """What `request` costs."""
        given = request.limit
        return _row(self.table, self.default if given is UNSET else min(given, self.clamp))


class BySymbols(msgspec.Struct, frozen=True):
    """Weight by how many symbols are asked for: one, a list (the first row that holds it), or all."""

    single: int
    several: tuple[Row, ...]
    omitted: int

    def of(self, request: Any) -> int:
        """What `request` costs."""
        if _sends(request, "symbol"):
            return self.single
        return _row(self.several, len(request.symbols)) if _sends(request, "symbols") else self.omitted


class PerSymbol(msgspec.Struct, frozen=True):
    """Weight for each symbol asked for, at most `cap`; `omitted` where none is named."""

    each: int
    cap: int
    omitted: int

    def of(self, request: Any) -> int:
        """What `request` costs."""
        if _sends(request, "symbol"):
            return self.each
        return min(self.each * len(request.symbols), self.cap) if _sends(request, "symbols") else self.omitted


class ByPresence(msgspec.Struct, frozen=True):
    """Weight by whether a parameter is sent."""

    param: str
    present: int
    absent: int

    def of(self, request: Any) -> int:
        """What `request` costs."""
        return self.present if _sends(request, self.param) else self.absent


class ByFirstPresent(msgspec.Struct, frozen=True):
    """Weight by which parameter is sent: the first (parameter, weight) that is, else `default`."""

    cases: tuple[tuple[str, int], ...]
    default: int

    def of(self, request: Any) -> int:
        """What `request` costs."""
        return next((cost for param, cost in self.cases if _sends(request, param)), self.default)


class ByFlag(msgspec.Struct, frozen=True):
    """Weight by whether a boolean parameter is true."""

    param: str
    true: int
    false: int

    def of(self, request: Any) -> int:
        """What `request` costs."""
        return self.true if getattr(request, self.param) is True else self.false


WeightRule = int | ByLimit | BySymbols | PerSymbol | ByPresence | ByFirstPresent | ByFlag


def _sends(request: Any, param: str) -> bool:
    return getattr(request, param, UNSET) is not UNSET


def _row(table: Sequence[Row], count: int) -> int:
    for bound, cost in table:
        if bound is None or count <= bound:
            return cost
    raise AssertionError(f"{table} has no row for {count}")
