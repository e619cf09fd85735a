"""Orders that wait for a price: stops, take-profits, and stops that trail (official FAQ on trailing stops).

The price that counts is that of the last trade: an order fires when a trade reaches its stop price or goes
through it. A trailing stop follows trades from its stop price on (from its placement when it has none) and
fires when one comes back from the best of them by its delta.
"""

from bisect import insort
from collections import deque

from surefoot.exchange.core.orders import OrderState
from surefoot.spot.enums import OrderType, Side

_BASIS_POINTS = 10_000
_STOP_LOSSES = frozenset({OrderType.STOP_LOSS, OrderType.STOP_LOSS_LIMIT})


def fires_above(kind: OrderType, side: Side) -> bool:
    """Whether the order waits for the price to rise to its stop price; the others wait for it to fall."""
    return (kind in _STOP_LOSSES) == (side is Side.BUY)


def reached(stop_price: int, last_price: int, *, above: bool) -> bool:
    """Whether a trade at `last_price` is at the stop price or beyond it."""
    return last_price >= stop_price if above else last_price <= stop_price


class Triggers:
    """The waiting orders of one symbol. Those that fired are in `fired`, oldest first, until someone acts."""

    __slots__ = ("_above", "_below", "_following", "fired")

    def __init__(self) -> None:
        self._above: list[tuple[int, int, OrderState]] = []
        self._below: list[tuple[int, int, OrderState]] = []
        self._following: dict[int, OrderState] = {}
        self.fired: deque[OrderState] = deque()

    def __bool__(self) -> bool:
        return bool(self._above or self._below or self._following)

    def add(self, order: OrderState, now_us: int, last_price: int) -> None:
        """Wait for the order's price. `last_price` is where a trailing stop without a stop price begins."""
        special = order.particular()
        if special.stop_price is None:
            self._follow(order, now_us, last_price)
        elif fires_above(order.type, order.side):
            insort(self._above, (special.stop_price, order.order_id, order))
        else:
            insort(self._below, (-special.stop_price, order.order_id, order))

    def remove(self, order: OrderState) -> bool:
        """Stop waiting; whether the order was waiting here."""
        if self._following.pop(order.order_id, None) is not None:
            return True
        if order in self.fired:
            self.fired.remove(order)
            return True
        for shelf in (self._above, self._below):
            for place, (_, order_id, _) in enumerate(shelf):
                if order_id == order.order_id:
                    del shelf[place]
                    return True
        return False

    def hear(self, now_us: int, price: int) -> None:
        """A trade happened."""
        for order in list(self._following.values()):
            if _comes_back(order, price):
                del self._following[order.order_id]
                self.fired.append(order)
        for shelf, reach in ((self._above, price), (self._below, -price)):
            while shelf and shelf[0][0] <= reach:
                self._reach(shelf.pop(0)[2], now_us, price)

    def _reach(self, order: OrderState, now_us: int, price: int) -> None:
        if order.particular().trailing_delta is None:
            self.fired.append(order)
        else:
            self._follow(order, now_us, price)

    def _follow(self, order: OrderState, now_us: int, price: int) -> None:
        special = order.particular()
        special.trailing_us, special.extreme = now_us, price
        self._following[order.order_id] = order


def _comes_back(order: OrderState, price: int) -> bool:
    """Whether the price is back by the delta from the best one; a better one is remembered."""
    special = order.particular()
    assert special.extreme is not None, "the order follows prices"
    assert special.trailing_delta is not None, "the order trails"
    if order.side is Side.BUY:
        special.extreme = min(special.extreme, price)
        return price * _BASIS_POINTS >= special.extreme * (_BASIS_POINTS + special.trailing_delta)
    special.extreme = max(special.extreme, price)
    return price * _BASIS_POINTS <= special.extreme * (_BASIS_POINTS - special.trailing_delta)
