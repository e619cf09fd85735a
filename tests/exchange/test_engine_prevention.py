"""Self-trade prevention and icebergs in the engine (ORDER-1; official STP FAQ)."""

from collections.abc import Iterator
from typing import Any

import pytest

from surefoot.exchange.core.commands import OrderSnapshot, Placed, Refusal, Report
from surefoot.exchange.core.listing import units
from surefoot.spot.enums import OrderStatus, OrderType, SelfTradePreventionMode, Side, TimeInForce
from tests.exchange.trading import Floor, listings

Mode = SelfTradePreventionMode
NEW, FILLED, PREVENTED = OrderStatus.NEW, OrderStatus.FILLED, OrderStatus.EXPIRED_IN_MATCH


@pytest.fixture
def floor() -> Iterator[Floor]:
    made = Floor()
    yield made
    for asset in ("BTC", "USDT"):
        assert made.engine.ledger.total(asset) == made.engine.ledger.deposited[asset]


def limit(floor: Floor, side: Side, quantity: str, price: str, **more: Any) -> Placed:
    placed = floor.limit(side, quantity, price, **more)
    assert isinstance(placed, Placed), placed
    return placed


def now(floor: Floor, placed: Placed) -> OrderSnapshot:
    found = floor.engine.order("ann", "BTCUSDT", order_id=placed.order.order_id)
    assert isinstance(found, OrderSnapshot)
    return found


def state(order: OrderSnapshot) -> tuple[OrderStatus, int, int]:
    return order.status, order.executed_qty, order.particulars.prevented_qty


@pytest.mark.parametrize(
    ("mode", "maker", "taker"),
    [
        (Mode.NONE, (FILLED, "3", "0"), (OrderStatus.PARTIALLY_FILLED, "3", "0")),
        (Mode.EXPIRE_MAKER, (PREVENTED, "0", "3"), (NEW, "0", "0")),
        (Mode.EXPIRE_TAKER, (NEW, "0", "0"), (PREVENTED, "0", "5")),
        (Mode.EXPIRE_BOTH, (PREVENTED, "0", "3"), (PREVENTED, "0", "5")),
        (Mode.DECREMENT, (PREVENTED, "0", "3"), (NEW, "0", "3")),
        (Mode.TRANSFER, (PREVENTED, "0", "3"), (NEW, "0", "3")),
    ],
)
def test_what_a_larger_taker_does_to_its_own_maker(floor: Floor, mode: Mode, maker: Any, taker: Any) -> None:
    first = limit(floor, Side.SELL, "3", "60000")
    second = limit(floor, Side.BUY, "5", "60000", mode=mode)
    for placed, (status, executed, prevented) in ((first, maker), (second, taker)):
        assert state(now(floor, placed)) == (status, units(executed), units(prevented))
    open_now = [order for order in (now(floor, first), now(floor, second)) if order.status in {NEW, taker[0]}]
    left = sum(
        order.orig_qty - order.executed_qty - order.particulars.prevented_qty
        for order in open_now
        if order.side is Side.BUY and order.status is not PREVENTED
    )
    assert floor.held("ann", "USDT")[1] == left * 60_000


@pytest.mark.parametrize(
    ("mode", "maker", "taker"),
    [
        (Mode.EXPIRE_MAKER, (PREVENTED, "3"), (NEW, "0")),
        (Mode.EXPIRE_TAKER, (NEW, "0"), (PREVENTED, "1")),
        (Mode.DECREMENT, (NEW, "1"), (PREVENTED, "1")),
    ],
)
def test_what_a_smaller_taker_does_to_its_own_maker(floor: Floor, mode: Mode, maker: Any, taker: Any) -> None:
    first = limit(floor, Side.SELL, "3", "60000")
    second = limit(floor, Side.BUY, "1", "60000", mode=mode)
    assert state(now(floor, first)) == (maker[0], 0, units(maker[1]))
    assert state(now(floor, second)) == (taker[0], 0, units(taker[1]))


def test_a_prevented_match_is_remembered_answered_and_told(floor: Floor) -> None:
    first = limit(floor, Side.SELL, "3", "60000")
    floor.drained()
    second = limit(floor, Side.BUY, "1", "60001", mode=Mode.DECREMENT)
    (match,) = second.prevented
    assert floor.engine.prevented_matches("ann", "BTCUSDT") == (match,)
    assert (match.match_id, match.price) == (0, units("60000"))
    assert (match.taker_order_id, match.maker_order_id) == (second.order.order_id, first.order.order_id)
    assert match.taker_qty == match.maker_qty == units("1")
    told = [e for e in floor.drained() if isinstance(e, Report) and e.execution_type == "TRADE_PREVENTION"]
    assert [(e.order.status, e.prevented.last_qty) for e in told if e.prevented] == [
        (NEW, units("1")),
        (PREVENTED, units("1")),
    ]


def test_others_are_traded_with_all_the_same(floor: Floor) -> None:
    """The own order is in the middle of the queue: what is before and behind it is taken."""
    limit(floor, Side.SELL, "1", "60000", by="ben")
    own = limit(floor, Side.SELL, "1", "60000")
    limit(floor, Side.SELL, "1", "60001", by="ben")
    taker = limit(floor, Side.BUY, "2", "60001", mode=Mode.EXPIRE_MAKER)
    assert (taker.order.status, len(taker.fills)) == (FILLED, 2)
    assert now(floor, own).status is PREVENTED


def test_a_fill_or_kill_does_not_count_its_own(floor: Floor) -> None:
    own = limit(floor, Side.SELL, "1", "60000")
    limit(floor, Side.SELL, "1", "60000", by="ben")
    wanted = {"life": TimeInForce.FOK, "mode": Mode.EXPIRE_MAKER}
    assert limit(floor, Side.BUY, "2", "60000", **wanted).order.status is OrderStatus.EXPIRED
    assert now(floor, own).status is NEW
    assert limit(floor, Side.BUY, "1", "60000", **wanted).order.status is FILLED


def test_a_market_order_locks_what_the_others_ask() -> None:
    """The account's own cheap order is not traded, so what it would save is not counted on."""
    floor = Floor(balances={"BTC": "10", "USDT": "100000"})
    limit(floor, Side.SELL, "1", "50000")
    limit(floor, Side.SELL, "1", "99000", by="ben")
    refused = floor.market(Side.BUY, "2", mode=Mode.EXPIRE_MAKER)
    assert isinstance(refused, Placed)
    assert refused.order.executed_qty == units("1")
    assert floor.held("ann", "USDT") == (units("1000"), 0)


def test_the_symbol_has_a_mode_for_orders_that_name_none() -> None:
    floor = Floor(listings(defaultSelfTradePreventionMode="EXPIRE_TAKER"))
    limit(floor, Side.SELL, "1", "60000")
    assert limit(floor, Side.BUY, "1", "60000").order.prevention is Mode.EXPIRE_TAKER


def test_a_mode_that_the_symbol_does_not_allow() -> None:
    floor = Floor(listings(allowedSelfTradePreventionModes=["NONE"]))
    text = "This symbol does not allow the specified self-trade prevention mode."
    assert floor.limit(Side.SELL, "1", "60000", mode=Mode.DECREMENT) == Refusal(-1013, text)


# Icebergs


def asks(floor: Floor) -> tuple[tuple[int, int], ...]:
    return floor.engine.depth("BTCUSDT", 10).asks


def test_an_iceberg_shows_one_part_at_a_time(floor: Floor) -> None:
    placed = limit(floor, Side.SELL, "10", "60000", iceberg="3")
    assert asks(floor) == ((units("60000"), units("3")),)
    limit(floor, Side.BUY, "4", "60000", by="ben")
    assert asks(floor) == ((units("60000"), units("2")),)
    limit(floor, Side.BUY, "6", "60000", by="ben")
    assert (now(floor, placed).status, asks(floor)) == (FILLED, ())


def test_its_next_part_queues_behind_the_others(floor: Floor) -> None:
    iceberg = limit(floor, Side.SELL, "6", "60000", iceberg="2")
    other = limit(floor, Side.SELL, "2", "60000")
    limit(floor, Side.BUY, "3", "60000", by="ben")
    assert (now(floor, iceberg).executed_qty, now(floor, other).executed_qty) == (units("2"), units("1"))


def test_what_is_hidden_can_be_filled_or_killed(floor: Floor) -> None:
    limit(floor, Side.SELL, "6", "60000", iceberg="2")
    assert limit(floor, Side.BUY, "6", "60000", by="ben", life=TimeInForce.FOK).order.status is FILLED


def test_a_cancelled_iceberg_takes_all_of_it_out(floor: Floor) -> None:
    placed = limit(floor, Side.SELL, "6", "60000", iceberg="2")
    limit(floor, Side.BUY, "1", "60000", by="ben")
    floor.cancel(order_id=placed.order.order_id)
    assert asks(floor) == ()
    assert floor.held("ann", "BTC") == (units("999"), 0)


@pytest.mark.parametrize(
    ("quantity", "part", "text"),
    [("1", "2", "IcebergQty exceeds QTY."), ("101", "1", "Filter failure: ICEBERG_PARTS")],
)
def test_parts_too_large_or_too_many(floor: Floor, quantity: str, part: str, text: str) -> None:
    refused = floor.limit(Side.SELL, quantity, "60000", iceberg=part)
    assert refused == Refusal(-1013, text)


def test_a_symbol_without_icebergs() -> None:
    floor = Floor(listings(icebergAllowed=False))
    refused = floor.send(
        Side.SELL, OrderType.LIMIT, quantity="2", price="60000", life=TimeInForce.GTC, iceberg="1"
    )
    assert refused == Refusal(-1013, "Iceberg orders are not supported for this symbol.")
