"""Cancels and amends at one symbol: of an order, of a list, of everything an account has open."""

from surefoot.exchange.core.admission import DUPLICATE
from surefoot.exchange.core.aftermath import Aftermath
from surefoot.exchange.core.commands import Cancel, Canceled, Refusal
from surefoot.exchange.core.filters import Asked
from surefoot.exchange.core.list_commands import Amend, Amended, Amendment, ListCanceled
from surefoot.exchange.core.matching import Matching
from surefoot.exchange.core.order_lists import OrderList
from surefoot.exchange.core.orders import OrderState, Seat
from surefoot.exchange.core.parts import Parts
from surefoot.exchange.core.view import View
from surefoot.spot.enums import (
    CancelRestrictions,
    ExecutionType,
    ExpiryReason,
    ListStatusType,
    OrderStatus,
    SymbolStatus,
)

AMEND = -2038
UNKNOWN = Refusal(-2011, "Unknown order sent.")
NO_SUCH_ORDER = Refusal(-2013, "Order does not exist.")
_NO_ID = Refusal(-2011, "Cancel order is invalid. Check origClOrdId and orderId.")
MISMATCH = Refusal(-2039, "Client order ID is not correct for this order ID.")
_RESTRICTED = Refusal(-2011, "Order was not canceled due to cancel restrictions.")
_RESTRICTIONS = {
    CancelRestrictions.ONLY_NEW: OrderStatus.NEW,
    CancelRestrictions.ONLY_PARTIALLY_FILLED: OrderStatus.PARTIALLY_FILLED,
}
_NO_AMEND = Refusal(AMEND, "Order amend is not supported for this symbol.")
_NOT_OPEN = Refusal(AMEND, "Unknown order sent.")
_CLOSED = Refusal(AMEND, "Market is closed.")
_LARGER = Refusal(AMEND, "Order amend (quantity increase) is not supported.")
_THE_SAME = Refusal(AMEND, "The requested action would change no state; rejecting")
_AMENDABLE = frozenset({SymbolStatus.TRADING, SymbolStatus.CANCEL_ONLY})


def find(
    seat: Seat,
    order_id: int | None,
    client_id: str | None,
    missing: Refusal,
    mismatch: Refusal | None = None,
) -> OrderState | Refusal:
    """An order of the account, open or done, by either id or by both, which then have to fit each other."""
    if order_id is None:
        return seat.by_client_id.get(client_id or "", missing)
    order = seat.by_id.get(order_id)
    if order is not None and client_id not in {None, order.client_order_id}:
        return mismatch or missing
    return order or missing


class Withdrawal:
    """Takes orders out of one symbol, whole or in part, as their owners ask."""

    def __init__(self, parts: Parts, matching: Matching, aftermath: Aftermath) -> None:
        self._listing = parts.listing
        self._book = parts.book
        self._admission = parts.admission
        self._settlement = parts.settlement
        self._publication = parts.publication
        self._names = parts.names
        self._tape = parts.tape
        self._matching = matching
        self._aftermath = aftermath

    def cancel(self, now_us: int, cancel: Cancel, seat: Seat) -> Canceled | Refusal:
        """End an open order and rename it, as the exchange does; a leg takes its whole list with it."""
        if cancel.order_id is None and cancel.orig_client_order_id is None:
            return _NO_ID
        order = find(seat, cancel.order_id, cancel.orig_client_order_id, UNKNOWN)
        if isinstance(order, Refusal):
            return order
        if order.order_id not in seat.open:
            return UNKNOWN
        if cancel.restrictions is not None and order.status is not _RESTRICTIONS.get(cancel.restrictions):
            return _RESTRICTED
        if order.order_list is None:
            return self._withdraw(now_us, order, cancel.new_client_order_id)
        ended = self.cancel_list(now_us, order.order_list, cancel.new_client_order_id)
        leg = next(one for one in ended if one.order.order_id == order.order_id)
        return Canceled(leg.order, leg.orig_client_order_id, order.order_list.snapshot(), ended)

    def cancel_list(
        self, now_us: int, order_list: OrderList, new_client_order_id: str | None
    ) -> tuple[Canceled, ...]:
        """End every open leg under one new client order id."""
        legs = order_list.open_legs
        ended = tuple([self._withdraw(now_us, leg, new_client_order_id) for leg in legs])
        self._aftermath.progress(now_us, order_list, ListStatusType.ALL_DONE)
        return ended

    def cancel_all(self, now_us: int, seat: Seat) -> tuple[ListCanceled, ...]:
        """End everything the account has open here, orders and lists, under one new client order id."""
        ended, name = [], self._names.given_or_made(None, seat.holder)
        for order in list(seat.open.values()):
            if order.order_id not in seat.open:
                continue
            if order.order_list is None:
                ended.append(ListCanceled(None, (self._withdraw(now_us, order, name),)))
            else:
                legs = self.cancel_list(now_us, order.order_list, name)
                ended.append(ListCanceled(order.order_list.snapshot(), legs))
        return tuple(ended)

    def amend(self, now_us: int, amend: Amend, seat: Seat) -> Amended | Refusal:
        """Make an open order smaller where it stands; of a pair both, since only one of them can be used."""
        order = self._amendable(now_us, amend, seat)
        if isinstance(order, Refusal):
            return order
        original = order.client_order_id
        rival = None if order.order_list is None else order.order_list.rival(order)
        execution_id = self._shrink(now_us, order, amend.new_qty, amend.new_client_order_id)
        if rival is not None:
            self._shrink(now_us, rival, amend.new_qty, rival.client_order_id)
        told = None
        if order.order_list is not None:
            if order.client_order_id != original and order.order_id in seat.open:
                self._aftermath.progress(now_us, order.order_list, ListStatusType.UPDATED)
            told = order.order_list.snapshot()
        self._aftermath.follow(now_us)
        return Amended(order.snapshot(), execution_id, original, now_us, told)

    def _withdraw(self, now_us: int, order: OrderState, new_client_order_id: str | None) -> Canceled:
        original = order.client_order_id
        self._matching.withdraw(order)
        self._settlement.close(now_us, order, OrderStatus.CANCELED)
        if not order.seat.holder.house:
            order.seat.rename(order, self._names.given_or_made(new_client_order_id, order.seat.holder))
        self._publication.report(now_us, order, ExecutionType.CANCELED, original)
        return Canceled(order.snapshot(), original)

    def _amendable(self, now_us: int, amend: Amend, seat: Seat) -> OrderState | Refusal:
        if "amendAllowed" not in self._listing.allowed:
            return _NO_AMEND
        if self._admission.status not in _AMENDABLE:
            return _CLOSED
        order = find(seat, amend.order_id, amend.orig_client_order_id, _NOT_OPEN)
        if isinstance(order, Refusal):
            return order
        if order.order_id not in seat.open:
            return _NOT_OPEN
        new_id = amend.new_client_order_id
        if new_id is not None and new_id != order.client_order_id and seat.in_use(new_id):
            return Refusal(AMEND, DUPLICATE.message)
        return self._smaller(now_us, order, amend.new_qty) or order

    def _smaller(self, now_us: int, order: OrderState, new_qty: int) -> Refusal | None:
        if new_qty > order.orig_qty:
            return _LARGER
        if new_qty == order.orig_qty:
            return _THE_SAME
        limit = self._admission.counts.max_amends
        done = 0 if order.special is None else len(order.special.amendments)
        if limit is not None and done >= limit:
            return Refusal(AMEND, "Filter failure: MAX_NUM_ORDER_AMENDS")
        special = order.particular()
        shown = min(special.iceberg_qty, new_qty) or None
        asked = Asked(
            order.side,
            order.type,
            order.price or None,
            new_qty,
            stop_price=special.stop_price,
            iceberg_qty=shown,
        )
        return self._admission.amended(asked, View(self._tape, order.seat, now_us))

    def _shrink(self, now_us: int, order: OrderState, new_qty: int, new_client_order_id: str | None) -> int:
        """Returns the execution's number. What is filled already stays: then nothing is left to trade."""
        special, original = order.particular(), order.client_order_id
        taken = order.executed_qty + special.prevented_qty
        rest = order.rest
        fewer = rest - max(new_qty - taken, 0) // self._listing.step
        before, order.orig_qty, order.update_us = order.orig_qty, max(new_qty, taken), now_us
        special.iceberg_qty = min(special.iceberg_qty, order.orig_qty)
        if order.level is None:
            order.left -= fewer
        elif fewer < rest:
            self._book.own(order.side).shrink(order, fewer)
        if order.status is not OrderStatus.PENDING_NEW:  # what is pending holds nothing yet
            self._settlement.release(order)
        new_id = self._names.given_or_made(new_client_order_id, order.seat.holder)
        if new_id != original:
            order.seat.rename(order, new_id)
        execution_id = self._publication.report(now_us, order, ExecutionType.REPLACED, original)
        special.amendments.append(
            Amendment(order.order_id, execution_id, original, new_id, before, order.orig_qty, now_us)
        )
        if new_qty <= taken:
            self._matching.expire(now_us, order, ExpiryReason.EXCHANGE_CANCELED)
        return execution_id
