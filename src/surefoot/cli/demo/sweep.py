"""When the story breaks off: none of its orders stays open unnoticed, and what is not known is said."""

import asyncio
from collections.abc import Iterator

from surefoot.cli.demo.stage import Stage
from surefoot.cli.demo.voice import Step
from surefoot.errors import SurefootError

_PATIENCE_S = 5.0


async def sweep(stage: Stage) -> None:
    """Cancel what the demo has open, then tell what became of it, and what nobody knows yet."""
    reason = ""
    try:
        async with asyncio.timeout(_PATIENCE_S):
            await stage.trader.cancel_all(stage.market.info.symbol)
    except (SurefootError, TimeoutError) as error:
        reason = str(error) or "no answer in time"
    _tell(stage, dict(_ended_unheard(stage)))
    left = [order.id for order in stage.trader.open_orders if order.own]
    words = f"may be open or done, the journal remembers it ({reason})"
    _tell(stage, {id: f"{id} {words}" for id in left}, ok=False)


def _ended_unheard(stage: Stage) -> Iterator[tuple[str, str]]:
    """The orders whose end was not told yet."""
    for id, told in stage.ears.steps.items():
        order = stage.trader.order(id)
        over = order is not None and (order.is_final or order.is_settled)
        if order is not None and over and order.state != told[-1]:
            yield id, f"{id} is {order.state}"


def _tell(stage: Stage, texts: dict[str, str], *, ok: bool = True) -> None:
    for id, text in texts.items():
        stage.voice.tell(Step(step="Clean up", text=text, ok=ok, facts={"client_order_id": id}))
