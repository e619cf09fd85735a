"""Whether an order may enter: the symbol's state, the order's shape, the filters, then size and funds."""

from collections.abc import Iterable, Mapping
from typing import Any

from surefoot.exchange.core.book import Book
from surefoot.exchange.core.commands import Place, Refusal
from surefoot.exchange.core.count_filters import CountFilters, Crowd
from surefoot.exchange.core.filters import AT_AMEND, AT_TRIGGER, Asked, Filters, MaxAsset
from surefoot.exchange.core.listing import Listing, units
from surefoot.exchange.core.orders import ALGO_TYPES, WITH_LIFE, OrderState
from surefoot.exchange.core.sizing import Size, Sizing
from surefoot.exchange.core.triggers import fires_above, reached
from surefoot.exchange.core.view import View
from surefoot.spot.enums import OrderRejectReason, OrderType, Side, SymbolStatus, TimeInForce

INVALID, REJECTED = -1013, -2010

CLOSED = Refusal(INVALID, "Market is closed.")
COMBINATION = Refusal(INVALID, "Unsupported order combination")
NO_QUOTE_QTY = Refusal(INVALID, "Quote order qty market orders are not support for this symbol.")
NO_ICEBERG = Refusal(INVALID, "Iceberg orders are not supported for this symbol.")
NO_TRAILING = Refusal(INVALID, "Trailing stop orders are not supported for this symbol.")
NO_SUCH_PREVENTION = Refusal(INVALID, "This symbol does not allow the specified self-trade prevention mode.")
TOO_MUCH_SHOWN = Refusal(INVALID, "IcebergQty exceeds QTY.")
NOTHING = Refusal(INVALID, "Price * QTY is zero or less.")
NO_PRICE_YET = Refusal(REJECTED, "This order type is not possible in this trading phase.")
POOR = Refusal(REJECTED, "Account has insufficient balance for requested action.")
DUPLICATE = Refusal(REJECTED, "Duplicate order sent.")
WOULD_TAKE = Refusal(REJECTED, "Order would immediately match and take.")
WOULD_TRIGGER = Refusal(REJECTED, "Order would trigger immediately.")
REJECT_REASONS = {
    POOR: OrderRejectReason.INSUFFICIENT_BALANCES,
    WOULD_TAKE: OrderRejectReason.WOULD_MATCH_IMMEDIATELY,
    WOULD_TRIGGER: OrderRejectReason.STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY,
}
"""What an executionReport says of a refusal; of others the official page has no word."""

_UNSUPPORTED = "{} orders are not supported for this symbol."
_LIVES = frozenset({TimeInForce.GTC, TimeInForce.IOC, TimeInForce.FOK})
_PRICELESS = frozenset({OrderType.MARKET, OrderType.STOP_LOSS, OrderType.TAKE_PROFIT})


def crowd(orders: Iterable[Place], lists: int = 0) -> Crowd:
    """How much these orders add to what is open."""
    placed = tuple(orders)
    algo = sum(order.type in ALGO_TYPES for order in placed)
    return Crowd(len(placed), algo, sum(bool(order.iceberg_qty) for order in placed), lists)


class Admission:
    """The judge at one market's door. It changes nothing; `status` is the market's now."""

    def __init__(
        self,
        listing: Listing,
        book: Book[OrderState],
        exchange_filters: Iterable[Mapping[str, Any]] = (),
        asset_filters: Iterable[Mapping[str, Any]] = (),
    ) -> None:
        self._listing = listing
        self.status = listing.status
        raw = (*listing.filters, *exchange_filters)
        self._filters = Filters(raw, _asset_limits(listing, asset_filters))
        self.counts = CountFilters(raw)
        self.sizing = Sizing(listing, book)
        self.longest_average_minutes = self._filters.longest_average_minutes

    def judge(self, order: Place, view: View) -> Refusal | None:
        """Everything that is decided without looking at the book or the purse (what order/test answers)."""
        return self.judge_leg(order, view) or self.crowded(crowd((order,)), view)

    def judge_leg(self, order: Place, view: View) -> Refusal | None:
        """The same but for the filters that count what is open: those look at a list as a whole."""
        return (
            self._wrong_state(order, view)
            or _wrong_shape(order)
            or self._filtered(order, view, order.quantity)
        )

    def crowded(self, more: Crowd, view: View) -> Refusal | None:
        """Whether the account would have too much open."""
        failure = self.counts.failure(more, view.here(), view.everywhere())
        return None if failure is None else _failed(failure)

    def size(self, order: Place, view: View) -> Size | Refusal:
        """How much it will trade and lock; a refusal where book, id or purse forbid it."""
        size = self.sizing.sized(order, view)
        if isinstance(size, Refusal):
            return size
        seat = view.seat
        quoted = order.quote_order_qty is not None
        if quoted and (refusal := self._filtered(order, view, size.steps * self._listing.step)):
            return refusal
        if (refusal := self.untimely(order, view)) is not None:
            return refusal
        if order.client_order_id is not None and seat.in_use(order.client_order_id):
            return DUPLICATE
        return POOR if size.lock > seat.purse(order.side).free else size

    def untimely(self, order: Place, view: View) -> Refusal | None:
        """Whether the market is where the order must not find it: it would take, or trigger at once."""
        if order.type is OrderType.LIMIT_MAKER and self.sizing.would_take(order):
            return WOULD_TAKE
        if order.stop_price is not None and view.last_price is not None:
            above = fires_above(order.type, order.side)
            if reached(order.stop_price, view.last_price, above=above):
                return WOULD_TRIGGER
        return None

    def amended(self, asked: Asked, view: View) -> Refusal | None:
        """Whether an order may be as small as that."""
        failure = self._filters.failure(asked, view, AT_AMEND)
        return None if failure is None else _failed(failure)

    def going_live(self, plan: Place, view: View) -> Size | Refusal:
        """What a pending order will trade and lock; a refusal where filters or the market forbid it now."""
        refusal = self._filtered(plan, view, plan.quantity, AT_TRIGGER)
        if refusal is not None:
            return refusal
        size = self.sizing.sized(plan, view)
        return size if isinstance(size, Refusal) else self.untimely(plan, view) or size

    def at_trigger(self, order: OrderState, view: View) -> int | Refusal:
        """What a waiting order has to hold once it works; a refusal where filters or purse forbid it."""
        kind = OrderType.LIMIT if order.price else OrderType.MARKET
        asked = Asked(order.side, kind, order.price or None, order.orig_qty)
        failure = self._filters.failure(asked, view, AT_TRIGGER)
        if failure is not None:
            return _failed(failure)
        lock = order.locked
        if order.side is Side.BUY and not order.price:
            own = order.seat.own_steps(order.side, order.prevention)
            lock = self.sizing.market_cost(order.left, own)
        return POOR if lock - order.locked > view.seat.purse(order.side).free else lock

    def _wrong_state(self, order: Place, view: View) -> Refusal | None:
        listing = self._listing
        if self.status is not SymbolStatus.TRADING:
            return CLOSED
        if order.type not in listing.order_types:
            return Refusal(INVALID, _UNSUPPORTED.format(order.type.replace("_", " ").capitalize()))
        if order.prevention is not None and order.prevention not in listing.preventions:
            return NO_SUCH_PREVENTION
        if (refusal := _not_allowed(order, listing.allowed)) is not None:
            return refusal
        waits_or_takes = order.type is OrderType.MARKET or order.type in ALGO_TYPES
        return NO_PRICE_YET if waits_or_takes and view.last_price is None else None

    def _filtered(
        self, order: Place, view: View, quantity: int | None, only: frozenset[str] | None = None
    ) -> Refusal | None:
        asked = Asked(
            order.side,
            order.type,
            order.price,
            quantity,
            order.quote_order_qty,
            order.stop_price,
            order.trailing_delta,
            order.iceberg_qty,
        )
        failure = self._filters.failure(asked, view, only)
        if failure is not None:
            return _failed(failure)
        if (
            order.price is not None
            and quantity is not None
            and not self._listing.notional(order.price, quantity)
        ):
            return NOTHING
        return None


def _not_allowed(order: Place, allowed: frozenset[str]) -> Refusal | None:
    if order.quote_order_qty is not None and "quoteOrderQtyMarketAllowed" not in allowed:
        return NO_QUOTE_QTY
    if order.iceberg_qty is not None and "icebergAllowed" not in allowed:
        return NO_ICEBERG
    if order.trailing_delta is not None and "allowTrailingStop" not in allowed:
        return NO_TRAILING
    return None


def _wrong_shape(order: Place) -> Refusal | None:
    kind, price, stop_price = order.type, order.price, order.stop_price
    quoted = order.quote_order_qty is not None
    size = order.quote_order_qty if quoted else order.quantity
    if size is None or (quoted and (order.quantity is not None or kind is not OrderType.MARKET)):
        return COMBINATION
    waits = stop_price is not None or order.trailing_delta is not None
    if (price is None) != (kind in _PRICELESS) or waits != (kind in ALGO_TYPES):
        return COMBINATION
    if kind in WITH_LIFE and order.time_in_force not in _LIVES:
        return COMBINATION
    if size <= 0 or (price is not None and price <= 0) or (stop_price is not None and stop_price <= 0):
        return NOTHING
    return TOO_MUCH_SHOWN if (order.iceberg_qty or 0) > size else None


def _failed(name: str) -> Refusal:
    return Refusal(INVALID, f"Filter failure: {name}")


def _asset_limits(listing: Listing, raw: Iterable[Mapping[str, Any]]) -> list[MaxAsset]:
    assets = (listing.base, listing.quote)
    return [
        MaxAsset(units(entry["limit"]), entry["asset"] == listing.base)
        for entry in raw
        if entry["asset"] in assets
    ]
