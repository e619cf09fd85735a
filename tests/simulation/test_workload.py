"""The shipped client and the shipped exchange under faults: named runs, and the same trace each time."""

import pytest

from surefoot.simulation.__main__ import run_seed
from surefoot.simulation.faults import ClockStep, Cut, Fault, Moment, Outage, Silence
from surefoot.simulation.names import EXCHANGE
from surefoot.simulation.options import REST, SESSION, SIGNED, Options, Style
from surefoot.simulation.runner import Report, Simulation
from surefoot.simulation.view import Fate
from surefoot.simulation.wire import Weather
from surefoot.simulation.workload import Orders
from tests.simulation.hash_seeds import printed

ORDER = {REST: b"POST /api/v3/order", SESSION: b'"order.place"', SIGNED: b'"order.place"'}
DOORS = [(key, door) for key in (False, True) for door in (REST, SESSION, SIGNED)]


def run(*plan: Fault, ed25519: bool = False, door: str = REST, **more) -> tuple[Report, Orders]:
    style = Style(ed25519=ed25519, door=door, actions=12)
    options = Options(plan=plan, styles=(style, Style(actions=12)), **more)
    story = Orders(options)
    report = Simulation(1, weather=options.weather, plan=plan).run(story)
    return report, story


def fates(story: Orders) -> list[Fate]:
    return [fate for trader in story.traders for fate in trader.view.fates.values()]


@pytest.mark.parametrize(("ed25519", "door"), DOORS)
def test_without_faults_nothing_is_in_doubt(ed25519: bool, door: str) -> None:
    report, story = run(ed25519=ed25519, door=door)
    assert set(fates(story)) <= {Fate.ACCEPTED, Fate.REFUSED}
    assert report.counts["orders accepted"] > 5
    assert "gaps of user data" not in report.counts
    assert any(trader.view.fills for trader in story.traders)


@pytest.mark.parametrize(("ed25519", "door"), DOORS)
@pytest.mark.parametrize("moment", [Moment.REQUEST_LOST, Moment.REQUEST_TORN])
def test_the_wire_is_cut_in_the_middle_of_an_order_before_it_arrives(
    moment: Moment, ed25519: bool, door: str
) -> None:
    """RETRY-3: the outcome is unknown, nothing is sent again, and looking it up tells that it never was."""
    report, story = run(Cut(words=ORDER[door], nth=2, moment=moment), ed25519=ed25519, door=door)
    assert report.counts["unknown orders"] == 1
    assert report.counts["doubts absent"] == 1
    assert fates(story).count(Fate.ABSENT) == 1


@pytest.mark.parametrize(("ed25519", "door"), DOORS)
@pytest.mark.parametrize("moment", [Moment.ANSWER_IMPOSSIBLE, Moment.ANSWER_LOST])
def test_the_wire_is_cut_in_the_middle_of_an_order_after_it_arrived(
    moment: Moment, ed25519: bool, door: str
) -> None:
    """RETRY-3: the outcome is unknown, nothing is sent again, and looking it up finds the one order."""
    report, story = run(Cut(words=ORDER[door], nth=2, moment=moment), ed25519=ed25519, door=door)
    assert report.counts["unknown orders"] == 1
    assert report.counts["doubts found"] == 1
    assert fates(story).count(Fate.FOUND) == 1


@pytest.mark.parametrize(("ed25519", "door"), DOORS)
def test_an_order_that_arrives_when_it_is_too_late_is_refused_and_never_was(ed25519: bool, door: str) -> None:
    """RETRY-3: after too_late_after_ms the exchange refuses the bytes, so absence can be trusted."""
    cut = Cut(words=ORDER[door], nth=2, moment=Moment.SILENCE)
    report, _ = run(cut, ed25519=ed25519, door=door)
    assert report.counts["unknown orders"] >= 1
    assert report.counts["doubts absent"] >= 1


def test_a_handshake_that_is_cut_does_not_leave_a_session_behind_that_cannot_send() -> None:
    plan = (
        Cut(words=b'"order.place"', nth=1, moment=Moment.ANSWER_LOST),
        Cut(words=b"GET /ws-api/v3", nth=4, moment=Moment.REQUEST_LOST),
    )
    report, _ = run(*plan, door=SESSION)
    assert len(report.happened) == 2


@pytest.mark.parametrize("moment", [Moment.REQUEST_LOST, Moment.ANSWER_LOST, Moment.ANSWER_IMPOSSIBLE])
def test_a_log_on_that_is_cut_while_an_order_waits_for_it_means_that_nothing_was_sent(moment: Moment) -> None:
    plan = (
        Cut(words=b'"order.place"', nth=1, moment=Moment.ANSWER_LOST),
        Cut(words=b'"session.logon"', nth=3, moment=moment),
    )
    report, story = run(*plan, ed25519=True, door=SESSION)
    assert len(report.happened) == 2
    assert any(trader.resent.unsent for trader in story.traders)  # so it was sent over the next connection
    assert "orders CannotConnect" not in report.counts


@pytest.mark.parametrize(
    "words",
    [b'"userDataStream.subscribe', b'"session.logon"', b"GET /ws-api/v3", b"GET /stream", b"HTTP/1.1 101"],
)
@pytest.mark.parametrize("moment", list(Moment))
def test_streams_open_in_the_end_whatever_is_cut_while_they_open(words: bytes, moment: Moment) -> None:
    report, _ = run(Cut(words=words, nth=1, moment=moment), ed25519=True, door=SESSION)
    assert len(report.happened) == 1


@pytest.mark.parametrize("forget", [True, False])
@pytest.mark.parametrize(("source", "target"), [("alice", EXCHANGE), (EXCHANGE, "alice")])
def test_a_half_open_connection_is_noticed(source: str, target: str, forget: bool) -> None:
    """TRACK-3: a stream that was deaf owns up to it."""
    silence = Silence(at_s=0.5, for_s=200, source=source, target=target, forget=forget)
    report, _ = run(silence, safety_s=250)
    assert report.counts["gaps of user data"] >= 1
    assert report.counts["gaps of market"] >= 1


def test_a_short_outage_makes_a_gap_and_no_refusal() -> None:
    """RETRY-1: of what could not connect not a byte left, so it is tried again."""
    report, story = run(Outage(at_s=0.5, for_s=1, between=("alice", EXCHANGE)))
    assert report.counts["gaps of user data"] == 1
    assert any(trader.resent.unsent for trader in story.traders)
    assert "orders CannotConnect" not in report.counts


def test_a_long_outage_is_told() -> None:
    report, _ = run(Outage(at_s=0.5, for_s=40, between=("alice", EXCHANGE)))
    assert report.counts["orders CannotConnect"] >= 1


@pytest.mark.parametrize("by_ms", [-30_000, -900, 900, 30_000])
@pytest.mark.parametrize("host", ["alice", EXCHANGE])
def test_a_clock_that_steps_costs_no_order(host: str, by_ms: int) -> None:
    """AUTH-3: after -1021 the clock is measured and the order signed afresh, once."""
    report, story = run(ClockStep(at_s=1, host=host, by_ms=by_ms), offsets_ms=(-60_000, 3_600_000))
    assert "unknown orders" not in report.counts
    assert "orders StaleTimestamp" not in report.counts
    assert report.counts["orders accepted"] > 5
    if host == EXCHANGE and by_ms == 30_000:
        assert any(trader.resent.ids for trader in story.traders)


def test_bytes_in_pieces_change_nothing() -> None:
    weather = Weather(latency_ms=5, jitter_ms=20, split=0.5, join=0.5)
    report, _ = run(weather=weather, ed25519=True, door=SESSION)
    assert report.counts["orders accepted"] > 5


SEEDS = [3, 17, 99]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_seed_twice_gives_the_same_trace(seed: int) -> None:
    first, sim = run_seed(seed)
    again, _ = run_seed(seed)
    assert first == again
    assert len(sim.trace) == first.crossings > 100


def test_the_same_seed_gives_the_same_trace_under_any_hash_seed() -> None:
    program = (
        "from surefoot.simulation.__main__ import run_seed\n"
        f"for seed in {SEEDS}: print(run_seed(seed)[0].trace_hash)"
    )
    outputs = printed(program)
    assert outputs[0] == outputs[1]
    assert outputs[0] == [run_seed(seed)[0].trace_hash for seed in SEEDS]
