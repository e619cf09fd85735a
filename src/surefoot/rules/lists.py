"""Order lists: which orders make one, and how their prices must lie (rest-api, Order lists)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from surefoot.rules.counts import ALGO, STOPS
from surefoot.rules.grounds import BAD_PRICES
from surefoot.rules.legs import Leg, Ticket
from surefoot.rules.snapshot import Snapshot
from surefoot.rules.symbols import SymbolRules
from surefoot.rules.verdicts import Violation, short, unsaid
from surefoot.spot.enums import OrderType, Side
from surefoot.spot.order_list_oco import NewOco, NewOcoDeprecated
from surefoot.spot.order_list_oto import NewOpo, NewOpoco, NewOto, NewOtoco
from surefoot.spot.request import Request
from surefoot.values import UNSET

_WORKING = frozenset({OrderType.LIMIT, OrderType.LIMIT_MAKER})
_PAIRED = ALGO | {OrderType.LIMIT_MAKER}
_NEEDS: dict[type[Request[Any]], tuple[str, ...]] = {
    NewOco: ("ocoAllowed",),
    NewOcoDeprecated: ("ocoAllowed",),
    NewOto: ("otoAllowed",),
    NewOtoco: ("otoAllowed", "ocoAllowed"),
    NewOpo: ("opoAllowed",),
    NewOpoco: ("opoAllowed", "ocoAllowed"),
}


def misjoined(request: Request[Any], legs: Sequence[Leg], rules: SymbolRules) -> Violation | None:
    """Why these orders do not make such a list on this symbol."""
    for flag in _NEEDS.get(type(request), ()):
        if flag not in rules.capabilities:
            return unsaid(flag, "symbol", rules.symbol, False)
    first, pair = legs[0], _pair(legs)
    if first is not pair[0] and first.order.type not in _WORKING:
        return _not_of(first, sorted(_WORKING))
    if isinstance(request, NewOpo | NewOpoco) and (refused := _opposite(legs)) is not None:
        return refused
    return _unpaired(*pair) if len(pair) > 1 else None


def _pair(legs: Sequence[Leg]) -> Sequence[Leg]:
    """The orders of which one cancels the other, or the only pending one."""
    pending = [leg for leg in legs if leg.pending]
    return pending or legs


def _not_of(leg: Leg, kinds: list[OrderType]) -> Violation:
    return unsaid("OCO_ORDER_TYPE_REJECTED", leg.named("type"), leg.order.type, kinds)


def _opposite(legs: Sequence[Leg]) -> Violation | None:
    if legs[0].order.side != Side.BUY:
        return unsaid("OPO_WORKING_MUST_BE_BUY", legs[0].named("side"), legs[0].order.side, Side.BUY)
    if legs[1].order.side != Side.SELL:
        return unsaid("OPO_PENDING_MUST_BE_SELL", legs[1].named("side"), legs[1].order.side, Side.SELL)
    return None


def _unpaired(above: Leg, below: Leg) -> Violation | None:
    """The types of an OCO: a stop loss on one side of the price, a limit or a take profit on the other."""
    for leg in (above, below):
        if leg.order.type not in _PAIRED:
            return _not_of(leg, sorted(_PAIRED))
    kinds = above.order.type, below.order.type
    if kinds == (OrderType.LIMIT_MAKER, OrderType.LIMIT_MAKER):
        return _wrong("BOTH_OCO_ORDERS_CANNOT_BE_LIMIT", below)
    sell = above.order.side == Side.SELL
    profit, stop = (above, below) if sell else (below, above)
    if stop.order.type == OrderType.LIMIT_MAKER:
        return _wrong("SELL_OCO_LIMIT_MUST_BE_ABOVE" if sell else "BUY_OCO_LIMIT_MUST_BE_BELOW", stop)
    if profit.order.type in STOPS:
        ground = "SELL_OCO_STOP_LOSS_MUST_BE_BELOW" if sell else "BUY_OCO_STOP_LOSS_MUST_BE_ABOVE"
        return _wrong(ground, profit)
    if stop.order.type not in STOPS:
        ground = "SELL_OCO_TAKE_PROFIT_MUST_BE_ABOVE" if sell else "BUY_OCO_TAKE_PROFIT_MUST_BE_BELOW"
        return _wrong(ground, stop)
    return None


def _wrong(ground: str, leg: Leg) -> Violation:
    return unsaid(ground, leg.named("type"), leg.order.type, leg.order.side)


def misplaced(legs: Sequence[Leg], used: Sequence[Ticket], known: Snapshot) -> Violation | None:
    """The orders of an OCO must lie on both sides of the last price, the pending ones of each other."""
    pair = _pair(legs)
    if len(pair) == 1:
        return None
    orders = used[-2:]
    above, below = (_touched(order) for order in orders)
    if above is None or below is None:
        return None
    if above <= below:
        return _crossed(pair, 0, above, below)
    last = known.last
    if last is None or pair[0].pending:
        return None
    if above <= last:
        return _crossed(pair, 0, above, last)
    return _crossed(pair, 1, below, last) if below >= last else None


def _crossed(pair: Sequence[Leg], number: int, price: Decimal, bound: Decimal) -> Violation:
    leg = pair[number]
    field = leg.named("price" if leg.order.type == OrderType.LIMIT_MAKER else "stop_price")
    why = f"{field} {short(price)} is not {'below' if number else 'above'} {short(bound)}"
    return unsaid(BAD_PRICES, field, price, bound, why)


def _touched(order: Ticket) -> Decimal | None:
    """The price at which the order begins to act; `None` of one that trails from where it is placed."""
    price = order.price if order.type == OrderType.LIMIT_MAKER else order.stop_price
    return None if price is UNSET else price
