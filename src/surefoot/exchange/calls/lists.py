"""Order lists: placed, cancelled, and asked for."""

from collections.abc import Callable, Mapping
from typing import Any

from surefoot.exchange.calls.desk import Ask, Call, Desk, accepted, cancels_of, day_of, orders_of
from surefoot.exchange.calls.lists_in import ListsIn
from surefoot.exchange.core.list_commands import PlaceList
from surefoot.exchange.render import orders as render_orders
from surefoot.serve.denial import Denial, bad_combination


def _placing(read: Callable[[ListsIn], PlaceList], kind: str) -> Call:
    """A call that places the list `read` from the parameters; `kind` is how much it answers by default."""

    def place(desk: Desk, ask: Ask) -> Any:
        result = accepted(desk.engine.place_list(ask.now_us, read(orders_of(desk, ask))))
        return render_orders.list_placed(result, ask.values.get("newOrderRespType", kind), ask.unit)

    return place


def cancel_list(desk: Desk, ask: Ask) -> Any:
    result = accepted(desk.engine.cancel_list(ask.now_us, cancels_of(desk, ask).cancel_list()))
    return render_orders.list_canceled(result, ask.unit)[0]


def list_status(desk: Desk, ask: Ask) -> Any:
    """By its client id where that is sent: then the other id is not read."""
    values = ask.values
    found = desk.engine.lists.find(ask.owner.name, values.get("orderListId"), values.get("origClientOrderId"))
    if found is None:
        raise Denial(-2013, "Order does not exist.")
    return render_orders.order_list(found.snapshot(), ask.unit)


def open_lists(desk: Desk, ask: Ask) -> Any:
    return [
        render_orders.order_list(found.snapshot(), ask.unit)
        for found in desk.engine.lists.open_lists(ask.owner.name)
    ]


def all_lists(desk: Desk, ask: Ask) -> Any:
    """By time or by id. Who sends both is refused on REST; on the WebSocket API the id is not read then."""
    values = ask.values
    start_us, end_us = day_of(ask)
    from_id, limit = values.get("fromId"), values.get("limit", 500)
    if from_id is not None and (start_us, end_us) != (None, None):
        if not ask.ws_api:
            raise bad_combination()
        from_id = None
    found = [
        made
        for made in desk.engine.lists.all_lists(ask.owner.name)
        if (from_id is None or made.order_list_id >= from_id)
        and (start_us is None or made.time_us >= start_us)
        and (end_us is None or made.time_us <= end_us)
    ]
    forwards = from_id is not None or start_us is not None
    chosen = found[:limit] if forwards else found[-limit:]
    return [render_orders.order_list(made.snapshot(), ask.unit) for made in chosen]


CALLS: Mapping[str, Call] = {
    "orderList.place": _placing(ListsIn.old_oco, "FULL"),
    "orderList.place.oco": _placing(ListsIn.oco, "RESULT"),
    "orderList.place.oto": _placing(ListsIn.oto, "RESULT"),
    "orderList.place.otoco": _placing(ListsIn.otoco, "RESULT"),
    "orderList.cancel": cancel_list,
    "orderList.status": list_status,
    "allOrderLists": all_lists,
    "openOrderLists.status": open_lists,
}
