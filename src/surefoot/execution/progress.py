"""How news of an order change what is known of it: it only ever moves forward (TRACK-4; pure)."""

from typing import Any

import msgspec

from surefoot.execution.lives import IN_FLIGHT, LIST_LIFE, ListState, OrderState, list_state_of, may_follow
from surefoot.execution.records import ListRecord, OrderRecord
from surefoot.execution.sightings import ListSighting, Sighting


def stranger(seen: Sighting) -> OrderRecord:
    """An order that nobody here meant: somebody else uses the account."""
    return OrderRecord(
        id=seen.id, symbol=seen.symbol, state=OrderState.SUBMITTED, at_ms=seen.as_of_ms, own=False
    )


def updated(known: OrderRecord, seen: Sighting, list: str | None) -> OrderRecord:
    """`known` with what is newer in `seen`, or itself where nothing is; `list` is the name of its list, where
    that is known.
    """
    if _is_the_same(known, seen) and (known.list is not None or list is None):
        return known
    changes: dict[str, Any] = {}
    if known.order_id is None:
        changes = {"order_id": seen.order_id}
        changes |= {"side": known.side or seen.side, "type": known.type or seen.type}
    if known.list is None and list is not None:
        changes["list"] = list
    if is_newer(known, seen):
        changes |= _newer(known, seen)
    return msgspec.structs.replace(known, **changes) if changes else known


def _is_the_same(known: OrderRecord, seen: Sighting) -> bool:
    """Whether another way told just that before."""
    if known.order_id is None or seen.state is not known.state or seen.as_of_ms > known.as_of_ms:
        return False
    return seen.executed_qty == known.executed_qty and seen.qty == known.qty


def is_newer(known: OrderRecord, seen: Sighting) -> bool:
    """Whether `seen` is later in the order's life than what is known: by its state, then by what was
    executed, then by time. Times alone do not tell: several things happen to an order in a millisecond.
    """
    if known.state in IN_FLIGHT or known.state is OrderState.NOT_PLACED:
        return True
    if known.is_final or seen.state is None or not may_follow(known.state, seen.state):
        return False
    executed = known.executed_qty if seen.executed_qty is None else seen.executed_qty
    if executed != known.executed_qty:
        return executed > known.executed_qty
    return seen.state is not known.state or seen.as_of_ms >= known.as_of_ms


def _newer(known: OrderRecord, seen: Sighting) -> dict[str, Any]:
    changes: dict[str, Any] = {"state": seen.state or OrderState.NEW}
    changes["as_of_ms"] = max(seen.as_of_ms, known.as_of_ms)
    for name in ("price", "stop_price", "executed_qty", "quote_qty"):
        if (value := getattr(seen, name)) is not None:
            changes[name] = value
    if seen.qty and (not known.qty or seen.qty < known.qty or known.state in IN_FLIGHT):
        changes["qty"] = seen.qty
    return changes


def contradiction(known: OrderRecord, seen: Sighting) -> str | None:
    """What cannot be true together, in a sentence."""
    name = f"order {known.id} ({seen.symbol} {seen.order_id})"
    if known.order_id is not None and known.order_id != seen.order_id:
        return f"{name}: the exchange called it {known.order_id} before"
    if known.side is not None and seen.side is not None and known.side != seen.side:
        return f"{name}: it is a {known.side}, and the exchange says {seen.side}"
    if not known.is_final or seen.state is None:
        return None
    executed = seen.executed_qty
    if executed is not None and executed > known.executed_qty:
        return f"{name}: it ended {known.state} with {known.executed_qty}, and now {executed} are executed"
    if seen.state is not known.state and not may_follow(seen.state, known.state):
        return f"{name}: it ended {known.state}, and now it is {seen.state}"
    return None


def moved(known: ListRecord | None, state: ListState) -> ListRecord | None:
    """The list in another state; None where there is no such list, or that cannot follow."""
    if known is None or state not in LIST_LIFE[known.state]:
        return None
    return msgspec.structs.replace(known, state=state)


def list_updated(known: ListRecord | None, seen: ListSighting) -> ListRecord | None:
    """What is known of a list after `seen`; None where that is no news."""
    state = list_state_of(seen.status)
    if known is None:
        known = ListRecord(id=seen.id, symbol=seen.symbol, state=ListState.SUBMITTED, at_ms=0)
    if state is None or (known.state is not state and state not in LIST_LIFE[known.state]):
        return None
    return msgspec.structs.replace(
        known, state=state, list_id=seen.list_id, orders=known.orders or seen.orders
    )
