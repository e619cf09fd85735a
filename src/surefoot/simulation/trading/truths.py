"""The exchange's truth against what a trader believes, to the last digit."""

from collections.abc import Iterator
from decimal import Decimal

from surefoot.exchange.core.commands import OrderSnapshot
from surefoot.exchange.core.engine import Engine
from surefoot.exchange.core.listing import SCALE
from surefoot.execution.fills import Fill
from surefoot.execution.records import OrderRecord
from surefoot.execution.views import Views
from surefoot.rules.quantise import ZERO
from surefoot.simulation.trading.courts import Court, Law
from surefoot.spot.enums import Side

ALL = 1_000_000


def decimal(units: int) -> Decimal:
    """An amount of the engine (1e-8) as a decimal."""
    return Decimal(units) / SCALE


def orders_of(engine: Engine, account: str) -> list[OrderSnapshot]:
    """Every order that the account ever had."""
    return [order for symbol in engine.listings for order in engine.all_orders(account, symbol, limit=ALL)]


def fills_of(engine: Engine, account: str) -> list[tuple[object, ...]]:
    """Every execution of the account's."""
    return [
        (
            fill.symbol,
            fill.trade_id,
            fill.order_id,
            Side.BUY if fill.is_buyer else Side.SELL,
            decimal(fill.price),
            decimal(fill.qty),
            decimal(fill.commission),
            fill.commission_asset,
        )
        for symbol in engine.listings
        for fill in engine.trades(account, symbol, from_id=0, limit=ALL)
    ]


def compare(court: Court, engine: Engine, account: str, views: Views, fills: list[Fill]) -> None:
    """All of it; `fills` are all that the trader ever learnt of."""
    truth = orders_of(engine, account)
    court.hear(Law.ORDERS, len(truth) + 1, _orders(truth, account, views))
    lists = engine.lists.all_lists(account)
    court.hear(Law.LISTS, len(lists) + 1, _lists(engine, account, views))
    believed = [fact(fill) for fill in fills]
    court.hear(Law.FILLS, len(believed) + 1, _fills(fills_of(engine, account), believed, account))


def fact(fill: Fill) -> tuple[object, ...]:
    """A fill without what sources differ in: its time in milliseconds, and who was the maker."""
    return (
        fill.symbol,
        fill.trade_id,
        fill.order_id,
        fill.side,
        fill.price,
        fill.qty,
        fill.commission,
        fill.commission_asset,
    )


def _orders(truth: list[OrderSnapshot], account: str, views: Views) -> Iterator[str]:
    shelf = views.orders.shelf
    for order in truth:
        name = f"{account}'s {order.symbol} {order.order_id} ({order.client_order_id})"
        record = shelf.by_order_id(order.symbol, order.order_id)
        if record is None:
            yield f"{name} is {order.status} there, and unknown here"
        else:
            for what, here, there in _differences(record, order):
                yield f"{name}: {what} is {there} there, and {here} here"
    exist = {(order.symbol, order.order_id) for order in truth}
    for record in shelf.active.values():
        if record.order_id is not None and (record.symbol, record.order_id) not in exist:
            yield f"{account} believes in {record.id}, which never was"
        if record.is_final:
            yield f"{account} knows {record.known_qty} of {record.executed_qty} executed of {record.id}"


def _differences(record: OrderRecord, order: OrderSnapshot) -> Iterator[tuple[str, object, object]]:
    pairs: list[tuple[str, object, object]] = [
        ("state", str(record.state), str(order.status)),
        ("executed", record.executed_qty, decimal(order.executed_qty)),
        ("known", record.known_qty, decimal(order.executed_qty)),
        ("quote", record.quote_qty, decimal(order.cummulative_quote_qty)),
        ("price", record.price, decimal(order.price)),
        ("side", record.side, order.side),
        ("type", record.type, order.type),
        ("owner", record.own, True),
    ]
    if not order.orig_quote_order_qty:
        pairs.append(("quantity", record.qty, decimal(order.orig_qty)))
    yield from (pair for pair in pairs if pair[1] != pair[2])


def _lists(engine: Engine, account: str, views: Views) -> Iterator[str]:
    by_number = {one.list_id: one for one in views.orders.shelf.lists.values() if one.list_id is not None}
    for list in engine.lists.all_lists(account):
        known = by_number.get(list.order_list_id)
        name = f"{account}'s list {list.order_list_id} ({list.list_client_order_id})"
        if known is None:
            yield f"{name} is {list.order_status} there, and unknown here"
        elif str(known.state) != str(list.order_status):
            yield f"{name} is {list.order_status} there, and {known.state} here"


def _fills(
    truth: list[tuple[object, ...]], believed: list[tuple[object, ...]], account: str
) -> Iterator[str]:
    for one in sorted(set(truth) - set(believed), key=str):
        yield f"{account} never learnt of the fill {_told(one)}"
    for one in sorted(set(believed) - set(truth), key=str):
        yield f"{account} believes in the fill {_told(one)}, which never was"
    for one in sorted(set(believed), key=str):
        if believed.count(one) > 1:
            yield f"{account} counted the fill {_told(one)} {believed.count(one)} times"


def _told(fill: tuple[object, ...]) -> str:
    return " ".join(str(part) for part in fill)


def balances(engine: Engine, account: str, views: Views) -> Iterator[str]:
    """Free and locked of every asset."""
    believed = views.books.ledger.balances
    for held in engine.balances(account):
        truth = (decimal(held.free), decimal(held.locked))
        known = believed.get(held.asset)
        here = (ZERO, ZERO) if known is None else (known.free, known.locked)
        if here != truth:
            yield f"{account} has {truth} {held.asset} (free, locked) there, and {here} here"


def money(engine: Engine) -> Iterator[str]:
    """Deposits = free + locked + fees, asset by asset."""
    for asset, deposited in engine.ledger.deposited.items():
        if (total := engine.ledger.total(asset)) != deposited:
            yield f"{asset}: {deposited} was deposited, {total} is there"
