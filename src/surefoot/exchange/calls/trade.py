"""Trading endpoints."""

from collections.abc import Mapping
from typing import Any

from surefoot.exchange import render
from surefoot.exchange.calls.desk import Ask, Call, Desk, accepted
from surefoot.exchange.commands import Place
from surefoot.exchange.orders_in import cancel_command, place_command
from surefoot.serve.denial import Denial


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


CALLS: Mapping[str, Call] = {
    "order.place": new_order,
    "order.test": test_order,
    "order.cancel": cancel_order,
}
