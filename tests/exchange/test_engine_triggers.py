"""Stops, take-profits and trailing stops in the engine (ORDER-1)."""

from typing import Any

import pytest

from surefoot.exchange.core.commands import Placed, Refusal, Report
from surefoot.exchange.core.listing import units
from surefoot.spot.enums import ExpiryReason, OrderStatus, OrderType, Side, TimeInForce
from tests.exchange.trading import NOW_US, Floor

GTC = TimeInForce.GTC
WOULD_TRIGGER = Refusal(-2010, "Order would trigger immediately.")


@pytest.fixture
def floor() -> Floor:
    """The last price is 60,000; ben keeps a bid and an ask for others to meet."""
    made = Floor()
    made.limit(Side.BUY, "5", "50000", by="ben")
    made.limit(Side.SELL, "5", "70000", by="ben")
    made.drained()
    return made


def trade_at(floor: Floor, price: str) -> None:
    """Ben sells a little to himself."""
    floor.limit(Side.SELL, "0.001", price, by="ben")
    floor.limit(Side.BUY, "0.001", price, by="ben")


def stop(floor: Floor, kind: OrderType, side: Side, price: str | None = None, **more: Any) -> Any:
    if kind.endswith("LIMIT"):
        more = {"price": price, "life": GTC} | more
    return floor.send(side, kind, quantity="1", **more)


def now(floor: Floor, placed: Placed) -> Any:
    return floor.engine.order("ann", "BTCUSDT", order_id=placed.order.order_id)


@pytest.mark.parametrize(
    ("kind", "side", "stop_price", "then"),
    [
        (OrderType.STOP_LOSS, Side.SELL, "59000", ("59000.01", "58999.99")),
        (OrderType.STOP_LOSS, Side.BUY, "61000", ("60999.99", "61000")),
        (OrderType.TAKE_PROFIT, Side.SELL, "61000", ("60999.99", "61000.01")),
        (OrderType.TAKE_PROFIT, Side.BUY, "59000", ("59000.01", "59000")),
    ],
)
def test_a_stop_waits_for_a_trade_at_its_price_or_beyond(
    floor: Floor, kind: OrderType, side: Side, stop_price: str, then: tuple[str, str]
) -> None:
    short_of_it, at_it = then
    placed = stop(floor, kind, side, stop=stop_price)
    assert (placed.order.status, placed.order.working_time_us) == (OrderStatus.NEW, 0)
    trade_at(floor, short_of_it)
    assert now(floor, placed).status is OrderStatus.NEW
    trade_at(floor, at_it)
    done = now(floor, placed)
    assert (done.status, done.working_time_us) == (OrderStatus.FILLED, NOW_US)
    price = "50000" if side is Side.SELL else "70000"
    assert done.cummulative_quote_qty == units(price)
    assert floor.held("ann", "BTC")[1] == floor.held("ann", "USDT")[1] == 0


@pytest.mark.parametrize(
    ("kind", "side", "stop_price"),
    [
        (OrderType.STOP_LOSS, Side.SELL, "60000"),
        (OrderType.STOP_LOSS, Side.BUY, "59000"),
        (OrderType.TAKE_PROFIT, Side.SELL, "60000"),
        (OrderType.TAKE_PROFIT, Side.BUY, "60000.01"),
    ],
)
def test_a_stop_on_the_wrong_side_is_refused(
    floor: Floor, kind: OrderType, side: Side, stop_price: str
) -> None:
    assert stop(floor, kind, side, stop=stop_price) == WOULD_TRIGGER
    assert floor.engine.outbox == []


def test_a_triggered_limit_order_rests_at_its_price(floor: Floor) -> None:
    placed = stop(floor, OrderType.STOP_LOSS_LIMIT, Side.SELL, "58000", stop="59000")
    assert floor.held("ann", "BTC")[1] == units("1")
    assert all(level != units("58000") for level, _ in floor.engine.depth("BTCUSDT", 100).asks)
    trade_at(floor, "59000")
    assert now(floor, placed).status is OrderStatus.NEW
    assert floor.engine.depth("BTCUSDT", 1).asks == ((units("58000"), units("1")),)
    said = [e for e in floor.drained() if isinstance(e, Report) and e.account == "ann"]
    assert [(e.execution_type, e.is_on_book) for e in said] == [("NEW", False), ("NEW", True)]


def test_a_trigger_sets_off_the_next(floor: Floor) -> None:
    """The first stop sells into the bid at 50,000; that trade is what the second waits for."""
    first = stop(floor, OrderType.STOP_LOSS, Side.SELL, stop="59000")
    second = stop(floor, OrderType.STOP_LOSS, Side.SELL, stop="51000")
    trade_at(floor, "58999")
    assert now(floor, first).status is now(floor, second).status is OrderStatus.FILLED


def test_a_cancelled_stop_never_fires(floor: Floor) -> None:
    placed = stop(floor, OrderType.STOP_LOSS, Side.SELL, stop="59000")
    assert floor.cancel(order_id=placed.order.order_id).order.status is OrderStatus.CANCELED
    trade_at(floor, "58000")
    assert now(floor, placed).executed_qty == 0
    assert floor.held("ann", "BTC")[1] == 0


def test_a_buying_stop_without_a_price_pays_what_the_book_asks(floor: Floor) -> None:
    """61,000 were locked, 70,000 are needed: they are taken from what is free, or the order expires."""
    placed = stop(floor, OrderType.STOP_LOSS, Side.BUY, stop="61000")
    assert floor.held("ann", "USDT")[1] == units("61000")
    trade_at(floor, "61000")
    assert now(floor, placed).cummulative_quote_qty == units("70000")


def test_who_cannot_pay_when_the_price_comes_is_rejected_then() -> None:
    floor = Floor(balances={"BTC": "10", "USDT": "100000"})
    floor.limit(Side.SELL, "2", "70000", by="ben")
    placed = stop(floor, OrderType.STOP_LOSS, Side.BUY, stop="61000")
    floor.limit(Side.BUY, "1", "38000")
    trade_at(floor, "61000")
    done = now(floor, placed)
    assert (done.status, done.expiry_reason) == (OrderStatus.EXPIRED, ExpiryReason.REJECTED)
    assert floor.held("ann", "USDT") == (units("62000"), units("38000"))


@pytest.mark.parametrize(
    ("side", "prices", "fires_at"),
    [
        (Side.SELL, ["62000", "61000", "60140.01"], "60140"),
        (Side.BUY, ["58000", "59000", "59739.99"], "59740"),
    ],
)
def test_a_trailing_stop_follows_from_its_placement(
    floor: Floor, side: Side, prices: list[str], fires_at: str
) -> None:
    """3 % back from the best trade since it was placed."""
    placed = stop(floor, OrderType.STOP_LOSS, side, trailing=300)
    assert now(floor, placed).particulars.trailing_time_us == NOW_US
    for price in prices:
        trade_at(floor, price)
    assert now(floor, placed).status is OrderStatus.NEW
    trade_at(floor, fires_at)
    assert now(floor, placed).status is OrderStatus.FILLED


def test_a_trailing_stop_with_a_stop_price_begins_there(floor: Floor) -> None:
    """Official FAQ, scenario A: what falls before the stop price is reached does not count."""
    placed = stop(floor, OrderType.STOP_LOSS_LIMIT, Side.BUY, "68000", stop="64000", trailing=500)
    for price in ("57000", "62000"):
        trade_at(floor, price)
    assert now(floor, placed).particulars.trailing_time_us is None
    for price in ("64000", "66000", "62000", "65099.99"):
        trade_at(floor, price)
    assert now(floor, placed).working_time_us == 0
    trade_at(floor, "65100")
    assert now(floor, placed).working_time_us == NOW_US
