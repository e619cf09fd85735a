"""Order lists in the engine: OCO, OTO, OTOCO (ORDER-2)."""

from collections.abc import Iterator
from typing import Any

import pytest

from surefoot.exchange.core.commands import Effect, ListChange, OrderSnapshot, Place, Refusal, Report
from surefoot.exchange.core.list_commands import CancelAll, CancelList, ListCanceled, ListPlaced, PlaceList
from surefoot.exchange.core.listing import units
from surefoot.spot.enums import ExpiryReason, OrderStatus, OrderType, Side, TimeInForce
from tests.exchange.trading import NOW_US, Floor, listings, place

GTC = TimeInForce.GTC
NEW, PENDING, FILLED = OrderStatus.NEW, OrderStatus.PENDING_NEW, OrderStatus.FILLED
EXPIRED, CANCELED = OrderStatus.EXPIRED, OrderStatus.CANCELED


@pytest.fixture
def floor() -> Iterator[Floor]:
    """The last price is 60,000; ben bids 50,000 and asks 70,000."""
    made = Floor()
    made.limit(Side.BUY, "5", "50000", by="ben")
    made.limit(Side.SELL, "5", "70000", by="ben")
    made.drained()
    yield made
    for asset in ("BTC", "USDT"):
        assert made.engine.ledger.total(asset) == made.engine.ledger.deposited[asset]


def trade_at(floor: Floor, price: str) -> None:
    floor.limit(Side.SELL, "0.001", price, by="ben")
    floor.limit(Side.BUY, "0.001", price, by="ben")


def pair(side: Side = Side.SELL, **of_limit: Any) -> tuple[Place, ...]:
    """A stop-loss leg 1,000 beyond the market, a profit leg 1,000 on its good side."""
    stop, profit = ("59000", "61000") if side is Side.SELL else ("61000", "59000")
    limit = {"price": profit, "quantity": "1"} | of_limit
    return (
        place(side=side, kind=OrderType.STOP_LOSS, quantity="1", stop=stop),
        place(side=side, kind=OrderType.LIMIT_MAKER, **limit),
    )


def send(floor: Floor, pending: tuple[Place, ...], working: Place | None = None, **more: Any) -> ListPlaced:
    asked = PlaceList(account="ann", symbol="BTCUSDT", pending=pending, working=working, **more)
    placed = floor.engine.place_list(floor.now_us, asked)
    assert isinstance(placed, ListPlaced), placed
    return placed


def legs(floor: Floor, placed: ListPlaced) -> list[OrderSnapshot]:
    found = [floor.engine.order("ann", "BTCUSDT", order_id=leg.order_id) for leg in placed.order_list.legs]
    return [leg for leg in found if isinstance(leg, OrderSnapshot)]


def states(floor: Floor, placed: ListPlaced) -> list[OrderStatus]:
    return [leg.status for leg in legs(floor, placed)]


def said(effects: list[Effect]) -> list[str]:
    """What the owner was told, in order."""
    told = []
    for effect in effects:
        if isinstance(effect, Report) and effect.account == "ann":
            told.append(f"{effect.order.type} {effect.execution_type} {effect.order.status}")
        elif isinstance(effect, ListChange):
            told.append(f"list {effect.order_list.status_type} {effect.order_list.order_status}")
    return told


def test_an_oco_locks_the_larger_need_and_tells_of_both(floor: Floor) -> None:
    placed = send(floor, pair(Side.BUY))
    assert floor.held("ann", "USDT")[1] == units("61000")
    assert [leg.order.status for leg in placed.legs] == [NEW, NEW]
    assert {leg.order.order_list_id for leg in placed.legs} == {placed.order_list.order_list_id}
    assert said(floor.drained()) == [
        "STOP_LOSS NEW NEW",
        "LIMIT_MAKER NEW NEW",
        "list EXEC_STARTED EXECUTING",
    ]


@pytest.mark.parametrize("side", list(Side))
def test_the_limit_leg_trades_and_the_stop_expires(floor: Floor, side: Side) -> None:
    placed = send(floor, pair(side))
    other, price = (Side.BUY, "61000") if side is Side.SELL else (Side.SELL, "59000")
    floor.drained()
    floor.limit(other, "0.4", price, by="ben")
    stop, limit = legs(floor, placed)
    assert (stop.status, stop.expiry_reason) == (EXPIRED, ExpiryReason.OCO_TRIGGER)
    assert limit.status is OrderStatus.PARTIALLY_FILLED
    asset, locked = ("BTC", "0.6") if side is Side.SELL else ("USDT", "35400")
    assert floor.held("ann", asset)[1] == units(locked)
    floor.limit(other, "0.6", price, by="ben")
    assert said(floor.drained()) == [
        "LIMIT_MAKER TRADE PARTIALLY_FILLED",
        "STOP_LOSS EXPIRED EXPIRED",
        "LIMIT_MAKER TRADE FILLED",
        "list ALL_DONE ALL_DONE",
    ]


@pytest.mark.parametrize("side", list(Side))
def test_the_stop_fires_and_the_limit_leg_expires_first(floor: Floor, side: Side) -> None:
    placed = send(floor, pair(side))
    floor.drained()
    trade_at(floor, "59000" if side is Side.SELL else "61000")
    stop, limit = legs(floor, placed)
    assert (stop.status, limit.status, limit.expiry_reason) == (FILLED, EXPIRED, ExpiryReason.OCO_TRIGGER)
    assert floor.held("ann", "BTC")[1] == floor.held("ann", "USDT")[1] == 0
    told = said(floor.drained())
    assert told[:2] == ["LIMIT_MAKER EXPIRED EXPIRED", "STOP_LOSS NEW NEW"]
    assert told[-1] == "list ALL_DONE ALL_DONE"


@pytest.mark.parametrize(
    ("side", "profit"), [(Side.SELL, "59500"), (Side.BUY, "60500"), (Side.SELL, "60000")]
)
def test_prices_of_a_pair_have_the_last_one_between_them(floor: Floor, side: Side, profit: str) -> None:
    asked = PlaceList(account="ann", symbol="BTCUSDT", pending=pair(side, price=profit))
    text = "The relationship of the prices for the orders is not correct."
    assert floor.engine.place_list(NOW_US, asked) == Refusal(-2010, text)


@pytest.mark.parametrize(
    ("price", "stop", "good"),
    [("61000", "60500", True), ("59500", "60500", False), ("61000", None, True)],
)
def test_a_take_profit_limit_leg_is_placed_by_its_price(
    floor: Floor, price: str, stop: str | None, good: bool
) -> None:
    kind, trailing = OrderType.TAKE_PROFIT_LIMIT, None if stop else 100
    more: dict[str, Any] = {"price": price, "stop": stop, "trailing": trailing, "life": GTC}
    profit = place(side=Side.SELL, kind=kind, quantity="1", **more)
    asked = PlaceList(account="ann", symbol="BTCUSDT", pending=(pair()[0], profit))
    assert isinstance(floor.engine.place_list(NOW_US, asked), ListPlaced) == good


def test_a_take_profit_leg_may_only_trail(floor: Floor) -> None:
    profit = place(side=Side.SELL, kind=OrderType.TAKE_PROFIT, quantity="1", trailing=100)
    assert send(floor, (pair()[0], profit)).legs[1].order.particulars.trailing_time_us == NOW_US


def test_cancelling_one_leg_ends_the_list(floor: Floor) -> None:
    placed = send(floor, pair())
    floor.cancel(order_id=placed.order_list.legs[1].order_id, new_client_order_id="over")
    assert states(floor, placed) == [CANCELED, CANCELED]
    assert {leg.client_order_id for leg in legs(floor, placed)} == {"over"}
    assert floor.engine.lists.open_lists("ann") == []
    assert floor.held("ann", "BTC")[1] == 0


def working(quantity: str = "1", price: str = "55000", side: Side = Side.BUY) -> Place:
    return place(side=side, kind=OrderType.LIMIT, quantity=quantity, price=price, life=GTC)


def exit_order() -> Place:
    return place(side=Side.SELL, kind=OrderType.LIMIT, quantity="0.9", price="65000", life=GTC)


def test_a_pending_order_goes_live_when_the_working_one_is_filled_whole(floor: Floor) -> None:
    placed = send(floor, (exit_order(),), working())
    assert [leg.order.status for leg in placed.legs] == [NEW, PENDING]
    floor.limit(Side.SELL, "0.5", "55000", by="ben")
    assert states(floor, placed) == [OrderStatus.PARTIALLY_FILLED, PENDING]
    assert floor.held("ann", "BTC")[1] == 0
    floor.limit(Side.SELL, "0.5", "55000", by="ben")
    assert states(floor, placed) == [FILLED, NEW]
    assert floor.held("ann", "BTC")[1] == units("0.9")
    floor.limit(Side.BUY, "0.9", "65000", by="ben")
    assert states(floor, placed) == [FILLED, FILLED]
    assert floor.engine.lists.open_lists("ann") == []


def test_a_working_order_that_is_filled_at_once_still_answers_pending(floor: Floor) -> None:
    placed = send(floor, (exit_order(),), working(price="70000"))
    assert [leg.order.status for leg in placed.legs] == [FILLED, PENDING]
    assert states(floor, placed) == [FILLED, NEW]


def test_a_working_order_that_expires_takes_the_pending_one_along(floor: Floor) -> None:
    entry = place(side=Side.BUY, kind=OrderType.LIMIT, quantity="1", price="55000", life=TimeInForce.IOC)
    placed = send(floor, (exit_order(),), entry)
    assert states(floor, placed) == [EXPIRED, EXPIRED]
    assert legs(floor, placed)[1].expiry_reason is ExpiryReason.OTO_PHASE_ONE_EXPIRED


def test_a_pending_order_that_nobody_can_pay_is_rejected_when_its_time_comes() -> None:
    floor = Floor(balances={"BTC": "2", "USDT": "100000"})
    floor.limit(Side.SELL, "1", "70000", by="ben")
    too_much = place(side=Side.SELL, kind=OrderType.LIMIT, quantity="3", price="65000", life=GTC)
    placed = send(floor, (too_much,), working(price="70000"))
    done = legs(floor, placed)[1]
    assert (done.status, done.expiry_reason) == (EXPIRED, ExpiryReason.REJECTED)
    assert floor.engine.lists.open_lists("ann") == []


def test_an_otoco_brackets_what_was_bought(floor: Floor) -> None:
    placed = send(floor, pair(), working(price="70000"))
    assert states(floor, placed) == [FILLED, NEW, NEW]
    assert floor.held("ann", "BTC")[1] == units("1")
    floor.limit(Side.BUY, "1", "61000", by="ben")
    assert states(floor, placed) == [FILLED, EXPIRED, FILLED]


def test_cancelling_a_list_by_its_own_name(floor: Floor) -> None:
    placed = send(floor, (exit_order(),), working(), list_client_order_id="mine")
    cancel = CancelList(account="ann", symbol="BTCUSDT", list_client_order_id="mine")
    ended = floor.engine.cancel_list(NOW_US, cancel)
    assert isinstance(ended, ListCanceled)
    assert [one.order.status for one in ended.legs] == [CANCELED, CANCELED]
    assert floor.engine.cancel_list(NOW_US, cancel) == Refusal(-2011, "Unknown order sent.")
    assert states(floor, placed) == [CANCELED, CANCELED]


def test_everything_is_cancelled_lists_as_lists(floor: Floor) -> None:
    floor.limit(Side.BUY, "1", "40000")
    send(floor, pair())
    everything = CancelAll(account="ann", symbol="BTCUSDT")
    ended = floor.engine.cancel_all(NOW_US, everything)
    assert not isinstance(ended, Refusal)
    assert [(one.order_list is None, len(one.legs)) for one in ended] == [(True, 1), (False, 2)]
    assert floor.engine.cancel_all(NOW_US, everything) == Refusal(-2011, "Unknown order sent.")


@pytest.mark.parametrize(
    ("changes", "with_working", "text"),
    [
        ({"ocoAllowed": False}, False, "OCO orders are not supported for this symbol"),
        ({"otoAllowed": False}, True, "OTO orders are not supported for this symbol"),
        (
            {"filters": [{"filterType": "MAX_NUM_ORDER_LISTS", "maxNumOrderLists": 0}]},
            False,
            "Filter failure: MAX_NUM_ORDER_LISTS",
        ),
        (
            {"filters": [{"filterType": "MAX_NUM_ORDERS", "maxNumOrders": 1}]},
            False,
            "Filter failure: MAX_NUM_ORDERS",
        ),
        (
            {"filters": [{"filterType": "MAX_NUM_ALGO_ORDERS", "maxNumAlgoOrders": 0}]},
            True,
            "Filter failure: MAX_NUM_ALGO_ORDERS",
        ),
    ],
)
def test_lists_refused_at_the_door(changes: dict[str, Any], with_working: bool, text: str) -> None:
    floor = Floor(listings(**changes))
    entry = working() if with_working else None
    asked = PlaceList(account="ann", symbol="BTCUSDT", pending=pair(), working=entry)
    assert floor.engine.place_list(NOW_US, asked) == Refusal(-1013, text)
    assert floor.engine.outbox == []


def test_names_are_unique_among_what_is_open(floor: Floor) -> None:
    send(floor, pair(), list_client_order_id="same")
    asked = PlaceList(account="ann", symbol="BTCUSDT", pending=pair(), list_client_order_id="same")
    assert floor.engine.place_list(NOW_US, asked) == Refusal(-2010, "Duplicate order sent.")
