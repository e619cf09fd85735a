"""Which host is asked next (ENV-3): the pure part."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surefoot.client.hosts import Hosts
from surefoot.rules.outcomes import Said
from surefoot.wire import Lost

OK, REFUSED, BROKEN = Said(status=200), Said(status=429), Said(status=503)
SILENT, UNSENT = Lost(delivered=True, reason="no answer in time"), Lost(delivered=False, reason="closed")
NAMES = ("a", "b", "c")


def hosts(count: int = 3) -> tuple[Hosts, list[str]]:
    told: list[str] = []
    return Hosts(NAMES[:count], told.append), told


def test_the_preferred_one_is_asked_while_it_is_well() -> None:
    several, told = hosts()
    for now in range(0, 100_000, 1_000):
        assert several.choose(now, careful=bool(now % 2_000)) == 0
        several.heard(0, now + 500, now, REFUSED if now % 3_000 else OK)
        several.heard(0, now + 500, now, UNSENT)  # nobody's fault
    assert told == []


@pytest.mark.parametrize("heard", [BROKEN, SILENT], ids=["5xx", "silence"])
@pytest.mark.parametrize("careful", [False, True])
def test_a_host_that_failed_is_left_for_the_next_attempt(heard: Said | Lost, careful: bool) -> None:
    several, told = hosts()
    several.heard(0, 10, 0, heard)
    assert several.choose(11, careful=careful) == 1
    assert told == ["a failed: other hosts are asked for 2 s"]
    several.failed(1, 12, 11)
    assert several.choose(13, careful=careful) == 2


def test_one_read_tries_it_again_and_writes_come_back_once_it_has_answered() -> None:
    several, told = hosts()
    several.failed(0, 0, 0)
    several.heard(1, 60, 10, OK)
    assert several.choose(1_999, careful=False) == 1
    assert several.choose(2_000, careful=True) == 1
    assert several.choose(2_000, careful=False) == 0
    assert several.choose(2_001, careful=False) == 1  # the one that tries it is still under way
    assert several.choose(2_001, careful=True) == 1
    several.heard(0, 2_050, 2_000, OK)
    assert several.choose(2_051, careful=True) == 0
    assert told[-1] == "a is well again"


def test_the_more_often_it_fails_the_longer_it_rests_and_that_fades() -> None:
    several, _ = hosts()
    rests = []
    now = 0.0
    for _ in range(8):
        several.failed(0, now, now)
        rests.append(several.health[0].rests_until_ms - now)
        now = several.health[0].rests_until_ms
    assert rests == sorted(rests)
    assert (rests[0], rests[-1]) == (2_000, 60_000)
    now += 600_000
    several.failed(0, now, now)
    assert several.health[0].rests_until_ms - now == pytest.approx(2_000, rel=0.01)


def test_what_was_under_way_together_counts_once() -> None:
    several, told = hosts()
    for _ in range(50):
        several.heard(0, 100, 0, SILENT)
    assert several.health[0].failures == 1
    assert len(told) == 1


def test_among_the_others_the_fastest_is_asked_and_one_that_is_known() -> None:
    several, _ = hosts()
    several.failed(0, 0, 0)
    several.heard(2, 40, 0, OK)
    assert several.choose(50, careful=True) == 2  # nobody has heard of the other one yet
    several.heard(1, 60, 50, OK)
    assert several.choose(70, careful=True) == 1
    for now in range(100, 1_000, 100):
        several.heard(1, now + 90, now, OK)
    assert several.choose(1_000, careful=True) == 2


def test_where_all_fail_the_one_that_has_rested_is_asked() -> None:
    several, _ = hosts()
    for host, now in ((1, 0), (2, 100), (0, 200)):
        several.failed(host, now, now)
    assert several.choose(300, careful=True) == 1  # its rest ends first
    assert several.choose(5_000, careful=True) in {0, 1, 2}


events = st.lists(
    st.tuples(st.integers(0, 2), st.floats(0, 5_000), st.sampled_from([OK, REFUSED, BROKEN, SILENT, UNSENT])),
    max_size=60,
)


@given(events, st.booleans())
def test_a_well_host_is_never_passed_over_for_one_that_failed(
    happened: list[tuple[int, float, Said | Lost]], careful: bool
) -> None:
    """Unless it is the preferred one's turn to be tried."""
    several, _ = hosts()
    now = 0.0
    for host, later_ms, heard in happened:
        started, now = now, now + later_ms
        several.heard(host, now, started, heard)
        well = [health.well for health in several.health]
        chosen = several.choose(now, careful=True)
        assert well[chosen] or not any(well)
        if well[0]:
            assert chosen == 0
    chosen = several.choose(now, careful=careful)
    assert 0 <= chosen < 3
    assert all(health.latency_ms >= 0 and not math.isnan(health.latency_ms) for health in several.health)


@given(events)
def test_the_preferred_one_is_always_found_again(happened: list[tuple[int, float, Said | Lost]]) -> None:
    """However it went: a minute later a read asks it, and its answer brings everything back."""
    several, _ = hosts()
    now = 0.0
    for host, later_ms, heard in happened:
        started, now = now, now + later_ms
        several.heard(host, now, started, heard)
    now += 60_001
    assert several.choose(now, careful=False) == 0
    several.heard(0, now + 5, now, OK)
    assert several.choose(now + 6, careful=True) == 0
