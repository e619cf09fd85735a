"""The running exchange as the operations of the admin endpoint see it."""

from typing import Protocol

from surefoot.exchange.door.front import Front
from surefoot.exchange.door.outages import Outages
from surefoot.exchange.faults.clock import ExchangeClock
from surefoot.exchange.faults.plan import Plan
from surefoot.exchange.operations import Operations


class Running(Protocol):
    """What an `ExchangeServer` has for them."""

    @property
    def front(self) -> Front: ...
    @property
    def operations(self) -> Operations: ...
    @property
    def faults(self) -> Plan: ...
    @property
    def clock(self) -> ExchangeClock: ...
    @property
    def outages(self) -> Outages: ...
    def refuse_connections(self, for_ms: float) -> None: ...
