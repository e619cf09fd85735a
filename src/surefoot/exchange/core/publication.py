"""What a market says: reports and balances to the owners, changes of book and best prices to everyone."""

from collections.abc import Iterable

from surefoot.exchange.core.book import Book, BookSide
from surefoot.exchange.core.commands import (
    BalanceChange,
    Depth,
    DepthChange,
    Effect,
    Fill,
    Held,
    ListChange,
    ListSnapshot,
    Prevented,
    Report,
    TopChange,
    TradeTick,
)
from surefoot.exchange.core.listing import Digits, Listing
from surefoot.exchange.core.orders import OrderState, Seat
from surefoot.spot.enums import ExecutionType, OrderRejectReason, TimeInForce
from surefoot.world import Entropy

_ACCEPTED = OrderRejectReason.NONE
_FIRST_UPDATE, _UPDATES_SPREAD = 50_000_000_000, 10_000_000_000
_FIRST_EXECUTION, _EXECUTIONS_SPREAD = 20_000_000_000, 20_000_000_000


class Publication:
    """Appends effects to the outbox. Update ids count changed levels, execution ids count reports.

    `places` are the decimals of both assets when balances are told.
    """

    def __init__(
        self,
        listing: Listing,
        book: Book[OrderState],
        outbox: list[Effect],
        entropy: Entropy,
        places: Digits,
    ) -> None:
        self._listing = listing
        self._places = places
        self._book = book
        self._outbox = outbox
        self._moved: dict[Seat, None] = {}
        self._top = (0, 0, 0, 0)
        self._last_update_id = _FIRST_UPDATE + int(entropy.uniform() * _UPDATES_SPREAD)
        self._last_execution_id = _FIRST_EXECUTION + int(entropy.uniform() * _EXECUTIONS_SPREAD)

    def say(self, tick: TradeTick) -> None:
        """A public trade."""
        self._outbox.append(tick)

    def moved(self, seat: Seat) -> None:
        """The account's balances may have changed; said once, by the next `flush`."""
        if not seat.holder.house:
            self._moved[seat] = None

    def report(
        self,
        now_us: int,
        order: OrderState,
        execution_type: ExecutionType,
        orig_client_order_id: str = "",
        prevented: Prevented | None = None,
        *,
        reject_reason: OrderRejectReason = _ACCEPTED,
    ) -> int:
        """A change of an order that is no fill; the number of this execution."""
        if order.seat.holder.house:
            return 0
        self._moved[order.seat] = None
        self._last_execution_id += 1
        works = order.working_us > 0 and order.order_id in order.seat.open
        self._outbox.append(
            Report(
                order.snapshot(),
                execution_type,
                self._last_execution_id,
                now_us,
                works,
                orig_client_order_id,
                prevented,
                reject_reason,
            )
        )
        return self._last_execution_id

    def report_list(self, now_us: int, order_list: ListSnapshot) -> None:
        """A change of a list."""
        self._outbox.append(ListChange(order_list, now_us))

    def report_fill(self, order: OrderState, fill: Fill) -> None:
        """A fill, to the owner of `order`. What never rests is not on the book between its fills either."""
        self._last_execution_id += 1
        self._outbox.append(
            Report(
                order.snapshot(),
                ExecutionType.TRADE,
                self._last_execution_id,
                fill.time_us,
                order.remaining > 0 and order.price > 0 and order.time_in_force is TimeInForce.GTC,
                "",
                None,
                _ACCEPTED,
                fill.qty,
                fill.price,
                fill.quote_qty,
                fill.commission,
                fill.commission_asset,
                fill.trade_id,
                fill.is_maker,
            )
        )

    def flush(self, now_us: int) -> None:
        """Say what the command just handled did to balances, levels and best prices."""
        for seat in self._moved:
            self._outbox.append(self._balances(now_us, seat))
        self._moved.clear()
        bids, asks = self._book.bids.touched, self._book.asks.touched
        if bids or asks:
            self._say_depth(now_us, len(bids) + len(asks))
            self._say_top()

    def depth(self, limit: int) -> Depth:
        """The best `limit` levels of each side."""
        return Depth(
            self._last_update_id,
            _scaled(self._listing, self._book.bids.ladder(limit)),
            _scaled(self._listing, self._book.asks.ladder(limit)),
        )

    def top(self) -> TopChange:
        """The best prices now."""
        bid, bid_qty = self._book.bids.top()
        ask, ask_qty = self._book.asks.top()
        tick, step = self._listing.tick, self._listing.step
        return TopChange(
            self._listing.symbol,
            self._last_update_id,
            bid * tick,
            bid_qty * step,
            ask * tick,
            ask_qty * step,
        )

    def _balances(self, now_us: int, seat: Seat) -> BalanceChange:
        base, quote, listing = seat.base, seat.quote, self._listing
        digits = self._places
        held = (
            Held(listing.base, base.free, base.locked, digits.base),
            Held(listing.quote, quote.free, quote.locked, digits.quote),
        )
        return BalanceChange(seat.holder.name, now_us, held)

    def _say_depth(self, now_us: int, changes: int) -> None:
        first = self._last_update_id + 1
        self._last_update_id += changes
        self._outbox.append(
            DepthChange(
                self._listing.symbol,
                now_us,
                first,
                self._last_update_id,
                self._changes(self._book.bids),
                self._changes(self._book.asks),
            )
        )

    def _changes(self, side: BookSide[OrderState]) -> tuple[tuple[int, int], ...]:
        if not side.touched:
            return ()
        tick, step = self._listing.tick * side.sign, self._listing.step
        changed = tuple([(key * tick, steps * step) for key, steps in side.touched.items()])
        side.touched.clear()
        return changed

    def _say_top(self) -> None:
        top = (*self._book.bids.top(), *self._book.asks.top())
        if top != self._top:
            self._top = top
            self._outbox.append(self.top())


def _scaled(listing: Listing, levels: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Ticks and steps as price and quantity at 1e-8."""
    tick, step = listing.tick, listing.step
    return tuple([(ticks * tick, steps * step) for ticks, steps in levels])
