"""Where the records of the fold are: those that are alive, and the newest of those that are over (pure)."""

import msgspec

from surefoot.execution.ids import cancelled_by
from surefoot.execution.lives import LIST_OVER, ListState
from surefoot.execution.records import ListRecord, OrderRecord
from surefoot.spot.enums import OrderType, Side

MOST_SETTLED = 1_024
"""So many orders, and lists, that are over are still known: late news of them are understood."""

_NOT_YET = frozenset({ListState.SUBMITTED, ListState.UNKNOWN, ListState.NOT_PLACED})


class ShelfState(msgspec.Struct, frozen=True):
    """For a checkpoint."""

    active: tuple[OrderRecord, ...] = ()
    settled: tuple[OrderRecord, ...] = ()
    lists: tuple[ListRecord, ...] = ()


class Shelf:
    """Orders by their client order id and by the exchange's number, lists likewise."""

    def __init__(self) -> None:
        self.active: dict[str, OrderRecord] = {}
        self.settled: dict[str, OrderRecord] = {}
        self.lists: dict[str, ListRecord] = {}
        self._ids: dict[tuple[str, int], str] = {}
        self._list_ids: dict[int, str] = {}

    def __len__(self) -> int:
        return len(self.active) + len(self.settled)

    def get(self, id: str) -> OrderRecord | None:
        """The order that was placed under that client order id."""
        return self.active.get(id) or self.settled.get(id)

    def by_order_id(self, symbol: str, order_id: int) -> OrderRecord | None:
        """The order that the exchange calls by that number."""
        id = self._ids.get((symbol, order_id))
        return None if id is None else self.get(id)

    def seen_as(self, symbol: str, order_id: int, id: str) -> OrderRecord | None:
        """By its number; by its id; by the id that a cancel of ours gave it before its number was known."""
        order = self.by_order_id(symbol, order_id) or self.get(id)
        if order is None and (before := cancelled_by(id)) is not None:
            order = self.get(before)
            return None if order is None or order.order_id is not None else order
        return order

    def leg(self, list_id: int | None, side: Side | None, type: OrderType | None) -> OrderRecord | None:
        """The one order of a list that was not seen yet, and is of that side and type: whoever ended it with
        its list gave it another name.
        """
        list = self.lists.get(self.list_name(list_id) or "")
        legs = [] if list is None else [self.get(id) for id in list.orders]
        fits = [
            leg
            for leg in legs
            if leg is not None and leg.order_id is None and (leg.side, leg.type) == (side, type)
        ]
        return fits[0] if len(fits) == 1 else None

    def list_name(self, list_id: int | None) -> str | None:
        """The client order id of a list that the exchange calls by that number."""
        return None if list_id is None else self._list_ids.get(list_id)

    def put(self, order: OrderRecord) -> None:
        """This is what is known of the order now."""
        if order.order_id is not None:
            self._ids[order.symbol, order.order_id] = order.id
        if not order.is_settled:
            self.settled.pop(order.id, None)
            self.active[order.id] = order
            return
        self.active.pop(order.id, None)
        self.settled.pop(order.id, None)
        self.settled[order.id] = order
        if len(self.settled) > MOST_SETTLED:
            oldest = self.settled.pop(next(iter(self.settled)))
            if oldest.order_id is not None:
                self._ids.pop((oldest.symbol, oldest.order_id), None)

    def put_list(self, list: ListRecord) -> None:
        """This is what is known of the list now."""
        self.lists.pop(list.id, None)
        self.lists[list.id] = list
        if list.list_id is not None:
            self._list_ids[list.list_id] = list.id
        if len(self.lists) > MOST_SETTLED:
            over = next((one for one in self.lists.values() if one.state in LIST_OVER), None)
            if over is not None:
                del self.lists[over.id]
                self._list_ids.pop(over.list_id or 0, None)

    def numbered(self, id: str | None, list_id: int | None) -> ListRecord | None:
        """The list as it is once one of its orders is seen with the exchange's number for it; None where that
        is no news.
        """
        list = None if id is None else self.lists.get(id)
        if list is None or list_id is None or list.list_id is not None:
            return None
        state = ListState.EXECUTING if list.state in _NOT_YET else list.state
        return msgspec.structs.replace(list, list_id=list_id, state=state)

    def ended(self, id: str) -> ListRecord | None:
        """The list as it is when all its orders are over; None where they are not, or it was known."""
        list = self.lists.get(id)
        if list is None or not list.orders or list.state in LIST_OVER:
            return None
        orders = [self.get(name) for name in list.orders]
        if any(order is None or not order.is_final for order in orders):
            return None
        return msgspec.structs.replace(list, state=ListState.ALL_DONE)

    def state(self) -> ShelfState:
        """For a checkpoint."""
        return ShelfState(
            tuple(self.active.values()), tuple(self.settled.values()), tuple(self.lists.values())
        )

    def restore(self, state: ShelfState) -> None:
        """From a checkpoint."""
        for order in (*state.settled, *state.active):
            self.put(order)
        for list in state.lists:
            self.put_list(list)
