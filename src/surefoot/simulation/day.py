"""What a day of streams leaves behind: nothing. An act of the story `listening`."""

import asyncio
import gc
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager

from surefoot.simulation.listening import Scene, judgement

_BUSY_MOVES = 500
_ROOMS = ("client", "net", "codec")
_PATIENCE_S = 60


class Day:
    """Listens for `hours` of virtual time. The first is a busy one, which fills all that has a bound; the
    others are quiet. What is told is judged every hour, and forgotten. An hour is `hour_s` long.

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
            for hour in range(self._hours):
                await asyncio.sleep(self._hour_s)
                scene.pace.pause_s = quiet_s
                await _judged(scene)
                if hour and (hour - 1) % self._look_every == 0:
                    self.blocks.append(_blocks())


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
