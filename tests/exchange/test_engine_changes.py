"""cancelReplace and amend-keep-priority in the engine (ORDER-3)."""

from typing import Any

import pytest

from surefoot.exchange.core.commands import Cancel, Canceled, OrderSnapshot, Placed, Refusal, Report
from surefoot.exchange.core.list_commands import Amend, Amended, ListPlaced, PlaceList, Replaced
from surefoot.exchange.core.listing import units
from surefoot.spot.enums import OrderStatus, OrderType, Side, TimeInForce
from tests.exchange.trading import NOW_US, Floor, listings, place

GTC = TimeInForce.GTC
UNKNOWN = Refusal(-2011, "Unknown order sent.")


@pytest.fixture
def floor() -> Floor:
    return Floor()


def replace(floor: Floor, order_id: int, *, stop: bool = True, **new: Any) -> Replaced | Refusal:
    asked = {"side": Side.BUY, "kind": OrderType.LIMIT, "quantity": "1", "price": "50000", "life": GTC} | new
    cancel = Cancel(account="ann", symbol="BTCUSDT", order_id=order_id)
    return floor.engine.replace(NOW_US, cancel, place(**asked), stop_on_failure=stop)


def resting(floor: Floor, **more: Any) -> int:
    placed = floor.limit(Side.BUY, "1", "49000", **more)
    assert isinstance(placed, Placed)
    return placed.order.order_id


def test_both_halves_succeed_and_the_name_may_be_used_again(floor: Floor) -> None:
    done = replace(floor, resting(floor, name="mine"), name="mine")
    assert isinstance(done, Replaced)
    assert isinstance(done.canceled, Canceled)
    assert isinstance(done.placed, Placed)
    assert done.placed.order.client_order_id == "mine"
    assert len(floor.engine.open_orders("ann")) == 1


@pytest.mark.parametrize("stop", [True, False])
def test_nothing_to_cancel(floor: Floor, stop: bool) -> None:
    done = replace(floor, 1, stop=stop)
    assert isinstance(done, Replaced)
    assert done.canceled == UNKNOWN
    assert (done.placed is None) == stop
    assert len(floor.engine.open_orders("ann")) == (0 if stop else 1)


def test_a_new_order_that_is_refused_is_told_as_rejected() -> None:
    floor = Floor(balances={"USDT": "50000"})
    old = resting(floor)
    floor.drained()
    done = replace(floor, old, quantity="2")
    assert isinstance(done, Replaced)
    assert isinstance(done.canceled, Canceled)
    assert done.placed == Refusal(-2010, "Account has insufficient balance for requested action.")
    told = [(e.execution_type, e.order.status) for e in floor.drained() if isinstance(e, Report)]
    assert told == [("CANCELED", "CANCELED"), ("REJECTED", "REJECTED")]
    assert floor.engine.open_orders("ann") == ()


def test_filters_are_judged_before_anything_is_cancelled(floor: Floor) -> None:
    old = resting(floor)
    assert replace(floor, old, price="50000.001") == Refusal(-1013, "Filter failure: PRICE_FILTER")
    assert len(floor.engine.open_orders("ann")) == 1


def test_a_symbol_may_not_allow_it() -> None:
    floor = Floor(listings(cancelReplaceAllowed=False))
    text = "Order cancel-replace is not supported for this symbol."
    assert replace(floor, 1) == Refusal(-1013, text)


def amend(floor: Floor, order_id: int, new_qty: str, **more: Any) -> Amended | Refusal:
    asked = Amend(account="ann", symbol="BTCUSDT", order_id=order_id, new_qty=units(new_qty), **more)
    return floor.engine.amend(NOW_US, asked)


def test_a_smaller_order_keeps_its_place_and_frees_what_it_held(floor: Floor) -> None:
    first = floor.limit(Side.BUY, "3", "50000", name="first")
    floor.limit(Side.BUY, "3", "50000", by="ben")
    assert isinstance(first, Placed)
    done = amend(floor, first.order.order_id, "2", new_client_order_id="second")
    assert isinstance(done, Amended)
    assert (done.order.orig_qty, done.order.client_order_id) == (units("2"), "second")
    assert done.orig_client_order_id == "first"
    assert floor.held("ann", "USDT")[1] == units("100000")
    assert floor.engine.depth("BTCUSDT", 1).bids == ((units("50000"), units("5")),)
    floor.limit(Side.SELL, "2", "50000", by="ben", mode=None)
    found = floor.engine.order("ann", "BTCUSDT", order_id=first.order.order_id)
    assert isinstance(found, OrderSnapshot)
    assert found.status is OrderStatus.FILLED
    (line,) = floor.engine.amendments("ann", "BTCUSDT", first.order.order_id)
    assert (line.orig_qty, line.new_qty, line.new_client_order_id) == (units("3"), units("2"), "second")


@pytest.mark.parametrize(
    ("new_qty", "text"),
    [
        ("4", "Order amend (quantity increase) is not supported."),
        ("3", "The requested action would change no state; rejecting"),
    ],
)
def test_only_smaller_is_possible(floor: Floor, new_qty: str, text: str) -> None:
    placed = floor.limit(Side.BUY, "3", "50000")
    assert isinstance(placed, Placed)
    assert amend(floor, placed.order.order_id, new_qty) == Refusal(-2038, text)


def test_amends_are_counted(floor: Floor) -> None:
    placed = floor.limit(Side.BUY, "3", "50000")
    assert isinstance(placed, Placed)
    for number in range(10):
        assert isinstance(amend(floor, placed.order.order_id, f"{2.9 - number / 10:.1f}"), Amended)
    refused = amend(floor, placed.order.order_id, "1")
    assert refused == Refusal(-2038, "Filter failure: MAX_NUM_ORDER_AMENDS")


def test_an_amend_down_to_what_is_filled_ends_the_order(floor: Floor) -> None:
    placed = floor.limit(Side.BUY, "3", "50000")
    assert isinstance(placed, Placed)
    floor.limit(Side.SELL, "1", "50000", by="ben")
    done = amend(floor, placed.order.order_id, "1")
    assert isinstance(done, Amended)
    assert (done.order.status, done.order.executed_qty) == (OrderStatus.EXPIRED, units("1"))
    assert floor.held("ann", "USDT")[1] == 0


def test_hidden_quantity_of_an_iceberg_goes_first(floor: Floor) -> None:
    placed = floor.limit(Side.BUY, "5", "50000", iceberg="2")
    assert isinstance(placed, Placed)
    amend(floor, placed.order.order_id, "3")
    assert floor.engine.depth("BTCUSDT", 1).bids == ((units("50000"), units("2")),)
    amend(floor, placed.order.order_id, "1")
    assert floor.engine.depth("BTCUSDT", 1).bids == ((units("50000"), units("1")),)


def test_both_legs_of_a_pair_become_smaller(floor: Floor) -> None:
    pending = (
        place(side=Side.BUY, kind=OrderType.STOP_LOSS, quantity="2", stop="61000"),
        place(side=Side.BUY, kind=OrderType.LIMIT_MAKER, quantity="2", price="59000"),
    )
    placed = floor.engine.place_list(NOW_US, PlaceList(account="ann", symbol="BTCUSDT", pending=pending))
    assert isinstance(placed, ListPlaced)
    done = amend(floor, placed.order_list.legs[1].order_id, "1")
    assert isinstance(done, Amended)
    assert done.order_list is not None
    assert {order.orig_qty for order in floor.engine.open_orders("ann")} == {units("1")}
    assert floor.held("ann", "USDT")[1] == units("61000")


def test_an_amend_is_not_held_against_the_position() -> None:
    """The order is counted in the position already; a smaller one cannot exceed it."""
    limit = {"filterType": "MAX_POSITION", "maxPosition": "1004.00000000"}
    floor = Floor(listings(filters=[limit]))
    placed = floor.limit(Side.BUY, "3", "50000")
    assert isinstance(placed, Placed)
    assert isinstance(amend(floor, placed.order.order_id, "2"), Amended)


def test_a_symbol_may_not_allow_amends() -> None:
    floor = Floor(listings(amendAllowed=False))
    refused = amend(floor, 1, "1")
    assert refused == Refusal(-2038, "Order amend is not supported for this symbol.")
