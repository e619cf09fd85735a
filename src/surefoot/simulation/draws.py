"""Choices made with dice (pure)."""

from collections.abc import Mapping
from typing import TypeVar

from surefoot.world import Entropy

_T = TypeVar("_T")


def pick(dice: Entropy, *choices: _T) -> _T:
    """One of the choices, each as likely as the other."""
    return choices[int(dice.uniform() * len(choices))]


def weighted(dice: Entropy, weights: Mapping[_T, int]) -> _T:
    """One of the keys, as likely as its weight among all weights."""
    left = dice.uniform() * sum(weights.values())
    for choice, weight in weights.items():
        left -= weight
        if left < 0:
            return choice
    raise AssertionError("dice fell outside [0, 1)")


def below(dice: Entropy, end: int) -> int:
    """One of 0 … end - 1."""
    return int(dice.uniform() * end)
