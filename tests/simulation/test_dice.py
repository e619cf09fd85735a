"""The dice under the libraries."""

import ctypes
import os

from surefoot.simulation.dice import seeded_dice


def throw(seed: int) -> tuple[bytes, int]:
    with seeded_dice(seed):
        return os.urandom(16), ctypes.CDLL(None).rand()


def test_the_same_seed_throws_the_same_and_another_seed_does_not() -> None:
    first = throw(1)
    assert throw(1) == first
    assert throw(2)[0] != first[0]
    assert throw(2)[1] != first[1]
    assert len(first[0]) == 16


def test_real_entropy_returns_afterwards() -> None:
    real = os.urandom
    throw(1)
    assert os.urandom is real
