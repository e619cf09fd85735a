"""Many seeds of the story, side by side; and what they come to."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import count, islice
from multiprocessing import get_context
from os import cpu_count
from typing import Any

from surefoot.simulation.seeds import seeds_of
from surefoot.simulation.trading.archive import Kept, stories
from surefoot.simulation.trading.options import Level
from surefoot.simulation.trading.running import Outcome, attempt, play

_MOST_WORKERS = 8
_HOUR_S = 3600
_CHUNK = 4
_BATCH = 64

Heard = Callable[[Outcome], object]


class Summary:
    """What outcomes come to; `failed` are those that broke a law."""

    def __init__(self, level: str) -> None:
        self.level = level
        self.seeds = self.struck = self.kills = self.orders = self.doubts = 0
        self.virtual_s = 0.0
        self.looked: Counter[str] = Counter()
        self.failed: list[Outcome] = []

    def add(self, outcome: Outcome) -> None:
        """One more."""
        self.seeds += 1
        self.struck += outcome.struck
        self.kills += outcome.kills
        self.orders += outcome.orders
        self.doubts += outcome.doubts
        self.virtual_s += outcome.virtual_s
        self.looked.update(outcome.looked)
        if outcome.breaches:
            self.failed.append(outcome)

    def lines(self) -> Iterator[str]:
        """The report."""
        hours = self.virtual_s / _HOUR_S
        yield f"{self.seeds} stories, {hours:.2f} virtual hours, faults: {self.level}"
        yield (
            f"{self.struck} faults struck, {self.kills} lives ended early,"
            f" {self.orders} orders, {self.doubts} doubts"
        )
        yield from (f"{times:9,} × {law}" for law, times in self.looked.items())
        for outcome in self.failed:
            yield f"FAILED {replay(outcome.seed, self.level)}  # {gist(outcome)}"
        yield f"{len(self.failed)} FAILED" if self.failed else "PASSED"

    def as_object(self) -> dict[str, Any]:
        """The same for programs."""
        return {
            "stories": self.seeds,
            "virtual_hours": round(self.virtual_s / _HOUR_S, 3),
            "faults": self.level,
            "struck": self.struck,
            "kills": self.kills,
            "orders": self.orders,
            "doubts": self.doubts,
            "looked": dict(self.looked),
            "failed": [
                {"replay": replay(one.seed, self.level), "breaches": [str(breach) for breach in one.breaches]}
                for one in self.failed
            ],
        }


def replay(seed: int, level: str) -> str:
    """The command that runs it again."""
    return f"surefoot simulate --seed {seed} --faults {level}"


def gist(outcome: Outcome) -> str:
    """The first breach, in one line."""
    lines = [line.strip("|+- ") for line in str(outcome.breaches[0]).splitlines()]
    words = [line for line in lines if line]
    return words[0] if len(words) == 1 else f"{words[0]} … {words[-1]}"


def sweep(base: str, level: Level, *, seeds: int | None, hours: float | None, heard: Heard) -> Summary:
    """Run so many seeds of `base`, or as many as it takes for so many virtual hours."""
    summary = Summary(level)
    wanted = islice(_seeds(base), seeds) if hours is None else _seeds(base)
    with ProcessPoolExecutor(workers(), mp_context=get_context("spawn")) as pool:
        while batch := list(islice(wanted, _BATCH)):
            for outcome in pool.map(partial(attempt, level=level), batch, chunksize=_CHUNK):
                summary.add(outcome)
                heard(outcome)
            if hours is not None and summary.virtual_s >= hours * _HOUR_S:
                break
    return summary


def run_kept(heard: Callable[[str, Outcome], object]) -> bool:
    """Run all stories that are kept; whether all passed."""
    kept = stories()
    with ProcessPoolExecutor(workers(), mp_context=get_context("spawn")) as pool:
        outcomes = list(pool.map(_played, kept.values()))
    for name, outcome in zip(kept, outcomes, strict=True):
        heard(name, outcome)
    return not any(outcome.breaches for outcome in outcomes)


def workers() -> int:
    """How many at once."""
    return min(cpu_count() or 1, _MOST_WORKERS)


def _played(kept: Kept) -> Outcome:
    return play(kept.options)[0]


def _seeds(base: str) -> Iterator[int]:
    for number in count():
        yield from seeds_of(f"{base}/{number}", _BATCH)
