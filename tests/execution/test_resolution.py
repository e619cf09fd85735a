"""When a doubt ends: RETRY-3's own numbers, moment by moment."""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surefoot.execution.resolution import OFFICIAL, Doubt, Look

FENCE = 1_000_000
ENGINE, MARGIN, LAG, APART = 10_000, 1_000, 30_000, 5_000


class Search(NamedTuple):
    """How a doubt went: the looks, when each was over, and the evidence that ended it."""

    looks: list[Look]
    moments: list[int]
    evidence: str


def searched(now_ms: int, *, whole: bool | Callable[[int], bool], took_ms: int = 0) -> Search:
    """Looks as often as it is told to, and never finds anything."""
    doubt = Doubt(FENCE, now_ms)
    looks, moments = [], []
    for _ in range(1_000):
        look = doubt.next()
        now_ms = max(now_ms, look.at_ms) + took_ms
        looks.append(look)
        moments.append(now_ms)
        unbroken = doubt.past_fence(now_ms) and (whole if isinstance(whole, bool) else whole(now_ms))
        evidence = doubt.missed(look, now_ms, whole=unbroken)
        if evidence is not None:
            return Search(looks, moments, evidence)
    raise AssertionError("it never ended")


STARTS = [FENCE - 10_000, FENCE - 5_000, FENCE, FENCE + ENGINE, FENCE + 20_000, FENCE + LAG, FENCE + 10**7]


@pytest.mark.parametrize("start_ms", STARTS)
def test_a_whole_stream_and_a_query_prove_absence_at_the_fence_and_not_before(start_ms: int) -> None:
    search = searched(start_ms, whole=True)
    decided_ms = FENCE + ENGINE + MARGIN
    assert search.moments[-1] >= decided_ms
    assert search.moments[-1] <= max(decided_ms, start_ms + 500)
    assert "whole" in search.evidence


@pytest.mark.parametrize("start_ms", STARTS)
def test_with_a_broken_stream_it_takes_two_thorough_misses_after_the_lag(start_ms: int) -> None:
    search = searched(start_ms, whole=False)
    lag_ms = FENCE + ENGINE + LAG
    thorough = [moment for look, moment in zip(search.looks, search.moments, strict=True) if look.thorough]
    assert len(thorough) == 2
    assert thorough[0] >= lag_ms
    assert thorough[1] - thorough[0] >= APART
    assert thorough[1] == search.moments[-1] <= max(lag_ms, start_ms) + APART
    assert "twice" in search.evidence


def test_the_bound_is_what_is_promised() -> None:
    """recvWindow + 45 s after the last signature, where looks take no time."""
    assert OFFICIAL.bound_ms == 45_000
    search = searched(FENCE - 5_000, whole=False)
    assert search.moments[-1] == FENCE + OFFICIAL.bound_ms


def test_until_the_fence_it_looks_often_at_first_then_less() -> None:
    search = searched(FENCE - 20_000, whole=True)
    pauses = [b - a for a, b in zip([FENCE - 20_000, *search.moments], search.moments, strict=False)]
    assert pauses[:4] == [500, 1_000, 2_000, 4_000]
    assert max(pauses) <= 8_000
    assert not any(look.thorough for look in search.looks)


@given(
    st.integers(-60_000, 100_000),
    st.integers(0, 20_000),
    st.integers(0, 100),
    st.sampled_from([True, False, None]),
)
def test_it_ends_never_too_early_and_never_too_late(
    start: int, took_ms: int, breaks: int, whole: bool | None
) -> None:
    broken_at_ms = FENCE + breaks * 1_000
    unbroken: bool | Callable[[int], bool]
    unbroken = (lambda now_ms: now_ms < broken_at_ms) if whole is None else whole
    search = searched(FENCE + start, whole=unbroken, took_ms=took_ms)
    end_ms = search.moments[-1]
    assert end_ms >= FENCE + ENGINE + MARGIN
    if "twice" in search.evidence:
        assert search.moments[-2] >= FENCE + ENGINE + LAG
        assert end_ms - search.moments[-2] >= APART
    assert end_ms <= max(FENCE + start, FENCE + ENGINE + LAG) + APART + 3 * took_ms


def test_a_miss_before_the_fence_proves_nothing_however_whole_the_stream() -> None:
    doubt = Doubt(FENCE, FENCE - 5_000)
    for now_ms in range(FENCE - 5_000, FENCE + ENGINE + MARGIN, 500):
        assert doubt.missed(Look(now_ms, thorough=True), now_ms, whole=True) is None
    now_ms = FENCE + ENGINE + MARGIN
    assert doubt.missed(Look(now_ms, thorough=False), now_ms, whole=True) is not None


def test_a_quick_look_never_counts_as_a_thorough_one() -> None:
    doubt, now_ms = Doubt(FENCE, FENCE), FENCE + ENGINE + LAG
    for _ in range(10):
        now_ms += APART
        assert doubt.missed(Look(now_ms, thorough=False), now_ms, whole=False) is None
    assert doubt.next().thorough


def test_a_thorough_look_that_began_before_the_lag_was_over_counts_for_nothing() -> None:
    doubt, lag_ms = Doubt(FENCE, FENCE), FENCE + ENGINE + LAG
    assert doubt.missed(Look(lag_ms - 1, thorough=True), lag_ms + 60_000, whole=False) is None
    assert doubt.missed(Look(lag_ms + 60_000, thorough=True), lag_ms + 60_000, whole=False) is None
    last = doubt.next()
    assert last == Look(lag_ms + 60_000 + APART, thorough=True)
    assert doubt.missed(last, last.at_ms, whole=False) is not None


def test_a_clock_that_goes_back_makes_it_wait_not_decide() -> None:
    doubt = Doubt(FENCE, FENCE + 5_000)
    back_ms = FENCE - 3_600_000
    assert doubt.missed(doubt.next(), back_ms, whole=True) is None
    assert not doubt.past_fence(back_ms)
    look = doubt.next()
    assert back_ms < look.at_ms <= back_ms + 8_000, "it goes on looking, on the clock of now"


def test_a_clock_that_goes_back_between_two_misses_does_not_bring_them_together() -> None:
    doubt, lag_ms = Doubt(FENCE, FENCE), FENCE + ENGINE + LAG
    assert doubt.missed(Look(lag_ms, thorough=True), lag_ms, whole=False) is None
    back_ms = lag_ms - 20_000
    assert doubt.missed(doubt.next(), back_ms, whole=False) is None
    look = doubt.next()
    assert look.at_ms >= back_ms + APART
    assert look.thorough
