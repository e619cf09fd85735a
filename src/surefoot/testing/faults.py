"""The faults of an embedded exchange, as tests hold them: what the server has, from any thread.

Every change takes effect before it returns; each raises `Misuse` as the server's own does.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from surefoot.exchange.door.attendance import Kind
from surefoot.exchange.faults.plan import Strike
from surefoot.exchange.faults.rules import Rule
from surefoot.exchange.server import ExchangeServer

Call = Callable[[Callable[[], Any]], Any]


class EmbeddedFaults:
    """Rules by which the exchange fails: ``exchange.faults.add(Rule(LostAnswer(), where="order.place"))``.

    Rules and faults are in `surefoot.exchange.faults`.
    """

    def __init__(self, server: ExchangeServer, call: Call) -> None:
        self._server = server
        self._call = call

    def add(self, rule: object) -> int:
        """Put a `Rule`, a fault alone, or its JSON in force; returns its number. Raises `Misuse`."""
        return int(self._call(lambda: self._server.faults.add(rule)))

    def remove(self, number: int) -> None:
        """Take a rule back; raises `Misuse` when there is none of that number."""
        self._call(lambda: self._server.faults.remove(number))

    def clear(self) -> None:
        """Take all rules back."""
        self._call(self._server.faults.clear)

    @property
    def rules(self) -> Mapping[int, Rule]:
        """The rules in force, by number."""
        rules: Mapping[int, Rule] = self._call(lambda: self._server.faults.rules)
        return rules

    @property
    def struck(self) -> Mapping[int, int]:
        """How often each rule struck, also those that were taken back."""
        struck: Mapping[int, int] = self._call(lambda: self._server.faults.struck)
        return struck

    @property
    def strikes(self) -> tuple[Strike, ...]:
        """The latest strikes, the oldest first."""
        strikes: tuple[Strike, ...] = self._call(lambda: tuple(self._server.faults.strikes))
        return strikes

    def weigh(self, operation: str, *, times: float = 1.0, cost: int | None = None) -> None:
        """Let an operation (``depth``) cost so many times its weight, or exactly `cost`, from now on."""
        self._call(lambda: self._server.front.weights.change(operation, times=times, cost=cost))


class EmbeddedOutages:
    """What goes wrong with the whole exchange at once, to who is connected now. Times are milliseconds."""

    def __init__(self, server: ExchangeServer, call: Call) -> None:
        self._server = server
        self._call = call

    def cut(self, on: Kind | None = None, how: Literal["reset", "close"] = "reset") -> int:
        """End every WebSocket, or those of one kind; returns how many there were."""
        return int(self._call(lambda: self._server.outages.cut(on, how)))

    def mute(self, on: Kind | None = None) -> int:
        """Let them stay open and say nothing any more."""
        return int(self._call(lambda: self._server.outages.mute(on)))

    def maintenance(self, for_ms: float | None = None) -> None:
        """Answer 503 to everything and cut all WebSockets, for so long or until `reopen`."""
        self._call(lambda: self._server.outages.maintenance(for_ms))

    def reopen(self) -> None:
        """End the maintenance."""
        self._call(self._server.outages.reopen)

    def shut_down(self, lead_ms: float = 0) -> int:
        """Tell every WebSocket `serverShutdown`, end it `lead_ms` later; returns how many were told."""
        return int(self._call(lambda: self._server.outages.shut_down(lead_ms)))

    def refuse_connections(self, for_ms: float) -> None:
        """Let nobody connect for so long; who is connected stays."""
        self._call(lambda: self._server.refuse_connections(for_ms))


class EmbeddedClock:
    """The exchange's clock: how far it is ahead of this machine's, and how much faster."""

    def __init__(self, server: ExchangeServer, call: Call) -> None:
        self._server = server
        self._call = call

    @property
    def skew_ms(self) -> float:
        """How far it is ahead now."""
        skew_ms: float = self._call(lambda: self._server.clock.skew_ms)
        return skew_ms

    def set(self, skew_ms: float) -> None:
        """Be so far ahead from now on; behind, if negative."""
        self._call(lambda: self._server.clock.set(skew_ms))

    def step(self, by_ms: float) -> None:
        """Jump, forward or back."""
        self._call(lambda: self._server.clock.step(by_ms))

    def drift(self, ppm: float) -> None:
        """Go faster by so many millionths from now on."""
        self._call(lambda: self._server.clock.drift(ppm))
