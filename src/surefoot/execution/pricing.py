"""What an order is counted at, and how far from the book it may be priced (pure).

What a limit price bounds is counted at that price; what the book decides is counted at the book with the
band added; what waits for a stop price is counted at that price. A SELL counts at the highest that it may
fetch: a limit price far below the market would otherwise make it look small.
"""

from decimal import ROUND_CEILING, Context, Decimal

import msgspec

from surefoot.errors import PolicyRefusal
from surefoot.execution.standing import Top
from surefoot.rules.counts import ALGO
from surefoot.rules.legs import Leg, Ticket
from surefoot.rules.quantise import EXACT, ONE, ZERO
from surefoot.spot.enums import OrderType, Side
from surefoot.values import UNSET, trimmed

_UPWARDS = Context(prec=60, rounding=ROUND_CEILING)
_BASIS_POINT = Decimal("0.0001")
_LIMITED = frozenset(
    {OrderType.LIMIT, OrderType.LIMIT_MAKER, OrderType.STOP_LOSS_LIMIT, OrderType.TAKE_PROFIT_LIMIT}
)


class Market(msgspec.Struct, frozen=True, gc=False):
    """A symbol's book at `now_ms` as the limits look at it; `band` is None where prices are not bounded."""

    symbol: str
    top: Top | None
    now_ms: int
    stale_after_ms: int
    band: Decimal | None

    def best(self, side: Side) -> Decimal:
        """What the book asks of a BUY, or bids to a SELL; raises `PolicyRefusal` where that is not known, or
        is too old: nothing is priced by a book that is only remembered.
        """
        top = self.top
        if top is None:
            raise self._blind("no book")
        if (age_ms := abs(self.now_ms - top.at_ms)) > self.stale_after_ms:
            raise self._blind(f"one {age_ms} ms old")
        price = top.ask if side == Side.BUY else top.bid
        if price <= 0:
            raise self._blind("one without " + ("asks" if side == Side.BUY else "bids"))
        return price

    def _blind(self, found: str) -> PolicyRefusal:
        wanted = f"a book of {self.symbol} not older than {self.stale_after_ms} ms"
        return PolicyRefusal("stale_after_ms", wanted, f"with {found}")

    def unit(self, order: Ticket) -> Decimal:
        """What one unit of the base asset is counted at."""
        stop = order.stop_price if order.type in ALGO else UNSET
        if order.type in _LIMITED and order.price is not UNSET:
            return order.price if order.side == Side.BUY else max(order.price, self._fetches(order))
        # A pegged SELL may rest on the other side.
        side = order.side if order.peg_price_type is UNSET else Side.BUY
        start = self.best(side) if stop is UNSET else stop
        return _wider(_wider(start, _delta(order)), self._margin)

    def _fetches(self, order: Ticket) -> Decimal:
        """What a SELL may fetch above its limit price."""
        if order.type in ALGO:
            return ZERO if order.stop_price is UNSET else order.stop_price
        executes = order.type == OrderType.LIMIT and self.top is not None
        return self.top.bid if executes and self.top is not None else ZERO

    def quantity(self, order: Ticket) -> Decimal:
        """How much of the base asset the order can be about; of a quoteOrderQty the book says it, at the
        price within the band that makes it most.
        """
        if order.quote_order_qty is UNSET:
            assert order.quantity is not UNSET
            return order.quantity
        lowest = EXACT.multiply(self.best(order.side), EXACT.subtract(ONE, self._margin))
        bought = _UPWARDS.divide(order.quote_order_qty, lowest)
        return bought if order.quantity is UNSET else max(bought, order.quantity)

    def notional(self, order: Ticket) -> Decimal:
        """What the order is counted as, in the quote asset."""
        by_amount = ZERO if order.quote_order_qty is UNSET else order.quote_order_qty
        if order.quantity is UNSET:
            return by_amount
        return max(by_amount, EXACT.multiply(order.quantity, self.unit(order)))

    @property
    def _margin(self) -> Decimal:
        return ZERO if self.band is None else self.band

    def judge(self, leg: Leg, working: Ticket) -> None:
        """Whether the leg's price is within the band, seen from where the market is when it counts: the book,
        for a stop its stop price, for a pending leg the price of the `working` order. Raises `PolicyRefusal`.
        """
        order = leg.order
        if self.band is None or (order.type in ALGO and order.type not in _LIMITED):
            return
        start = self._start(leg, working)
        if order.type not in _LIMITED or order.price is UNSET:
            return
        buys = order.side == Side.BUY
        bound = _wider(start, self.band if buys else EXACT.minus(self.band))
        if order.price > bound if buys else order.price < bound:
            asked = f"{order.side.value} at {trimmed(order.price)}"
            reach = f"{'at most' if buys else 'at least'} {trimmed(bound)}"
            raise PolicyRefusal("price_band", f"{reach} ({trimmed(self.band)} from {trimmed(start)})", asked)

    def _start(self, leg: Leg, working: Ticket) -> Decimal:
        order = leg.order
        if order.type in ALGO and order.stop_price is not UNSET:
            start = order.stop_price
        elif leg.pending and working.price is not UNSET:
            start = working.price
        else:
            start = self.best(order.side)
        delta = _delta(order)
        return _wider(start, delta if order.side == Side.BUY else EXACT.minus(delta))


def _delta(order: Ticket) -> Decimal:
    """How far a trailing stop keeps from the market, as a fraction."""
    return (
        ZERO if order.trailing_delta is UNSET else EXACT.multiply(_BASIS_POINT, Decimal(order.trailing_delta))
    )


def _wider(price: Decimal, fraction: Decimal) -> Decimal:
    return EXACT.multiply(price, EXACT.add(ONE, fraction))
