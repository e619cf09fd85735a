"""When the connection of a stream is replaced, as said and as drawn."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surefoot import Rotation
from surefoot.client.rotation import HANDOVER, Stage, Step
from surefoot.errors import Misuse

HOUR_MS, DAY_MS = 3_600_000, 86_400_000
DICE = st.floats(0, 1, exclude_max=True)
MOMENTS = st.integers(0, 2_000_000_000_000)


@given(MOMENTS, DICE)
def test_by_default_between_23_15_and_23_45(since_ms: int, dice: float) -> None:
    """A connection lives for 24 hours; a drawn moment keeps many streams from being replaced at once."""
    age_ms = Rotation().due_ms(since_ms, dice) - since_ms
    assert 23.25 * HOUR_MS <= age_ms <= 23.75 * HOUR_MS
    assert Rotation().due_ms(0, 0.0) < Rotation().due_ms(0, 0.9)


@given(MOMENTS, DICE)
def test_at_a_time_of_day(since_ms: int, dice: float) -> None:
    """It comes within a day, and soon after the time of day itself nobody is in a hurry."""
    due_ms = Rotation(daily_at="04:30").due_ms(since_ms, dice)
    at_the_time = due_ms % DAY_MS == 4.5 * HOUR_MS
    assert at_the_time or due_ms - since_ms >= 23.25 * HOUR_MS
    assert 600_000 <= due_ms - since_ms <= 23.75 * HOUR_MS


def test_the_time_of_day_is_kept_from_day_to_day() -> None:
    rotation, at_ms, moments = Rotation(daily_at="04:30"), 0.0, []
    for _ in range(10):
        at_ms = rotation.due_ms(int(at_ms) + 2_000, 0.5)
        moments.append(at_ms % DAY_MS / HOUR_MS)
    assert sum(moment == 4.5 for moment in moments) == 5
    assert all(3.75 <= moment <= 4.5 for moment in moments)


@given(MOMENTS, DICE, st.integers(60_000, 23 * HOUR_MS))
def test_every_so_often(since_ms: int, dice: float, every_ms: int) -> None:
    assert Rotation(every_ms=every_ms).due_ms(since_ms, dice) == since_ms + every_ms


@pytest.mark.parametrize("daily_at", ["4:30", "24:00", "12:60", "noon", "", "04:30:00"])
def test_what_is_no_time_of_day(daily_at: str) -> None:
    with pytest.raises(Misuse, match="a time of day in UTC, such as '04:30'"):
        Rotation(daily_at=daily_at)


@pytest.mark.parametrize("every_ms", [0, -1, 59_999, 24 * HOUR_MS, float("nan")])
def test_what_is_no_interval(every_ms: float) -> None:
    with pytest.raises(Misuse, match=r"60000 \(a minute\) to 82800000 \(23 hours\)"):
        Rotation(every_ms=every_ms)


def test_a_hand_over_can_fail_until_it_is_done_and_never_after() -> None:
    failing = {stage for stage, step in HANDOVER if step is Step.FAILED}
    assert failing == set(Stage) - {Stage.SWITCHED}
    assert not any(stage is Stage.SWITCHED for stage, _ in HANDOVER)
