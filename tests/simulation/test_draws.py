"""Choices made with dice."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from surefoot.simulation.draws import below, pick, weighted
from surefoot.world import SeededEntropy


@given(st.integers(), st.integers(1, 100))
def test_below_stays_below(seed: int, end: int) -> None:
    assert 0 <= below(SeededEntropy(seed), end) < end


def test_every_choice_is_drawn() -> None:
    dice = SeededEntropy(1)
    assert {pick(dice, "a", "b", "c") for _ in range(100)} == {"a", "b", "c"}


def test_weights_weigh() -> None:
    dice = SeededEntropy(1)
    drawn = Counter(weighted(dice, {"often": 90, "seldom": 10, "never": 0}) for _ in range(1000))
    assert drawn["never"] == 0
    assert 50 < drawn["seldom"] < 150
