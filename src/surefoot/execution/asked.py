"""What a request asks for, in the numbers that the operator's limits are about (pure)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from msgspec import structs

from surefoot.errors import Misuse
from surefoot.execution.pricing import Market
from surefoot.rules.legs import Leg, Ticket, legs_of
from surefoot.rules.quantise import EXACT, MOST, ZERO
from surefoot.spot.enums import OrderType, Side
from surefoot.spot.request import Request
from surefoot.values import UNSET, money

_NUMBERS = ("quantity", "quote_order_qty", "price", "stop_price")
_SIDES = frozenset(Side)


class Asked:
    """The orders that a request would place, seen in a market.

    Of orders that cancel each other the largest counts; what waits for a working order may come on top of it.
    Raises `Misuse` for a request that places nothing, and for numbers that are not exact and above zero.
    """

    def __init__(self, request: Request[Any]) -> None:
        legs = legs_of(request) if request.endpoint.order_count else ()
        if not legs:
            raise Misuse(f"{type(request).__name__} places nothing: there is nothing to admit")
        self.legs = tuple(map(_exact, legs))
        self.symbol = self.legs[0].order.symbol

    def __str__(self) -> str:
        return " and ".join(
            f"{each.order.side.value} {each.order.type.value} {self.symbol}" for each in self.legs
        )

    def within_band(self, market: Market) -> None:
        """Raises `PolicyRefusal` for a leg priced outside the band, or where the book says too little."""
        for leg in self.legs:
            market.judge(leg, self.legs[0].order)

    def notional(self, market: Market) -> Decimal:
        """What it counts as, in the quote asset; raises `PolicyRefusal` where only a fresh book could say.

        Of an OCO that is the larger order. A pending SELL that sells no more than its working order buys
        counts nothing: it takes back what has been counted. Any other pending order counts on top.
        """
        return self._most(
            lambda leg: ZERO if self._sells_what_was_bought(leg) else market.notional(leg.order)
        )

    def bought(self, market: Market) -> Decimal:
        """How much of the base asset it may buy."""
        return self._of_side(Side.BUY, market)

    def sold(self, market: Market) -> Decimal:
        """How much of the base asset it may sell."""
        return self._of_side(Side.SELL, market)

    @property
    def only_sells(self) -> bool:
        """Whether no order of it buys."""
        return all(leg.order.side == Side.SELL for leg in self.legs)

    def _of_side(self, side: Side, market: Market) -> Decimal:
        return self._most(lambda leg: market.quantity(leg.order) if leg.order.side == side else ZERO)

    def _most(self, measure: Callable[[Leg], Decimal]) -> Decimal:
        working = max(measure(leg) for leg in self.legs if not leg.pending)
        return EXACT.add(working, max((measure(leg) for leg in self.legs if leg.pending), default=ZERO))

    def _sells_what_was_bought(self, leg: Leg) -> bool:
        working, order = self.legs[0].order, leg.order
        if not leg.pending or order.side != Side.SELL or working.side != Side.BUY:
            return False
        if order.quantity is UNSET or working.quantity is UNSET:
            return False
        return order.quantity <= working.quantity


def _exact(leg: Leg) -> Leg:
    order = leg.order
    if order.side not in _SIDES:
        raise Misuse(f"{leg.named('side')}: {str(order.side)!r} is neither BUY nor SELL")
    numbers = {
        name: _above_zero(leg.named(name), given)
        for name in _NUMBERS
        if (given := _of(order, name)) is not UNSET
    }
    if "quantity" not in numbers and "quote_order_qty" not in numbers:
        raise Misuse(f"{leg.named('quantity')}: {order.type} on {order.symbol} says no quantity")
    if order.trailing_delta is not UNSET:
        _above_zero(leg.named("trailing_delta"), order.trailing_delta)
    words = {"side": Side(order.side), "type": OrderType(order.type)}
    return structs.replace(leg, order=structs.replace(order, **words, **numbers))


def _of(order: Ticket, name: str) -> object:
    value: object = getattr(order, name)
    return value


def _above_zero(field: str, given: object) -> Decimal:
    value = money(field, given)
    exponent = value.as_tuple().exponent
    if not 0 < value <= MOST or not isinstance(exponent, int) or exponent < -MOST.adjusted():
        raise Misuse(f"{field}: {given!r} cannot be the number of an order")
    return value
