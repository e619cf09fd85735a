"""TRACK-1, RETRY-3: a trader that is killed at any step does what was wanted once, and knows all of it."""

import pytest

from tests.crash.cases import OF_A_RESTART, OF_PLACING, Action, Case, Fault, Step
from tests.crash.virtual import play

PLANS = [(step, then) for step in OF_PLACING for then in (None, *OF_A_RESTART)]


@pytest.mark.parametrize(("step", "then"), PLANS)
def test_a_trader_that_is_killed_in_virtual_time(step: Step, then: Step | None) -> None:
    cases = [Case(step, then, action, fault) for fault in Fault for action in Action]
    for case, kills in play(1, cases).items():
        assert kills[:1] == [step], f"{case}: not killed"
