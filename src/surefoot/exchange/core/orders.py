"""Orders while they live and after: the state of one, and an account's orders and trades in one symbol."""

from bisect import bisect_left
from collections import deque
from typing import TYPE_CHECKING

from surefoot.exchange.core.book import Entry
from surefoot.exchange.core.commands import (
    EIGHT,
    PLAIN,
    Fill,
    OrderSnapshot,
    Particulars,
    Place,
    PreventedMatch,
)
from surefoot.exchange.core.ledger import Wallet
from surefoot.exchange.core.list_commands import Amendment
from surefoot.exchange.core.listing import Digits
from surefoot.spot.enums import (
    ExpiryReason,
    OrderStatus,
    OrderType,
    SelfTradePreventionMode,
    Side,
    TimeInForce,
)
from surefoot.world import Entropy

if TYPE_CHECKING:
    from surefoot.exchange.core.order_lists import OrderList

ALGO_TYPES = frozenset(
    {
        OrderType.STOP_LOSS,
        OrderType.STOP_LOSS_LIMIT,
        OrderType.TAKE_PROFIT,
        OrderType.TAKE_PROFIT_LIMIT,
    }
)
"""Orders that wait for a price before they work."""

WITH_LIFE = frozenset({OrderType.LIMIT, OrderType.STOP_LOSS_LIMIT, OrderType.TAKE_PROFIT_LIMIT})
"""Orders that say how long they live."""

KEPT = 100_000
"""Finished orders, and trades, that an account keeps per symbol; the oldest are forgotten first."""


class Holder:
    """An account as the engine sees it: rates at 1e-8, and how many orders and lists it has open everywhere.

    A `house` account (synthetic liquidity) is judged by no filter, told nothing, and keeps no history.
    """

    __slots__ = (
        "algo_count", "house", "iceberg_count", "list_count", "maker_rate", "name", "open_count",
        "taker_rate",
    )  # fmt: skip

    def __init__(self, name: str, maker_rate: int, taker_rate: int, *, house: bool) -> None:
        self.name = name
        self.maker_rate = maker_rate
        self.taker_rate = taker_rate
        self.house = house
        self.open_count = self.algo_count = self.iceberg_count = self.list_count = 0


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


class Special:
    """What only some orders have, as it changes: see `Particulars`.

    `extreme` is the best price followed; `lock_price` what a buying order without a price locks at while it
    waits.
    """

    __slots__ = (
        "amendments", "extreme", "iceberg_qty", "lock_price", "match_id", "prevented_qty", "stop_price",
        "trailing_delta", "trailing_us",
    )  # fmt: skip

    def __init__(self, order: Place) -> None:
        self.stop_price = order.stop_price
        self.lock_price = order.stop_price or 0
        self.trailing_delta = order.trailing_delta
        self.iceberg_qty = order.iceberg_qty or 0
        self.trailing_us: int | None = None
        self.extreme: int | None = None
        self.prevented_qty = 0
        self.match_id: int | None = None
        self.amendments: list[Amendment] = []

    def snapshot(self) -> Particulars:
        """As it is now."""
        return Particulars(
            self.stop_price or 0,
            self.iceberg_qty,
            self.trailing_delta,
            self.trailing_us,
            self.prevented_qty,
            self.match_id,
        )


class OrderState(Entry):
    """One order. `key`, `left`, `hidden` and `peak` (from the book) are in ticks and steps, everything else
    at 1e-8.

    `locked` is what it still holds of the asset it pays with; `starved` says that the book was too thin
    for its quoteOrderQty; `special` is what plain orders have not; `order_list` the list it belongs to.
    """

    __slots__ = (
        "client_order_id", "executed_qty", "expiry_reason", "locked", "order_id", "order_list", "orig_qty",
        "prevention", "price", "quote_order_qty", "quote_qty", "seat", "side", "special", "starved", "status",
        "strategy_id", "strategy_type", "symbol", "time_in_force", "time_us", "type", "update_us",
        "working_us",
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
        prevention: SelfTradePreventionMode,
        now_us: int,
    ) -> None:
        self.key = key
        self.left = steps
        self.hidden = self.peak = 0
        self.level = self.before = self.after = None
        self.seat = seat
        self.symbol = order.symbol
        self.order_id = order_id
        self.client_order_id = client_order_id
        self.side = order.side
        self.type = kind = order.type
        given = order.time_in_force if kind in WITH_LIFE else None
        self.time_in_force = given or TimeInForce.GTC
        self.price = order.price or 0
        self.orig_qty = qty
        self.quote_order_qty = order.quote_order_qty or 0
        self.locked = 0
        self.time_us = self.update_us = now_us
        self.working_us = 0
        self.executed_qty = self.quote_qty = 0
        self.status = OrderStatus.NEW
        self.strategy_id = order.strategy_id
        self.strategy_type = order.strategy_type
        self.expiry_reason: ExpiryReason | None = None
        self.starved = False
        self.prevention = prevention
        self.order_list: OrderList | None = None
        self.special: Special | None = None
        if kind in ALGO_TYPES or order.iceberg_qty is not None:
            self.special = Special(order)

    @property
    def rest(self) -> int:
        """Steps that may still be traded, shown or not."""
        return self.left + self.hidden

    @property
    def remaining(self) -> int:
        """The quantity that is neither traded nor prevented, at 1e-8: settled, whatever the book took."""
        left = self.orig_qty - self.executed_qty
        return left if self.special is None else left - self.special.prevented_qty

    def particular(self) -> Special:
        """What only some orders have; from now on this one does."""
        if self.special is None:
            self.special = Special(_NOTHING_SPECIAL)
        return self.special

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
            self.working_us,
            self.strategy_id,
            self.strategy_type,
            self.expiry_reason,
            self.prevention,
            -1 if self.order_list is None else self.order_list.order_list_id,
            PLAIN if self.special is None else self.special.snapshot(),
            self.seat.digits,
        )


_NOTHING_SPECIAL = Place(account="", symbol="", side=Side.BUY, type=OrderType.LIMIT)


class Seat:
    """One account at one symbol: its two wallets, its open orders, its history."""

    __slots__ = (
        "algo_count",
        "base",
        "by_client_id",
        "by_id",
        "digits",
        "done",
        "holder",
        "iceberg_count",
        "kept",
        "list_count",
        "open",
        "prevented",
        "quote",
        "reused",
        "trades",
    )

    def __init__(
        self, holder: Holder, base: Wallet, quote: Wallet, kept: int = KEPT, digits: Digits = EIGHT
    ) -> None:
        self.holder = holder
        self.digits = digits
        self.base = base
        self.quote = quote
        self.kept = 0 if holder.house else kept
        self.algo_count = self.iceberg_count = self.list_count = 0
        self.open: dict[int, OrderState] = {}
        self.by_id: dict[int, OrderState] = {}
        self.by_client_id: dict[str, OrderState] = {}
        self.reused: set[str] = set()
        self.done: deque[OrderState] = deque()
        self.trades: list[Fill] = []
        self.prevented: list[PreventedMatch] = []

    def purse(self, side: Side) -> Wallet:
        """What an order of `side` pays from."""
        return self.quote if side is Side.BUY else self.base

    def own_steps(self, side: Side, prevention: SelfTradePreventionMode) -> dict[int, int]:
        """Steps by book key that an order of `side` with that mode must not trade with: the account's own."""
        own: dict[int, int] = {}
        if prevention is not SelfTradePreventionMode.NONE:
            for order in self.open.values():
                if order.level is not None and order.side is not side:
                    own[order.key] = own.get(order.key, 0) + order.left + order.hidden
        return own

    def add(self, order: OrderState) -> None:
        """A new order; it takes over its client order id."""
        self.open[order.order_id] = self.by_id[order.order_id] = order
        if order.client_order_id in self.by_client_id:
            self.reused.add(order.client_order_id)
        self.by_client_id[order.client_order_id] = order
        self._count(order, 1)

    def finish(self, order: OrderState) -> None:
        """The order is final: its client order id is free again, and it may be forgotten one day."""
        del self.open[order.order_id]
        self._count(order, -1)
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

    def remember(self, match: PreventedMatch) -> None:
        """Remember a prevented match."""
        self.prevented.append(match)
        if len(self.prevented) > 2 * self.kept:
            del self.prevented[: -self.kept]

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

    def _count(self, order: OrderState, change: int) -> None:
        special = order.special
        self.holder.open_count += change
        if special is not None:
            for counted in (self, self.holder):
                counted.algo_count += change * (order.type in ALGO_TYPES)
                counted.iceberg_count += change * (special.iceberg_qty > 0)

    def _forget_id(self, order: OrderState) -> None:
        if self.by_client_id.get(order.client_order_id) is order:
            del self.by_client_id[order.client_order_id]
