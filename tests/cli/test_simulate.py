"""`surefoot simulate`: stories, what they say, and how a failing one is kept."""

import json
from pathlib import Path

import pytest

from surefoot.cli.app import run
from surefoot.execution.shelf import Shelf
from surefoot.simulation.trading import archive
from surefoot.simulation.trading.courts import Law

STORY = str(archive.FOLDER / "list-known-by-its-orders.json")
CapSys = pytest.CaptureFixture[str]


def test_many_stories_pass_and_name_what_held(capsys: CapSys) -> None:
    assert run(["simulate", "--seeds", "3", "--faults", "light", "--base", "any"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("3 stories, ")
    assert all(f"× {law}" in text for law in Law)
    assert text.endswith("PASSED\n")


def test_a_program_is_answered_one_object(capsys: CapSys) -> None:
    assert run(["simulate", "--seeds", "2", "--faults", "none", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["stories"] == 2
    assert answer["failed"] == []
    assert answer["looked"][Law.ONCE] > 0


def test_so_many_virtual_hours(capsys: CapSys) -> None:
    assert run(["simulate", "--hours", "0.001", "--faults", "none"]) == 0
    assert " virtual hours, faults: none" in capsys.readouterr().out


def test_one_story_with_all_that_crossed_the_network(capsys: CapSys) -> None:
    assert run(["simulate", "--seed", "3", "--trace"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("seed 3\n")
    assert "alice > exchange" in text
    assert text.endswith("PASSED\n")


def test_a_failing_story_is_shrunk_kept_and_played_again(
    capsys: CapSys, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = str(tmp_path / "found.json")
    with monkeypatch.context() as sabotage:
        sabotage.setattr(Shelf, "numbered", lambda self, *_: None)
        assert run(["simulate", "--story", STORY, "--shrink", "--keep", file]) == 1
        assert "FAILED: lists are the exchange's: alice's list " in capsys.readouterr().out
        assert run(["simulate", "--story", file, "--json"]) == 1
    capsys.readouterr()
    assert run(["simulate", "--story", file]) == 0


@pytest.mark.parametrize(
    "words",
    [
        ["--shrink"],
        ["--seeds", "1", "--hours", "1"],
        ["--seed", "1", "--story", STORY],
        ["--story", "nowhere.json"],
    ],
)
def test_what_cannot_be_meant_is_wrong_usage(words: list[str], capsys: CapSys) -> None:
    assert run(["simulate", *words]) == 2
    assert capsys.readouterr().err.startswith("surefoot:")
