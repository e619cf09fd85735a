"""TRACK-1, RETRY-3: a trader that is killed at any step does what was wanted once, and knows all of it."""

import pytest

from surefoot.simulation.disk import SimulatedStore
from surefoot.simulation.runner import SimulationFailed
from tests.crash.cases import OF_A_RESTART, OF_PLACING, Action, Case, Fault, Step, case_of
from tests.crash.virtual import play

TWICE = [(step, then) for step in OF_PLACING for then in OF_A_RESTART if step is not Step.SENT]


@pytest.mark.parametrize("step", Step)
def test_a_trader_that_is_killed_at_any_step(step: Step) -> None:
    """With every action and every fault."""
    for case, kills in play(
        1, [case_of(step, action, fault) for fault in Fault for action in Action]
    ).items():
        assert kills == [at for at in (case.step, case.then) if at is not None], f"{case}: {kills}"


@pytest.mark.parametrize("number", range(len(TWICE)))
def test_a_trader_that_is_killed_again_while_it_restarts(number: int) -> None:
    """With every third fault, another third for the next pair of steps."""
    step, then = TWICE[number]
    faults = [fault for place, fault in enumerate(Fault) if place % 3 == number % 3]
    for case, kills in play(
        number, [Case(step, then, action, fault) for fault in faults for action in Action]
    ).items():
        assert kills[:1] == [step], f"{case}: not killed"


@pytest.mark.parametrize("fault", [Fault.SLOW, Fault.LAG])
def test_a_trader_without_patience_is_found_out(fault: Fault) -> None:
    """The times of evidence are needed, and the judge has eyes."""
    with pytest.raises(SimulationFailed, match="2 orders where 1 were meant"):
        play(1, [Case(Step.SENT, None, Action.MARKET, fault)], hasty=True)


class LyingStore(SimulatedStore):
    """Says that it is safe before it is."""

    async def commit(self) -> None:
        return


def test_a_trader_whose_disk_lies_is_found_out() -> None:
    """What is sent before it is safe is nobody's order after a crash, and is placed again."""
    with pytest.raises(SimulationFailed, match="is nobody's: the journal does not know it"):
        play(1, [Case(Step.SENT, None, Action.LIMIT, Fault.NONE)], store=LyingStore)
