"""Every pair is there, and not many more."""

from collections import Counter
from itertools import combinations, product

from tests.crash.pairs import pairs_of, pairwise

AXES = ("abcdefghij", "12345", "klmnopqrstu", "xy")


def test_every_pair_of_values_occurs_in_some_case() -> None:
    cases = pairwise(*AXES)
    there = {pair for case in cases for pair in pairs_of(case)}
    wanted = {
        ((one, left), (other, right))
        for (one, first), (other, second) in combinations(enumerate(AXES), 2)
        for left, right in product(first, second)
    }
    assert there == wanted
    assert 110 <= len(cases) <= 125, "the two longest axes need 110"
    assert pairwise(*AXES) == cases, "the same every time"
    shares = Counter(case[3] for case in cases)
    assert max(shares.values()) - min(shares.values()) <= 20, "what is free to choose is shared out"
