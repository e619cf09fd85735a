"""How much an order will trade and lock, by the book as it is."""

from collections.abc import Mapping

import msgspec

from surefoot.exchange.core.book import Book
from surefoot.exchange.core.commands import Place, Refusal
from surefoot.exchange.core.listing import SCALE, Listing, units
from surefoot.exchange.core.orders import ALGO_TYPES, OrderState
from surefoot.exchange.core.view import View
from surefoot.spot.enums import Side

EMPTY_BOOK = Refusal(-2010, "Order book liquidity is less than symbol minimum quantity.")
_THIN = "Order book liquidity is less than `{}` filter minimum quantity."
_LOTS = ("LOT_SIZE", "MARKET_LOT_SIZE")


class Size(msgspec.Struct, frozen=True, gc=False):
    """What an admitted order will do: steps to trade, what it locks of the asset it pays with.

    `starved`: the book holds less than its quoteOrderQty asks for.
    """

    steps: int
    lock: int
    starved: bool = False


class Sizing:
    """Measures orders of one symbol. What the account's own orders would give is not counted."""

    def __init__(self, listing: Listing, book: Book[OrderState]) -> None:
        self._listing = listing
        self._book = book
        lots = {name: listing.filter(name) for name in _LOTS}
        self._smallest = {name: units(lot["minQty"]) for name, lot in lots.items() if lot is not None}

    def sized(self, order: Place, view: View) -> Size | Refusal:
        """How much it will trade and lock, by the book alone."""
        if order.quote_order_qty is not None:
            return self._sized_by_quote(order, order.quote_order_qty, self._own(order, view))
        listing, quantity = self._listing, order.quantity or 0
        steps = quantity // listing.step
        if order.side is Side.SELL:
            return Size(steps, quantity)
        price = order.price
        if price is None and order.type in ALGO_TYPES:
            price = order.stop_price or view.last_price
        if price is not None:
            return Size(steps, listing.notional(price, quantity))
        return Size(steps, self.market_cost(steps, self._own(order, view)))

    def _own(self, order: Place, view: View) -> Mapping[int, int]:
        """What of the other side is the account's own and will not trade."""
        return view.seat.own_steps(order.side, order.prevention or self._listing.default_prevention)

    def market_cost(self, steps: int, own: Mapping[int, int]) -> int:
        """What buying so many steps at any price would come to, without `own` steps by book key."""
        _, value = self._book.asks.cost(steps, own)
        return value * self._listing.tick * self._listing.step // SCALE

    def _sized_by_quote(self, order: Place, budget: int, own: Mapping[int, int]) -> Size | Refusal:
        listing, other = self._listing, self._book.other(order.side)
        if not other.keys:
            return EMPTY_BOOK
        steps, starved = other.affordable(budget * SCALE // (listing.tick * listing.step), own)
        quantity = steps * listing.step
        if starved:
            for name in _LOTS:
                if quantity < self._smallest.get(name, 0) or not quantity:
                    return Refusal(-2010, _THIN.format(name))
        return Size(steps, budget if order.side is Side.BUY else quantity, starved)

    def would_take(self, order: Place) -> bool:
        """Whether an order with a price would meet one in the book."""
        other = self._book.other(order.side)
        key = (order.price or 0) // self._listing.tick * other.sign
        return bool(other.keys) and other.keys[-1] >= key
