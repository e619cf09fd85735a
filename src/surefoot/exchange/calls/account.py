"""Account endpoints."""

from collections.abc import Mapping
from typing import Any

from surefoot.exchange.calls.desk import Ask, Call, Desk, accepted, day_of
from surefoot.exchange.render import account as render_account
from surefoot.exchange.render import orders as render_orders


def account(desk: Desk, ask: Ask) -> Any:
    owner = ask.owner
    held = desk.engine.balances(owner.name)
    if ask.values.get("omitZeroBalances"):
        held = tuple(row for row in held if row.free or row.locked)
    return render_account.account(owner, held, desk.updated_us[owner.name], ask.unit)


def query_order(desk: Desk, ask: Ask) -> Any:
    found = desk.engine.order(
        ask.owner.name,
        ask.values["symbol"],
        order_id=ask.values.get("orderId"),
        orig_client_order_id=ask.values.get("origClientOrderId"),
    )
    return render_orders.order(accepted(found), ask.unit)


def open_orders(desk: Desk, ask: Ask) -> Any:
    symbol = ask.values.get("symbol")
    if symbol is not None:
        desk.info.status(symbol)
    return [render_orders.order(found, ask.unit) for found in desk.engine.open_orders(ask.owner.name, symbol)]


def my_trades(desk: Desk, ask: Ask) -> Any:
    values = ask.values
    desk.info.status(values["symbol"])
    start_us, end_us = day_of(ask)
    found = desk.engine.trades(
        ask.owner.name,
        values["symbol"],
        order_id=values.get("orderId"),
        from_id=values.get("fromId"),
        start_us=start_us,
        end_us=end_us,
        limit=values.get("limit", 500),
    )
    return [render_account.trade(fill, ask.unit) for fill in found]


def all_orders(desk: Desk, ask: Ask) -> Any:
    """By time (then an id is not read), by id, or the newest."""
    values = ask.values
    desk.info.status(values["symbol"])
    start_us, end_us = day_of(ask)
    found = desk.engine.all_orders(
        ask.owner.name,
        values["symbol"],
        from_id=values.get("orderId") if start_us is None and end_us is None else None,
        start_us=start_us,
        end_us=end_us,
        limit=values.get("limit", 500),
    )
    return [render_orders.order(one, ask.unit) for one in found]


def order_limits(desk: Desk, ask: Ask) -> Any:
    return desk.limiter.orders.used(ask.owner.name, ask.now_us)


def commission(desk: Desk, ask: Ask) -> Any:
    desk.info.status(ask.values["symbol"])
    return render_account.commission_rates(ask.owner, ask.values["symbol"])


def amendments(desk: Desk, ask: Ask) -> Any:
    values = ask.values
    symbol, first = values["symbol"], values.get("fromExecutionId")
    desk.info.status(symbol)
    lines = desk.engine.amendments(ask.owner.name, symbol, values["orderId"])
    found = [line for line in lines if first is None or line.execution_id >= first]
    limit = values.get("limit", 500)
    digits = desk.engine.listings[symbol].digits
    chosen = found[-limit:] if first is None else found[:limit]
    return [render_orders.amendment(line, symbol, digits, ask.unit) for line in chosen]


def my_filters(desk: Desk, ask: Ask) -> Any:
    symbol = ask.values["symbol"]
    desk.info.status(symbol)
    return desk.info.filters_of_account(desk.engine.listings[symbol])


def prevented_matches(desk: Desk, ask: Ask) -> Any:
    values = ask.values
    desk.info.status(values["symbol"])
    first, order_id = values.get("fromPreventedMatchId", 0), values.get("orderId")
    found = [
        match
        for match in desk.engine.prevented_matches(ask.owner.name, values["symbol"])
        if match.match_id >= first
        and values.get("preventedMatchId", match.match_id) == match.match_id
        and order_id in {None, match.taker_order_id, match.maker_order_id}
    ]
    return [render_orders.prevented_match(match, ask.unit) for match in found[: values.get("limit", 500)]]


CALLS: Mapping[str, Call] = {
    "account.status": account,
    "order.status": query_order,
    "openOrders.status": open_orders,
    "allOrders": all_orders,
    "myTrades": my_trades,
    "account.rateLimits.orders": order_limits,
    "account.commission": commission,
    "order.amendments": amendments,
    "myFilters": my_filters,
    "myPreventedMatches": prevented_matches,
}
