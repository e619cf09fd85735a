"""Reads of all lanes: in a hurry, patient, and far too many."""

from surefoot.exchange.faults import LostRequest, Rule
from surefoot.net.endings import Ending
from surefoot.simulation.errands import ATTEMPT_S, SHELL_S
from surefoot.simulation.faults import Silence
from surefoot.simulation.happenings import Relimited
from surefoot.simulation.names import EXCHANGE
from surefoot.simulation.options import SIGNED, Options, Room, Style
from surefoot.simulation.runner import Report, Simulation
from surefoot.simulation.workload import Orders


def run(options: Options) -> tuple[Report, Orders]:
    story = Orders(options)
    return Simulation(3, plan=options.plan).run(story), story


def test_an_overload_is_held_back_and_never_refused() -> None:
    """LIMIT-2: three times the budget, and not one 429; who cannot wait is told so."""
    report, story = run(Options(room=Room(weight=300), styles=(Style(overload_s=90), Style(actions=5))))
    assert report.counts["reads HeldBack"] > 20
    assert report.counts["reads answers"] > 20
    assert "reads RateLimited" not in report.counts
    assert story._bystanders.refusals.noted == []


def test_reads_that_are_never_answered_end_in_time() -> None:
    """RETRY-1: inside a deadline."""
    rule = Rule(LostRequest(Ending.SILENCE), "*", after_ms=100, for_ms=60_000)
    styles = (Style(overload_s=20), Style(actions=5))
    report, story = run(Options(rules=(rule,), styles=styles))
    assert report.counts["reads NoAnswer"] > 5
    longest_s = max(trader.errands.longest_s for trader in story.traders)
    assert 5 < longest_s <= ATTEMPT_S + SHELL_S


def test_a_ban_that_nobody_could_hear_of_is_excused() -> None:
    """Requests arrive and no answer does, and a limit is cut meanwhile: not one 429 says so."""
    deaf = Silence(at_s=20, for_s=100, source=EXCHANGE, target="alice", forget=True)
    cut = Relimited(at_s=20.2, weight=300, orders=100)
    styles = (Style(ed25519=True, door=SIGNED, overload_s=80), Style(actions=5))
    _, story = run(Options(plan=(deaf,), happens=(cut,), styles=styles))
    noted = story._bystanders.refusals.noted
    assert [one.ban for one in noted].count(True) == 1
    assert {one.heard for one in noted} == {0}
