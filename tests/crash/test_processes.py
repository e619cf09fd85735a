"""TRACK-1: the same with real processes, sockets and files: SIGKILL at every step."""

import asyncio
from pathlib import Path

import pytest

from tests.crash.processes import few, play
from tests.postgres import serving


@pytest.mark.process
@pytest.mark.timeout(900)
@pytest.mark.xdist_group("crash")
def test_traders_that_are_killed_do_what_was_wanted_once(tmp_path: Path) -> None:
    """Every pair of step, fault, action and kind of journal; ``make crash`` prints them."""
    with serving() as postgres:
        outcomes = asyncio.run(play(few(), tmp_path, postgres))
    wrong = [f"{outcome.case} ({outcome.disk}): {outcome.verdict}" for outcome in outcomes if outcome.wrong]
    assert not wrong, "\n".join(wrong)
    unkilled = [str(outcome.case) for outcome in outcomes if not outcome.kills]
    assert not unkilled, "never killed: " + "\n".join(unkilled)
