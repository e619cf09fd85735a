"""Amending an order in its place: only its quantity, only downwards (rest-api, Order Amend Keep Priority)."""

from decimal import Decimal

from msgspec import structs

from surefoot.rules.landing import Landing, change, land, stuck
from surefoot.rules.legs import Ticket
from surefoot.rules.market import quantity_window, worthless
from surefoot.rules.snapshot import Snapshot
from surefoot.rules.symbols import SymbolRules
from surefoot.rules.verdicts import Change, Violation, short, unsaid
from surefoot.spot.account import Order
from surefoot.spot.enums import SymbolStatus
from surefoot.spot.order_replace import AmendOrder
from surefoot.spot.trade import NewOrder
from surefoot.values import UNSET, money

_OPEN_TO_AMENDS = (SymbolStatus.TRADING, SymbolStatus.CANCEL_ONLY)


def amended(
    request: AmendOrder, rules: SymbolRules, known: Snapshot, *, rounding: bool
) -> tuple[AmendOrder, tuple[Ticket, ...], tuple[Change, ...]] | Violation:
    """The amendment on the grid of quantities, and the order as it would be.

    What it is worth, and whether it is smaller at all, is judged where the order itself is known.
    """
    if "amendAllowed" not in rules.capabilities:
        return unsaid("amendAllowed", "symbol", rules.symbol, False)
    if rules.status not in _OPEN_TO_AMENDS:
        return unsaid("status", "symbol", rules.status, _OPEN_TO_AMENDS)
    given = money("new_qty", request.new_qty)
    order = _found(request, known)
    if order is not None and given >= order.orig_qty:
        why = f"new_qty {short(given)} is not below the order's quantity {short(order.orig_qty)}"
        return unsaid("newQty", "new_qty", given, order.orig_qty, why)
    number = Landing("new_qty", given, rules.quantity, False)
    used = land(given, rules.quantity, upwards=False, rounding=rounding)
    left = (
        rules.quantity.window if order is None else quantity_window(_as_ticket(order, given), rules, _ALONE)
    )
    if used is None:
        return stuck(number, left, rounding=rounding)
    tickets = () if order is None else (_as_ticket(order, used),)
    for ticket in tickets:
        if (refused := worthless(given, ticket, rules, _ALONE)) is not None:
            return structs.replace(refused, field="new_qty")
    changes = change(number, used, "quantities go down")
    return (structs.replace(request, new_qty=used) if changes else request), tickets, changes


_ALONE = Snapshot()
"""An amendment frees what it takes away: no balance and no position stands against it."""


def _found(request: AmendOrder, known: Snapshot) -> Order | None:
    for each in known.open_orders or ():
        ids = (request.order_id, request.orig_client_order_id)
        if each.symbol == request.symbol and (each.order_id == ids[0] or each.client_order_id == ids[1]):
            return each
    return None


def _as_ticket(order: Order, quantity: Decimal) -> Ticket:
    """The open order as it would be with that quantity."""
    return NewOrder(
        symbol=order.symbol,
        side=order.side,
        type=order.type,
        quantity=quantity,
        price=order.price if order.price > 0 else UNSET,
    )
