"""Order lists while they live and after: which orders belong together, and how far the list has come."""

from collections import deque

from surefoot.exchange.core.commands import Leg, ListSnapshot, Place
from surefoot.exchange.core.orders import KEPT, Names, OrderState, Seat
from surefoot.spot.enums import ContingencyType, ListOrderStatus, ListStatusType


class OrderList:
    """One list. `working` goes first, `pending` follow it; an OCO has a pair of `pending` and no `working`.

    `plans` are the pending orders as they were asked for; `chosen` is the leg of a pair that began to trade
    or whose price came, so that the other is over.
    """

    __slots__ = (
        "chosen", "contingency", "list_client_order_id", "order_list_id", "order_status", "pending", "plans",
        "seat", "status_type", "symbol", "time_us", "working",
    )  # fmt: skip

    def __init__(self, seat: Seat, symbol: str, order_list_id: int, list_client_order_id: str) -> None:
        self.seat = seat
        self.symbol = symbol
        self.order_list_id = order_list_id
        self.list_client_order_id = list_client_order_id
        self.contingency = ContingencyType.OCO
        self.working: OrderState | None = None
        self.pending: tuple[OrderState, ...] = ()
        self.plans: dict[int, Place] = {}
        self.status_type = ListStatusType.EXEC_STARTED
        self.order_status = ListOrderStatus.EXECUTING
        self.time_us = 0
        self.chosen: OrderState | None = None

    @property
    def legs(self) -> tuple[OrderState, ...]:
        """All of its orders."""
        return self.pending if self.working is None else (self.working, *self.pending)

    @property
    def open_legs(self) -> list[OrderState]:
        """Its orders that may still change."""
        return [leg for leg in self.legs if leg.order_id in self.seat.open]

    def rival(self, order: OrderState) -> OrderState | None:
        """The open order that excludes `order`, if there is one."""
        if order is self.working:
            return None
        others = [leg for leg in self.pending if leg is not order]
        return others[0] if others and others[0].order_id in self.seat.open else None

    def snapshot(self) -> ListSnapshot:
        """The list as it is now."""
        return ListSnapshot(
            self.seat.holder.name,
            self.symbol,
            self.order_list_id,
            self.list_client_order_id,
            self.contingency,
            self.status_type,
            self.order_status,
            self.time_us,
            tuple([Leg(leg.order_id, leg.client_order_id) for leg in self.legs]),
        )


class OrderLists:
    """Every list of every account. Ids count from 0 over the exchange; the oldest are forgotten first."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._next_id = 0
        self._by_id: dict[str, dict[int, OrderList]] = {}
        self._open: dict[str, dict[int, OrderList]] = {}
        self._done: deque[OrderList] = deque()

    def add(self, seat: Seat, symbol: str, list_client_order_id: str | None) -> OrderList:
        """A new, empty list of that account."""
        holder = seat.holder
        name = self._names.given_or_made(list_client_order_id, holder)
        made = OrderList(seat, symbol, self._next_id, name)
        self._next_id += 1
        self._by_id.setdefault(holder.name, {})[made.order_list_id] = made
        self._open.setdefault(holder.name, {})[made.order_list_id] = made
        holder.list_count += 1
        seat.list_count += 1
        return made

    def finish(self, order_list: OrderList) -> None:
        """The list is over; it may be forgotten one day."""
        holder = order_list.seat.holder
        del self._open[holder.name][order_list.order_list_id]
        holder.list_count -= 1
        order_list.seat.list_count -= 1
        self._done.append(order_list)
        if len(self._done) > KEPT:
            old = self._done.popleft()
            del self._by_id[old.seat.holder.name][old.order_list_id]

    def open_lists(self, account: str) -> list[OrderList]:
        """The account's lists that are not over, oldest first."""
        return list(self._open.get(account, {}).values())

    def all_lists(self, account: str) -> list[OrderList]:
        """Every list of the account, oldest first."""
        return list(self._by_id.get(account, {}).values())

    def find(self, account: str, order_list_id: int | None, client_id: str | None) -> OrderList | None:
        """A list by either id; by its client id the latest of that name."""
        if client_id is None:
            return self._by_id.get(account, {}).get(-1 if order_list_id is None else order_list_id)
        named = (made for made in reversed(self.all_lists(account)) if made.list_client_order_id == client_id)
        return next(named, None)
