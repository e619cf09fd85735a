"""What each operation does, once the request is known to be well formed and its sender to be who they say."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import msgspec

from surefoot.exchange import render
from surefoot.exchange.accounts import Account
from surefoot.exchange.commands import Place, Refusal
from surefoot.exchange.engine import Engine
from surefoot.exchange.exchange_info import ExchangeInfo
from surefoot.exchange.orders_in import cancel_command, place_command
from surefoot.serve.combinations import time_span
from surefoot.serve.denial import Denial
from surefoot.world import Entropy


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """One well-formed request. Times are microseconds since 1970; `unit` is that of the answer's times."""

    now_us: int
    values: Mapping[str, Any]
    unit: int = render.MILLISECONDS
    account: Account | None = None
    ws_api: bool = False

    @property
    def owner(self) -> Account:
        """The account that asks; only signed requests have one."""
        assert self.account is not None, "the operation is signed"
        return self.account


class Desk(msgspec.Struct, frozen=True):
    """What operations work on. `updated_us` holds each account's last change of balance."""

    engine: Engine
    info: ExchangeInfo
    entropy: Entropy
    updated_us: dict[str, int]


Call = Callable[[Desk, Ask], Any]
R = TypeVar("R")


def accepted(result: R | Refusal) -> R:
    """The engine's result; its refusal becomes the answer."""
    if isinstance(result, Refusal):
        raise Denial(result.code, result.message)
    return result


def ping(_: Desk, __: Ask) -> Any:
    return {}


def time(_: Desk, ask: Ask) -> Any:
    return {"serverTime": ask.now_us // ask.unit}


def exchange_info(desk: Desk, ask: Ask) -> Any:
    return desk.info.answer(ask.values, ask.now_us // ask.unit, ws_api=ask.ws_api)


def depth(desk: Desk, ask: Ask) -> Any:
    symbol = ask.values["symbol"]
    _in_status(desk, symbol, ask.values.get("symbolStatus"))
    return render.depth(desk.engine.depth(symbol, min(ask.values.get("limit", 100), 5000)))


def book_ticker(desk: Desk, ask: Ask) -> Any:
    status = ask.values.get("symbolStatus")
    if "symbol" in ask.values:
        _in_status(desk, ask.values["symbol"], status)
        return render.book_ticker(desk.engine.book_ticker(ask.values["symbol"]))
    names = ask.values.get("symbols", desk.info.names())
    chosen = [name for name in names if desk.info.status(name) == status or status is None]
    return [render.book_ticker(desk.engine.book_ticker(name)) for name in chosen]


def _in_status(desk: Desk, symbol: str, wanted: str | None) -> None:
    status = desk.info.status(symbol)
    if wanted not in (None, status):
        raise Denial(-1220, "The symbol's status does not match the requested symbolStatus.")


def account(desk: Desk, ask: Ask) -> Any:
    owner = ask.owner
    held = desk.engine.balances(owner.name)
    if ask.values.get("omitZeroBalances"):
        held = tuple(row for row in held if row.free or row.locked)
    return render.account(owner, held, desk.updated_us[owner.name], ask.unit)


def new_order(desk: Desk, ask: Ask) -> Any:
    command = _permitted(desk, ask)
    result = accepted(desk.engine.place(ask.now_us, command))
    return render.placed(result, ask.values.get("newOrderRespType"), ask.unit)


def test_order(desk: Desk, ask: Ask) -> Any:
    accepted(desk.engine.test(ask.now_us, _permitted(desk, ask)))
    return render.commission_rates(ask.owner) if ask.values.get("computeCommissionRates") else {}


def _permitted(desk: Desk, ask: Ask) -> Place:
    command = place_command(desk.engine.listings, ask.owner.name, ask.values, desk.entropy)
    if not desk.info.permits(command.symbol):
        raise Denial(-2010, "This symbol is not permitted for this account.")
    return command


def cancel_order(desk: Desk, ask: Ask) -> Any:
    command = cancel_command(ask.owner.name, ask.values, desk.entropy)
    desk.info.status(command.symbol)
    return render.canceled(accepted(desk.engine.cancel(ask.now_us, command)), ask.unit)


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
    "ping": ping,
    "time": time,
    "exchangeInfo": exchange_info,
    "depth": depth,
    "ticker.book": book_ticker,
    "account.status": account,
    "order.place": new_order,
    "order.test": test_order,
    "order.status": query_order,
    "order.cancel": cancel_order,
    "openOrders.status": open_orders,
    "myTrades": my_trades,
}
"""Operations by name; those of the WebSocket API's session are in `sessions`."""
