"""Runs seeds of the story, and says how they went."""

from collections.abc import Mapping

import msgspec

from surefoot.simulation.runner import Report, Simulation, SimulationFailed
from surefoot.simulation.trading.courts import Breach, Law
from surefoot.simulation.trading.drawing import draw
from surefoot.simulation.trading.options import Level, TradingOptions
from surefoot.simulation.trading.story import Trading

_LIMIT_S = 7_200.0


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How one run went: `looked` says how often each law was looked at, `counts` what else happened."""

    seed: int
    trace_hash: str
    crossings: int
    virtual_s: float
    kills: int
    struck: int
    orders: int
    doubts: int
    counts: Mapping[str, int]
    looked: Mapping[str, int]
    breaches: tuple[Breach, ...]


def attempt(seed: int, level: Level) -> Outcome:
    """Run one seed."""
    return play(draw(seed, level))[0]


def play(options: TradingOptions) -> tuple[Outcome, Simulation]:
    """Run one set of options: how it went, and the simulation with its trace."""
    story = Trading(options)
    sim = Simulation(options.seed, weather=options.weather, plan=options.plan, limit_s=_LIMIT_S)
    try:
        report = sim.run(story)
    except SimulationFailed as failed:
        report = failed.report
    return _outcome(options.seed, story, report), sim


def _outcome(seed: int, story: Trading, report: Report) -> Outcome:
    court = story.court
    looked = dict(court.looked)
    for law in (Law.CLEAN, Law.SOUND):
        looked[law] += 1
    machines = story.machines.values()
    rows = [row for machine in machines for row in machine.platter.rows]
    counts = story.upset.counts
    for machine in machines:
        counts.update(machine.program.counts)
    return Outcome(
        seed=seed,
        trace_hash=report.trace_hash,
        crossings=report.crossings,
        virtual_s=report.virtual_s,
        kills=sum(len(machine.ended) for machine in machines),
        struck=len(report.happened) + sum(story.upset.counts.values()) + len(story.troubles.happened),
        orders=sum(len(entering.orders) for entering in story.beside.entering.values()),
        doubts=sum(row.kind in {"inDoubt", "resolved"} for row in rows),
        counts=counts,
        looked=looked,
        breaches=(*court.breaches, *map(_breach, report.failures)),
    )


def _breach(failure: str) -> Breach:
    """What the runner itself complains of."""
    return Breach(Law.CLEAN if " leaves behind " in failure else Law.SOUND, failure)
