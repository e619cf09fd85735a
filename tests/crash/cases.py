"""What a crash can meet: the step it happens at, what was being done, what went wrong besides."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from surefoot.exchange.faults import Answer, ReadLag, Rule, SlowEngine, Where
from surefoot.testing.proxy import Cut, Swallow
from surefoot.testing.proxy import Rule as Harm


class Step(StrEnum):
    """The moments at which a trader is killed. The first seven are of a life that places an order."""

    MEANT = "before it is appended"
    APPENDED = "appended, not committed"
    COMMITTING = "while it is committed"
    COMMITTED = "committed, not sent"
    SENT = "sent, not answered"
    ANSWERED = "answered, not noted"
    NOTED = "noted, not committed"
    REPLAYING = "replaying at the start"
    RESYNCING = "reading up at the start"
    RESOLVING = "resolving a doubt"


OF_A_RESTART = (Step.REPLAYING, Step.RESYNCING, Step.RESOLVING)
OF_PLACING = tuple(step for step in Step if step not in OF_A_RESTART)


class Action(StrEnum):
    """What is placed."""

    MARKET = "MARKET"
    LIMIT = "LIMIT"
    IOC = "LIMIT IOC"
    OCO = "OCO"
    REPLACE = "cancelReplace"


class Fault(StrEnum):
    """What goes wrong with the request that is placed (the last: with the reads after it)."""

    NONE = "none"
    RESET_BEFORE = "reset before"
    RESET_AFTER = "reset after"
    HANG = "hang, done"
    HANG_LOST = "hang, lost"
    TIMEOUT_DONE = "-1007, done"
    TIMEOUT_NOT = "-1007, not done"
    OVERLOAD = "503"
    OVERLOAD_DONE = "503, done"
    SLOW = "slow engine"
    LAG = "reads lag"


class Case(NamedTuple):
    """One life that is killed at `step`, and perhaps one more (`then`), before one is left to live."""

    step: Step
    then: Step | None
    action: Action
    fault: Fault

    def __str__(self) -> str:
        kills = self.step if self.then is None else f"{self.step}, then {self.then}"
        return f"{self.action}: killed {kills}; {self.fault}"


def case_of(step: Step, action: Action, fault: Fault) -> Case:
    """A case by the step that it is about: those of a restart follow a kill with an order in flight."""
    if step in OF_A_RESTART:
        return Case(Step.SENT, step, action, fault)
    return Case(step, None, action, fault)


OPERATIONS: Mapping[Action, tuple[str, bytes]] = MappingProxyType(
    {
        Action.MARKET: ("order.place", b"POST /api/v3/order"),
        Action.LIMIT: ("order.place", b"POST /api/v3/order"),
        Action.IOC: ("order.place", b"POST /api/v3/order"),
        Action.OCO: ("orderList.place.oco", b"POST /api/v3/orderList/oco"),
        Action.REPLACE: ("order.cancelReplace", b"POST /api/v3/order/cancelReplace"),
    }
)
"""How the exchange calls each of them, and the bytes by which a street knows it."""

_READS = ("order.status", "orderList.status", "openOrders.status", "allOrders", "myTrades")


def rules(case: Case, account: str, *, slow_ms: float, lag_ms: float) -> list[Rule]:
    """What the exchange does wrong in this case, to that account."""
    place = Where(OPERATIONS[case.action][0], account=account)
    match case.fault:
        case Fault.TIMEOUT_DONE | Fault.TIMEOUT_NOT:
            faults = [Answer(code=-1007, executed=case.fault is Fault.TIMEOUT_DONE)]
        case Fault.OVERLOAD | Fault.OVERLOAD_DONE:
            faults = [Answer(status=503, executed=case.fault is Fault.OVERLOAD_DONE)]
        case Fault.SLOW:
            return [Rule(SlowEngine(ms=slow_ms), where=place, times=1)]
        case Fault.LAG:
            lag = ReadLag(ms=lag_ms)
            return [Rule(lag, where=Where(read, account=account)) for read in _READS]
        case _:
            return []
    return [Rule(fault, where=place, times=1) for fault in faults]


def harms(case: Case) -> list[Harm]:
    """What the street does wrong in this case."""
    words = OPERATIONS[case.action][1]
    match case.fault:
        case Fault.RESET_BEFORE:
            return [Harm(harm=Cut("before"), words=words)]
        case Fault.RESET_AFTER:
            return [Harm(harm=Cut("answer"), words=words)]
        case Fault.HANG:
            return [Harm(harm=Swallow("back"), words=words)]
        case Fault.HANG_LOST:
            return [Harm(harm=Swallow("both"), words=words)]
    return []
