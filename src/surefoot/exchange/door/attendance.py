"""Every open WebSocket: how long it may stay, and what it is told before the exchange leaves."""

from collections.abc import Callable, Iterable
from itertools import takewhile
from typing import Literal, Protocol

import msgspec

from surefoot.exchange.data.intervals import DAY_US
from surefoot.exchange.feeds.listeners import POLICY_VIOLATION, Wire
from surefoot.net.endings import Ending

LIFE_US = DAY_US
"""A connection is valid for 24 hours."""

GOING_AWAY = 1001
"""The close code of who leaves (RFC 6455, 7.4.1)."""


Kind = Literal["ws_api", "market"]


class EndableWire(Wire, Protocol):
    """A connection that can also end badly, or stay open in silence."""

    def end(self, ending: Ending) -> None: ...


class Visit(msgspec.Struct, frozen=True, eq=False):
    """One connection since `since_us`. `shutdown_event` is what it is to be told at a time, `address` whose
    connection it is.
    """

    wire: EndableWire
    shutdown_event: Callable[[int], bytes]
    since_us: int
    kind: Kind = "market"
    address: str = ""


class Attendance:
    """Connections in the order in which they came."""

    def __init__(self) -> None:
        self._present: dict[Visit, None] = {}

    @property
    def present(self) -> tuple[Visit, ...]:
        """Who is there, the longest first."""
        return tuple(self._present)

    def enter(self, visit: Visit) -> None:
        """A connection was opened."""
        self._present[visit] = None

    def leave(self, visit: Visit) -> None:
        """It is closed."""
        self._present.pop(visit, None)

    def expire(self, now_us: int) -> None:
        """End the connections that are 24 hours old."""
        old = list(takewhile(lambda visit: now_us - visit.since_us >= LIFE_US, self._present))
        self.dismiss(old, "24 hours are over")

    def announce(self, now_us: int) -> tuple[Visit, ...]:
        """Tell everybody that the server shuts down; returns those who were told."""
        told = self.present
        for visit in told:
            visit.wire.send(visit.shutdown_event(now_us))
        return told

    def expel(self, address: str) -> None:
        """The address is banned: end (1008) all connections that it has."""
        of_address = [visit for visit in self._present if visit.address == address]
        self.dismiss(of_address, "banned", POLICY_VIOLATION)

    def dismiss(self, visits: Iterable[Visit], reason: str, code: int = GOING_AWAY) -> None:
        """Say good-bye (1001) to those of them who are still there."""
        for visit in [visit for visit in visits if visit in self._present]:
            del self._present[visit]
            visit.wire.close(code, reason)
