"""When something stood between a trader and the exchange, as spans of virtual time: while one lasts, and a
while after it, nothing is promised about how long things take.
"""

from collections.abc import Iterator
from typing import NamedTuple

from surefoot.exchange.faults import Answer, Strike
from surefoot.simulation.faults import ClockStep, Cut, Fault, Moment, Outage, Silence
from surefoot.simulation.happenings import Relimited, Reweighed, WrongClock
from surefoot.simulation.names import EXCHANGE
from surefoot.simulation.runner import Simulation
from surefoot.simulation.trading.machine import Machine
from surefoot.simulation.trading.troubles import Troubles
from surefoot.simulation.upset import Upset
from surefoot.simulation.world import EPOCH_MS

_AFTER_S = 8.0  # connections are dialled again, clocks are measured again
_DIALLING_S = 70.0  # a SYN that was lost is sent again after 1, 2, 4, 8, 16, 32 s
_TURNED_AWAY_S = 160.0
_FOR_GOOD_S = 100_000.0


class Span(NamedTuple):
    """From when to when."""

    since_s: float
    until_s: float


class Disturbances:
    """Those of one run."""

    def __init__(self, sim: Simulation, upset: Upset, troubles: Troubles) -> None:
        self._sim, self._upset, self._troubles = sim, upset, troubles

    @property
    def clocks_are_right(self) -> bool:
        """Whether nobody's clock was moved."""
        wrong = any(isinstance(one, WrongClock) for _, one in self._upset.happened)
        return not wrong and not any(isinstance(one, ClockStep) for one in self._sim.faults.happened)

    def spans(self, machine: Machine) -> list[Span]:
        """Whatever may have kept this trader."""
        return [
            *self._wires(machine.name),
            *self._exchange(machine),
            *self._disk(machine.name),
            *self._deaths(machine),
        ]

    def _wires(self, name: str) -> Iterator[Span]:
        for at_s, fault in zip(self._sim.faults.struck_s, self._sim.faults.happened, strict=True):
            if _concerns(fault, name):
                lasts_s = fault.for_s + _DIALLING_S if isinstance(fault, Outage | Silence) else 0.0
                if isinstance(fault, Cut):
                    lasts_s = _FOR_GOOD_S if fault.moment is Moment.SILENCE else 0.0
                yield Span(at_s, at_s + lasts_s + _AFTER_S)

    def _exchange(self, machine: Machine) -> Iterator[Span]:
        for strike in self._upset.strikes:
            if strike.account in {"", machine.name} or strike.address == machine.host.address:
                at_s = strike.at_us / 1e6 - EPOCH_MS / 1000
                yield Span(at_s, at_s + _lasts_s(strike) + _AFTER_S)
        for at_us, one in self._upset.happened:
            at_s = at_us / 1e6 - EPOCH_MS / 1000
            lasts_s = getattr(one, "for_s", 0.0)
            if isinstance(one, Relimited | Reweighed):
                lasts_s = _FOR_GOOD_S
            yield Span(at_s, at_s + lasts_s + _TURNED_AWAY_S)

    def _disk(self, name: str) -> Iterator[Span]:
        for at_s, one in self._troubles.happened:
            if one.host == name:
                yield Span(at_s, at_s + one.for_s + _AFTER_S)

    def _deaths(self, machine: Machine) -> Iterator[Span]:
        for died_s, born_s in zip(machine.ended, machine.started[1:], strict=False):
            yield Span(died_s, born_s + _AFTER_S)


def _concerns(fault: Fault, name: str) -> bool:
    match fault:
        case Outage():
            return name in fault.between
        case Silence():
            return name in {fault.source, fault.target}
        case ClockStep():
            return fault.host in {name, EXCHANGE}
    return True  # a cut strikes whoever wrote those words


def _lasts_s(strike: Strike) -> float:
    told = isinstance(strike.fault, Answer) and strike.fault.status in {418, 429}
    return _TURNED_AWAY_S if told else 0.0
