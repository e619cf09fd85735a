"""What is done to the exchange in a run, and how it is made good again."""

import asyncio

import pytest

from surefoot.exchange.faults import Answer, ReadLag, Rule, Withhold
from surefoot.exchange.server import ExchangeServer
from surefoot.simulation.happenings import (
    Banned,
    Dropped,
    Halted,
    Happening,
    Leaving,
    Maintenance,
    Relimited,
    Reweighed,
    WrongClock,
    limits,
)
from surefoot.simulation.names import EXCHANGE, NAMES
from surefoot.simulation.options import Options, Style
from surefoot.simulation.runner import Report, Simulation
from surefoot.simulation.upset import Upset
from surefoot.simulation.workload import Orders, serve
from surefoot.spot.enums import SymbolStatus


def upset(*happenings: Happening, rules: tuple[Rule, ...] = ()) -> list[str]:
    """What the exchange looks like after each second, and once it is healed."""
    looks: list[str] = []

    def look(server: ExchangeServer) -> None:
        shown = server.operations.limits.profile.rows[0].limit
        banned = [bool(record.banned_until) for record in server.operations.limits.bans()]
        status = server.engine.markets["BTCUSDT"].status.value
        skew, weights = round(server.clock.skew_ms, 3), dict(server.front.weights.changed)
        looks.append(f"{shown} {banned} {status} {skew:g} {weights} {len(server.faults.rules)}")

    async def story(sim: Simulation) -> None:
        over = asyncio.Event()
        ready: asyncio.Future[ExchangeServer] = sim.loop.create_future()
        running = sim.host(EXCHANGE).start(serve(sim.host(EXCHANGE).world, ready, over))
        server, plan = await ready, Upset(rules, happenings)
        look(server)
        plan.start(server, {name: sim.host(name).address for name in NAMES})
        for _ in range(2):
            await asyncio.sleep(1)
            look(server)
        plan.stop()
        look(server)
        over.set()
        await running

    Simulation(0).run(story)
    return looks


WELL = "6000 [] TRADING 0 {} 0"
HEALED = "1000000000 [] TRADING 0 {} 0"


@pytest.mark.parametrize(
    ("happening", "then"),
    [
        (WrongClock(at_s=0.5, step_ms=-900), "6000 [] TRADING -900 {} 0"),
        (WrongClock(at_s=0.5, drift_ppm=200), "6000 [] TRADING 0.3 {} 0"),
        (Reweighed(at_s=0.5, operation="depth", times=5), None),
        (Relimited(at_s=0.5, weight=300, orders=5), "300 [] TRADING 0 {} 0"),
        (Maintenance(at_s=0.5, for_s=90), "6000 [] TRADING 0 {} 2"),
        (Halted(at_s=0.5, symbol="BTCUSDT", status=SymbolStatus.HALT, for_s=90), "6000 [] HALT 0 {} 0"),
        (Halted(at_s=0.5, symbol="BTCUSDT", status=SymbolStatus.HALT, for_s=1), WELL),
        (Leaving(at_s=0.5, lead_s=90), WELL),
    ],
)
def test_what_happens_lasts_until_it_is_healed(happening: Happening, then: str | None) -> None:
    before, _, after, healed = upset(happening)
    assert (before, healed) == (WELL, HEALED)
    assert after == then or (then is None and "depth" in after)


def test_a_ban_and_rules_are_taken_back() -> None:
    *_, after, healed = upset(Banned(at_s=0.5, host="alice", for_s=90), rules=(Rule(Answer(418)),))
    assert after == "6000 [True] TRADING 0 {} 1"
    assert healed == HEALED.replace("[]", "[False]")


def test_limits_differ_from_production_where_they_are_said_to() -> None:
    shown = [(row.rate_limit_type, row.interval, row.limit) for row in limits(300, 5).rows]
    assert ("REQUEST_WEIGHT", "MINUTE", 300) in shown
    assert ("ORDERS", "SECOND", 5) in shown
    assert ("ORDERS", "DAY", 200_000) in shown


def run(*rules: Rule, happens: tuple[Happening, ...] = (), door: str = "rest") -> tuple[Report, Orders]:
    style = Style(actions=12, door=door)
    story = Orders(Options(rules=rules, happens=happens, styles=(style, style)))
    return Simulation(1).run(story), story


@pytest.mark.parametrize("how", ["reset", "close", "mute"])
def test_websockets_that_end_make_gaps(how) -> None:
    report, _ = run(happens=(Dropped(at_s=0.5, on=None, how=how),))
    assert report.counts["gaps of user data"] == report.counts["gaps of market"] == 2
    assert report.counts["dropped"] == 1


@pytest.mark.parametrize("fault", [ReadLag(20_000), Withhold()])
def test_who_was_not_told_something_looks_again_in_the_end(fault) -> None:
    report, story = run(Rule(fault, "*", times=50))
    assert report.counts["accounts read again"] >= 1
    assert story.upset.hid_something_from("alice")


@pytest.mark.parametrize("door", ["rest", "session"])
@pytest.mark.parametrize("executed", [True, False])
def test_an_order_of_unknown_execution_is_looked_up(door: str, executed: bool) -> None:
    """RETRY-3: it is not sent again; the one that exists is found, the other is known not to."""
    report, _ = run(Rule(Answer(code=-1007, executed=executed), "order.place", times=2), door=door)
    assert report.counts["unknown orders"] == 2
    assert report.counts["doubts found" if executed else "doubts absent"] == 2
