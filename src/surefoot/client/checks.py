"""Orders checked before they are sent, blocking: the methods that `Client` has for it."""

from abc import abstractmethod

from surefoot.client.call import Wire, run_blocking
from surefoot.client.desk import Desk
from surefoot.client.rulebook import checked, rules_of
from surefoot.client.snapshots import gathered
from surefoot.rules.check import Checked, R
from surefoot.rules.snapshot import NOTHING_KNOWN, Snapshot
from surefoot.rules.symbols import SymbolRules


class BlockingChecks:
    """As `surefoot.client.aio.checks.AsyncChecks`, without await."""

    desk: Desk

    @abstractmethod
    def _opened(self) -> Wire: ...

    def check(self, request: R, known: Snapshot = NOTHING_KNOWN, *, rounding: bool = True) -> Checked[R]:
        """The exact request that the exchange would take, what was changed and why, and what it meets."""
        return run_blocking(checked(self._opened(), self.desk, request, known, rounding=rounding))

    def rules(self, symbol: str) -> SymbolRules:
        """The rules of a symbol, from memory where they are fresh; raises `Misuse` for an unknown one."""
        return run_blocking(rules_of(self._opened(), self.desk, symbol))

    def snapshot(self, symbol: str, *, everywhere: bool = False) -> Snapshot:
        """What the exchange knows of the symbol and the account now, for `check` to judge by."""
        return run_blocking(gathered(self._opened(), self.desk, symbol, everywhere=everywhere))
