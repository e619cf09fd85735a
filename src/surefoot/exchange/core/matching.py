"""Working orders against the book: they take what they may, then rest or expire."""

from collections import deque

from surefoot.exchange.core.book import WORST, Book, BookSide
from surefoot.exchange.core.commands import Fill, PreventedMatch
from surefoot.exchange.core.listing import Listing
from surefoot.exchange.core.orders import OrderState
from surefoot.exchange.core.prevention import Prevention
from surefoot.exchange.core.publication import Publication
from surefoot.exchange.core.settlement import Settlement
from surefoot.exchange.core.triggers import Triggers
from surefoot.spot.enums import (
    ExecutionType,
    ExpiryReason,
    OrderStatus,
    SelfTradePreventionMode,
    TimeInForce,
)

_SHORTAGE = {
    TimeInForce.IOC: ExpiryReason.UNFILLED_IOC_QUANTITY_EXPIRED,
    TimeInForce.FOK: ExpiryReason.UNFILLED_FOK_ORDER_EXPIRED,
}


class Matching:
    """Matches at one symbol. Orders of lists that traded or ended wait in `agenda` for what that sets off."""

    def __init__(
        self,
        listing: Listing,
        book: Book[OrderState],
        settlement: Settlement,
        publication: Publication,
        triggers: Triggers,
    ) -> None:
        self._listing = listing
        self._book = book
        self._settlement = settlement
        self._publication = publication
        self._triggers = triggers
        self._prevention = Prevention(listing, book, settlement, publication)
        self.agenda: deque[OrderState] = deque()
        self.prevented: list[PreventedMatch] = []

    def work(self, now_us: int, order: OrderState) -> tuple[Fill, ...]:
        """Match an accepted order that works from now on; what it took."""
        fills = self._match(now_us, order)
        if order.order_id in order.seat.open:
            self._settle_rest(now_us, order)
        elif order.order_list is not None:
            self.agenda.append(order)
        return fills

    def expire(self, now_us: int, order: OrderState, reason: ExpiryReason) -> None:
        """The exchange ends an open order that is in the book, waits, or is just being matched."""
        self.withdraw(order)
        order.expiry_reason = reason
        self._settlement.close(now_us, order, OrderStatus.EXPIRED)
        self._publication.report(now_us, order, ExecutionType.EXPIRED)
        if order.order_list is not None:
            self.agenda.append(order)

    def withdraw(self, order: OrderState) -> None:
        """Take an order from where it rests or waits, if it does."""
        if order.level is not None:
            self._book.own(order.side).remove(order)
        elif order.special is not None:
            self._triggers.remove(order)

    def _match(self, now_us: int, order: OrderState) -> tuple[Fill, ...]:
        other = self._book.other(order.side)
        limit = -order.key if order.price else WORST
        if not other.keys or other.keys[-1] < limit:
            return ()
        if order.time_in_force is TimeInForce.FOK:
            own = order.seat.own_steps(order.side, order.prevention)
            if other.available(limit, order.left, own) < order.left:
                return ()
        if order.prevention is not SelfTradePreventionMode.NONE and _meets_itself(order, other, limit):
            return self._match_carefully(now_us, order, other, limit)
        hits = other.take(limit, order.left)
        return tuple([self._trade(now_us, order, maker, steps) for maker, steps in hits])

    def _match_carefully(
        self, now_us: int, order: OrderState, other: BookSide[OrderState], limit: int
    ) -> tuple[Fill, ...]:
        """Entry by entry, since some of them are the taker's own."""
        fills = []
        while order.left and other.keys and (key := other.keys[-1]) >= limit:
            first = other.levels[key].first
            assert isinstance(first, OrderState), "a level in the book is never empty"
            if first.seat is order.seat:
                self.prevented.append(self._prevention.prevent(now_us, order, first))
                if first.order_list is not None and first.order_id not in first.seat.open:
                    self.agenda.append(first)
                continue
            for maker, steps in other.take(key, min(order.left, first.left)):
                fills.append(self._trade(now_us, order, maker, steps))
        return tuple(fills)

    def _trade(self, now_us: int, taker: OrderState, maker: OrderState, steps: int) -> Fill:
        for order in (maker, taker):
            if order.order_list is not None:
                self._settlement.claim(order)
        fill = self._settlement.trade(now_us, taker, maker, steps)
        if maker.order_list is not None:
            self.agenda.append(maker)
        if self._triggers:
            self._triggers.hear(now_us, fill.price)
        return fill

    def _settle_rest(self, now_us: int, order: OrderState) -> None:
        if not order.price:
            self.expire(now_us, order, ExpiryReason.INSUFFICIENT_LIQUIDITY)
        elif order.time_in_force is TimeInForce.GTC:
            if order.special is not None:
                order.peak = order.special.iceberg_qty // self._listing.step
            self._book.own(order.side).add(order)
            if order.order_list is not None and order.executed_qty:
                self.agenda.append(order)
        else:
            self.expire(now_us, order, _SHORTAGE[order.time_in_force])


def _meets_itself(order: OrderState, other: BookSide[OrderState], limit: int) -> bool:
    """Whether an order of the same account is among what it would take."""
    seat, left = order.seat, order.left
    for key in reversed(other.keys):
        if key < limit or left <= 0:
            return False
        level = other.levels[key]
        entry = level.first
        while entry is not None and left > 0:
            if entry.seat is seat:  # type: ignore[attr-defined]  # every entry of this book is an order
                return True
            left -= entry.left
            entry = entry.after
        left -= level.hidden  # it comes after everything that is shown
    return False
