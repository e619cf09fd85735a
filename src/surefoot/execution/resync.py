"""Reads what the user stream may not have told: after a gap, at the start, and now and then (TRACK-3; pure).

Everything that is read becomes entries, and the fold takes what is news: an execution that a read and an
event both tell counts once.
"""

from surefoot.errors import InvalidRequest, OrderRefused, UnknownOrder
from surefoot.execution import entries
from surefoot.execution.evidence import read, read_list
from surefoot.execution.port import Port
from surefoot.execution.records import OrderRecord
from surefoot.spot.account import GetAccount, GetMyTrades, GetOpenOrders, GetOrder, Order, Trade
from surefoot.spot.order_lists import GetOrderList
from surefoot.values import UNSET

_PAGE = 1_000
_ONE_BY_ONE = 12
"""openOrders of all symbols weighs as much as of so many symbols (rest-api)."""


async def resync(port: Port, symbols: tuple[str, ...]) -> None:
    """Read open orders, the executions that may be missing, and balances; then say so."""
    await read_orders(port, symbols)
    await read_lists(port)
    for symbol in symbols:
        await read_trades(port, symbol)
    account = await port.ask(GetAccount())
    port.note(
        entries.AccountRead(at_ms=port.now_ms(), account=account), entries.Resynced(at_ms=port.now_ms())
    )


async def read_orders(port: Port, symbols: tuple[str, ...]) -> None:
    """Every order that is open there, or that was open here."""
    asked_ms = port.now_ms()
    believed = [order for order in port.views.orders.shelf.active.values() if order.order_id is not None]
    there = await _open_orders(port, symbols)
    port.note(*(entries.OrderRead(at_ms=port.now_ms(), order=order) for order in there))
    listed = {(order.symbol, order.order_id) for order in there}
    for order in believed:
        current = port.views.orders.shelf.get(order.id)
        if (order.symbol, order.order_id) in listed and not _short(current):
            continue
        if current is None or current.is_settled or current.as_of_ms > asked_ms:
            continue
        await read_order(port, current)


async def read_lists(port: Port) -> None:
    """Every list that is there, and of which an order was never seen: it ended while nobody listened, and
    maybe under another name.
    """
    orders = port.views.orders
    for list in [*orders.shelf.lists.values()]:
        legs = [orders.shelf.get(id) for id in list.orders]
        unseen = any(leg is not None and leg.order_id is None for leg in legs)
        if unseen and list.list_id is not None and list.id not in orders.submissions:
            try:
                told = await port.ask(GetOrderList(order_list_id=list.list_id))
                port.note(*await read_list(port, told))
            except (UnknownOrder, OrderRefused, InvalidRequest):
                continue  # a read that lags


async def read_order(port: Port, order: OrderRecord) -> None:
    """One order and its executions; nothing where the exchange does not know it (a read that lags)."""
    query = GetOrder(
        symbol=order.symbol,
        order_id=UNSET if order.order_id is None else order.order_id,
        orig_client_order_id=order.id if order.order_id is None else UNSET,
    )
    try:
        port.note(*await read(port, await port.ask(query)))
    except UnknownOrder:
        return


async def read_trades(port: Port, symbol: str) -> None:
    """All executions of a symbol that may be missing. The first time: where the account is, no more."""
    after = port.views.orders.seen.read_from(symbol, port.now_ms())
    if after is None:
        last: tuple[Trade, ...] = await port.ask(GetMyTrades(symbol=symbol, limit=1))
        trade_id = last[-1].id if last else -1
        port.note(entries.Baseline(at_ms=port.now_ms(), symbol=symbol, trade_id=trade_id))
        return
    first = max(0, after)  # again: who trades with themselves executes twice under one id
    while True:
        page: tuple[Trade, ...] = await port.ask(GetMyTrades(symbol=symbol, from_id=first, limit=_PAGE))
        port.note(*(entries.TradeRead(at_ms=port.now_ms(), trade=trade) for trade in page))
        if len(page) < _PAGE:
            return
        first = page[-1].id + 1


def _short(order: OrderRecord | None) -> bool:
    """Whether executions of it are missing."""
    return order is not None and order.own and order.known_qty < order.executed_qty


async def _open_orders(port: Port, symbols: tuple[str, ...]) -> list[Order]:
    if len(symbols) > _ONE_BY_ONE or not symbols:
        return list(await port.ask(GetOpenOrders()))
    found: list[Order] = []
    for symbol in symbols:
        found += await port.ask(GetOpenOrders(symbol=symbol))
    return found
