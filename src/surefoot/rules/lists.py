"""Order lists: which orders make one, and how their prices must lie (rest-api, Order lists)."""

from collections.abc import Sequence
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


def misjoined(request: Request[Any], legs: Sequence[Leg]) -> Violation | None:
    """Why these orders do not make such a list."""
    first, pair = legs[0], _pair(legs)
    if first is not pair[0] and first.order.type not in _WORKING:
        return _not_of(first, sorted(_WORKING))
    if isinstance(request, NewOpo | NewOpoco) and (refused := _opposite(legs)) is not None:
        return refused
    return _unpaired(*pair) if len(pair) > 1 else None


def not_offered(request: Request[Any], rules: SymbolRules) -> Violation | None:
    """A kind of list that the symbol does not take."""
    for flag in _NEEDS.get(type(request), ()):
        if flag not in rules.capabilities:
            return unsaid(flag, "symbol", rules.symbol, False)
    return None


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


def _unpaired(stop: Leg, profit: Leg) -> Violation | None:
    """The types of an OCO: a stop loss on one side of the price, a limit or a take profit on the other."""
    for leg in (stop, profit):
        if leg.order.type not in _PAIRED:
            return _not_of(leg, sorted(_PAIRED))
    if stop.order.type == profit.order.type == OrderType.LIMIT_MAKER:
        return _wrong("BOTH_OCO_ORDERS_CANNOT_BE_LIMIT", stop)
    if stop.order.type not in STOPS:
        return _wrong(_elsewhere(stop), stop)
    return _wrong(_elsewhere(profit), profit) if profit.order.type in STOPS else None


def _elsewhere(leg: Leg) -> str:
    """Where such an order belongs, as Binance names the error of not being there."""
    buy = leg.order.side == Side.BUY
    if leg.order.type in STOPS:
        return "BUY_OCO_STOP_LOSS_MUST_BE_ABOVE" if buy else "SELL_OCO_STOP_LOSS_MUST_BE_BELOW"
    if leg.order.type == OrderType.LIMIT_MAKER:
        return "BUY_OCO_LIMIT_MUST_BE_BELOW" if buy else "SELL_OCO_LIMIT_MUST_BE_ABOVE"
    return "BUY_OCO_TAKE_PROFIT_MUST_BE_BELOW" if buy else "SELL_OCO_TAKE_PROFIT_MUST_BE_ABOVE"


def _wrong(ground: str, leg: Leg) -> Violation:
    return unsaid(ground, leg.named("type"), leg.order.type, leg.order.side)


_BY_PRICE = frozenset({OrderType.LIMIT_MAKER, OrderType.TAKE_PROFIT_LIMIT})
"""Legs whose place is that of their price; the others' is that of their stop price."""


def misplaced(legs: Sequence[Leg], used: Sequence[Ticket], known: Snapshot) -> Violation | None:
    """The orders of an OCO must have the last price between them; pending ones when they go live."""
    last = known.last
    if last is None or legs[0] is not _pair(legs)[0]:
        return None
    rising = used[0].side == Side.BUY  # then the stop loss waits above, the other order below
    for leg, order, above in zip(legs, used, (rising, not rising), strict=True):
        by_price = order.type in _BY_PRICE
        price = order.price if by_price else order.stop_price
        if price is UNSET or (price > last if above else price < last):  # one that trails begins at the last
            continue
        field = leg.named("price" if by_price else "stop_price")
        why = f"{field} {short(price)} is not {'above' if above else 'below'} the last price {short(last)}"
        return unsaid(BAD_PRICES, field, price, last, why)
    return None
