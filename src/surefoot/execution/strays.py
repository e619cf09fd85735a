"""Executions that were read before the orders they are of: kept until those are known (pure).

An order whose answer was lost may be found by its executions first. Orders that somebody else placed may
never be told of, so only the newest are kept.
"""

from collections.abc import Iterable

from surefoot.execution.fills import Fill

MOST_STRAYS = 1_024


class Strays:
    """By order; of at most so many orders, the newest."""

    def __init__(self, most: int = MOST_STRAYS) -> None:
        self._most = most
        self._fills: dict[tuple[str, int], list[Fill]] = {}

    def keep(self, fill: Fill) -> None:
        """Nobody knows its order yet."""
        self._fills.setdefault((fill.symbol, fill.order_id), []).append(fill)
        if len(self._fills) > self._most:
            del self._fills[next(iter(self._fills))]

    def claim(self, symbol: str, order_id: int) -> list[Fill]:
        """Those of an order that is known now."""
        return self._fills.pop((symbol, order_id), [])

    def state(self) -> tuple[Fill, ...]:
        """For a checkpoint."""
        return tuple(fill for fills in self._fills.values() for fill in fills)

    def restore(self, state: Iterable[Fill]) -> None:
        """From a checkpoint."""
        self._fills = {}
        for fill in state:
            self.keep(fill)
