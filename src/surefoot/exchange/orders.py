"""Orders while they live and after: the state of one, and an account's orders and trades in one symbol."""

from bisect import bisect_left
from collections import deque

from surefoot.exchange.book import Entry
from surefoot.exchange.commands import Fill, OrderSnapshot, Place
from surefoot.exchange.ledger import Wallet
from surefoot.spot.enums import ExpiryReason, OrderStatus, OrderType, TimeInForce
from surefoot.world import Entropy

KEPT = 100_000
"""Finished orders, and trades, that an account keeps per symbol; the oldest are forgotten first."""


class Holder:
    """An account as the engine sees it: rates at 1e-8, and how many orders it has open everywhere.

    A `house` account (synthetic liquidity) is judged by no filter, told nothing, and keeps no history.
    """

    __slots__ = ("house", "maker_rate", "name", "open_count", "taker_rate")

    def __init__(self, name: str, maker_rate: int, taker_rate: int, *, house: bool) -> None:
        self.name = name
        self.maker_rate = maker_rate
        self.taker_rate = taker_rate
        self.house = house
        self.open_count = 0


class Names:
    """Client order ids for who gave none: a prefix thrown once per market, and a count (22 characters).

    Dice for each would cost more than the cancel that needs it. The house needs no names.
    """

    __slots__ = ("_count", "_prefix")

    def __init__(self, entropy: Entropy) -> None:
        self._prefix = entropy.token(12)
        self._count = 0

    def given_or_made(self, given: str | None, holder: Holder) -> str:
        """The given id; otherwise the next one of our own."""
        if given is not None:
            return given
        if holder.house:
            return ""
        self._count += 1
        return f"{self._prefix}{self._count:010d}"


class OrderState(Entry):
    """One order. `key` and `left` (from the book) are in ticks and steps, everything else at 1e-8.

    `locked` is what it still holds of the asset it pays with; `starved` says that the book was too thin
    for its quoteOrderQty.
    """

    __slots__ = (
        "client_order_id", "executed_qty", "expiry_reason", "locked", "order_id", "orig_qty", "price",
        "quote_order_qty", "quote_qty", "seat", "side", "starved", "status", "strategy_id",
        "strategy_type", "symbol", "time_in_force", "time_us", "type", "update_us",
    )  # fmt: skip

    def __init__(
        self,
        seat: "Seat",
        order: Place,
        *,
        order_id: int,
        client_order_id: str,
        key: int,
        steps: int,
        qty: int,
        lock: int,
        now_us: int,
    ) -> None:
        self.key = key
        self.left = steps
        self.level = self.before = self.after = None
        self.seat = seat
        self.symbol = order.symbol
        self.order_id = order_id
        self.client_order_id = client_order_id
        self.side = order.side
        self.type = kind = order.type
        given = order.time_in_force if kind is OrderType.LIMIT else None
        self.time_in_force = given or TimeInForce.GTC
        self.price = order.price or 0
        self.orig_qty = qty
        self.quote_order_qty = order.quote_order_qty or 0
        self.locked = lock
        self.time_us = self.update_us = now_us
        self.executed_qty = self.quote_qty = 0
        self.status = OrderStatus.NEW
        self.strategy_id = order.strategy_id
        self.strategy_type = order.strategy_type
        self.expiry_reason: ExpiryReason | None = None
        self.starved = False

    def snapshot(self) -> OrderSnapshot:
        """The order as it is now."""
        return OrderSnapshot(
            self.seat.holder.name,
            self.symbol,
            self.order_id,
            self.client_order_id,
            self.side,
            self.type,
            self.time_in_force,
            self.price,
            self.orig_qty,
            self.executed_qty,
            self.quote_qty,
            self.quote_order_qty,
            self.status,
            self.time_us,
            self.update_us,
            self.time_us,
            self.strategy_id,
            self.strategy_type,
            self.expiry_reason,
        )


class Seat:
    """One account at one symbol: its two wallets, its open orders, its history."""

    __slots__ = (
        "base",
        "by_client_id",
        "by_id",
        "done",
        "holder",
        "kept",
        "open",
        "quote",
        "reused",
        "trades",
    )

    def __init__(self, holder: Holder, base: Wallet, quote: Wallet, kept: int = KEPT) -> None:
        self.holder = holder
        self.base = base
        self.quote = quote
        self.kept = 0 if holder.house else kept
        self.open: dict[int, OrderState] = {}
        self.by_id: dict[int, OrderState] = {}
        self.by_client_id: dict[str, OrderState] = {}
        self.reused: set[str] = set()
        self.done: deque[OrderState] = deque()
        self.trades: list[Fill] = []

    def add(self, order: OrderState) -> None:
        """A new order; it takes over its client order id."""
        self.open[order.order_id] = self.by_id[order.order_id] = order
        if order.client_order_id in self.by_client_id:
            self.reused.add(order.client_order_id)
        self.by_client_id[order.client_order_id] = order
        self.holder.open_count += 1

    def finish(self, order: OrderState) -> None:
        """The order is final: its client order id is free again, and it may be forgotten one day."""
        del self.open[order.order_id]
        self.holder.open_count -= 1
        self.done.append(order)
        while len(self.done) > self.kept:
            old = self.done.popleft()
            del self.by_id[old.order_id]
            self._forget_id(old)

    def rename(self, order: OrderState, client_order_id: str) -> None:
        """Give a cancelled order its new client order id; an open order of that id keeps it.

        Its old id means the order again that bore it before, if there was one.
        """
        original = order.client_order_id
        self._forget_id(order)
        order.client_order_id = client_order_id
        if original in self.reused and original not in self.by_client_id:
            self._recall(original)
        if not self.in_use(client_order_id):
            self.by_client_id[client_order_id] = order

    def in_use(self, client_order_id: str) -> bool:
        """Whether an open order has this client order id."""
        order = self.by_client_id.get(client_order_id)
        return order is not None and order.order_id in self.open

    def record(self, fill: Fill) -> None:
        """Remember an execution."""
        self.trades.append(fill)
        if len(self.trades) > 2 * self.kept:
            del self.trades[: -self.kept]

    def trades_from(self, trade_id: int) -> list[Fill]:
        """The executions with that id or a greater one, oldest first."""
        return self.trades[bisect_left(self.trades, trade_id, key=lambda fill: fill.trade_id) :]

    def _recall(self, client_order_id: str) -> None:
        """Look for the latest order that still bears the id; seldom, so that the search may be long."""
        for order in reversed(self.by_id.values()):
            if order.client_order_id == client_order_id:
                self.by_client_id[client_order_id] = order
                return
        self.reused.discard(client_order_id)

    def _forget_id(self, order: OrderState) -> None:
        if self.by_client_id.get(order.client_order_id) is order:
            del self.by_client_id[order.client_order_id]
