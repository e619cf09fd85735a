"""What a day of streams leaves behind: nothing. An act of the story `listening`."""

import asyncio
import gc
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager

from surefoot.simulation.faults import Cut, Moment, Outage, Silence
from surefoot.simulation.listening import LISTENER, Listening, Plan, Scene, judgement
from surefoot.simulation.names import EXCHANGE
from surefoot.simulation.runner import Report, Simulation

_BUSY_MOVES = 500
_ASKED = 300  # more than round trips are remembered
_ROOMS = ("client", "net", "codec")
_PATIENCE_S = 60
_HOUR_S = 3600


_BOUND = 600
"""So many pieces may still come after the first look: what has a bound fills up."""

_NOISE = 60


class Day:
    """Listens for `hours` of virtual time. The first is a busy one, with many questions at its beginning:
    that fills all that has a bound. The others are quiet. What is told is judged every hour, and forgotten.
    An hour is `hour_s` long.

    `blocks` are, for each `look_every`-th quiet hour, how many pieces of memory our rooms hold at its end.
    """

    def __init__(self, hours: int = 26, hour_s: float = 3600, look_every: int = 1) -> None:
        self._hours, self._hour_s, self._look_every = hours, hour_s, look_every
        self.blocks: list[int] = []

    async def __call__(self, scene: Scene) -> None:
        """Play it."""
        quiet_s = scene.pace.pause_s
        scene.pace.pause_s = self._hour_s / _BUSY_MOVES
        with _traced():
            for _ in range(_ASKED):
                await scene.client.ping()
            for hour in range(self._hours):
                await asyncio.sleep(self._hour_s)
                scene.pace.pause_s = quiet_s
                await _judged(scene)
                if hour and (hour - 1) % self._look_every == 0:
                    self.blocks.append(_blocks())

    @property
    def grew(self) -> str:
        """In which way memory grew, in words; empty if it is flat. Three looks are needed."""
        first, second, *later = self.blocks
        if second > first + _BOUND or max(later) > second + _NOISE:
            return f"memory is not flat: {self.blocks} pieces at the looks"
        return ""


def whole_day(seed: int) -> tuple[Day, Report]:
    """A day and two hours of streams, with their rotation and a few faults; raises `SimulationFailed`."""
    day = Day(look_every=8)
    plan = (
        Cut(words=b'"executionReport"', nth=400, moment=Moment.REQUEST_LOST),
        Outage(at_s=6.5 * _HOUR_S, for_s=40, between=(LISTENER, EXCHANGE)),
        Silence(at_s=11.2 * _HOUR_S, for_s=120, source=EXCHANGE, target=LISTENER, forget=True),
        Silence(at_s=17.7 * _HOUR_S, for_s=30, source=LISTENER, target=EXCHANGE),
    )

    async def happen(scene: Scene) -> None:
        scene.sim.faults.start()
        await day(scene)
        scene.sim.require(not day.grew, day.grew)

    sim = Simulation(seed, plan=plan, limit_s=2 * 24 * _HOUR_S)
    return day, sim.run(Listening(happen, Plan(pause_s=300, beat_ms=10_000)))


@contextmanager
def _traced() -> Iterator[None]:
    tracemalloc.start()
    try:
        yield
    finally:
        tracemalloc.stop()


def _blocks() -> int:
    gc.collect()  # a simulation does so at its end only
    ours = [tracemalloc.Filter(True, f"*/surefoot/{room}/*") for room in _ROOMS]
    return len(tracemalloc.take_snapshot().filter_traces(ours).traces)


async def _judged(scene: Scene) -> None:
    """Wait until everything has been told; what is wrong by then is a failure."""
    for _ in range(_PATIENCE_S):
        if not judgement(scene):
            break
        await asyncio.sleep(1)
    scene.sim.failures += judgement(scene)
    scene.forget()
