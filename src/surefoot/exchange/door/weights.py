"""Weights that change while the exchange runs: a route's cost times something, or another one."""

from collections.abc import Mapping

import msgspec

from surefoot.errors import Misuse
from surefoot.serve.routes import WS_API

_MOST = 100_000


class _Change(msgspec.Struct, frozen=True):
    times: float
    cost: int | None


class Weights:
    """What operations cost now, where that is not what is documented."""

    def __init__(self) -> None:
        self._changes: dict[str, _Change] = {}

    @property
    def changed(self) -> Mapping[str, str]:
        """Each operation that costs something else, and what."""
        return {
            name: f"{change.times:g} times as much" if change.cost is None else f"{change.cost}"
            for name, change in self._changes.items()
        }

    def of(self, operation: str, cost: int) -> int:
        """What a call costs whose documented cost is `cost`."""
        change = self._changes.get(operation)
        if change is None:
            return cost
        return round(cost * change.times) if change.cost is None else change.cost

    def change(self, operation: str, *, times: float = 1.0, cost: int | None = None) -> None:
        """Let an operation (``depth``, ``order.place``) cost so many times as much, or exactly `cost`.

        Raises `Misuse` for an operation that there is not, and for a weight below zero.
        """
        if operation not in WS_API:
            some = ", ".join(list(WS_API)[:8])
            raise Misuse(f"operation {operation!r} does not exist; there are {some}, …")
        if not 0 <= times <= _MOST or not 0 <= (cost or 0) <= _MOST:
            raise Misuse(f"times {times:g}, cost {cost}: a weight is changed by 0 to {_MOST:,}")
        self._changes[operation] = _Change(times, cost)

    def reset(self) -> None:
        """Cost again what is documented."""
        self._changes.clear()
