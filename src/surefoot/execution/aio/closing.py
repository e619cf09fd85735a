"""The story of a position's end."""

from surefoot.execution.aio.works import Works
from surefoot.execution.intent import request_of
from surefoot.spot.enums import OrderType, Side
from surefoot.spot.trade import NewOrder


async def closed(works: Works, symbol: str) -> str | None:
    """Sell at the market what of `symbol` was bought and can be sold; returns the order's id, if any.

    It is the way out: no cap of the operator's holds it back, but the kill switch does.
    """
    ledger = works.views.books.ledger
    if symbol not in ledger:
        return None
    rules = await works.client.rules(symbol)
    await works.prices.fresh(symbol)
    top = works.views.standpoint.tops[symbol]
    qty = ledger.sellable(symbol, rules, top.bid).qty
    if not qty:
        return None
    sale = NewOrder(symbol=symbol, side=Side.SELL, type=OrderType.MARKET, quantity=qty)
    return await works.submit(request_of(sale), reduces=True)
