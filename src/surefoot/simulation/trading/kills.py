"""How the lives of hosts end, as plain data; and who ends them."""

import asyncio
from collections.abc import Callable, Mapping
from contextvars import Context
from typing import Protocol

import msgspec

from surefoot.simulation.disk import Moment


class _Kill(msgspec.Struct, frozen=True, kw_only=True, tag=True, omit_defaults=True):
    """The life ends and another one begins `back_s` later. `power_loss`: its peers are not told."""

    host: str
    back_s: float = 1.0
    power_loss: bool = False


class AtTime(_Kill, frozen=True):
    """At `at_s` from the beginning of the faults."""

    at_s: float


class AtStep(_Kill, frozen=True):
    """Before the `nth` step of the `life`: a step leads from one await to the next."""

    life: int
    nth: int


class AtCommit(_Kill, frozen=True):
    """At a `moment` of the `nth` commit of its journal, counted over all lives."""

    nth: int
    moment: Moment


class AtOrder(_Kill, frozen=True):
    """`after_s` after the `nth` order left it, counted over all lives."""

    nth: int
    after_s: float = 0.0


Kill = AtTime | AtStep | AtCommit | AtOrder


class Mortal(Protocol):
    """A host that can be killed and comes back."""

    def end(self, *, back_s: float, power_loss: bool) -> bool:
        """Kill it; False where it is dead."""
        ...


class Reaper:
    """Carries out the kills of a plan, until it is stopped; `done` are those that happened.

    Its timers run in `context`: nobody's, so that they outlive whoever they end.
    """

    def __init__(self, kills: tuple[Kill, ...], context: Context) -> None:
        self.done: list[tuple[float, Kill]] = []
        self._kills, self._context = list(kills), context
        self._mortals: Mapping[str, Mortal] = {}
        self._timers: list[asyncio.TimerHandle] = []
        self._commits: dict[str, int] = {}
        self._orders: dict[str, int] = {}

    def start(self, mortals: Mapping[str, Mortal]) -> None:
        """From now on."""
        self._mortals = mortals
        for kill in self._kills:
            if isinstance(kill, AtTime):
                self._later(kill.at_s, kill)

    def stop(self) -> None:
        """Nobody is killed any more."""
        self._kills.clear()
        for timer in self._timers:
            timer.cancel()

    def stepped(self, host: str, life: int) -> Callable[[int], object] | None:
        """What is to be told of the steps of that life, if anybody waits for one of them."""
        waiting = {
            one.nth: one
            for one in self._kills
            if isinstance(one, AtStep) and (one.host, one.life) == (host, life)
        }
        if not waiting:
            return None
        return lambda number: self._strike(waiting[number]) if number in waiting else None

    def committed(self, host: str, moment: Moment) -> None:
        """A commit of the host's journal is at that moment."""
        if moment is Moment.BEFORE:
            self._commits[host] = self._commits.get(host, 0) + 1
        for kill in list(self._kills):
            wanted = isinstance(kill, AtCommit) and (kill.host, kill.moment) == (host, moment)
            if wanted and kill.nth == self._commits[host]:  # type: ignore[union-attr]
                self._strike(kill)

    def ordered(self, host: str) -> None:
        """An order is leaving the host."""
        self._orders[host] = self._orders.get(host, 0) + 1
        for kill in list(self._kills):
            if isinstance(kill, AtOrder) and kill.host == host and kill.nth == self._orders[host]:
                self._later(kill.after_s, kill)

    def _later(self, for_s: float, kill: Kill) -> None:
        loop = asyncio.get_running_loop()
        self._timers.append(loop.call_later(for_s, self._strike, kill, context=self._context))

    def _strike(self, kill: Kill) -> None:
        if kill not in self._kills:
            return
        self._kills.remove(kill)
        mortal = self._mortals.get(kill.host)
        if mortal is not None and mortal.end(back_s=kill.back_s, power_loss=kill.power_loss):
            self.done.append((asyncio.get_running_loop().time(), kill))
