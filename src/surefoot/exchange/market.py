"""One symbol's machine: it admits, matches, settles, and says what happened."""

from collections.abc import Iterable, Mapping
from typing import Any

from surefoot.exchange.admission import Admission, Size, View
from surefoot.exchange.book import WORST, Book
from surefoot.exchange.commands import (
    Cancel,
    Canceled,
    Effect,
    Fill,
    OrderSnapshot,
    Place,
    Placed,
    Refusal,
)
from surefoot.exchange.ledger import FEES, Ledger
from surefoot.exchange.listing import Listing
from surefoot.exchange.orders import Holder, Names, OrderState, Seat
from surefoot.exchange.publication import Publication
from surefoot.exchange.settlement import Settlement
from surefoot.exchange.tape import Tape
from surefoot.spot.enums import (
    CancelRestrictions,
    ExecutionType,
    ExpiryReason,
    OrderStatus,
    OrderType,
    Side,
    TimeInForce,
)
from surefoot.world import Entropy

UNKNOWN = Refusal(-2011, "Unknown order sent.")
NO_SUCH_ORDER = Refusal(-2013, "Order does not exist.")
_NO_ID = Refusal(-2011, "Cancel order is invalid. Check origClOrdId and orderId.")
_MISMATCH = Refusal(-2039, "Client order ID is not correct for this order ID.")
_RESTRICTED = Refusal(-2011, "Order was not canceled due to cancel restrictions.")
_RESTRICTIONS = {
    CancelRestrictions.ONLY_NEW: OrderStatus.NEW,
    CancelRestrictions.ONLY_PARTIALLY_FILLED: OrderStatus.PARTIALLY_FILLED,
}
_SHORTAGE = {
    TimeInForce.IOC: ExpiryReason.UNFILLED_IOC_QUANTITY_EXPIRED,
    TimeInForce.FOK: ExpiryReason.UNFILLED_FOK_ORDER_EXPIRED,
}
_AVERAGE_MINUTES = 5  # what GET avgPrice speaks of
_FIRST_ORDER, _ORDERS_SPREAD = 10_000_000_000, 10_000_000_000


class Market:
    """Book, tape, seats and counters of one symbol. Order ids begin at a number as large as production's."""

    def __init__(
        self,
        listing: Listing,
        ledger: Ledger,
        outbox: list[Effect],
        *,
        entropy: Entropy,
        last_price: int | None = None,
        exchange_filters: Iterable[Mapping[str, Any]] = (),
    ) -> None:
        self.listing = listing
        self.book: Book[OrderState] = Book()
        self._admission = Admission(listing, self.book, exchange_filters)
        self.tape = Tape(max(self._admission.longest_average_minutes, _AVERAGE_MINUTES), last_price)
        self.publication = Publication(listing, self.book, outbox, entropy)
        fees = Seat(
            Holder(FEES, 0, 0, house=True),
            ledger.wallet(FEES, listing.base),
            ledger.wallet(FEES, listing.quote),
        )
        self._settlement = Settlement(listing, self.tape, self.publication, fees, entropy)
        self._ledger = ledger
        self._names = Names(entropy)
        self._seats: dict[str, Seat] = {}
        self._last_order_id = _FIRST_ORDER + int(entropy.uniform() * _ORDERS_SPREAD)

    def seat(self, holder: Holder) -> Seat:
        """The account's place at this market, made when it is first asked for."""
        seat = self._seats.get(holder.name)
        if seat is None:
            base, quote = (
                self._ledger.wallet(holder.name, asset) for asset in (self.listing.base, self.listing.quote)
            )
            seat = self._seats[holder.name] = Seat(holder, base, quote)
        return seat

    def test(self, now_us: int, order: Place, seat: Seat) -> Refusal | None:
        """Judge an order without placing it: no look at balances, book or ids."""
        return self._admission.judge(order, View(self.tape, seat, now_us))

    def place(self, now_us: int, order: Place, seat: Seat) -> Placed | Refusal:
        """Admit, match, then rest or expire."""
        view = View(self.tape, seat, now_us)
        if not seat.holder.house and (refusal := self._admission.judge(order, view)) is not None:
            return refusal
        size = self._admission.size(order, view, seat)
        if isinstance(size, Refusal):
            return size
        state = self._accept(now_us, order, size, seat)
        fills = self._match(now_us, state)
        if state.status is not OrderStatus.FILLED:
            self._settle_rest(now_us, state)
        self.publication.flush(now_us)
        return Placed(state.snapshot(), fills)

    def cancel(self, now_us: int, cancel: Cancel, seat: Seat) -> Canceled | Refusal:
        """Take an open order out of the book and rename it, as the exchange does."""
        if cancel.order_id is None and cancel.orig_client_order_id is None:
            return _NO_ID
        order = self._find(seat, cancel.order_id, cancel.orig_client_order_id, UNKNOWN)
        if isinstance(order, Refusal):
            return order
        if order.order_id not in seat.open:
            return UNKNOWN
        if cancel.restrictions is not None and order.status is not _RESTRICTIONS.get(cancel.restrictions):
            return _RESTRICTED
        return self._withdraw(now_us, order, cancel.new_client_order_id)

    def order(self, seat: Seat, order_id: int | None, client_order_id: str | None) -> OrderSnapshot | Refusal:
        """An order, open or done."""
        order = self._find(seat, order_id, client_order_id, NO_SUCH_ORDER)
        return order if isinstance(order, Refusal) else order.snapshot()

    def _accept(self, now_us: int, order: Place, size: Size, seat: Seat) -> OrderState:
        listing, side = self.listing, order.side
        self._last_order_id += 1
        state = OrderState(
            seat,
            order,
            order_id=self._last_order_id,
            client_order_id=self._names.given_or_made(order.client_order_id, seat.holder),
            key=(order.price or 0) // listing.tick * self.book.own(side).sign,
            steps=size.steps,
            qty=size.steps * listing.step,
            lock=size.lock,
            now_us=now_us,
        )
        state.starved = size.starved
        (seat.quote if side is Side.BUY else seat.base).lock(size.lock)
        seat.add(state)
        self.publication.report(now_us, state, ExecutionType.NEW)
        return state

    def _match(self, now_us: int, order: OrderState) -> tuple[Fill, ...]:
        other = self.book.other(order.side)
        limit = WORST if order.type is OrderType.MARKET else -order.key
        if not other.keys or other.keys[-1] < limit:
            return ()
        if order.time_in_force is TimeInForce.FOK and other.available(limit, order.left) < order.left:
            return ()
        hits = other.take(limit, order.left)
        return tuple([self._settlement.trade(now_us, order, maker, steps) for maker, steps in hits])

    def _settle_rest(self, now_us: int, order: OrderState) -> None:
        if order.type is OrderType.MARKET:
            self._expire(now_us, order, ExpiryReason.INSUFFICIENT_LIQUIDITY)
        elif order.time_in_force is TimeInForce.GTC:
            self.book.own(order.side).add(order)
        else:
            self._expire(now_us, order, _SHORTAGE[order.time_in_force])

    def _expire(self, now_us: int, order: OrderState, reason: ExpiryReason) -> None:
        order.expiry_reason = reason
        self._settlement.close(now_us, order, OrderStatus.EXPIRED)
        self.publication.report(now_us, order, ExecutionType.EXPIRED)

    def _withdraw(self, now_us: int, order: OrderState, new_client_order_id: str | None) -> Canceled:
        original = order.client_order_id
        self.book.own(order.side).remove(order)
        self._settlement.close(now_us, order, OrderStatus.CANCELED)
        if not order.seat.holder.house:
            order.seat.rename(order, self._names.given_or_made(new_client_order_id, order.seat.holder))
        self.publication.report(now_us, order, ExecutionType.CANCELED, original)
        self.publication.flush(now_us)
        return Canceled(order.snapshot(), original)

    def _find(
        self, seat: Seat, order_id: int | None, client_order_id: str | None, missing: Refusal
    ) -> OrderState | Refusal:
        if order_id is None:
            return seat.by_client_id.get(client_order_id or "", missing)
        order = seat.by_id.get(order_id)
        if order is not None and client_order_id not in {None, order.client_order_id}:
            return _MISMATCH
        return order or missing
