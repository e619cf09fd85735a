"""Random order lists: OCO, OTO and OTOCO, of orders as `wishes` draws them (pure)."""

from typing import Any

from surefoot.simulation.agreement.wishes import Wishes
from surefoot.simulation.draws import below, pick
from surefoot.spot.enums import OrderType, Side
from surefoot.spot.order_list_oco import NewOco
from surefoot.spot.order_list_oto import NewOto, NewOtoco
from surefoot.spot.trade import NewOrder
from surefoot.values import UNSET
from surefoot.world import Entropy

List = NewOco | NewOto | NewOtoco

_STOPS = (OrderType.STOP_LOSS, OrderType.STOP_LOSS_LIMIT)
_PROFITS = (OrderType.LIMIT_MAKER, OrderType.TAKE_PROFIT, OrderType.TAKE_PROFIT_LIMIT)
_OF_A_LEG = ("type", "time_in_force", "price", "stop_price", "trailing_delta", "iceberg_qty")


def wished_list(dice: Entropy, symbol: str, wishes: Wishes) -> List:
    """One list; now and then its orders are of types that do not belong together."""
    side = pick(dice, Side.BUY, Side.SELL)
    kind = pick(dice, NewOco, NewOto, NewOtoco)
    if kind is NewOco:
        return NewOco(symbol=symbol, **_pair(dice, wishes, side, ""), **_shared(wishes, side, ""))
    working = wishes.sound(pick(dice, OrderType.LIMIT, OrderType.LIMIT_MAKER), pick(dice, *Side))
    first = _prefixed("working", working)
    first |= {"working_side": working.side, "working_quantity": working.quantity}
    shared = _shared(wishes, side, "pending_")
    if kind is NewOtoco:
        return NewOtoco(symbol=symbol, **first, **_pair(dice, wishes, side, "pending_"), **shared)
    pending = wishes.sound(pick(dice, *(each for each in OrderType)), side)
    return NewOto(symbol=symbol, **first, **_prefixed("pending", pending), **shared)


def _shared(wishes: Wishes, side: Side, prefix: str) -> dict[str, Any]:
    quantity = wishes.sound(OrderType.LIMIT, side).quantity
    return {f"{prefix}side": side, f"{prefix}quantity": quantity}


def _pair(dice: Entropy, wishes: Wishes, side: Side, prefix: str) -> dict[str, Any]:
    kinds = [pick(dice, *_STOPS), pick(dice, *_PROFITS)]
    if below(dice, 20) == 0:
        kinds.reverse()
    if below(dice, 40) == 0:
        kinds[0] = pick(dice, *_PROFITS)
    names = ("above", "below") if side is Side.BUY else ("below", "above")
    fields: dict[str, Any] = {}
    for name, kind in zip(names, kinds, strict=True):
        fields |= _prefixed(f"{prefix}{name}", wishes.sound(kind, side, stopped=True))
    return fields


def _prefixed(prefix: str, order: NewOrder) -> dict[str, Any]:
    given = {name: getattr(order, name) for name in _OF_A_LEG}
    return {f"{prefix}_{name}": value for name, value in given.items() if value is not UNSET}
