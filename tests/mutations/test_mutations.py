"""A simulation that cannot fail proves nothing: each mutation of the source is caught by the story kept for
it, which passes without the mutation (`tools/mutants`).
"""

from pathlib import Path

import pytest

from surefoot.simulation.trading.courts import Law
from surefoot.simulation.trading.running import play
from tools.mutants.__main__ import main
from tools.mutants.kept import kept
from tools.mutants.mutation import FOLDER, Mutation, Stale, mutations, named, planted
from tools.mutants.player import Player

ALL = mutations()
FEWEST = 30


@pytest.mark.process
@pytest.mark.parametrize("mutation", ALL, ids=[mutation.name for mutation in ALL])
def test_a_mutation_is_caught(mutation: Mutation, tmp_path: Path) -> None:
    story = kept(mutation)
    assert story is not None, f"nothing is kept for it: python -m tools.mutants {mutation.name} --keep"
    assert play(story)[0].breaches == (), "the story does not pass without the mutation"
    with Player(planted(mutation, tmp_path)) as player:
        verdict = player.play(story)
    assert verdict.laws & mutation.laws, f"not caught; what broke besides: {sorted(verdict.laws)}"


@pytest.mark.parametrize("mutation", ALL, ids=[mutation.name for mutation in ALL])
def test_its_laws_are_the_court_s(mutation: Mutation) -> None:
    assert mutation.laws <= set(Law)


def test_there_are_enough() -> None:
    assert len(ALL) >= FEWEST
    assert {path.stem for path in FOLDER.glob("*.json")} == {mutation.name for mutation in ALL}


def test_a_patch_that_does_not_fit_is_told(tmp_path: Path) -> None:
    patch = tmp_path / "stale.patch"
    text = ALL[0].patch.read_text(encoding="utf-8")
    patch.write_text(
        "".join(f"{line}\n" for line in text.replace("-        ", "-        gone ").splitlines())
    )
    with pytest.raises(Stale, match=r"stale\.patch no longer fits the source"):
        planted(ALL[0]._replace(patch=patch), tmp_path)


def test_a_patch_says_what_it_breaks(tmp_path: Path) -> None:
    (tmp_path / "mute.patch").write_text("--- a/src/x.py\n+++ b/src/x.py\n")
    with pytest.raises(Stale, match=r"mute\.patch begins with"):
        mutations(tmp_path)


def test_a_name_that_nobody_has() -> None:
    with pytest.raises(Stale, match="no mutation 'nonsense'"):
        named(["nonsense"])


@pytest.mark.process
def test_the_command_says_what_caught_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sends_without_the_journal", "--seeds", "5"]) == 0
    told = capsys.readouterr().out
    assert "committed before the first byte" in told
    assert told.endswith("all were caught\n")


@pytest.mark.process
def test_the_command_says_what_nothing_caught(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sends_without_the_journal", "--seeds", "0"]) == 1
    assert "NOT CAUGHT" in capsys.readouterr().out
