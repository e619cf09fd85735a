"""Orders checked before they are sent: the methods that `AsyncClient` has for it."""

import asyncio
from abc import abstractmethod

from surefoot.client.call import Wire
from surefoot.client.desk import Desk
from surefoot.client.rulebook import checked, rules_of
from surefoot.client.snapshots import gathered
from surefoot.rules.check import Checked, R
from surefoot.rules.snapshot import NOTHING_KNOWN, Snapshot
from surefoot.rules.symbols import SymbolRules


class AsyncChecks:
    """Judges requests by exchangeInfo as it was last heard; it is asked for when it is older than 30 minutes,
    when a filter refused an order, and for symbols that it lacks. Many callers share one asking.
    """

    desk: Desk
    _asking: asyncio.Lock

    @abstractmethod
    async def _way(self) -> Wire: ...

    async def check(
        self, request: R, known: Snapshot = NOTHING_KNOWN, *, rounding: bool = True
    ) -> Checked[R]:
        """The exact request that the exchange would take, what was changed and why, and what it meets.

        Nothing is sent but, now and then, a question for exchangeInfo. `known` is what is known of the market
        and the account (`snapshot` gathers it): what it does not hold is named in `skipped`, not guessed.
        Without `rounding` nothing is changed: what does not fit is refused. Raises `FilterViolation` for what
        the exchange would refuse, `Misuse` for an unknown symbol and for numbers that are not exact.
        """
        async with self._asking:
            return await checked(await self._way(), self.desk, request, known, rounding=rounding)

    async def rules(self, symbol: str) -> SymbolRules:
        """The rules of a symbol, from memory where they are fresh; raises `Misuse` for an unknown one."""
        async with self._asking:
            return await rules_of(await self._way(), self.desk, symbol)

    async def snapshot(self, symbol: str, *, everywhere: bool = False) -> Snapshot:
        """What the exchange knows of the symbol and the account now, for `check` to judge by.

        Weight 8, with a key 34; with `everywhere` (open orders of all symbols, the account's own filters)
        148.
        """
        return await gathered(await self._way(), self.desk, symbol, everywhere=everywhere)
