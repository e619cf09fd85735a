"""Looks for what a submission would have placed: by its id, and by every way there is (RETRY-3; pure)."""

from surefoot.errors import InvalidRequest, OrderRefused, UnknownOrder
from surefoot.execution import entries
from surefoot.execution.ids import cancel_id_of
from surefoot.execution.port import Port
from surefoot.execution.records import Submission
from surefoot.rules.legs import Ticket, is_list, legs_of
from surefoot.spot.account import GetMyTrades, GetOpenOrders, GetOrder, Order
from surefoot.spot.account_history import GetAllOrders
from surefoot.spot.order_lists import GetOrderList
from surefoot.spot.order_replace import AmendOrder
from surefoot.spot.orders import OrderList
from surefoot.values import UNSET

_BEFORE_MS = 60_000
"""An order's time may seem so much earlier than its submission: clocks are set, and stepped."""
_PAGE = 1_000


class Impostor(Exception):
    """Something has the id that is looked for, and is something else."""


async def found(port: Port, submission: Submission, *, thorough: bool) -> tuple[entries.Entry, ...]:
    """What shows that it happened, as entries; nothing where it was not found. Raises `Impostor`."""
    request = submission.request
    if isinstance(request, AmendOrder):
        return await _amended(port, submission, request)
    if is_list(request):
        return await _list(port, submission, thorough=thorough)
    order = await _order(port, submission)
    if order is None and thorough:
        order = await _among_all(port, submission)
    if order is None:
        return ()
    _must_match(order, legs_of(request)[0].order, submission)
    return await read(port, order)


async def read(port: Port, order: Order) -> tuple[entries.Entry, ...]:
    """An order that was read, and its executions."""
    now_ms = port.now_ms()
    seen: entries.Entry = entries.OrderRead(at_ms=now_ms, order=order)
    if not order.executed_qty:
        return (seen,)
    trades = await port.ask(GetMyTrades(symbol=order.symbol, order_id=order.order_id, limit=_PAGE))
    return (seen, *(entries.TradeRead(at_ms=now_ms, trade=trade) for trade in trades))


async def read_list(port: Port, list: OrderList) -> tuple[entries.Entry, ...]:
    """A list that was read, its orders and their executions."""
    told: tuple[entries.Entry, ...] = (entries.ListRead(at_ms=port.now_ms(), list=list),)
    for one in list.orders:
        order = await port.ask(GetOrder(symbol=one.symbol, order_id=one.order_id))
        told += await read(port, order)
    return told


async def _order(port: Port, submission: Submission) -> Order | None:
    query = GetOrder(symbol=submission.entry.symbol, orig_client_order_id=submission.id)
    try:
        return await port.ask(query)
    except UnknownOrder:
        return None


async def _among_all(port: Port, submission: Submission) -> Order | None:
    """An open order, or one of the time, that has an id of the submission's."""
    symbol, ids = submission.entry.symbol, set(submission.orders)
    ids |= {cancel_id_of(id) for id in submission.orders}
    for order in await port.ask(GetOpenOrders(symbol=symbol)):
        if order.client_order_id in ids:
            return order
    since_ms = submission.entry.at_ms - _BEFORE_MS
    page: tuple[Order, ...] = await port.ask(GetAllOrders(symbol=symbol, start_time=since_ms, limit=_PAGE))
    while page:
        for order in page:
            if order.client_order_id in ids:
                return order
        if len(page) < _PAGE:
            return None
        last = page[-1].order_id
        page = await port.ask(GetAllOrders(symbol=symbol, order_id=last + 1, limit=_PAGE))
    return None


async def _list(port: Port, submission: Submission, *, thorough: bool) -> tuple[entries.Entry, ...]:
    try:
        list: OrderList = await port.ask(GetOrderList(orig_client_order_id=submission.id))
    except (UnknownOrder, OrderRefused, InvalidRequest):  # no code for it is documented
        leg = await _among_all(port, submission) if thorough else None
        return () if leg is None else await read(port, leg)
    return await read_list(port, list)


async def _amended(port: Port, submission: Submission, request: AmendOrder) -> tuple[entries.Entry, ...]:
    """An order that was amended answers by the amendment's id, and by its new quantity."""
    query = GetOrder(
        symbol=request.symbol, order_id=request.order_id, orig_client_order_id=request.orig_client_order_id
    )
    try:
        order: Order = await port.ask(query)
    except UnknownOrder:
        return ()
    if order.client_order_id == submission.id or order.orig_qty == request.new_qty:
        return await read(port, order)
    return ()


def _must_match(order: Order, ticket: Ticket, submission: Submission) -> None:
    """Side, type, quantity, price and time are ours (RETRY-3, ORDER-4)."""
    wrong = [
        f"{name} {said} for {meant}"
        for name, said, meant in (
            ("side", order.side, ticket.side),
            ("type", order.type, ticket.type),
            ("quantity", order.orig_qty, ticket.quantity),
            ("price", order.price, ticket.price),
        )
        if meant is not UNSET and said != meant
    ]
    if order.time < submission.entry.at_ms - _BEFORE_MS:
        wrong.append(f"time {order.time} for {submission.entry.at_ms}")
    if wrong:
        raise Impostor(f"order {order.order_id} has the id {submission.id}, but {', '.join(wrong)}")
