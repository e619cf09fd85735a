"""What requests cost: by the documented table, and by what the exchange really counted (LIMIT-1).

A request that was alone on its way shows its true cost. Where many are on their way, only the sum is seen: by
how much it exceeds the table is the `stretch`, by which everything under way is then overrated.
"""

from typing import Any

from surefoot.spot.request import Request, weight

_SEEN_TWICE = 2
_CHUNK = 100
_MOST_LEARNT = 512
_MOST_STRETCH = 64.0

Key = tuple[type[Request[Any]], int]


class Costs:
    """Weights by kind of request and documented weight."""

    def __init__(self) -> None:
        self.stretch = 1.0
        self._learnt: dict[Key, int] = {}
        self._candidates: dict[Key, tuple[int, int]] = {}
        self._expected = self._counted = 0

    @property
    def learnt(self) -> dict[str, int]:
        """What was found to differ from the table: by name of the request, the weight that is used now."""
        return {f"{kind.__name__} {documented}": cost for (kind, documented), cost in self._learnt.items()}

    def of(self, request: Request[Any]) -> int:
        """What `request` is expected to cost."""
        rule = request.endpoint.weight
        documented = rule if type(rule) is int else weight(request)
        return self._learnt.get((type(request), documented), documented) if self._learnt else documented

    def alone(self, request: Request[Any], counted: int) -> None:
        """Nothing else was under way: it cost that. Believed when it is seen twice in a row."""
        documented = weight(request)
        key = (type(request), documented)
        if counted == self._learnt.get(key, documented) or counted < 1:
            self._candidates.pop(key, None)
            return
        last, times = self._candidates.get(key, (counted, 0))
        times = times + 1 if last == counted else 1
        if times < _SEEN_TWICE:
            self._candidates[key] = (counted, times)
            return
        self._candidates.pop(key, None)
        self._believe(key, counted, documented)

    def _believe(self, key: Key, counted: int, documented: int) -> None:
        if counted == documented:
            self._learnt.pop(key, None)
        elif len(self._learnt) < _MOST_LEARNT:
            self._learnt[key] = counted

    def among_others(self, expected: int, counted: int) -> None:
        """An answer that was expected to cost so much raised the count by that."""
        self._expected += expected
        self._counted += counted
        if self._expected >= _CHUNK:
            self.stretch = min(max(1.0, self._counted / self._expected), _MOST_STRETCH)
            self._expected = self._counted = 0
