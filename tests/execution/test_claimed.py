"""Executions that were read before their order was known find it afterwards, and count once."""

from surefoot.execution import entries
from surefoot.execution.lives import OrderState
from surefoot.execution.requests import spelled
from surefoot.execution.views import Views
from surefoot.spot.account import Order, Trade
from surefoot.spot.enums import OrderStatus, OrderType, Side, TimeInForce
from surefoot.spot.trade import NewOrder
from tests.execution.deals import D

MEANT = NewOrder(
    symbol="BTCUSDT",
    side=Side.BUY,
    type=OrderType.MARKET,
    quantity=D("0.003"),
    new_client_order_id="sf-1",
)
SUBMITTED = entries.Submitted(
    at_ms=1,
    id="sf-1",
    name="NewOrder",
    symbol="BTCUSDT",
    request=spelled(MEANT),
    sign_before_ms=5,
    recv_window_ms=5,
)


def traded(id: int, qty: str, order_id: int = 77) -> entries.TradeRead:
    trade = Trade(
        symbol="BTCUSDT",
        id=id,
        order_id=order_id,
        order_list_id=-1,
        price=D(60_000),
        qty=D(qty),
        quote_qty=D(60_000) * D(qty),
        commission=D(0),
        commission_asset="BNB",
        time=2,
        is_buyer=True,
        is_maker=False,
        is_best_match=True,
    )
    return entries.TradeRead(at_ms=3, trade=trade)


FOUND = entries.OrderRead(
    at_ms=4,
    order=Order(
        symbol="BTCUSDT",
        order_id=77,
        order_list_id=-1,
        client_order_id="sf-1",
        price=D(0),
        orig_qty=D("0.003"),
        executed_qty=D("0.003"),
        cummulative_quote_qty=D(180),
        status=OrderStatus.FILLED,
        time_in_force=TimeInForce.GTC,
        type=OrderType.MARKET,
        side=Side.BUY,
        time=2,
        update_time=2,
        is_working=True,
    ),
)


def test_a_market_order_whose_executions_were_read_before_it_was_found() -> None:
    views = Views()
    for entry in (SUBMITTED, traded(5, "0.001"), traded(6, "0.002")):
        views.apply(entry)
    assert not views.fills_of("sf-1")
    restored = Views()
    assert restored.restored(views.checkpoint())
    for known in (views, restored):
        news = known.apply(FOUND)
        assert [fill.trade_id for fill in news.claimed] == [5, 6]
        assert not news.fills, "they were news when they were read"
        known.apply(traded(6, "0.002"))
        assert [fill.trade_id for fill in known.fills_of("sf-1")] == [5, 6]
        record = known.orders.shelf.get("sf-1")
        assert record is not None
        assert (record.state, record.known_qty, record.is_settled) == (OrderState.FILLED, D("0.003"), True)
