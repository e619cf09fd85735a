"""One run: a seed, a story, faults; nothing may be left behind. The same seed gives the same trace.

A story is a coroutine function that takes the `Simulation`: it starts hosts, plays its safety phase under
faults, calls `heal`, and plays its liveness phase. What must hold, it says with `require`.
"""

import asyncio
import gc
import inspect
import math
import sys
import traceback
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from types import CoroutineType
from typing import Any

import msgspec

from surefoot.errors import SurefootError
from surefoot.simulation.dice import seeded_dice
from surefoot.simulation.faults import Fault, Faults
from surefoot.simulation.loop import Stalled, VirtualLoop
from surefoot.simulation.network import Network
from surefoot.simulation.trace import Trace
from surefoot.simulation.wire import Weather
from surefoot.simulation.world import Host
from surefoot.world import Entropy, SeededEntropy

_LAST_WORDS_S = 5.0
_LAST_WAITS = 1_000


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """How a run went. `failures` are sentences; none means PASSED. `happened` are the faults that struck,
    `counts` what the story counted."""

    seed: int
    trace_hash: str
    crossings: int
    virtual_s: float
    happened: tuple[Fault, ...]
    counts: Mapping[str, int]
    failures: tuple[str, ...]

    @property
    def replay(self) -> str:
        """The command that runs it again."""
        return f"python -m surefoot.simulation --seed {self.seed}"


class SimulationFailed(SurefootError):
    """Something that must hold did not; `report` says what, the text how to see it again."""

    def __init__(self, report: Report) -> None:
        super().__init__("\n".join([*report.failures, report.replay]))
        self.report = report


Story = Callable[["Simulation"], Awaitable[object]]


class Simulation:
    """A virtual loop, a network, hosts and faults, all from one seed."""

    def __init__(
        self,
        seed: int,
        *,
        weather: Weather | None = None,
        plan: tuple[Fault, ...] = (),
        limit_s: float = 3600.0,
    ) -> None:
        self.seed = seed
        self.trace = Trace()
        self.network = Network(self.trace, self.dice("network"), weather)
        self.loop = VirtualLoop(self.network)
        self.hosts: dict[str, Host] = {}
        self.faults = Faults(plan, self.network, lambda host: self.host(host).clock)
        self.failures: list[str] = []
        self.counts: Counter[str] = Counter()
        self.loop.limit_s = limit_s

    def dice(self, purpose: str) -> Entropy:
        """Dice of their own for one purpose, so that a new user of dice does not move the others'."""
        return SeededEntropy(f"{self.seed}/{purpose}")

    def host(self, name: str) -> Host:
        """The host of that name, made when first asked for."""
        if name not in self.hosts:
            self.hosts[name] = Host(name, self.loop, self.network, self.seed)
        return self.hosts[name]

    def require(self, holds: bool, sentence: str) -> None:
        """Note a failure unless it holds; the run goes on."""
        if not holds:
            self.failures.append(sentence)

    def count(self, what: str) -> None:
        """Note that something worth knowing happened; the report tells how often."""
        self.counts[what] += 1

    def heal(self) -> None:
        """End of the safety phase: nothing goes wrong from here on."""
        self.faults.stop()

    def run(self, story: Story) -> Report:
        """Play the story in virtual time; raises `SimulationFailed` when anything that must hold did not."""
        with seeded_dice(self.seed), _no_garbage_collector():
            self.loop.set_exception_handler(lambda _loop, context: self.failures.append(_words(context)))
            try:
                self.loop.run_until_complete(self._play(story))
            except (Exception, asyncio.CancelledError) as error:
                self.failures.append("".join(traceback.format_exception(error)).rstrip())
            gc.collect()  # exceptions that nobody looked at speak up when their task is collected
            report = self._report()
            self._bury()
        if report.failures:
            raise SimulationFailed(report)
        return report

    async def _play(self, story: Story) -> None:
        await story(self)
        self.heal()
        await asyncio.sleep(_LAST_WORDS_S)
        for host in self.hosts.values():
            self.failures += [f"{host.name} leaves behind {what}" for what in host.leftovers()]

    def _report(self) -> Report:
        return Report(
            seed=self.seed,
            trace_hash=self.trace.hash,
            crossings=len(self.trace),
            virtual_s=self.loop.time(),
            happened=tuple(self.faults.happened),
            counts=dict(self.counts),
            failures=tuple(self.failures),
        )

    def _bury(self) -> None:
        """Close the loop; the living are cancelled first, the dead have no last words."""
        dead = [task for host in self.hosts.values() for task in host.graveyard]
        for task in asyncio.all_tasks(self.loop):
            task._log_destroy_pending = False  # type: ignore[attr-defined]
            if task not in dead:
                task.cancel()
        self.loop.limit_s = math.inf
        with suppress(Stalled):
            self.loop.run_until_complete(asyncio.sleep(_LAST_WORDS_S))
        self.loop.set_exception_handler(lambda _loop, _context: None)
        with _the_dead_are_silent():
            for task in dead:
                _lay_to_rest(task.get_coro())
        self.loop.close()


class _Dead(BaseException):
    """Is raised in the coroutines of a dead life when the run is over."""


def _lay_to_rest(life: Any) -> None:
    """End a coroutine wherever it is, in whatever it would still wait for: to close it would leave those that
    wait in a ``finally`` or a task group half ended. One that never began takes along those it was given.
    """
    if inspect.getcoroutinestate(life) == inspect.CORO_CREATED:
        for given in life.cr_frame.f_locals.values():
            if inspect.iscoroutine(given):
                given.close()
    for _ in range(_LAST_WAITS):
        try:
            life.throw(_Dead())
        except BaseException:
            return


def _words(context: dict[str, Any]) -> str:
    error = context.get("exception")
    detail = "" if error is None else "\n" + "".join(traceback.format_exception(error)).rstrip()
    return f"unhandled: {context['message']}{detail}"


@contextmanager
def _the_dead_are_silent() -> Iterator[None]:
    """Whose ``finally`` waits for something cannot be closed in peace, and nobody has to hear of it."""
    told = sys.unraisablehook
    sys.unraisablehook = lambda unraisable: None if _of_a_coroutine(unraisable) else told(unraisable)
    try:
        yield
    finally:
        sys.unraisablehook = told


def _of_a_coroutine(unraisable: Any) -> bool:
    return isinstance(unraisable.object, CoroutineType)


@contextmanager
def _no_garbage_collector() -> Iterator[None]:
    """Cyclic garbage is collected when the run is over: its finalizers must not run at some odd moment."""
    was_enabled = gc.isenabled()
    gc.disable()
    gc.freeze()
    try:
        yield
    finally:
        with _the_dead_are_silent():
            gc.collect()
        gc.unfreeze()
        if was_enabled:
            gc.enable()
