"""The story of a cancel: sent at once, and again until the order is over (RETRY-3; pure).

To cancel twice does no harm, so a cancel of unknown outcome may be sent again; -2011 ("unknown order") is no
answer to the question whether the order is over, and is resolved by a query.
"""

from surefoot.errors import (
    Banned,
    Happened,
    NoAnswer,
    NotDelivered,
    ProtocolViolation,
    RateLimited,
    Refused,
    StaleTimestamp,
    StillOpen,
    SurefootError,
    UnknownOrder,
)
from surefoot.execution import entries
from surefoot.execution.ids import cancel_id_of
from surefoot.execution.placing import answered
from surefoot.execution.port import Port
from surefoot.execution.records import ListRecord, OrderRecord
from surefoot.execution.resync import read_order
from surefoot.spot.trade import CancelOrder
from surefoot.values import UNSET

_FIRST_MS, _LONGEST_MS = 250, 5_000
_PASSING = (NotDelivered, RateLimited, Banned, StaleTimestamp)
PATIENCE_MS = 120_000


async def cancel(port: Port, id: str, *, patience_ms: int = PATIENCE_MS) -> OrderRecord:
    """Return once the order is over, however it ended (it may have been filled first).

    An order that is in flight is waited for. Raises what the exchange refused for good, and `StillOpen` from
    the last failure once `patience_ms` are over.
    """
    shelf = port.views.orders.shelf
    order = shelf.get(id)
    if order is None:
        raise UnknownOrder(f"order {id}: the journal does not know it")
    port.note(entries.CancelAsked(at_ms=port.now_ms(), symbol=order.symbol, order_id=order.order_id, id=id))
    by_ms, tries = port.now_ms() + patience_ms, 0
    while not _over(port, id):
        failure = await _once(port, id)
        if _over(port, id):
            break
        if port.now_ms() >= by_ms:
            why = f": {failure}" if failure is not None else ""
            raise StillOpen(
                f"order {id} may still be open after {patience_ms} ms of cancelling{why}"
            ) from failure
        pause_ms = min(_LONGEST_MS, _FIRST_MS << min(tries, 5))
        tries += 1
        await port.until(lambda: _over(port, id), port.now_ms() + pause_ms)
    return known(port, id)


async def cancel_list(port: Port, id: str, *, patience_ms: int = PATIENCE_MS) -> ListRecord:
    """Return once every order of the list is over: to cancel one ends them all. Raises as `cancel`."""
    for order in port.views.orders.shelf.lists[id].orders:
        await cancel(port, order, patience_ms=patience_ms)
    return port.views.orders.shelf.lists[id]


def known(port: Port, id: str) -> OrderRecord:
    """The order; it is known."""
    order = port.views.orders.shelf.get(id)
    assert order is not None, id
    return order


def _over(port: Port, id: str) -> bool:
    order = known(port, id)
    return order.is_final or order.is_settled


async def _once(port: Port, id: str) -> SurefootError | None:
    """Cancel once; returns what kept it from working, where trying again may help."""
    order = known(port, id)
    request = CancelOrder(
        symbol=order.symbol,
        order_id=UNSET if order.order_id is None else order.order_id,
        orig_client_order_id=id if order.order_id is None else UNSET,
        new_client_order_id=cancel_id_of(id) if order.own and order.list is None else UNSET,
    )
    try:
        answer = await port.send(request)
    except UnknownOrder as error:
        await _look(port, order)
        return error
    except _PASSING as error:
        return error
    except Refused as error:
        _refused(port, order, error)
        raise
    except SurefootError as error:
        if error.happened is not Happened.UNKNOWN:
            raise
        await _look(port, order)
        return error
    port.note(*answered(port.now_ms(), id, answer))
    return None


async def _look(port: Port, order: OrderRecord) -> None:
    """What has become of it; nothing where the exchange does not know it (yet)."""
    try:
        await read_order(port, order)
    except (NoAnswer, NotDelivered, ProtocolViolation, Refused):
        return  # in flight, or a read that lags, or no answer: what follows is another try


def _refused(port: Port, order: OrderRecord, error: Refused) -> None:
    port.note(
        entries.CancelRefused(
            at_ms=port.now_ms(),
            symbol=order.symbol,
            order_id=order.order_id,
            id=order.id,
            code=error.code,
            text=str(error),
        )
    )
