"""`surefoot open`, `balances`, `cancel`: what an account has in the book and in its purse."""

from typing import Annotated

from cyclopts import Parameter

from surefoot.cli.edges import DONE
from surefoot.cli.sheets import Cell, clock, shown, tell, tell_json, tell_table
from surefoot.cli.symbols import meaning
from surefoot.cli.venues import Where, admit
from surefoot.errors import Misuse
from surefoot.spot.account import Order
from surefoot.spot.orders import CancelAnswer, CanceledList
from surefoot.values import UNSET, trimmed

_HEADS = ("symbol", "order", "client order id", "side", "type", "price", "quantity", "executed", "placed")
_SPARE = ("client order id", "placed", "executed", "type")


def balances(*, where: Where, all: bool = False) -> int:
    """Show what the account has.

    Parameters
    ----------
    all
        Also assets of which there is nothing.
    """
    with where.client() as client:
        found = client.account(omit_zero_balances=not all).balances
    if where.json:
        tell_json(found)
        return DONE
    rows: list[list[Cell]] = [[each.asset, shown(each.free), shown(each.locked)] for each in found]
    tell_table(f"Balances, {where.env}", ("asset", "free", "locked"), rows, "the account is empty")
    return DONE


def open_orders(symbol: str | None = None, /, *, where: Where) -> int:
    """Show open orders.

    Parameters
    ----------
    symbol
        Only of this symbol. Default: of all, which weighs 80 instead of 6.
    """
    with where.client() as client, meaning(symbol or "", client):
        found = client.open_orders(symbol=symbol or UNSET)
    if where.json:
        tell_json(found)
        return DONE
    rows = [_row(order) for order in found]
    tell_table(f"Open orders, {where.env}", _HEADS, rows, "no order is open", spare=_SPARE)
    return DONE


def cancel(
    symbol: str,
    order: str | None = None,
    /,
    *,
    where: Where,
    all: bool = False,
    yes_real_money: Annotated[bool, Parameter(name="--yes-real-money")] = False,
) -> int:
    """Cancel an open order, or with --all every one of a symbol.

    Parameters
    ----------
    symbol
        What it trades.
    order
        The exchange's number of it, or its client order id. A leg takes its whole list with it.
    all
        Cancel every open order of the symbol.
    yes_real_money
        Needed to trade in production.
    """
    if (order is None) != all:
        raise Misuse("name one order, or give --all for every open order of the symbol")
    admit(where, yes_real_money)
    with where.client(real_money=yes_real_money) as client, meaning(symbol, client):
        if order is None:
            gone = client.cancel_open_orders(symbol)
        elif order.isdecimal():
            gone = (client.cancel_order(symbol, order_id=int(order)),)
        else:
            gone = (client.cancel_order(symbol, orig_client_order_id=order),)
    if where.json:
        tell_json(gone)
        return DONE
    for each in gone:
        tell(f"{where.env}, {_gone(each)}")
    return DONE


def _row(order: Order) -> list[Cell]:
    return [
        order.symbol,
        order.order_id,
        order.client_order_id,
        order.side.value,
        order.type.value,
        shown(order.price),
        shown(order.orig_qty),
        shown(order.executed_qty),
        clock(order.time),
    ]


def _gone(answer: CancelAnswer | CanceledList) -> str:
    if isinstance(answer, CanceledList):
        return f"{answer.symbol}: order list {answer.order_list_id} cancelled, with all its orders"
    left = trimmed(answer.orig_qty - answer.executed_qty)
    order = f"order {answer.order_id} ({answer.orig_client_order_id})"
    return f"{answer.symbol}: {order} cancelled, {left} left"
