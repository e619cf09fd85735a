"""The orders that a request would place, each as a ticket of its own, and the way back (RULES-3).

A list says its orders by prefixed fields (`above_price`, `pending_below_stop_price`); the rules of one order
judge tickets. `Leg.names` remembers which field of the request each field of the ticket came from.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any, TypeVar

import msgspec
from msgspec import structs

from surefoot.spot.enums import OrderType, Side
from surefoot.spot.order_list_oco import NewOco, NewOcoDeprecated
from surefoot.spot.order_list_oto import NewOpo, NewOpoco, NewOto, NewOtoco, WorkingTicket
from surefoot.spot.order_lists import ListTicket
from surefoot.spot.request import Request
from surefoot.spot.sor import SorTicket
from surefoot.spot.trade import NewOrder, OrderTicket
from surefoot.values import UNSET

R = TypeVar("R", bound=Request[Any])

Ticket = OrderTicket[Any]
"""One order as the rules judge it."""


class Leg(msgspec.Struct, frozen=True):
    """One order of a request. `names` maps the ticket's fields to the request's; pending legs wait for the
    working order of their list.
    """

    order: Ticket
    names: Mapping[str, str]
    pending: bool = False

    def named(self, field: str) -> str:
        """What the request calls a field of the ticket."""
        return self.names.get(field, field)


_OF_A_LEG = (
    *("type", "time_in_force", "price", "stop_price", "trailing_delta", "iceberg_qty"),
    *("strategy_id", "strategy_type", "peg_price_type", "peg_offset_type", "peg_offset_value"),
)


_NOTHING: Mapping[str, Any] = MappingProxyType({})


def legs_of(request: Request[Any]) -> tuple[Leg, ...]:
    """The orders that `request` places; none when it places none, or of a kind that is not judged."""
    match request:
        case OrderTicket():
            return (Leg(request, {}),)
        case SorTicket():
            return (_leg(request, {field: field for field in (*_OF_A_LEG, "side", "quantity")}),)
        case NewOco():
            shared = {"side": "side", "quantity": "quantity"}
            return tuple(_leg(request, _prefixed(side, shared)) for side in _stop_first(request.side))
        case NewOcoDeprecated():
            return _deprecated(request)
        case NewOto() | NewOtoco() | NewOpo() | NewOpoco():
            return _working(request), *_pending(request)
    return ()


def _prefixed(prefix: str, shared: Mapping[str, str]) -> dict[str, str]:
    own = {field: f"{prefix}_{field}" for field in _OF_A_LEG}
    return {**own, "new_client_order_id": f"{prefix}_client_order_id", **shared}


def _leg(
    request: Request[Any],
    names: Mapping[str, str],
    *,
    pending: bool = False,
    more: Mapping[str, Any] = _NOTHING,
) -> Leg:
    values = {field: getattr(request, name) for field, name in names.items() if hasattr(request, name)}
    mode = getattr(request, "self_trade_prevention_mode", UNSET)
    symbol: str = request.symbol  # type: ignore[attr-defined]
    ticket = NewOrder(symbol=symbol, self_trade_prevention_mode=mode, **values, **more)
    return Leg(ticket, names, pending)


def _working(request: WorkingTicket) -> Leg:
    shared = {"side": "working_side", "quantity": "working_quantity"}
    return _leg(request, _prefixed("working", shared))


def _pending(request: NewOto | NewOtoco | NewOpo | NewOpoco) -> tuple[Leg, ...]:
    shared = {"side": "pending_side", "quantity": "pending_quantity"}
    more = {}
    if isinstance(request, NewOpo | NewOpoco):  # they sell what was bought
        shared, more = {"side": "pending_side"}, {"quantity": request.working_quantity}
    if isinstance(request, NewOto | NewOpo):
        return (_leg(request, _prefixed("pending", shared), pending=True, more=more),)
    sides: tuple[str, ...] = ("pending_above",)
    if request.pending_below_type is not UNSET:
        sides = tuple(f"pending_{side}" for side in _stop_first(request.pending_side))
    return tuple(_leg(request, _prefixed(side, shared), pending=True, more=more) for side in sides)


def _stop_first(side: Side) -> tuple[str, str]:
    """The stop loss of a pair is above the market for a BUY, below it for a SELL; it comes first."""
    return ("above", "below") if side == Side.BUY else ("below", "above")


def _deprecated(request: NewOcoDeprecated) -> tuple[Leg, ...]:
    """A stop and a LIMIT_MAKER."""
    shared = {"side": "side", "quantity": "quantity"}
    maker = {"price": "price", "iceberg_qty": "limit_iceberg_qty"}
    stop = {"stop_price": "stop_price", "trailing_delta": "trailing_delta", "price": "stop_limit_price"}
    stop |= {"iceberg_qty": "stop_iceberg_qty", "time_in_force": "stop_limit_time_in_force"}
    ids = ("limit_client_order_id", "stop_client_order_id")
    limited = request.stop_limit_price is not UNSET
    kind = OrderType.STOP_LOSS_LIMIT if limited else OrderType.STOP_LOSS
    maker |= {**shared, "new_client_order_id": ids[0]}
    stop |= {**shared, "new_client_order_id": ids[1]}
    return (
        _leg(request, stop, more={"type": kind}),
        _leg(request, maker, more={"type": OrderType.LIMIT_MAKER}),
    )


def rewritten(request: R, legs: Sequence[Leg], used: Sequence[Ticket]) -> R:
    """`request` with the numbers of the corrected tickets; itself when nothing had to change."""
    changed: dict[str, Decimal] = {}
    for leg, ticket in zip(legs, used, strict=True):
        if ticket is leg.order:
            continue
        for field in ("price", "stop_price", "quantity", "iceberg_qty", "quote_order_qty"):
            number, name = getattr(ticket, field), leg.named(field)
            if number is not getattr(leg.order, field) and hasattr(request, name):
                changed[name] = number
    return structs.replace(request, **changed) if changed else request


def is_list(request: Request[Any]) -> bool:
    """Whether the request places an order list."""
    return isinstance(request, ListTicket)
