"""What goes wrong in a run, as plain data drawn from the seed, and the tap that makes it happen.

Two kinds: a `Cut` waits for a certain write (the n-th that contains certain words, between two hosts) and
tears its connection at a certain moment; the others happen to two hosts at a certain time.
"""

import asyncio
from collections.abc import Callable
from enum import StrEnum
from typing import assert_never

import msgspec

from surefoot.simulation.network import Connection, Network
from surefoot.simulation.readable import readable
from surefoot.simulation.transport import Transport
from surefoot.simulation.world import SimulatedClock


class Moment(StrEnum):
    """When a connection is cut, seen from the write that triggers it."""

    REQUEST_LOST = "request lost"
    """Not a byte of it arrives."""
    REQUEST_TORN = "request torn"
    """The first half of it arrives."""
    ANSWER_IMPOSSIBLE = "answer impossible"
    """All of it arrives, and with the last byte the connection is gone."""
    ANSWER_LOST = "answer lost"
    """All of it arrives, and the first write of the other side is lost."""
    SILENCE = "silence"
    """Not a byte of it arrives, and nobody is told, until the link is healed."""


class Cut(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Tear the connection of the `nth` write that contains `words`, at `moment`."""

    words: bytes
    nth: int
    moment: Moment


class Outage(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """At `at_s`, every connection between two hosts is reset, and for `for_s` new ones are refused."""

    at_s: float
    for_s: float
    between: tuple[str, str]


class Silence(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """From `at_s` for `for_s` nothing from `source` reaches `target`, and nobody is told.

    Then it arrives late; with `forget` (a router that lost its table) the connections are reset instead.
    """

    at_s: float
    for_s: float
    source: str
    target: str
    forget: bool = False


class ClockStep(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """At `at_s`, the wall clock of `host` jumps by `by_ms`."""

    at_s: float
    host: str
    by_ms: float


Fault = Cut | Outage | Silence | ClockStep
Clocks = Callable[[str], SimulatedClock]


class Faults:
    """Makes the faults of a plan happen until it is stopped. `happened` are those that did, and
    `struck_s` says when.
    """

    def __init__(self, plan: tuple[Fault, ...], network: Network, clocks: Clocks) -> None:
        self.happened: list[Fault] = []
        self.struck_s: list[float] = []
        self._network = network
        self._clocks = clocks
        self._cuts = {fault: 0 for fault in plan if isinstance(fault, Cut)}
        self._timed = [fault for fault in plan if not isinstance(fault, Cut)]
        self._answers_to_lose: dict[int, Transport] = {}
        self._timers: list[asyncio.TimerHandle] = []
        network.tap = self._on_write

    def start(self) -> None:
        """Set the timers of the timed faults, counted from now."""
        loop = asyncio.get_running_loop()
        self._timers += [loop.call_later(fault.at_s, self._strike, fault) for fault in self._timed]

    def stop(self) -> None:
        """Heal: nothing goes wrong any more."""
        for timer in self._timers:
            timer.cancel()
        self._cuts.clear()
        self._answers_to_lose.clear()
        self._network.heal()

    def _later(self, for_s: float, action: Callable[[], None]) -> None:
        self._timers.append(asyncio.get_running_loop().call_later(for_s, action))

    def _note(self, fault: Fault) -> None:
        self.happened.append(fault)
        self.struck_s.append(asyncio.get_running_loop().time())

    def _strike(self, fault: Outage | Silence | ClockStep) -> None:
        self._note(fault)
        if isinstance(fault, Outage):
            self._network.cut(*fault.between)
            self._network.refusing.update(fault.between)
            self._later(fault.for_s, lambda: self._network.refusing.difference_update(fault.between))
        elif isinstance(fault, Silence):
            link = self._network.link(fault.source, fault.target)
            link.silence()
            self._later(fault.for_s, lambda: link.speak(forget=fault.forget))
        else:
            self._clocks(fault.host).step(fault.by_ms)

    def _on_write(self, connection: Connection, sender: Transport, data: bytes) -> bool:
        if self._answers_to_lose.get(connection.number, sender) is not sender:
            del self._answers_to_lose[connection.number]
            connection.cut()
            return False
        text = readable(data)
        return all(
            self._counted(cut, connection, sender, data) for cut in list(self._cuts) if cut.words in text
        )

    def _counted(self, cut: Cut, connection: Connection, sender: Transport, data: bytes) -> bool:
        self._cuts[cut] += 1
        if self._cuts[cut] != cut.nth:
            return True
        del self._cuts[cut]
        self._note(cut)
        return self._tear(cut.moment, connection, sender, data)

    def _tear(self, moment: Moment, connection: Connection, sender: Transport, data: bytes) -> bool:
        """Whether the write goes on as it is."""
        match moment:
            case Moment.REQUEST_LOST:
                connection.cut()
                return False
            case Moment.REQUEST_TORN:
                sender.outgoing.send(data[: len(data) // 2])
                sender.outgoing.send_cut()
                return False
            case Moment.ANSWER_IMPOSSIBLE:
                sender.outgoing.send(data)
                sender.outgoing.send_cut()
                return False
            case Moment.ANSWER_LOST:
                self._answers_to_lose[connection.number] = sender
                return True
            case Moment.SILENCE:
                sender.outgoing.link.silence()
                return True
            case _:
                assert_never(moment)
