"""Which request makes of an open order another one: an amendment where it only shrinks, else a cancel and a
new order in one (ORDER-3; pure).
"""

from decimal import Decimal

from surefoot.errors import Misuse
from surefoot.execution.ids import cancel_id_of
from surefoot.execution.records import OrderRecord
from surefoot.rules.quantise import EXACT, ZERO
from surefoot.rules.symbols import SymbolRules
from surefoot.spot.enums import CancelReplaceMode, NewOrderRespType
from surefoot.spot.order_replace import AmendOrder, CancelReplace
from surefoot.values import UNSET, UnsetType

_AMEND = "amendAllowed"

Replacement = AmendOrder | CancelReplace


def replacement(
    order: OrderRecord,
    rules: SymbolRules,
    *,
    price: Decimal | None,
    quantity: Decimal | None,
    stop_price: Decimal | None,
) -> Replacement:
    """The request. `quantity` is the whole of it, with what is executed already. Raises `Misuse` for an order
    that is not open, for one of a list unless it only shrinks, and for a quantity that is executed already.
    """
    if not order.is_open or order.order_id is None or order.side is None or order.type is None:
        raise Misuse(f"order {order.id} is {order.state}: only an open order can be replaced")
    wanted = order.qty if quantity is None else quantity
    if wanted <= order.executed_qty:
        raise Misuse(f"order {order.id}: {order.executed_qty} are executed already, and {wanted} are wanted")
    shrinks = price in {None, order.price} and stop_price in {None, order.stop_price} and wanted < order.qty
    if shrinks and _AMEND in rules.capabilities:
        return AmendOrder(symbol=order.symbol, order_id=order.order_id, new_qty=wanted)
    if order.list is not None:
        raise Misuse(f"order {order.id} belongs to the list {order.list}: replaced, it would end the list")
    return _instead(order, price, EXACT.subtract(wanted, order.executed_qty), stop_price)


def _instead(
    order: OrderRecord, price: Decimal | None, quantity: Decimal, stop_price: Decimal | None
) -> CancelReplace:
    assert order.side is not None
    assert order.type is not None
    return CancelReplace(
        symbol=order.symbol,
        side=order.side,
        type=order.type,
        cancel_replace_mode=CancelReplaceMode.STOP_ON_FAILURE,
        cancel_order_id=order.order_id or UNSET,
        cancel_new_client_order_id=cancel_id_of(order.id),
        quantity=quantity,
        price=_or_unset(order.price if price is None else price),
        stop_price=_or_unset(order.stop_price if stop_price is None else stop_price),
        time_in_force=order.time_in_force or UNSET,
        trailing_delta=order.trailing_delta or UNSET,
        iceberg_qty=_or_unset(min(order.iceberg_qty, quantity)),
        new_order_resp_type=NewOrderRespType.FULL,
    )


def excess(before: OrderRecord, after: OrderRecord, placed: OrderRecord) -> Decimal | None:
    """How large `placed` should be instead, where more of the old order was executed than was known when it
    was replaced; None where it is right.
    """
    late = EXACT.subtract(after.executed_qty, before.executed_qty)
    if late <= ZERO or not placed.is_open:
        return None
    return max(ZERO, EXACT.subtract(placed.qty, late))


def _or_unset(value: Decimal) -> Decimal | UnsetType:
    return value if value else UNSET
