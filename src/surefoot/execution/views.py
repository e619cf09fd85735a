"""All that is known of the account: one fold of the journal (pure)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import msgspec

from surefoot.execution import entries
from surefoot.execution.books import Books, BooksState
from surefoot.execution.brackets import Brackets, BracketsState
from surefoot.execution.entries import Entry
from surefoot.execution.fills import Fill
from surefoot.execution.guard import Guard, GuardState
from surefoot.execution.orders import News, Orders, OrdersState
from surefoot.execution.policy import READ_ONLY, Policy
from surefoot.execution.standpoint import Standpoint
from surefoot.spot.request import Request

_MOST_FILLED = 4_096


class ViewsState(msgspec.Struct, frozen=True):
    """What a checkpoint holds."""

    orders: OrdersState
    books: BooksState
    guard: GuardState
    fills: dict[str, list[Fill]]
    lives: int = 0
    brackets: BracketsState = BracketsState()


class Views:
    """Orders, lists, submissions; balances, positions, limits. Fold every entry once, in order.

    `lives` counts the traders that used the journal so far. `standpoint` holds the prices that the limits
    look at; they are in no journal.
    """

    def __init__(self, policy: Policy = READ_ONLY) -> None:
        self.policy = policy
        self.orders = Orders()
        self.books = Books()
        self.brackets = Brackets()
        self.guard = Guard(policy)
        self.standpoint = Standpoint(self.orders.shelf, self.books.ledger)
        self.lives = 0
        self._fills: dict[str, list[Fill]] = {}

    @property
    def tripped(self) -> str | None:
        """Why trading is stopped, if it is."""
        return self.guard.tripped

    def apply(self, entry: Entry) -> News:
        """Fold one entry; returns what it changed."""
        if isinstance(entry, entries.Opened):
            self.lives = entry.life
        self.books.apply(entry)
        self.guard.apply(entry)
        news = self.orders.apply(entry)
        if (bracket := self.brackets.apply(entry)) is not None:
            news.changed.append(bracket)
        for fill in news.fills:
            self.books.filled(fill)
        for fill in (*news.fills, *news.claimed):
            self._filled(fill)
        for id in news.changed:
            order = self.orders.shelf.get(id)
            if order is not None:
                self.books.executed(order)
        return news

    def fills_of(self, id: str) -> Sequence[Fill]:
        """The executions of an order that are known, oldest first; of orders that are not over for long."""
        return self._fills.get(id, ())

    def admit(self, request: Request[Any], now_ms: int, *, reduces: bool = False) -> Decimal:
        """What the operator's limits count `request` as, in the quote asset; raises `PolicyRefusal`."""
        return self.guard.admit(request, now_ms, self.standpoint, reduces=reduces)

    def checkpoint(self) -> bytes:
        """All of it as JSON."""
        self._forget()
        state = ViewsState(
            self.orders.state(),
            self.books.state(),
            self.guard.state(),
            self._fills,
            self.lives,
            self.brackets.state(),
        )
        return msgspec.json.encode(state)

    def restored(self, body: bytes) -> bool:
        """Go on from a checkpoint; False, and nothing done, where this version cannot read it."""
        try:
            state = msgspec.json.decode(body, type=ViewsState)
        except msgspec.MsgspecError:
            return False
        self.orders.restore(state.orders)
        self.books = Books(state.books)
        self.brackets = Brackets.restored(state.brackets)
        self.guard = Guard.restored(self.policy, state.guard)
        self.standpoint = Standpoint(self.orders.shelf, self.books.ledger)
        self._fills, self.lives = state.fills, state.lives
        return True

    def _filled(self, fill: Fill) -> None:
        order = self.orders.shelf.by_order_id(fill.symbol, fill.order_id)
        if order is not None:
            self._fills.setdefault(order.id, []).append(fill)
            if len(self._fills) > _MOST_FILLED and len(self._fills) > 2 * len(self.orders.shelf):
                self._forget()

    def _forget(self) -> None:
        """The executions of orders that are over for long."""
        shelf = self.orders.shelf
        self._fills = {id: fills for id, fills in self._fills.items() if shelf.get(id) is not None}
