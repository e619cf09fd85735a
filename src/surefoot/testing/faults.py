"""The faults of an embedded exchange, as tests hold them: what the server has, from any thread."""

from collections.abc import Callable, Mapping
from typing import Any

from surefoot.exchange.faults.plan import Strike
from surefoot.exchange.faults.rules import Rule
from surefoot.exchange.server import ExchangeServer

Call = Callable[[Callable[[], Any]], Any]


class EmbeddedFaults:
    """Rules by which the exchange fails: ``exchange.faults.add(Rule(LostAnswer(), where="order.place"))``.

    Rules and faults are in `surefoot.exchange.faults`; every change takes effect before it returns.
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
