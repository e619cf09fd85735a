"""The world of a simulated host: its own wall clock, seeded dice, storage that outlives it; and the host."""

import asyncio
from collections.abc import Callable, Coroutine
from contextvars import copy_context
from typing import Any, TypeVar

from surefoot.simulation.loop import LIFE, Life, VirtualLoop, describe, living_tasks, timers
from surefoot.simulation.network import Network
from surefoot.world import SeededEntropy, World

_T = TypeVar("_T")

EPOCH_MS = 1_767_225_600_000
"""Wall time at the start of every run: 2026-01-01T00:00:00Z."""


class SimulatedClock:
    """Loop time x rate + offset. The wall can step; the monotonic clock shares the rate and never steps."""

    def __init__(self, loop: VirtualLoop, *, rate: float = 1.0, offset_ms: float = 0.0) -> None:
        self._loop = loop
        self._rate = rate
        self._offset_ms = offset_ms
        self._since_ms = self._monotonic_ms = 0.0

    def wall_ms(self) -> float:
        return EPOCH_MS + self.monotonic_ms() + self._offset_ms

    def monotonic_ms(self) -> float:
        return self._monotonic_ms + (self._loop.time() * 1000 - self._since_ms) * self._rate

    def step(self, by_ms: float) -> None:
        """Move the wall clock, as NTP or an operator does."""
        self._offset_ms += by_ms

    def drift(self, ppm: float) -> None:
        """From now on both clocks run too fast by so many parts in a million (too slow, if negative)."""
        self._monotonic_ms, self._since_ms = self.monotonic_ms(), self._loop.time() * 1000
        self._rate = 1 + ppm / 1e6

    def suspended(self, for_ms: float) -> None:
        """The machine was suspended for the last so many milliseconds: its monotonic clock stood still."""
        self._monotonic_ms -= for_ms
        self._offset_ms += for_ms


class SimulatedStorage:
    """Whole files by name. What `write` returned from survives the host; what was only in memory does not."""

    def __init__(self) -> None:
        self._files: dict[str, bytes] = {}

    def read(self, name: str) -> bytes | None:
        return self._files.get(name)

    def write(self, name: str, content: bytes) -> None:
        self._files[name] = bytes(content)


class Host:
    """A machine with a name. `start` runs code on it; `kill` ends its life between two turns of the loop."""

    def __init__(self, name: str, loop: VirtualLoop, network: Network, seed: int) -> None:
        self.name = name
        self.address = network.add_host(name)
        self.clock = SimulatedClock(loop)
        self.storage = SimulatedStorage()
        self.graveyard: list[asyncio.Task[Any]] = []
        self._loop = loop
        self._network = network
        self._seed = seed
        self._life = Life(name, 1)

    @property
    def world(self) -> World:
        """Clock, dice and storage as production code takes them; the dice differ in each life."""
        return World(self.clock, SeededEntropy(f"{self._seed}/{self.name}/{self._life.number}"), self.storage)

    def watch(self, before_step: Callable[[int], object]) -> None:
        """Tell the number of each step of this life before it is taken; `kill` may be called from there."""
        self._loop.counts_lives = True
        self._life.before_step = before_step

    def start(self, main: Coroutine[Any, Any, _T]) -> asyncio.Task[_T]:
        """Run `main` on this host; whatever it starts runs here too."""
        context = copy_context()
        context.run(LIFE.set, self._life)
        name = f"{self.name}/{self._life.number}: {getattr(main, '__name__', 'main')}"
        return self._loop.create_task(main, name=name, context=context)

    def kill(self, *, power_loss: bool = False) -> None:
        """End this life. No ``finally`` runs: the dead stay referenced until the run is over.

        The peers' connections are reset, or with `power_loss` simply never answer again.
        """
        self.graveyard += [task for task in living_tasks(self._loop) if task.life is self._life]
        self._life.alive = False
        self._loop.counts_lives = True
        self._network.drop_host(self.name, silently=power_loss)
        self._life = Life(self.name, self._life.number + 1)

    def leftovers(self) -> list[str]:
        """Tasks, timers and connections that this host still has."""
        tasks = [describe(task) for task in living_tasks(self._loop) if task.life is self._life]
        return tasks + timers(self._loop, self._life) + self._network.open_ends(self.name)
