"""What a caller who blocks holds of an order, and of a bracket."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from decimal import Decimal
from typing import TypeVar

from surefoot.execution.aio import ListHandle, OrderHandle
from surefoot.execution.aio.brackets import BracketHandle
from surefoot.execution.blocking.lodging import Lodging
from surefoot.execution.bracket import BracketState
from surefoot.execution.brackets import BracketRecord
from surefoot.execution.fills import Fill
from surefoot.execution.lives import ListState
from surefoot.execution.records import ListRecord, OfOrder, OrderRecord

R = TypeVar("R")


class BlockingOrderHandle(OfOrder):
    """One order of the trader's, see `OrderHandle`. Any thread may use it."""

    def __init__(self, handle: OrderHandle, lodging: Lodging) -> None:
        self.id = handle.id
        self._handle, self._lodging = handle, lodging

    def __repr__(self) -> str:
        return f"Blocking{self._handle!r}"

    @property
    def record(self) -> OrderRecord:
        """All that is known of it now."""
        return self._lodging.read(lambda _: self._handle.record)

    def done(self, timeout_ms: float | None = None) -> OrderRecord:
        """Return once it is over, with all its executions known; however it ended. Raises `TimeoutError`
        where it is not over in time: that changes nothing for the order.
        """
        try:
            return self._lodging.guest.wait(_within(timeout_ms, self._handle.done))
        except TimeoutError:
            raise TimeoutError(f"order {self.id} is {self.state} after {timeout_ms} ms") from None

    def fills(self) -> Iterator[Fill]:
        """Its executions from the first on, as they come, until it is over."""
        told, over = 0, False
        while not over:
            fills, over = self._lodging.guest.wait(self._handle.fills_after(told))
            yield from fills
            told += len(fills)


class BlockingListHandle:
    """One order list of the trader's, see `ListHandle`. Any thread may use it.

    `inner` is that one.
    """

    def __init__(self, handle: ListHandle, lodging: Lodging) -> None:
        self.id, self.inner = handle.id, handle
        self._lodging = lodging

    def __repr__(self) -> str:
        return f"Blocking{self.inner!r}"

    @property
    def record(self) -> ListRecord:
        """All that is known of it now."""
        return self._lodging.read(lambda _: self.inner.record)

    @property
    def state(self) -> ListState:
        """Where it is in its life."""
        return self.record.state

    @property
    def orders(self) -> tuple[BlockingOrderHandle, ...]:
        """Its orders: the working one first, of a pair the stop first."""
        orders = self._lodging.read(lambda _: self.inner.orders)
        return tuple(BlockingOrderHandle(order, self._lodging) for order in orders)

    def done(self, timeout_ms: float | None = None) -> ListRecord:
        """Return once all its orders are over; raises `TimeoutError` where they are not in time."""
        try:
            return self._lodging.guest.wait(_within(timeout_ms, self.inner.done))
        except TimeoutError:
            raise TimeoutError(f"list {self.id} is {self.state} after {timeout_ms} ms") from None


class BlockingBracketHandle:
    """One bracket of the trader's, see `BracketHandle`. Any thread may use it."""

    def __init__(self, handle: BracketHandle, lodging: Lodging) -> None:
        self.id = handle.id
        self._handle, self._lodging = handle, lodging

    def __repr__(self) -> str:
        return f"Blocking{self._handle!r}"

    @property
    def record(self) -> BracketRecord:
        """All that is known of it now."""
        return self._lodging.read(lambda _: self._handle.record)

    @property
    def state(self) -> BracketState:
        """Where it is in its life."""
        return self.record.state

    @property
    def entry(self) -> BlockingOrderHandle:
        """The order that enters."""
        return BlockingOrderHandle(self._lodging.read(lambda _: self._handle.entry), self._lodging)

    @property
    def left(self) -> Decimal | None:
        """What was owned of it in the base asset at its last move; None while it enters."""
        return self.record.left

    @property
    def unprotected_ms(self) -> int:
        """The longest time, so far, that anything bought was without protection."""
        return self._lodging.read(lambda _: self._handle.unprotected_ms)

    def until(self, *states: BracketState, timeout_ms: float | None = None) -> BracketRecord:
        """Return once it is in one of these states, or over. Raises `TimeoutError` where it is not in time:
        that changes nothing for the bracket.
        """
        try:
            return self._lodging.guest.wait(_within(timeout_ms, lambda: self._handle.until(*states)))
        except TimeoutError:
            raise TimeoutError(f"bracket {self.id} is {self.state} after {timeout_ms} ms") from None

    def done(self, timeout_ms: float | None = None) -> BracketRecord:
        """Return once it is over, however it ended; raises `TimeoutError` as `until` does."""
        return self.until(timeout_ms=timeout_ms)

    def cancel(self, *, close: bool = False) -> BracketRecord:
        """Cancel entry and protection; with `close` what is owned is sold. See `BracketHandle.cancel`."""
        return self._lodging.told(self._handle.cancel(close=close))


async def _within(timeout_ms: float | None, work: Callable[[], Awaitable[R]]) -> R:
    async with asyncio.timeout(None if timeout_ms is None else timeout_ms / 1000):
        return await work()
