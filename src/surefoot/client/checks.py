"""Orders checked before they are sent, blocking: the methods that `Client` has for it."""

from abc import abstractmethod
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from surefoot.client.call import Wire
from surefoot.client.desk import Desk
from surefoot.client.rulebook import checked, rules_of
from surefoot.client.snapshots import gathered
from surefoot.rules.check import Checked, R
from surefoot.rules.snapshot import NOTHING_KNOWN, Snapshot
from surefoot.rules.symbols import SymbolRules

T = TypeVar("T")


class BlockingChecks:
    """As `surefoot.client.aio.checks.AsyncChecks`, without await."""

    desk: Desk

    @abstractmethod
    def _ask(self, flow: Callable[[Wire], Coroutine[Any, Any, T]]) -> T: ...

    def check(self, request: R, known: Snapshot = NOTHING_KNOWN, *, rounding: bool = True) -> Checked[R]:
        """The exact request that the exchange would take, what was changed and why, and what it meets."""
        return self._ask(lambda wire: checked(wire, self.desk, request, known, rounding=rounding))

    def rules(self, symbol: str) -> SymbolRules:
        """The rules of a symbol, from memory where they are fresh; raises `Misuse` for an unknown one."""
        return self._ask(lambda wire: rules_of(wire, self.desk, symbol))

    def snapshot(self, symbol: str, *, everywhere: bool = False) -> Snapshot:
        """What the exchange knows of the symbol and the account now, for `check` to judge by."""
        return self._ask(lambda wire: gathered(wire, self.desk, symbol, everywhere=everywhere))
