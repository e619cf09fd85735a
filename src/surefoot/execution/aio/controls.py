"""What a trader can be told about everything at once: to cancel, to close, to stop; and to tell."""

import asyncio

from surefoot.execution.aio.closing import closed
from surefoot.execution.aio.events import Events
from surefoot.execution.aio.handles import OrderHandle
from surefoot.execution.aio.stopping import arm, cancel_all
from surefoot.execution.aio.works import Works
from surefoot.execution.records import OrderRecord


class Controls:
    """The part of `Trader` that is about all of its orders."""

    _works: Works

    async def cancel_all(self, symbol: str | None = None) -> tuple[OrderRecord, ...]:
        """Cancel every order of this trader's, or those of one symbol; returns what became of them."""
        works = self._works
        return await works.stories.told(cancel_all(works.port, symbol), "cancel all")

    async def close_position(self, symbol: str) -> OrderHandle | None:
        """Cancel all orders of the symbol, and sell at the market what was bought of it and can be sold;
        None where that is nothing. What filters leave behind is dust (`views.books.ledger.sellable`).
        """
        await self.cancel_all(symbol)
        works = self._works
        id = await works.stories.told(closed(works, symbol), f"close {symbol}")
        return None if id is None else OrderHandle(id, works.port.pen)

    async def committed(self) -> None:
        """Return once everything that was written down so far is safe; raises `JournalError`. What can add
        exposure always is; the rest may ride 50 ms.
        """
        await self._works.port.commit()

    def events(self) -> Events:
        """All that happens from now on, in order: ``async for event in trader.events(): …``"""
        return Events(self._works.port.pen)

    async def kill(self, reason: str) -> tuple[OrderRecord, ...]:
        """The kill switch: nothing new leaves from now on, and everything is cancelled at once. It stays so,
        also after a restart, until `arm`.
        """
        return await asyncio.shield(self._works.kill(reason))

    def arm(self, reason: str) -> None:
        """Allow trading again; raises `Misuse` while the kill file exists."""
        works = self._works
        arm(works.port, works.options, reason)
