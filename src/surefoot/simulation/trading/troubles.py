"""What goes wrong with the disks on which journals are kept, as plain data; and who makes it happen."""

import asyncio
from collections.abc import Callable, Mapping

import msgspec

from surefoot.simulation.disk import FAST_S, Platter


class _Trouble(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    host: str
    at_s: float
    for_s: float


class SlowDisk(_Trouble, frozen=True):
    """Each commit takes `commit_s`."""

    commit_s: float


class FullDisk(_Trouble, frozen=True):
    """No commit is kept."""


Trouble = SlowDisk | FullDisk


class Troubles:
    """Makes those of a plan happen until they are stopped; `happened` are those that did, and when."""

    def __init__(self, plan: tuple[Trouble, ...], platters: Mapping[str, Platter]) -> None:
        self.happened: list[tuple[float, Trouble]] = []
        self._plan, self._platters = plan, platters
        self._timers: list[asyncio.TimerHandle] = []

    def start(self) -> None:
        """Times are counted from now."""
        for one in self._plan:
            self._later(one.at_s, lambda one=one: self._happen(one))  # type: ignore[misc]

    def stop(self) -> None:
        """All disks are well from now on."""
        for timer in self._timers:
            timer.cancel()
        for platter in self._platters.values():
            platter.heal()

    def _later(self, for_s: float, call: Callable[[], object]) -> None:
        self._timers.append(asyncio.get_running_loop().call_later(for_s, call))

    def _happen(self, trouble: Trouble) -> None:
        platter = self._platters.get(trouble.host)
        if platter is None:
            return
        self.happened.append((asyncio.get_running_loop().time(), trouble))
        if isinstance(trouble, SlowDisk):
            platter.commit_s = trouble.commit_s
            self._later(trouble.for_s, lambda: setattr(platter, "commit_s", FAST_S))
        else:
            platter.full = True
            self._later(trouble.for_s, lambda: setattr(platter, "full", False))
