"""What a caller who blocks holds of an order."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from decimal import Decimal
from typing import TypeVar

from surefoot.execution.aio import OrderHandle
from surefoot.execution.blocking.lodging import Lodging
from surefoot.execution.fills import Fill
from surefoot.execution.lives import OrderState
from surefoot.execution.records import OrderRecord

R = TypeVar("R")


class BlockingOrderHandle:
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

    @property
    def state(self) -> OrderState:
        """Where it is in its life."""
        return self.record.state

    @property
    def order_id(self) -> int | None:
        """The exchange's number for it, once it is known."""
        return self.record.order_id

    @property
    def executed_qty(self) -> Decimal:
        """What was executed so far, in the base asset."""
        return self.record.executed_qty

    @property
    def average_price(self) -> Decimal | None:
        """Of what was executed."""
        return self.record.average_price

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


async def _within(timeout_ms: float | None, work: Callable[[], Awaitable[R]]) -> R:
    async with asyncio.timeout(None if timeout_ms is None else timeout_ms / 1000):
        return await work()
