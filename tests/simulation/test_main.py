"""``python -m surefoot.simulation``."""

import pytest

from surefoot.simulation import __main__ as command
from surefoot.simulation.runner import Simulation
from surefoot.simulation.workload import Orders


def test_a_seed_tells_its_options_and_passes(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--seed", "3"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("seed 3\n  weather: ")
    assert "crossings in" in text
    assert text.endswith("PASSED\n")


def test_the_trace_is_printed_on_demand(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--seed", "3", "--trace"]) == 0
    assert "alice > exchange" in capsys.readouterr().out


def test_seeds_of_a_base_are_swept(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--seeds", "2", "--base", "abc"]) == 0
    text = capsys.readouterr().out
    assert "1/2 seeds, 0 failed\n2/2 seeds, 0 failed\n" in text
    assert text.endswith("2 seeds of abc: PASSED\n")


def test_a_failing_seed_is_a_line_that_replays_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def fail(_self: Orders, _sim: Simulation) -> None:
        raise ValueError("planted")

    monkeypatch.setattr(Orders, "__call__", fail)
    assert command.main(["--seeds", "1", "--base", "abc"]) == 1
    text = capsys.readouterr().out
    assert "FAILED python -m surefoot.simulation --seed " in text
    assert "# ValueError: planted" in text
    assert command.main(["--seed", "1"]) == 1
    assert "FAILED\n" in capsys.readouterr().out


def test_without_git_there_are_seeds_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert command._checked_out() == "no-commit"


@pytest.mark.parametrize("arguments", [[], ["--seed", "1", "--seeds", "2"]])
def test_exactly_one_of_seed_and_seeds(arguments: list[str]) -> None:
    with pytest.raises(SystemExit):
        command.main(arguments)


def test_the_story_of_traders_is_swept_and_replayed(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--story", "trading", "--seeds", "2", "--base", "abc"]) == 0
    assert command.main(["--story", "trading", "--seed", "5"]) == 0
    text = capsys.readouterr().out
    assert "2 stories, " in text
    assert text.endswith(": PASSED\n")


def test_kept_stories_are_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--kept"]) == 0
    assert "list-known-by-its-orders: PASSED\n" in capsys.readouterr().out
