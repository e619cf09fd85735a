"""Trading endpoints."""

from collections.abc import Mapping
from typing import Any

from surefoot.exchange.calls.desk import Ask, Call, Desk, accepted, cancels_of, orders_of
from surefoot.exchange.core.commands import Canceled, Place, Placed, Refusal
from surefoot.exchange.core.list_commands import CancelAll, ListCanceled, Replaced
from surefoot.exchange.render import account as render_account
from surefoot.exchange.render import orders as render_orders
from surefoot.exchange.render.amounts import Json
from surefoot.serve.denial import Denial

SUCCESS, FAILURE, NOT_ATTEMPTED = "SUCCESS", "FAILURE", "NOT_ATTEMPTED"
_HALF, _NOTHING, _LIMITED = 409, 400, 429


def new_order(desk: Desk, ask: Ask) -> Any:
    result = accepted(desk.engine.place(ask.now_us, orders_of(desk, ask).place()))
    return render_orders.placed(result, ask.values.get("newOrderRespType"), ask.unit)


def test_order(desk: Desk, ask: Ask) -> Any:
    refusal = desk.engine.test(ask.now_us, orders_of(desk, ask).place())
    accepted(refusal)
    return render_account.commission_of_order(ask.owner) if ask.values.get("computeCommissionRates") else {}


def cancel_order(desk: Desk, ask: Ask) -> Any:
    """A leg takes its list along; only the WebSocket API's page says that the answer is then the list's, also
    as a half of order.cancelReplace.
    """
    desk.info.status(ask.values["symbol"])
    return _canceled(accepted(desk.engine.cancel(ask.now_us, cancels_of(desk, ask).cancel())), ask)


def _canceled(result: Canceled, ask: Ask) -> Json:
    if ask.ws_api and result.order_list is not None:
        return render_orders.list_canceled(ListCanceled(result.order_list, result.legs), ask.unit)[0]
    return render_orders.canceled(result, ask.unit)


def cancel_all(desk: Desk, ask: Ask) -> Any:
    command = CancelAll(account=ask.owner.name, symbol=ask.values["symbol"])
    ended = accepted(desk.engine.cancel_all(ask.now_us, command))
    return [row for one in ended for row in render_orders.list_canceled(one, ask.unit)]


def amend(desk: Desk, ask: Ask) -> Any:
    result = accepted(desk.engine.amend(ask.now_us, orders_of(desk, ask).amend()))
    return render_orders.amended(result, ask.unit)


def cancel_replace(desk: Desk, ask: Ask) -> Any:
    """Two halves, of which either may fail alone; raises `Denial` with both when one did."""
    orders = orders_of(desk, ask)
    command, place = orders.cancel("cancel"), orders.place()
    stop = ask.values["cancelReplaceMode"] == "STOP_ON_FAILURE"
    if ask.too_many_orders is not None:
        result = _only_canceled(desk, ask, place, stop)
    else:
        result = accepted(desk.engine.replace(ask.now_us, command, place, stop_on_failure=stop))
    return _halves(ask, result, stop=stop)


def _only_canceled(desk: Desk, ask: Ask, place: Place, stop: bool) -> Replaced:
    """The unfilled order count leaves no room for the new order, but the cancel is wanted all the same."""
    limited = ask.too_many_orders
    assert limited is not None, "there is no room"
    accepted(desk.engine.test(ask.now_us, place))
    canceled = desk.engine.cancel(ask.now_us, orders_of(desk, ask).cancel("cancel"))
    if isinstance(canceled, Refusal) and stop:
        return Replaced(canceled, None)
    return Replaced(canceled, Refusal(limited.code, limited.message))


def _halves(ask: Ask, result: Replaced, *, stop: bool) -> Json:
    canceled, placed = result.canceled, result.placed
    said: Json = {
        "cancelResult": SUCCESS if isinstance(canceled, Canceled) else FAILURE,
        "newOrderResult": _outcome(placed),
        "cancelResponse": _canceled_half(canceled, ask),
        "newOrderResponse": _placed_half(placed, ask),
    }
    if isinstance(canceled, Canceled) and isinstance(placed, Placed):
        return said
    whole = isinstance(canceled, Refusal) and not isinstance(placed, Placed)
    status = _NOTHING if whole else _HALF
    if ask.too_many_orders is not None and stop and not (ask.ws_api and not whole):
        status = _LIMITED
    code, text = (-2022, "failed") if whole else (-2021, "partially failed")
    retry_at_ms = ask.too_many_orders.retry_at_ms if ask.too_many_orders and status == _LIMITED else None
    raise Denial(code, f"Order cancel-replace {text}.", status=status, retry_at_ms=retry_at_ms, data=said)


def _outcome(placed: Placed | Refusal | None) -> str:
    if placed is None:
        return NOT_ATTEMPTED
    return SUCCESS if isinstance(placed, Placed) else FAILURE


def _canceled_half(canceled: Canceled | Refusal, ask: Ask) -> Json:
    return _refused(canceled) if isinstance(canceled, Refusal) else _canceled(canceled, ask)


def _placed_half(placed: Placed | Refusal | None, ask: Ask) -> Json | None:
    if placed is None:
        return None
    if isinstance(placed, Refusal):
        return _refused(placed)
    return render_orders.placed(placed, ask.values.get("newOrderRespType"), ask.unit)


def _refused(refusal: Refusal) -> Json:
    return {"code": refusal.code, "msg": refusal.message}


CALLS: Mapping[str, Call] = {
    "order.place": new_order,
    "order.test": test_order,
    "order.cancel": cancel_order,
    "openOrders.cancelAll": cancel_all,
    "order.amend.keepPriority": amend,
    "order.cancelReplace": cancel_replace,
}
