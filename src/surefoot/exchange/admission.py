"""Whether an order may enter: the symbol's state, the order's shape, the filters, then size and funds."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from surefoot.exchange.book import Book
from surefoot.exchange.commands import Place, Refusal
from surefoot.exchange.filters import Asked, Filters
from surefoot.exchange.listing import SCALE, Listing, units
from surefoot.exchange.orders import OrderState, Seat
from surefoot.exchange.tape import Tape
from surefoot.spot.enums import OrderType, Side, SymbolStatus, TimeInForce

INVALID, REJECTED = -1013, -2010

CLOSED = Refusal(INVALID, "Market is closed.")
COMBINATION = Refusal(INVALID, "Unsupported order combination")
NO_QUOTE_QTY = Refusal(INVALID, "Quote order qty market orders are not support for this symbol.")
NOTHING = Refusal(INVALID, "Price * QTY is zero or less.")
NO_PRICE_YET = Refusal(REJECTED, "This order type is not possible in this trading phase.")
POOR = Refusal(REJECTED, "Account has insufficient balance for requested action.")
DUPLICATE = Refusal(REJECTED, "Duplicate order sent.")
WOULD_TAKE = Refusal(REJECTED, "Order would immediately match and take.")
EMPTY_BOOK = Refusal(REJECTED, "Order book liquidity is less than symbol minimum quantity.")
THIN_FOR_LOT = Refusal(REJECTED, "Order book liquidity is less than `LOT_SIZE` filter minimum quantity.")

_UNSUPPORTED = "{} orders are not supported for this symbol."
_SERVED = frozenset({OrderType.LIMIT, OrderType.LIMIT_MAKER, OrderType.MARKET})
_LIVES = frozenset({TimeInForce.GTC, TimeInForce.IOC, TimeInForce.FOK})


class Size(msgspec.Struct, frozen=True, gc=False):
    """What an admitted order will do: steps to trade, what it locks of the asset it pays with.

    `starved`: the book holds less than its quoteOrderQty asks for.
    """

    steps: int
    lock: int
    starved: bool = False


class View:
    """What filters see: one account at one market at one moment."""

    __slots__ = ("_now_us", "_seat", "_tape")

    def __init__(self, tape: Tape, seat: Seat, now_us: int) -> None:
        self._tape = tape
        self._seat = seat
        self._now_us = now_us

    def reference(self, minutes: int) -> int | None:
        return self._tape.average(self._now_us, minutes)

    def open_orders(self) -> int:
        return len(self._seat.open)

    def open_orders_everywhere(self) -> int:
        return self._seat.holder.open_count

    def position(self) -> int:
        """What the account has of the base asset, and what its open BUY orders may still add."""
        buys = (order for order in self._seat.open.values() if order.side is Side.BUY)
        held = self._seat.base.free + self._seat.base.locked
        return held + sum(order.orig_qty - order.executed_qty for order in buys)


class Admission:
    """The judge at one market's door. It changes nothing."""

    def __init__(
        self,
        listing: Listing,
        book: Book[OrderState],
        exchange_filters: Iterable[Mapping[str, Any]] = (),
    ) -> None:
        self._listing = listing
        self._book = book
        self._filters = Filters((*listing.filters, *exchange_filters))
        lot = listing.filter("LOT_SIZE")
        self._smallest_lot = units(lot["minQty"]) if lot else 0
        self.longest_average_minutes = self._filters.longest_average_minutes

    def judge(self, order: Place, view: View) -> Refusal | None:
        """Everything that is decided without looking at the book or the purse (what order/test answers)."""
        return (
            self._wrong_state(order, view)
            or _wrong_shape(order)
            or self._filtered(order, view, order.quantity)
        )

    def size(self, order: Place, view: View, seat: Seat) -> Size | Refusal:
        """How much it will trade and lock; a refusal where book, id or purse forbid it."""
        size = self._sized(order)
        if isinstance(size, Refusal):
            return size
        quoted = order.quote_order_qty is not None
        if quoted and (refusal := self._filtered(order, view, size.steps * self._listing.step)):
            return refusal
        if order.type is OrderType.LIMIT_MAKER and self._would_take(order):
            return WOULD_TAKE
        if order.client_order_id is not None and seat.in_use(order.client_order_id):
            return DUPLICATE
        purse = seat.quote if order.side is Side.BUY else seat.base
        return POOR if size.lock > purse.free else size

    def _wrong_state(self, order: Place, view: View) -> Refusal | None:
        listing = self._listing
        if listing.status is not SymbolStatus.TRADING:
            return CLOSED
        if order.type not in _SERVED or order.type not in listing.order_types:
            return Refusal(INVALID, _UNSUPPORTED.format(order.type.replace("_", " ").capitalize()))
        if order.quote_order_qty is not None and not listing.quote_order_qty_allowed:
            return NO_QUOTE_QTY
        if order.type is OrderType.MARKET and view.reference(0) is None:
            return NO_PRICE_YET
        return None

    def _filtered(self, order: Place, view: View, quantity: int | None) -> Refusal | None:
        asked = Asked(order.side, order.type, order.price, quantity, order.quote_order_qty)
        failure = self._filters.failure(asked, view)
        if failure is not None:
            return Refusal(INVALID, f"Filter failure: {failure}")
        if order.price is not None and quantity is not None and order.price * quantity < SCALE:
            return NOTHING
        return None

    def _sized(self, order: Place) -> Size | Refusal:
        if order.quote_order_qty is not None:
            return self._sized_by_quote(order, order.quote_order_qty)
        listing, quantity = self._listing, order.quantity or 0
        steps = quantity // listing.step
        if order.side is Side.SELL:
            return Size(steps, quantity)
        if order.price is not None:
            return Size(steps, listing.notional(order.price, quantity))
        _, value = self._book.asks.cost(steps)
        return Size(steps, value * listing.tick * listing.step // SCALE)

    def _sized_by_quote(self, order: Place, budget: int) -> Size | Refusal:
        listing, other = self._listing, self._book.other(order.side)
        if not other.keys:
            return EMPTY_BOOK
        steps, starved = other.affordable(budget * SCALE // (listing.tick * listing.step))
        quantity = steps * listing.step
        if starved and quantity < max(self._smallest_lot, 1):
            return THIN_FOR_LOT
        return Size(steps, budget if order.side is Side.BUY else quantity, starved)

    def _would_take(self, order: Place) -> bool:
        other = self._book.other(order.side)
        key = (order.price or 0) // self._listing.tick * other.sign
        return bool(other.keys) and other.keys[-1] >= key


def _wrong_shape(order: Place) -> Refusal | None:
    sizes = [size for size in (order.quantity, order.quote_order_qty) if size is not None]
    if len(sizes) != 1 or (order.price is None) != (order.type is OrderType.MARKET):
        return COMBINATION
    if order.type is not OrderType.MARKET and order.quote_order_qty is not None:
        return COMBINATION
    if order.type is OrderType.LIMIT and order.time_in_force not in _LIVES:
        return COMBINATION
    if sizes[0] <= 0 or (order.price is not None and order.price <= 0):
        return NOTHING
    return None
