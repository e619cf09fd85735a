"""Which refusals for limits a client could have avoided."""

import pytest

from surefoot.exchange.limits.bans import PATIENCE
from surefoot.serve.denial import Denial
from surefoot.simulation.refusals import Refusal, Refusals, unprovoked

MINUTE_US = 60_000_000


def refusal(at_s: float, *, limit: str = "weight", ban: bool = False) -> Refusal:
    at_us = int(at_s * 1_000_000)
    return Refusal("10.0.0.2", at_us, (at_us // MINUTE_US + 1) * MINUTE_US, limit, ban)


@pytest.mark.parametrize(
    ("noted", "surprises_s", "complaints"),
    [
        ([refusal(10)], [], 1),
        ([refusal(10)], [20], 1),
        ([refusal(10)], [5], 0),
        ([refusal(130)], [5], 0),
        ([refusal(10), refusal(11), refusal(59)], [5], 0),
        ([refusal(10), refusal(61)], [5], 1),
        ([refusal(10), refusal(61)], [5, 60.5], 0),
        ([refusal(10), refusal(61, limit="orders")], [5], 0),
        ([refusal(10, ban=True)], [5], 1),
    ],
)
def test_the_first_one_after_a_change_is_news(noted, surprises_s, complaints: int) -> None:
    said = list(unprovoked(noted, [int(at_s * 1_000_000) for at_s in surprises_s]))
    assert len(said) == complaints


def test_the_exchange_is_as_strict_as_ever() -> None:
    bans = Refusals()
    bans.refused("a", 0, MINUTE_US, "weight")
    for number in range(PATIENCE):
        bans.refused("a", 2_000_000 + number, MINUTE_US, "weight")
    with pytest.raises(Denial):
        bans.refused("a", 3_000_000, MINUTE_US, "weight")
    assert [one.ban for one in bans.noted] == [False] * (PATIENCE + 1) + [True]
