"""Few cases that cover every pair of values: greedy, and the same every time."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, product
from typing import Any

Values = tuple[Any, ...]
Pair = tuple[tuple[int, Any], tuple[int, Any]]


def pairwise(*axes: Sequence[Any]) -> list[Values]:
    """Cases, one value of each axis, in which every two values of two axes occur together."""
    missing = {pair: None for case in _corners(axes) for pair in pairs_of(case)}  # a set that has an order
    found: list[Values] = []
    used: Counter[tuple[int, Any]] = Counter()
    while missing:
        case = _widened(next(iter(missing)), axes, missing, used)
        found.append(case)
        used.update(enumerate(case))
        for pair in pairs_of(case):
            missing.pop(pair, None)
    return found


def pairs_of(case: Values) -> Iterator[Pair]:
    """The pairs of values in a case, each with the number of its axis."""
    yield from combinations(enumerate(case), 2)


def _corners(axes: Sequence[Sequence[Any]]) -> Iterator[Values]:
    """Cases that contain every pair."""
    for (one, first), (other, second) in combinations(enumerate(axes), 2):
        for left, right in product(first, second):
            case = [axis[0] for axis in axes]
            case[one], case[other] = left, right
            yield tuple(case)


def _widened(
    pair: Pair, axes: Sequence[Sequence[Any]], missing: dict[Pair, None], used: Counter[tuple[int, Any]]
) -> Values:
    """A case with this pair, and on the other axes what brings most of what is missing, or was used least."""
    case: dict[int, Any] = dict(pair)
    for number, axis in enumerate(axes):
        if number not in case:
            worth = [(_news(case, (number, value), missing), -used[number, value]) for value in axis]
            case[number] = axis[worth.index(max(worth))]
    return tuple(case[number] for number in range(len(axes)))


def _news(case: dict[int, Any], one: tuple[int, Any], missing: dict[Pair, None]) -> int:
    """How many pairs with the others are missing."""
    pairs = (tuple(sorted((one, other), key=_place)) for other in case.items())
    return sum(pair in missing for pair in pairs)


def _place(value: tuple[int, Any]) -> int:
    return value[0]
