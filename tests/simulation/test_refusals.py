"""Which refusals for limits a client could have avoided."""

import pytest

from surefoot.exchange.limits.bans import PATIENCE
from surefoot.serve.denial import Denial
from surefoot.simulation.refusals import Refusal, Refusals, unprovoked

MINUTE_US = 60_000_000


def refusal(at_s: float, *, limit: str = "weight", ban: bool = False, heard: int = 0) -> Refusal:
    at_us = int(at_s * 1_000_000)
    return Refusal("10.0.0.2", at_us, (at_us // MINUTE_US + 1) * MINUTE_US, limit, ban, heard)


def said_of(noted: list[Refusal], surprises_s: list[float]) -> list[str]:
    return list(unprovoked(noted, [int(at_s * 1_000_000) for at_s in surprises_s]))


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
    assert len(said_of(noted, surprises_s)) == complaints


@pytest.mark.parametrize(
    ("noted", "surprises_s", "complaints"),
    [
        ([refusal(10), refusal(30, ban=True)], [5], 0),
        ([refusal(10, heard=3), refusal(30, ban=True, heard=3)], [5], 0),
        ([refusal(10), refusal(30, ban=True, heard=1)], [5], 1),
        ([refusal(10), refusal(20, heard=1), refusal(30, ban=True, heard=1)], [5], 1),
        ([refusal(10), refusal(61, ban=True)], [5], 1),
        ([refusal(10, limit="orders"), refusal(30, ban=True)], [5], 1),
        ([refusal(10), refusal(30, ban=True)], [], 2),
        ([refusal(10), refusal(30, ban=True)], [20], 1),
    ],
)
def test_a_ban_is_news_to_who_heard_nothing_since_the_first_refusal(
    noted, surprises_s, complaints: int
) -> None:
    assert len(said_of(noted, surprises_s)) == complaints


def test_the_exchange_is_as_strict_as_ever() -> None:
    bans = Refusals(lambda _address: 7)
    bans.refused("a", 0, MINUTE_US, "weight")
    for number in range(PATIENCE):
        bans.refused("a", 2_000_000 + number, MINUTE_US, "weight")
    with pytest.raises(Denial):
        bans.refused("a", 3_000_000, MINUTE_US, "weight")
    assert [one.ban for one in bans.noted] == [False] * (PATIENCE + 1) + [True]
    assert {one.heard for one in bans.noted} == {7}
