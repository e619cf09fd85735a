"""An iceberg that one taker eats part after part is filled once, by its last part."""

from surefoot.exchange.core.commands import Place, Placed
from surefoot.exchange.core.listing import units
from surefoot.spot.enums import OrderStatus, OrderType, Side, TimeInForce
from tests.exchange.trading import Floor, filtered


def test_every_part_is_a_fill_and_the_last_one_fills_it() -> None:
    """ORDER-1: icebergQty. Status and money after each part."""
    trading = Floor(filtered())
    iceberg = Place(
        account="ann",
        symbol="BTCUSDT",
        side=Side.BUY,
        type=OrderType.LIMIT,
        time_in_force=TimeInForce.GTC,
        price=units("100"),
        quantity=units("2.5"),
        iceberg_qty=units("1"),
    )
    placed = trading.engine.place(trading.now_us, iceberg)
    assert isinstance(placed, Placed), placed
    taken = trading.market(Side.SELL, "3", by="ben")
    assert isinstance(taken, Placed), taken
    assert [fill.qty for fill in taken.fills] == [units("1"), units("1"), units("0.5")]
    found = trading.engine.order("ann", "BTCUSDT", order_id=placed.order.order_id)
    assert (found.status, found.executed_qty) == (OrderStatus.FILLED, units("2.5"))
    assert trading.held("ann", "USDT")[1] == 0
