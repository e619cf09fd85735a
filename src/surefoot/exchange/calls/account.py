"""Account endpoints."""

from collections.abc import Mapping
from typing import Any

from surefoot.exchange import render
from surefoot.exchange.calls.desk import Ask, Call, Desk, accepted
from surefoot.serve.combinations import time_span


def account(desk: Desk, ask: Ask) -> Any:
    owner = ask.owner
    held = desk.engine.balances(owner.name)
    if ask.values.get("omitZeroBalances"):
        held = tuple(row for row in held if row.free or row.locked)
    return render.account(owner, held, desk.updated_us[owner.name], ask.unit)


def query_order(desk: Desk, ask: Ask) -> Any:
    found = desk.engine.order(
        ask.owner.name,
        ask.values["symbol"],
        order_id=ask.values.get("orderId"),
        orig_client_order_id=ask.values.get("origClientOrderId"),
    )
    return render.order(accepted(found), ask.unit)


def open_orders(desk: Desk, ask: Ask) -> Any:
    symbol = ask.values.get("symbol")
    if symbol is not None:
        desk.info.status(symbol)
    return [render.order(found, ask.unit) for found in desk.engine.open_orders(ask.owner.name, symbol)]


def my_trades(desk: Desk, ask: Ask) -> Any:
    values = ask.values
    desk.info.status(values["symbol"])
    start_us, end_us = time_span(values, ask.now_us)
    found = desk.engine.trades(
        ask.owner.name,
        values["symbol"],
        order_id=values.get("orderId"),
        from_id=values.get("fromId"),
        start_ms=None if start_us is None else -(-start_us // 1000),
        end_ms=None if end_us is None else end_us // 1000,
        limit=values.get("limit", 500),
    )
    return [render.trade(fill, ask.unit) for fill in found]


CALLS: Mapping[str, Call] = {
    "account.status": account,
    "order.status": query_order,
    "openOrders.status": open_orders,
    "myTrades": my_trades,
}
