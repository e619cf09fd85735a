"""When the story breaks off: none of its orders stays open unnoticed, and what is not known is said."""

import asyncio

from surefoot.cli.demo.stage import Stage
from surefoot.cli.demo.voice import Step
from surefoot.errors import SurefootError

_PATIENCE_S = 10.0


async def sweep(stage: Stage) -> None:
    """Cancel what the demo has open, then tell what became of it, and what nobody knows yet."""
    ok, text = True, ""
    try:
        async with asyncio.timeout(_PATIENCE_S):
            ended = await stage.trader.cancel_all(stage.market.info.symbol)
        text = "; ".join(f"{order.id} is {order.state}" for order in ended)
    except (SurefootError, TimeoutError) as error:
        ok = False
        left = ", ".join(order.id for order in stage.trader.open_orders if order.own)
        text = f"{left} may be open or done ({str(error) or 'no answer in time'}): the journal remembers"
    if text:
        stage.voice.tell(Step(step="Clean up", text=text, ok=ok))
