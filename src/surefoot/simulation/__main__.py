"""``python -m surefoot.simulation``: one seed with its options and report, or many seeds of a commit.

--seed S [--trace]          replay one run (``--trace`` prints everything that crossed the network)
--day [--base COMMIT]       26 hours of streams: every event once, and memory stays flat
--seeds N [--base COMMIT]   N seeds derived from the commit (default: the one that is checked out)
--story trading             with --seed or --seeds: traders with journals, killed and started again
--kept                      the stories of traders that failed once
--orders N [--base COMMIT]  N random orders, judged by the client's check and by the exchange alike
--order-seed SEED           the orders of one seed of those again
"""

import argparse
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from os import cpu_count

import msgspec

from surefoot.simulation.agreement import command as agreement
from surefoot.simulation.day import whole_day
from surefoot.simulation.options import draw_options
from surefoot.simulation.runner import Report, Simulation, SimulationFailed
from surefoot.simulation.seeds import seeds_of
from surefoot.simulation.trading import sweeping as trading
from surefoot.simulation.trading.running import Outcome
from surefoot.simulation.trading.running import attempt as attempt_trading
from surefoot.simulation.workload import Orders

_MOST_WORKERS = 8
_CHUNK = 4


def attempt(seed: int) -> Report:
    """Run one seed of the story `orders`; a failed one too comes back as its report."""
    return run_seed(seed)[0]


def run_seed(seed: int) -> tuple[Report, Simulation]:
    """One seed: its report, and the simulation with its trace."""
    options = draw_options(seed)
    sim = Simulation(seed, weather=options.weather, plan=options.plan)
    try:
        return sim.run(Orders(options)), sim
    except SimulationFailed as failed:
        return failed.report, sim


def replay(seed: int, *, with_trace: bool, tell: Callable[[str], object] = print) -> bool:
    """Run one seed and tell everything; whether it passed."""
    tell(f"seed {seed}")
    for name, value in msgspec.to_builtins(draw_options(seed), builtin_types=(bytes,)).items():
        for line in value if name in {"plan", "styles"} else [value]:
            tell(f"  {name}: {line}")
    report, sim = run_seed(seed)
    for entry in sim.trace if with_trace else ():
        tell(str(entry))
    tell(f"{len(report.happened)} faults struck; {_words(report.counts.items())}")
    tell(f"{report.crossings} crossings in {report.virtual_s:.1f} virtual seconds, trace {report.trace_hash}")
    for failure in report.failures:
        tell(f"FAILED: {failure}")
    tell("FAILED" if report.failures else "PASSED")
    return not report.failures


def sweep(base: str, count: int, *, tell: Callable[[str], object] = print) -> bool:
    """Run the seeds of `base`, tell the failing ones as lines that replay them; whether all passed."""
    failed = done = faults = 0
    counts: Counter[str] = Counter()
    with ProcessPoolExecutor(min(cpu_count() or 1, _MOST_WORKERS)) as pool:
        for report in pool.map(attempt, seeds_of(base, count), chunksize=_CHUNK):
            done, faults = done + 1, faults + len(report.happened)
            counts.update(report.counts)
            if report.failures:
                failed += 1
                tell(f"FAILED {report.replay}  # {_gist(report.failures[0])}")
            if done % max(1, count // 10) == 0:
                tell(f"{done}/{count} seeds, {failed} failed")
    tell(f"{faults} faults struck; {_words(sorted(counts.items()))}")
    tell(f"{count} seeds of {base}: " + (f"{failed} FAILED" if failed else "PASSED"))
    return not failed


def trade(base: str, count: int, *, tell: Callable[[str], object] = print) -> bool:
    """Run the seeds of `base` of the story `trading`; whether all passed."""
    summary = trading.sweep(base, "heavy", seeds=count, hours=None, heard=lambda _outcome: None)
    for line in summary.lines():
        tell(line)
    return not summary.failed


def remember(*, tell: Callable[[str], object] = print) -> bool:
    """Run the stories that are kept; whether all passed."""

    def heard(name: str, outcome: Outcome) -> None:
        tell(f"FAILED {name}: {trading.gist(outcome)}" if outcome.breaches else f"{name}: PASSED")

    return trading.run_kept(heard)


def replay_trading(seed: int, *, tell: Callable[[str], object] = print) -> bool:
    """Run one seed of the story `trading`; `surefoot simulate --seed` tells more."""
    outcome = attempt_trading(seed, "heavy")
    for breach in outcome.breaches:
        tell(f"FAILED: {breach}")
    tell(f"seed {seed}, trace {outcome.trace_hash}: {'FAILED' if outcome.breaches else 'PASSED'}")
    return not outcome.breaches


def spend_a_day(base: str, *, tell: Callable[[str], object] = print) -> bool:
    """A day of streams; whether every event was told once, or covered by a gap, and memory is flat."""
    (seed,) = seeds_of(base, 1)
    try:
        day, report = whole_day(seed)
    except SimulationFailed as failed:
        for failure in failed.report.failures:
            tell(f"FAILED: {failure}")
        tell(f"FAILED python -m surefoot.simulation --day --base {base}")
        return False
    hours, struck = report.virtual_s / 3600, len(report.happened)
    tell(f"a day of streams: {hours:.1f} virtual hours, {report.crossings} crossings, {struck} faults struck")
    tell(f"pieces of memory in use, from the second hour on: {day.blocks}; PASSED")
    return True


def _gist(failure: str) -> str:
    """The last words of a failure: of a traceback, the error."""
    lines = [line.strip("|+- ") for line in failure.splitlines()]
    return [line for line in lines if line][-1]


def _words(counts: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{count} {what}" for what, count in counts)


def _checked_out() -> str:
    """The commit that is checked out, or a fixed word where there is no git."""
    command = ["git", "rev-parse", "HEAD"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return "no-commit"


def _done(given: argparse.Namespace) -> bool:
    base, trades = given.base or _checked_out(), given.story == "trading"
    if given.kept:
        return remember()
    if given.seed is not None:
        return replay_trading(given.seed) if trades else replay(given.seed, with_trace=given.trace)
    if given.day:
        return spend_a_day(base)
    if given.orders is not None:
        return agreement.sweep(base, given.orders)
    if given.order_seed is not None:
        return agreement.replay(given.order_seed)
    return trade(base, given.seeds) if trades else sweep(base, given.seeds)


def main(arguments: list[str]) -> int:
    """The command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m surefoot.simulation")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--seed", type=int, help="replay this one")
    what.add_argument("--seeds", type=int, help="how many seeds to run")
    what.add_argument("--day", action="store_true", help="listen to streams for a day")
    what.add_argument("--kept", action="store_true", help="run the stories that failed once")
    what.add_argument("--orders", type=int, help="how many orders to let both sides judge")
    what.add_argument("--order-seed", help="let both sides judge the orders of this seed")
    parser.add_argument("--story", choices=("orders", "trading"), default="orders")
    parser.add_argument("--base", help="what the seeds are derived from (default: the commit)")
    parser.add_argument("--trace", action="store_true", help="print everything that crossed the network")
    given = parser.parse_args(arguments)
    passed = _done(given)
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
