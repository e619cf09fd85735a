"""The demo's story, scene by scene: a real trader, real requests, real events. Nothing here makes a fill
happen.
"""

import asyncio
from decimal import Decimal

from surefoot.cli.demo.stage import Stage, look_again
from surefoot.cli.sheets import shown
from surefoot.errors import FilterViolation, PolicyRefusal, SurefootError
from surefoot.execution.aio import OrderHandle
from surefoot.execution.intent import LimitOrder, request_of
from surefoot.rules.check import check, describe
from surefoot.spot.enums import Side
from surefoot.values import trimmed

_PATIENCE_S = 20.0


async def scenes(stage: Stage) -> None:
    """All of them."""
    await look_again(stage)
    await rounded_limit(stage)
    await replaced_and_cancelled(stage)
    await market_by_quote(stage)
    await refused_by_a_filter(stage)
    await refused_by_the_operator(stage)
    await closed(stage)


async def rounded_limit(stage: Stage) -> None:
    """A LIMIT BUY at the best ask, larger than what stands there: it has to be rounded, and fills in
    parts.
    """
    scene, market = "1. LIMIT that has to be rounded", stage.market
    price = shown(market.depth.asks[0].price + market.bound("tick_size") * Decimal("0.4"))
    intent = LimitOrder(market.info.symbol, Side.BUY, min(market.first_qty, shown(stage.cap / price)), price)
    checked = check(request_of(intent), market.rules)
    for change in checked.changes:
        stage.tell(scene, describe(change), field=change.field, given=change.given, used=change.used)
    filters = tuple(each.filter for each in checked.met)
    stage.tell(scene, f"judged here by {', '.join(filters)}, and by the operator's limits", filters=filters)
    order = stage.remember(await stage.trader.place(intent))
    stage.tell(
        scene,
        f"written down, sent, and known: order {order.order_id} is {order.state}",
        client_order_id=order.id,
        order_id=order.order_id,
        status=order.state,
    )
    await _until_done(stage, scene, order)


async def _until_done(stage: Stage, scene: str, order: OrderHandle) -> None:
    """Let fills come for a while; what is left then is cancelled, and said."""
    try:
        async with asyncio.timeout(_PATIENCE_S):
            await stage.ended(order)
    except TimeoutError:
        stage.tell(scene, f"{order.id} was not filled within {_PATIENCE_S:.0f} s: cancelling the rest")
        await stage.trader.cancel(order)


async def replaced_and_cancelled(stage: Stage) -> None:
    """A LIMIT BUY well below the market, moved a little, then cancelled."""
    scene, market = "2. LIMIT, replaced, then cancelled", stage.market
    low = market.depth.bids[0].price * Decimal("0.97")
    stage.tell(scene, "a BUY that nobody will fill, three per cent below the best bid; then a little higher")
    qty = 4 * market.bound("min_notional", "10") / low + market.bound("step_size")
    order = stage.remember(
        await stage.trader.place(LimitOrder(market.info.symbol, Side.BUY, shown(qty), shown(low)))
    )
    moved = await _moved(stage, scene, order)
    await stage.trader.cancel(moved)
    end = await stage.ended(moved)
    stage.tell(scene, f"and cancelled: {end.state}", client_order_id=moved.id, status=end.state)


async def _moved(stage: Stage, scene: str, order: OrderHandle) -> OrderHandle:
    """The order that there is after moving it; the same one where the symbol does not allow that."""
    higher = order.record.price + 10 * stage.market.bound("tick_size")
    try:
        moved = stage.remember(await stage.trader.replace(order, price=higher))
    except FilterViolation as refusal:
        stage.tell(scene, f"it stays where it is: {refusal}", filter=refusal.filter)
        return order
    text = f"moved from {trimmed(order.record.price)} to {trimmed(higher)}: {order.id} is {order.state}"
    stage.tell(scene, f"{text}, {moved.id} is {moved.state}", replaced=order.id, client_order_id=moved.id)
    return moved


async def market_by_quote(stage: Stage) -> None:
    """A MARKET BUY sized by what it may spend."""
    scene, market = "3. MARKET by quoteOrderQty", stage.market
    budget = 5 * market.bound("min_notional", "10")
    stage.tell(scene, f"a BUY for {trimmed(budget)} {market.info.quote_asset}, whatever quantity that is")
    order = stage.remember(await stage.trader.buy(market.info.symbol, quote=budget))
    end = await stage.ended(order)
    stage.tell(
        scene,
        f"spent {trimmed(end.quote_qty)} of {trimmed(budget)} {market.info.quote_asset}: {end.state}",
        client_order_id=order.id,
        status=end.state,
        cummulative_quote_qty=end.quote_qty,
    )


async def refused_by_a_filter(stage: Stage) -> None:
    """An order too small for the exchange: refused before anything is sent."""
    scene, market = "4. Refused here by the exchange's own rules", stage.market
    qty = shown(max(market.bound("min_qty"), market.bound("step_size")))
    small = LimitOrder(market.info.symbol, Side.BUY, qty, shown(market.depth.bids[0].price))
    try:
        stage.remember(await stage.trader.place(small))
    except FilterViolation as refusal:
        facts = {name: getattr(refusal, name) for name in ("filter", "field", "given", "bound", "nearest")}
        stage.tell(scene, str(refusal), **facts)
        return
    symbol = market.info.symbol
    raise SurefootError(f"{symbol}: the smallest quantity is a legal order, so nothing was refused")


async def refused_by_the_operator(stage: Stage) -> None:
    """An order that the exchange would take, and the operator does not."""
    scene, market = "5. Refused here by the operator's limits", stage.market
    bid = market.depth.bids[0].price
    large = LimitOrder(market.info.symbol, Side.BUY, shown(stage.cap * Decimal("1.2") / bid), shown(bid))
    try:
        stage.remember(await stage.trader.place(large))
    except PolicyRefusal as refusal:
        stage.tell(scene, str(refusal), rule=refusal.rule, limit=refusal.limit, asked=refusal.asked)
        return
    raise SurefootError(f"{market.info.symbol}: an order above the operator's limit was not refused")


async def closed(stage: Stage) -> None:
    """What was bought is sold again."""
    scene, market = "6. The position is closed", stage.market
    stage.tell(scene, "orders are cancelled, and what was bought is sold at the market, but for dust")
    order = await stage.trader.close_position(market.info.symbol)
    if order is None:
        stage.tell(scene, "what is left is too little to be sold")
        return
    end = await stage.ended(stage.remember(order))
    base = market.info.base_asset
    stage.tell(
        scene,
        f"sold {trimmed(end.executed_qty)} {base}: {end.state}",
        client_order_id=order.id,
        status=end.state,
    )
