"""Which orders are placed."""

from surefoot.simulation.prices import draw_order
from surefoot.spot.enums import OrderType, Side, TimeInForce
from surefoot.values import UNSET
from surefoot.world import SeededEntropy


def test_every_kind_of_order_is_drawn_and_complete() -> None:
    dice = SeededEntropy(3)
    orders = [draw_order(dice, ("BTCUSDT", "ETHUSDT")) for _ in range(500)]
    assert {order.type for order in orders} == {OrderType.LIMIT, OrderType.LIMIT_MAKER, OrderType.MARKET}
    assert {order.side for order in orders} == {Side.BUY, Side.SELL}
    assert {order.symbol for order in orders} == {"BTCUSDT", "ETHUSDT"}
    lives = {order.time_in_force for order in orders if order.type is OrderType.LIMIT}
    assert lives == {TimeInForce.GTC, TimeInForce.IOC, TimeInForce.FOK}
    for order in orders:
        assert (order.quantity is UNSET) != (order.quote_order_qty is UNSET)
        assert (order.price is UNSET) == (order.type is OrderType.MARKET)
