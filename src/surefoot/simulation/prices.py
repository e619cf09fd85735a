"""Which orders the story's traders place: near one middle, so that they meet (pure)."""

from decimal import Decimal

from surefoot.simulation.draws import below, pick, weighted
from surefoot.spot.enums import OrderType, Side, TimeInForce
from surefoot.spot.trade import NewOrder
from surefoot.world import Entropy

MIDDLE = {"BTCUSDT": 60_000, "ETHUSDT": 3_000}
_STEP = {"BTCUSDT": 10, "ETHUSDT": 1}
_QUANTITY = Decimal("0.01")

_KINDS = {
    (OrderType.LIMIT, TimeInForce.GTC): 60,
    (OrderType.LIMIT, TimeInForce.IOC): 10,
    (OrderType.LIMIT, TimeInForce.FOK): 5,
    (OrderType.LIMIT_MAKER, None): 10,
    (OrderType.MARKET, None): 10,
    (OrderType.MARKET, "quote"): 5,
}


def draw_order(dice: Entropy, symbols: tuple[str, ...]) -> NewOrder:
    """One order of one of the symbols."""
    symbol, side = pick(dice, *symbols), pick(dice, Side.BUY, Side.SELL)
    quantity = _QUANTITY * (1 + below(dice, 9))
    price = Decimal(MIDDLE[symbol] + _STEP[symbol] * (below(dice, 11) - 5))
    kind, life = weighted(dice, _KINDS)
    if life == "quote":
        return NewOrder(symbol=symbol, side=side, type=kind, quote_order_qty=price * quantity)
    if kind is OrderType.MARKET:
        return NewOrder(symbol=symbol, side=side, type=kind, quantity=quantity)
    if isinstance(life, TimeInForce):
        return NewOrder(
            symbol=symbol, side=side, type=kind, time_in_force=life, quantity=quantity, price=price
        )
    return NewOrder(symbol=symbol, side=side, type=kind, quantity=quantity, price=price)
