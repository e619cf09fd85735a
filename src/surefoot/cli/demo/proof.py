"""Exactly once, and nothing is missing: what the trader knows after its death, against the exchange."""

import asyncio

from surefoot.cli.demo.books import trade_differences
from surefoot.cli.demo.places import Place
from surefoot.cli.demo.verify import DoesNotAddUp
from surefoot.cli.demo.voice import Step, Voice
from surefoot.cli.journal.pages import laid_out
from surefoot.client.aio import AsyncClient
from surefoot.execution.aio import Trader
from surefoot.execution.sql.tracing import trace
from surefoot.spot.account import GetMyTrades, Order
from surefoot.values import trimmed

_SCENE = "4. Exactly once, and nothing is missing"


async def prove(witness: AsyncClient, voice: Voice, trader: Trader, order: Order, *, place: Place) -> str:
    """Tell it, and return the summary; raises `DoesNotAddUp` naming what is off."""
    id, symbol = order.client_order_id, order.symbol
    there = await witness.all_orders(symbol)
    trades = await witness.send(GetMyTrades(symbol=symbol, order_id=order.order_id))
    fills = trader.views.fills_of(id)
    with_id = sum(each.client_order_id == id for each in there)
    text = f"orders with this id at the exchange: {with_id}; orders of the account in all: {len(there)}"
    voice.tell(Step(step=_SCENE, text=text, ok=with_id == 1 == len(there), facts={"count": len(there)}))
    off = trade_differences(fills, trades)
    bought = trimmed(sum((fill.qty for fill in fills), start=order.executed_qty * 0))
    text = f"fills: {len(trades)} in myTrades, and the trader knows the same, {bought} in all"
    voice.tell(Step(step=_SCENE, text=text, ok=not off, facts={"differences": off}))
    rows = await asyncio.to_thread(trace, place.at, id, place.account)
    facts = {"entries": [{"seq": row.seq, "kind": row.kind} for row in rows]}
    voice.tell(
        Step(
            step="Its journal",
            text=f"all that is written of {id}",
            facts=facts,
            drawn=laid_out(rows, indent=4),
        )
    )
    if off or with_id != 1 or len(there) != 1:
        raise DoesNotAddUp("; ".join(off) or f"{with_id} orders have the id {id}, {len(there)} are there")
    return f"killed in the middle of an order: it exists once, and of {len(trades)} fills none is lost"
