"""When the story breaks off: none of its orders stays open unnoticed, and what is not known is said."""

import asyncio

from surefoot.cli.demo.story import Stage
from surefoot.cli.demo.voice import Step
from surefoot.errors import SurefootError, UnknownOrder
from surefoot.spot.account import GetOrder
from surefoot.spot.enums import FINAL_STATUSES
from surefoot.spot.orders import CanceledList
from surefoot.spot.trade import CancelOrder

_PATIENCE_S = 10.0


async def sweep(stage: Stage) -> None:
    """Ask for every order whose end the stream has not told, cancel what is open, then tell it all."""
    unfinished = [id for id in stage.placed if not stage.ears.finished(id)]
    told = [await _swept(stage, id) for id in unfinished]
    for step in told:  # last, because telling may fail, and no order should stay open for that
        stage.voice.tell(step)


async def _swept(stage: Stage, id: str) -> Step:
    ok = True
    try:
        async with asyncio.timeout(_PATIENCE_S):
            text = await _looked_up(stage, id)
    except (SurefootError, TimeoutError) as error:
        reason = str(error) or "no answer in time"
        text, ok = f"{id} may be open or done, ask for it by this id ({reason})", False
    return Step(step="Clean up", text=text, ok=ok, facts={"client_order_id": id})


async def _looked_up(stage: Stage, id: str) -> str:
    """Twice where it is not known at first: it may still be under way until its recvWindow is over."""
    try:
        return await _closed(stage, id)
    except UnknownOrder:
        await asyncio.sleep(stage.client.desk.clock.recv_window_ms / 1000)
    try:
        return await _closed(stage, id)
    except UnknownOrder:
        return f"{id} is not known to the exchange"


async def _closed(stage: Stage, id: str) -> str:
    symbol = stage.info.symbol
    order = await stage.client.send(GetOrder(symbol=symbol, orig_client_order_id=id))
    if order.status in FINAL_STATUSES:
        return f"{id} is {order.status}"
    cancel = await stage.client.send(CancelOrder(symbol=symbol, order_id=order.order_id))
    ended = cancel.list_order_status if isinstance(cancel, CanceledList) else cancel.status
    return f"{id} was open and is now {ended}"
