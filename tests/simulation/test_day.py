"""A day of streams: when its memory counts as flat, and how the command tells it."""

import pytest

from surefoot.simulation import __main__ as command
from surefoot.simulation import day
from surefoot.simulation.day import Day, whole_day
from surefoot.simulation.runner import SimulationFailed


@pytest.mark.parametrize(
    ("blocks", "flat"),
    [
        ([1_800, 2_200, 2_210, 2_190], True),
        ([1_800, 2_200, 2_270, 2_190], False),
        ([1_800, 2_500, 2_500, 2_500], False),
        ([1_800, 1_700, 1_720], True),
    ],
)
def test_what_has_a_bound_may_fill_up_and_nothing_else_may_grow(blocks: list[int], flat: bool) -> None:
    story = Day()
    story.blocks += blocks
    assert (story.grew == "") is flat


@pytest.fixture
def short_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its hours are twenty seconds long."""
    monkeypatch.setattr(day, "Day", lambda look_every: Day(5, 20, 1))


@pytest.mark.usefixtures("short_day")
def test_a_day_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--day", "--base", "abc"]) == 0
    assert "virtual hours" in capsys.readouterr().out


@pytest.mark.usefixtures("short_day")
def test_a_day_that_leaves_something_behind_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(day, "_NOISE", -1_000_000)
    with pytest.raises(SimulationFailed, match="memory is not flat"):
        whole_day(1)
    assert command.main(["--day", "--base", "abc"]) == 1
    assert "FAILED python -m surefoot.simulation --day --base abc" in capsys.readouterr().out
