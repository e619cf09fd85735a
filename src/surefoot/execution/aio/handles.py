"""What a caller holds of an order: where it is, its fills as they come, and its end."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from surefoot.execution.aio.pen import Pen
from surefoot.execution.fills import Fill
from surefoot.execution.lives import ListState
from surefoot.execution.records import ListRecord, OfOrder, OrderRecord
from surefoot.execution.requests import id_of
from surefoot.spot.order_replace import AmendOrder


class OrderHandle(OfOrder):
    """One order of the trader's. It is not the order: to drop it cancels nothing."""

    def __init__(self, id: str, pen: Pen) -> None:
        self.id = id
        self._pen = pen

    def __repr__(self) -> str:
        record = self.record
        return f"OrderHandle({self.id}, {record.symbol}, {record.state})"

    @property
    def record(self) -> OrderRecord:
        """All that is known of it now."""
        known = self._pen.views.orders.shelf.get(self.id)
        if known is None:
            raise LookupError(f"order {self.id} ended long ago: the journal has its history")
        return known

    async def done(self) -> OrderRecord:
        """Return once it is over, with all its executions known; however it ended."""
        while not self.record.is_settled:
            await self._pen.change_of(self.id)
        return self.record

    async def fills(self) -> AsyncIterator[Fill]:
        """Its executions from the first on, as they come, until it is over."""
        told, over = 0, False
        while not over:
            fills, over = await self.fills_after(told)
            for fill in fills:
                yield fill
            told += len(fills)

    async def fills_after(self, told: int) -> tuple[Sequence[Fill], bool]:
        """Its executions but for the first `told`, and whether no others can come; waits for either."""
        while True:
            fills, over = self._pen.views.fills_of(self.id)[told:], self.record.is_settled
            if fills or over:
                return fills, over
            await self._pen.change_of(self.id)


class ListHandle:
    """One order list of the trader's. It is not the list: to drop it cancels nothing."""

    def __init__(self, id: str, pen: Pen) -> None:
        self.id = id
        self._pen = pen

    def __repr__(self) -> str:
        record = self.record
        return f"ListHandle({self.id}, {record.symbol}, {record.state})"

    @property
    def record(self) -> ListRecord:
        """All that is known of it now."""
        known = self._pen.views.orders.shelf.lists.get(self.id)
        if known is None:
            raise LookupError(f"list {self.id} ended long ago: the journal has its history")
        return known

    @property
    def state(self) -> ListState:
        """Where it is in its life."""
        return self.record.state

    @property
    def orders(self) -> tuple[OrderHandle, ...]:
        """Its orders: the working one first, of a pair the stop first."""
        return tuple(OrderHandle(id, self._pen) for id in self.record.orders)

    async def done(self) -> ListRecord:
        """Return once all its orders are over, with all their executions known."""
        for order in self.orders:
            await order.done()
        return self.record


def handle_of(request: Any, pen: Pen) -> OrderHandle | ListHandle:
    """What a caller holds of a request that happened: its list, its order, or the order that it amended."""
    id, shelf = id_of(request), pen.views.orders.shelf
    if id in shelf.lists:
        return ListHandle(id, pen)
    if isinstance(request, AmendOrder):
        named = request.orig_client_order_id or ""
        number = request.order_id or 0
        amended = shelf.by_order_id(request.symbol, number) or shelf.seen_as(request.symbol, number, named)
        id = id if amended is None else amended.id
    return OrderHandle(id, pen)
