"""Few cases that cover every pair of values: greedy, and the same every time."""

from collections.abc import Iterator, Sequence
from itertools import combinations, product
from typing import Any

Values = tuple[Any, ...]
Pair = tuple[tuple[int, Any], tuple[int, Any]]


def pairwise(*axes: Sequence[Any]) -> list[Values]:
    """Cases, one value of each axis, in which every two values of two axes occur together."""
    missing = {pair: None for case in _corners(axes) for pair in pairs_of(case)}  # a set that has an order
    found: list[Values] = []
    while missing:
        case = _widened(next(iter(missing)), axes, missing)
        found.append(case)
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


def _widened(pair: Pair, axes: Sequence[Sequence[Any]], missing: dict[Pair, None]) -> Values:
    """A case with this pair, and on the other axes what brings most of what is missing."""
    case: dict[int, Any] = dict(pair)
    for number, axis in enumerate(axes):
        if number not in case:
            case[number] = max(axis, key=lambda value: _news(case | {number: value}, missing))
    return tuple(case[number] for number in range(len(axes)))


def _news(case: dict[int, Any], missing: dict[Pair, None]) -> int:
    return sum(pair in missing for pair in combinations(sorted(case.items(), key=lambda item: item[0]), 2))
