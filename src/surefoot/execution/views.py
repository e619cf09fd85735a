"""All that is known of the account: one fold of the journal (pure)."""

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from surefoot.errors import JournalError, PolicyRefusal
from surefoot.execution import entries
from surefoot.execution.entries import Entry
from surefoot.execution.fills import Fill
from surefoot.execution.orders import News, Orders, OrdersState
from surefoot.rules.quantise import ZERO
from surefoot.spot.request import Request


class ViewsState(msgspec.Struct, frozen=True):
    """What a checkpoint holds."""

    orders: OrdersState
    fills: dict[str, list[Fill]]
    lives: int = 0
    tripped: str | None = None


class Views:
    """Orders, lists, submissions; balances, positions, limits. Fold every entry once, in order.

    `lives` counts the traders that used the journal so far; `tripped` is why trading is stopped, if it is.
    """

    def __init__(self) -> None:
        self.orders = Orders()
        self.lives = 0
        self.tripped: str | None = None
        self._fills: dict[str, list[Fill]] = {}

    def apply(self, entry: Entry) -> News:
        """Fold one entry; returns what it changed."""
        match entry:
            case entries.Opened():
                self.lives = entry.life
            case entries.Tripped():
                self.tripped = self.tripped or entry.reason
            case entries.Armed():
                self.tripped = None
        news = self.orders.apply(entry)
        for fill in news.fills:
            self._filled(fill)
        return news

    def fills_of(self, id: str) -> Sequence[Fill]:
        """The executions of an order that are known, oldest first; of orders that are not over for long."""
        return self._fills.get(id, ())

    def admit(self, request: Request[object], now_ms: int) -> Decimal:
        """What the operator's limits count `request` as, in the quote asset; raises `PolicyRefusal`."""
        if self.tripped is not None:
            raise PolicyRefusal("trading is stopped", self.tripped, type(request).__name__)
        return ZERO

    def checkpoint(self) -> bytes:
        """All of it as JSON."""
        shelf = self.orders.shelf
        fills = {id: fills for id, fills in self._fills.items() if shelf.get(id) is not None}
        self._fills = fills
        return msgspec.json.encode(ViewsState(self.orders.state(), fills, self.lives, self.tripped))

    def restore(self, body: bytes) -> None:
        """From a checkpoint; raises `JournalError` where it is damaged."""
        try:
            state = msgspec.json.decode(body, type=ViewsState)
        except msgspec.MsgspecError as error:
            raise JournalError(f"a checkpoint of the journal cannot be read: {error}") from None
        self.orders.restore(state.orders)
        self._fills, self.lives, self.tripped = state.fills, state.lives, state.tripped

    def _filled(self, fill: Fill) -> None:
        order = self.orders.shelf.by_order_id(fill.symbol, fill.order_id)
        if order is not None:
            self._fills.setdefault(order.id, []).append(fill)
