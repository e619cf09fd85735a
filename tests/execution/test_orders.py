"""What is known of orders, case by case: the news that a fold could stumble over."""

from decimal import Decimal

import pytest

from surefoot.execution import entries
from surefoot.execution.lives import ListState, OrderState
from surefoot.execution.orders import Orders, fold
from surefoot.execution.shelf import MOST_SETTLED
from surefoot.execution.views import Views
from surefoot.spot.enums import ExecutionType, OrderStatus, OrderType, Side, TimeInForce
from surefoot.spot.order_list_oco import NewOco
from tests.execution.told import (
    START_MS,
    SYMBOL,
    ZERO,
    D,
    Deal,
    Moment,
    amended,
    answer,
    canceled,
    limit,
    placed,
    read,
    reported,
    submitted,
    trade,
)

NEW = Moment(ExecutionType.NEW, OrderStatus.NEW, START_MS, D(1))
HALF = Moment(ExecutionType.TRADE, OrderStatus.PARTIALLY_FILLED, START_MS + 1, D(1), (Deal(1, D("0.5")),))
FULL = HALF._replace(status=OrderStatus.FILLED, deals=(*HALF.deals, Deal(2, D("0.5"))), at_ms=START_MS + 2)
GONE = HALF._replace(
    why=ExecutionType.CANCELED, status=OrderStatus.CANCELED, called="web", at_ms=START_MS + 3
)
AT = {"at_ms": START_MS}


def known(orders: Orders, id: str = "sf-1") -> tuple[OrderState, Decimal, Decimal]:
    record = orders.shelf.get(id)
    assert record is not None
    return record.state, record.executed_qty, record.known_qty


def test_executions_that_were_read_before_their_order_are_its_own_all_the_same() -> None:
    views = Views()
    for entry in (submitted(), trade(FULL.deals[0]), trade(FULL.deals[1])):
        assert len(views.apply(entry).claimed) == 0
    assert views.fills_of("sf-1") == ()
    assert len(views.apply(read(FULL)).claimed) == 2
    assert known(views.orders) == (OrderState.FILLED, D(1), D(1))
    assert [fill.trade_id for fill in views.fills_of("sf-1")] == [1, 2]
    record = views.orders.shelf.get("sf-1")
    assert record is not None
    assert record.is_settled, "nobody waits for executions that are known"


def test_executions_of_nobodys_order_do_not_heap_up() -> None:
    orders = Orders()
    for number in range(3 * MOST_SETTLED):
        orders.apply(trade(Deal(number, D(1)), order_id=number))
    assert len(orders.state().unclaimed) == MOST_SETTLED


def test_an_execution_is_told_once_and_known_twice_over() -> None:
    views = Views()
    fold(views.orders, [submitted()])
    assert len(views.apply(placed(HALF)).fills) == 1
    assert views.apply(reported(HALF)).fills == []
    assert views.apply(trade(HALF.deals[0])).fills == []
    assert known(views.orders) == (OrderState.PARTIALLY_FILLED, D("0.5"), D("0.5"))


def test_a_cancel_that_overtook_the_last_fill_waits_for_it() -> None:
    orders = fold(Orders(), [submitted(), placed(NEW), canceled(GONE)])
    assert known(orders) == (OrderState.CANCELED, D("0.5"), ZERO)
    record = orders.shelf.active["sf-1"]
    assert record.is_final
    assert not record.is_settled
    fold(orders, [reported(HALF)])
    assert known(orders) == (OrderState.CANCELED, D("0.5"), D("0.5"))
    assert "sf-1" in orders.shelf.settled


def test_an_order_of_somebody_else_is_over_when_it_ends() -> None:
    """Some of its executions may be from before all that is remembered here: nobody waits for them."""
    orders = fold(Orders(), [entries.Baseline(**AT, symbol=SYMBOL, trade_id=1), read(HALF)])
    record = orders.shelf.get("sf-1")
    assert record is not None
    assert not record.own
    fold(orders, [read(GONE), trade(HALF.deals[0])])
    assert "sf-1" not in orders.shelf.active


def test_an_order_that_was_renamed_is_known_by_its_number() -> None:
    orders = fold(Orders(), [submitted(), placed(NEW), reported(GONE), read(GONE)])
    assert orders.shelf.get("web") is None
    assert known(orders)[0] is OrderState.CANCELED


def test_an_order_whose_cancel_is_all_that_is_known_of_it_is_still_ours() -> None:
    """Its number was not known, so its cancel gave it an id that leads back to it."""
    renamed = read(GONE._replace(called="sf-1_c"))
    orders = fold(Orders(), [submitted(), renamed, trade(HALF.deals[0])])
    assert known(orders) == (OrderState.CANCELED, D("0.5"), D("0.5"))
    strangers = fold(Orders(), [renamed])
    assert strangers.shelf.get("sf-1_c") is not None


def test_an_order_that_was_taken_for_not_placed_is_adopted_and_told() -> None:
    orders = fold(Orders(), [submitted(), entries.NotPlaced(**AT, id="sf-1", because="absent", text="x")])
    assert known(orders)[0] is OrderState.NOT_PLACED
    news = orders.apply(reported(HALF))
    assert [(finding.what, finding.id, finding.stops) for finding in news.findings] == [
        ("late", "sf-1", False)
    ]
    assert known(orders) == (OrderState.PARTIALLY_FILLED, D("0.5"), D("0.5"))
    assert orders.apply(reported(FULL)).findings == [], "once is enough"


def test_what_did_not_happen_is_never_said_of_an_order_that_is_known_to_exist() -> None:
    orders = fold(Orders(), [submitted(), reported(HALF)])
    fold(orders, [entries.NotPlaced(**AT, id="sf-1", because="refused", text="x")])
    assert known(orders)[0] is OrderState.PARTIALLY_FILLED


def test_doubt_is_over_as_soon_as_anything_is_heard() -> None:
    doubt = entries.InDoubt(**AT, id="sf-1", reason="silence", too_late_after_ms=START_MS + 9)
    orders = fold(Orders(), [submitted(), doubt])
    assert known(orders)[0] is OrderState.UNKNOWN
    assert orders.submissions["sf-1"].fence_ms == START_MS + 9
    fold(orders, [reported(NEW), doubt])
    assert known(orders)[0] is OrderState.NEW, "what is known is not forgotten"


def test_an_ack_says_only_that_the_order_exists() -> None:
    bare = entries.Placed(
        **AT,
        id="sf-1",
        answer=type(answer(NEW))(
            symbol=SYMBOL, order_id=77, order_list_id=-1, client_order_id="sf-1", transact_time=START_MS
        ),
    )
    assert known(fold(Orders(), [submitted(), bare]))[0] is OrderState.NEW
    assert known(fold(Orders(), [submitted(), reported(FULL), bare])) == (OrderState.FILLED, D(1), D("0.5"))


@pytest.mark.parametrize("first", ["amended", "stale"])
def test_an_amended_order_never_grows_back(first: str) -> None:
    smaller = NEW._replace(why=ExecutionType.REPLACED, qty=D("0.4"), called="sf-a")
    told = [amended(smaller), read(NEW)] if first == "amended" else [read(NEW), amended(smaller)]
    orders = fold(Orders(), [submitted(), placed(NEW), *told, read(NEW)])
    record = orders.shelf.get("sf-1")
    assert record is not None
    assert record.qty == D("0.4")
    assert orders.shelf.get("sf-a") is None


def test_only_the_first_baseline_is_believed() -> None:
    """A second look may have seen what was executed since: that is news, and not from before."""
    orders = fold(Orders(), [entries.Baseline(**AT, symbol=SYMBOL, trade_id=4), submitted()])
    fold(orders, [entries.Baseline(**AT, symbol=SYMBOL, trade_id=5)])
    full = FULL._replace(deals=(Deal(5, D(1)),))
    assert [fill.trade_id for fill in orders.apply(reported(full)).fills] == [5]
    assert orders.shelf.settled["sf-1"].is_settled


def test_a_baseline_does_not_swallow_what_was_told_before_it() -> None:
    orders = fold(Orders(), [submitted(), reported(HALF)])
    fold(orders, [entries.Baseline(**AT, symbol=SYMBOL, trade_id=9)])
    assert [fill.trade_id for fill in orders.apply(reported(FULL)).fills] == [2]
    assert orders.apply(trade(Deal(0, D(1)), order_id=5)).fills == []


def test_reads_begin_where_nothing_can_be_missing() -> None:
    """An event may overtake what a gap hid, and reads lag: the newest trade alone proves nothing."""
    orders = fold(Orders(), [entries.Baseline(**AT, symbol=SYMBOL, trade_id=10)])
    seen, now_ms = orders.seen, START_MS
    assert seen.read_from(SYMBOL, now_ms) == 10
    fold(orders, [entries.Resynced(at_ms=now_ms), trade(Deal(15, D(1)), order_id=1)])
    assert seen.newest(SYMBOL) == 15
    assert seen.read_from(SYMBOL, now_ms) == 10
    for _ in range(10):
        now_ms += 60_000
        fold(orders, [entries.Resynced(at_ms=now_ms)])
    assert seen.read_from(SYMBOL, now_ms) == 15
    assert seen.read_from("ETHUSDT", now_ms) is None
    assert len(seen.state()[SYMBOL].marks) <= 5


def test_a_list_is_done_when_its_orders_are() -> None:
    """Also where nobody said so: reads do not tell of lists."""
    oco = NewOco(
        symbol=SYMBOL,
        side=Side.SELL,
        quantity=D(1),
        list_client_order_id="sf-list",
        above_type=OrderType.LIMIT_MAKER,
        above_price=D(60_000),
        above_client_order_id="sf-up",
        below_type=OrderType.STOP_LOSS_LIMIT,
        below_price=D(40_000),
        below_stop_price=D(40_000),
        below_time_in_force=TimeInForce.GTC,
        below_client_order_id="sf-down",
    )
    orders = fold(Orders(), [submitted(oco)])
    facts = {"side": Side.SELL, "list_id": 9}
    up = FULL._replace(id="sf-up", called="sf-up", order_id=1, type=OrderType.LIMIT_MAKER, **facts)
    down = GONE._replace(
        id="sf-down", called="sf-down", order_id=2, deals=(), type=OrderType.STOP_LOSS_LIMIT, **facts
    )
    assert orders.shelf.lists["sf-list"].state is ListState.SUBMITTED
    fold(orders, [read(up)])
    assert orders.shelf.lists["sf-list"].state is ListState.EXECUTING
    assert "sf-list" in orders.apply(read(down)).changed
    assert orders.shelf.lists["sf-list"].state is ListState.ALL_DONE


def test_twenty_thousand_orders_leave_little_behind() -> None:
    views = Views()
    views.apply(entries.Listed(**AT, symbol=SYMBOL, base="BTC", quote="USDT"))
    for number in range(20_000):
        id, deal = f"sf-{number}", Deal(number, D(1))
        full = FULL._replace(id=id, called=id, order_id=number, deals=(deal,))
        for entry in (submitted(limit(id)), placed(full)):
            views.apply(entry)
    orders = views.orders
    assert orders.submissions == {}
    assert orders.shelf.active == {}
    assert len(orders.shelf.settled) == MOST_SETTLED
    assert len(orders.shelf._ids) == MOST_SETTLED
    assert len(orders.seen._ids[SYMBOL]) <= 2_048
    assert len(views._fills) <= 4_097
    views.checkpoint()
    assert len(views._fills) == MOST_SETTLED
    assert known(orders, "sf-19999")[0] is OrderState.FILLED
    assert orders.shelf.by_order_id(SYMBOL, 19_999) is orders.shelf.get("sf-19999")
    assert orders.shelf.by_order_id(SYMBOL, 1) is None


def test_twenty_thousand_refusals_leave_little_behind() -> None:
    orders = Orders()
    for number in range(20_000):
        id = f"sf-{number}"
        fold(orders, [submitted(limit(id)), entries.NotPlaced(**AT, id=id, because="refused", text="no")])
    assert orders.submissions == {}
    assert len(orders.not_placed) == MOST_SETTLED
    assert len(orders.shelf.settled) == MOST_SETTLED
