"""The story of a replacement: amended or replaced, and trimmed where the old order executed meanwhile."""

from surefoot.errors import Misuse, SurefootError
from surefoot.execution.aio.works import Works
from surefoot.execution.cancelling import cancel
from surefoot.execution.records import OrderRecord
from surefoot.execution.replacing import excess, replacement
from surefoot.spot.order_replace import AmendOrder
from surefoot.values import Money, money


async def replace(
    works: Works, id: str, *, quantity: Money | None, price: Money | None, stop_price: Money | None
) -> str:
    """Returns the id of the order that there is now: the same one where it was amended."""
    before = _known(works, id)
    request = replacement(
        before,
        await works.client.rules(before.symbol),
        price=None if price is None else money("price", price),
        quantity=None if quantity is None else money("quantity", quantity),
        stop_price=None if stop_price is None else money("stop_price", stop_price),
    )
    new_id = await works.submit(request)
    if isinstance(request, AmendOrder):
        return id
    await _trim(works, before, new_id)
    return new_id


async def _trim(works: Works, before: OrderRecord, new_id: str) -> None:
    """Take off the new order what the old one executed between our look and its cancel."""
    placed = _known(works, new_id)
    right = excess(before, _known(works, before.id), placed)
    if right is None:
        return
    if right <= placed.executed_qty:
        await cancel(works.port, new_id)
        return
    try:
        await works.submit(AmendOrder(symbol=placed.symbol, order_id=placed.order_id or 0, new_qty=right))
    except SurefootError:
        await cancel(works.port, new_id)  # too large is worse than none
        raise


def _known(works: Works, id: str) -> OrderRecord:
    order = works.views.orders.shelf.get(id)
    if order is None:
        raise Misuse(f"order {id}: this trader does not know it")
    return order
