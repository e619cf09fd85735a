"""Orders' lives, the server's texts, and what is said to whom."""

from typing import Any

import pytest

from surefoot.errors import Misuse
from surefoot.exchange.core.commands import (
    BalanceChange,
    Cancel,
    Canceled,
    Held,
    Placed,
    Refusal,
    Report,
    TopChange,
    TradeTick,
)
from surefoot.exchange.core.ledger import FEES
from surefoot.exchange.core.listing import units
from surefoot.spot.enums import (
    CancelRestrictions,
    ExpiryReason,
    OrderStatus,
    OrderType,
    Side,
    TimeInForce,
)
from tests.exchange.trading import NOW_US, Floor, listings, place

POOR = Refusal(-2010, "Account has insufficient balance for requested action.")
UNKNOWN = Refusal(-2011, "Unknown order sent.")


@pytest.fixture
def floor() -> Floor:
    return Floor()


def cancel(floor: Floor, **named: Any) -> Canceled | Refusal:
    return floor.engine.cancel(floor.now_us, Cancel(account="ann", symbol="BTCUSDT", **named))


def test_a_limit_order_locks_and_a_cancel_frees(floor: Floor) -> None:
    placed = floor.limit(Side.BUY, "0.5", "50000", name="mine")
    assert floor.held("ann", "USDT") == (units("99975000"), units("25000"))
    answer = cancel(floor, order_id=placed.order.order_id, new_client_order_id="gone")
    assert answer.order.status is OrderStatus.CANCELED
    assert (answer.orig_client_order_id, answer.order.client_order_id) == ("mine", "gone")
    assert floor.held("ann", "USDT") == (units("100000000"), 0)


def test_a_better_price_than_asked_frees_the_difference(floor: Floor) -> None:
    floor.limit(Side.SELL, "1", "50000", by="ben")
    placed = floor.limit(Side.BUY, "2", "60000")
    assert placed.order.status is OrderStatus.PARTIALLY_FILLED
    assert floor.held("ann", "USDT") == (units("99890000"), units("60000"))


def test_commission_is_taken_from_what_is_received(floor: Floor) -> None:
    floor.limit(Side.SELL, "0.33333", "30000.01", by="ben")
    (fill,) = floor.market(Side.BUY, "0.33333").fills
    assert (fill.commission, fill.commission_asset) == (units("0.00033333"), "BTC")
    assert floor.held("ann", "BTC")[0] == units("1000.33299667")
    (made,) = floor.engine.trades("ben", "BTCUSDT")
    assert made.quote_qty == units("9999.9033333")
    assert (made.commission, made.commission_asset, made.is_maker) == (units("9.99990333"), "USDT", True)
    fees = floor.engine.ledger.wallets(FEES)
    assert (fees["BTC"].free, fees["USDT"].free) == (units("0.00033333"), units("9.99990333"))


def test_the_exact_balance_is_enough_and_no_less() -> None:
    for usdt, enough in (("100.02", True), ("100.01999999", False)):
        floor = Floor(balances={"USDT": usdt})
        floor.engine.open_account("maker", {"BTC": units("5")}, house=True)
        floor.limit(Side.SELL, "0.001", "50000", by="maker")
        floor.limit(Side.SELL, "0.001", "50020", by="maker")
        answer = floor.market(Side.BUY, "0.002")
        assert (answer != POOR) is enough
        assert (floor.held("ann", "USDT")[0] == 0) is enough


def test_quote_order_qty_is_sized_to_the_lot_and_the_rest_stays(floor: Floor) -> None:
    floor.limit(Side.SELL, "0.001", "50000", by="ben")
    floor.limit(Side.SELL, "5", "60000", by="ben")
    placed = floor.market(Side.BUY, quote="100")
    assert placed.order.status is OrderStatus.FILLED
    assert placed.order.orig_quote_order_qty == units("100")
    assert placed.order.orig_qty == placed.order.executed_qty == units("0.00183")
    assert placed.order.cummulative_quote_qty == units("99.8")
    assert floor.held("ann", "USDT") == (units("99999900.2"), 0)


def test_quote_order_qty_sells_too(floor: Floor) -> None:
    floor.limit(Side.BUY, "5", "60000", by="ben")
    placed = floor.market(Side.SELL, quote="100")
    assert placed.order.executed_qty == units("0.00166")
    assert floor.held("ann", "BTC") == (units("999.99834"), 0)


def test_quote_order_qty_needs_the_whole_amount() -> None:
    floor = Floor(balances={"USDT": "99.99"})
    floor.engine.open_account("maker", {"BTC": units("5")}, house=True)
    floor.limit(Side.SELL, "5", "60000", by="maker")
    assert floor.market(Side.BUY, quote="100") == POOR


def test_a_book_too_thin_for_the_quote_amount_expires_the_order(floor: Floor) -> None:
    floor.limit(Side.SELL, "0.001", "50000", by="ben")
    placed = floor.market(Side.BUY, quote="100")
    assert placed.order.status is OrderStatus.EXPIRED
    assert placed.order.expiry_reason is ExpiryReason.INSUFFICIENT_LIQUIDITY
    assert placed.order.executed_qty == units("0.001")
    assert floor.held("ann", "USDT") == (units("99999950"), 0)


def test_a_market_order_that_runs_out_says_new_trade_expired(floor: Floor) -> None:
    floor.limit(Side.SELL, "0.001", "50000", by="ben")
    floor.drained()
    placed = floor.market(Side.BUY, "0.002")
    mine = [e for e in floor.drained() if isinstance(e, Report) and e.account == "ann"]
    assert [(r.execution_type, r.order.status) for r in mine] == [
        ("NEW", "NEW"),
        ("TRADE", "PARTIALLY_FILLED"),
        ("EXPIRED", "EXPIRED"),
    ]
    assert placed.order.expiry_reason is ExpiryReason.INSUFFICIENT_LIQUIDITY
    assert floor.engine.open_orders("ann") == ()


def test_ioc_takes_what_is_there_and_expires(floor: Floor) -> None:
    floor.limit(Side.SELL, "1", "50000", by="ben")
    placed = floor.limit(Side.BUY, "3", "50000", life=TimeInForce.IOC)
    assert placed.order.executed_qty == units("1")
    assert placed.order.expiry_reason is ExpiryReason.UNFILLED_IOC_QUANTITY_EXPIRED
    assert floor.held("ann", "USDT") == (units("99950000"), 0)


def test_fok_is_all_or_nothing_within_its_limit(floor: Floor) -> None:
    floor.limit(Side.SELL, "1", "50000", by="ben")
    floor.limit(Side.SELL, "1", "50001", by="ben")
    nothing = floor.limit(Side.BUY, "2", "50000", life=TimeInForce.FOK)
    assert (nothing.order.status, nothing.order.executed_qty) == (OrderStatus.EXPIRED, 0)
    assert nothing.order.expiry_reason is ExpiryReason.UNFILLED_FOK_ORDER_EXPIRED
    everything = floor.limit(Side.BUY, "2", "50001", life=TimeInForce.FOK)
    assert everything.order.status is OrderStatus.FILLED


def test_limit_maker_never_takes(floor: Floor) -> None:
    floor.limit(Side.SELL, "1", "50000", by="ben")
    refused = floor.send(Side.BUY, OrderType.LIMIT_MAKER, quantity="1", price="50000")
    assert refused == Refusal(-2010, "Order would immediately match and take.")
    rests = floor.send(Side.BUY, OrderType.LIMIT_MAKER, quantity="1", price="49999.99")
    assert (rests.order.status, rests.order.time_in_force) == (OrderStatus.NEW, TimeInForce.GTC)


def test_an_account_may_trade_with_itself(floor: Floor) -> None:
    floor.limit(Side.SELL, "1", "50000")
    assert floor.limit(Side.BUY, "1", "50000").order.status is OrderStatus.FILLED
    assert [trade.is_maker for trade in floor.engine.trades("ann", "BTCUSDT")] == [True, False]
    assert floor.engine.ledger.total("BTC") == floor.engine.ledger.deposited["BTC"]


def test_a_client_order_id_is_unique_among_open_orders_only(floor: Floor) -> None:
    """ORDER-2: the same id again is refused while the order is open, and places a second one after it."""
    first = floor.limit(Side.BUY, "1", "50000", name="same")
    assert floor.limit(Side.BUY, "1", "50000", name="same") == Refusal(-2010, "Duplicate order sent.")
    assert isinstance(floor.limit(Side.BUY, "1", "50000", name="same", by="ben"), Placed)
    cancel(floor, order_id=first.order.order_id)
    again = floor.limit(Side.BUY, "1", "50000", name="same")
    found = floor.engine.order("ann", "BTCUSDT", orig_client_order_id="same")
    assert found.order_id == again.order.order_id != first.order.order_id


def test_a_cancelled_order_is_found_by_order_id_and_by_its_new_name(floor: Floor) -> None:
    first = floor.limit(Side.BUY, "1", "50000", name="mine")
    cancel(floor, orig_client_order_id="mine", new_client_order_id="cancel-1")
    missing = floor.engine.order("ann", "BTCUSDT", orig_client_order_id="mine")
    assert missing == Refusal(-2013, "Order does not exist.")
    by_id = floor.engine.order("ann", "BTCUSDT", order_id=first.order.order_id)
    assert by_id == floor.engine.order("ann", "BTCUSDT", orig_client_order_id="cancel-1")


def test_a_name_is_made_when_none_is_given(floor: Floor) -> None:
    names = {floor.limit(Side.BUY, "1", "50000").order.client_order_id for _ in range(3)}
    assert len(names) == 3
    assert all(len(name) == 22 for name in names)


def test_cancels_that_must_fail(floor: Floor) -> None:
    floor.limit(Side.SELL, "1", "50000", by="ben")
    mine = floor.limit(Side.BUY, "2", "50000", name="mine").order.order_id
    assert cancel(floor, order_id=mine + 1) == UNKNOWN
    assert cancel(floor, orig_client_order_id="other") == UNKNOWN
    assert cancel(floor, order_id=mine, orig_client_order_id="other").code == -2011
    assert cancel(floor).message == "Cancel order is invalid. Check origClOrdId and orderId."
    restricted = cancel(floor, order_id=mine, restrictions=CancelRestrictions.ONLY_NEW)
    assert restricted == Refusal(-2011, "Order was not canceled due to cancel restrictions.")
    fits = cancel(floor, order_id=mine, restrictions=CancelRestrictions.ONLY_PARTIALLY_FILLED)
    assert fits.order.executed_qty == units("1")
    assert cancel(floor, order_id=mine) == UNKNOWN


@pytest.mark.parametrize(
    ("changes", "order", "refusal"),
    [
        ({"status": "BREAK"}, {}, Refusal(-1013, "Market is closed.")),
        (
            {"orderTypes": ["LIMIT"]},
            {"kind": OrderType.MARKET, "price": None, "life": None},
            Refusal(-1013, "Market orders are not supported for this symbol."),
        ),
        (
            {"orderTypes": ["LIMIT", "MARKET"]},
            {"kind": OrderType.STOP_LOSS_LIMIT},
            Refusal(-1013, "Stop loss limit orders are not supported for this symbol."),
        ),
        (
            {"quoteOrderQtyMarketAllowed": False},
            {"kind": OrderType.MARKET, "price": None, "quantity": None, "quote": "100"},
            Refusal(-1013, "Quote order qty market orders are not support for this symbol."),
        ),
        ({}, {"quote": "100"}, Refusal(-1013, "Unsupported order combination")),
        ({}, {"life": None}, Refusal(-1013, "Unsupported order combination")),
        ({}, {"quantity": "0"}, Refusal(-1013, "Price * QTY is zero or less.")),
        ({}, {"symbol": "NOSUCH"}, Refusal(-1121, "Invalid symbol.")),
    ],
)
def test_orders_refused_at_the_door(changes: dict[str, Any], order: dict[str, Any], refusal: Refusal) -> None:
    floor = Floor(listings(**changes))
    asked: dict[str, Any] = {
        "kind": OrderType.LIMIT,
        "quantity": "1",
        "price": "50000",
        "life": TimeInForce.GTC,
    }
    assert floor.send(Side.BUY, **(asked | order)) == refusal
    assert floor.engine.test(NOW_US, place(side=Side.BUY, **(asked | order))) == refusal
    assert floor.engine.outbox == []


def test_no_market_order_before_the_first_price() -> None:
    floor = Floor(last_price=None)
    floor.limit(Side.SELL, "1", "50000", by="ben")
    assert floor.market(Side.BUY, "1").code == -2010
    floor.limit(Side.BUY, "0.5", "50000")
    assert isinstance(floor.market(Side.BUY, "0.5"), Placed)


def test_what_one_trade_says(floor: Floor) -> None:
    floor.limit(Side.SELL, "1", "50000", by="ben")
    floor.drained()
    floor.limit(Side.BUY, "0.4", "50000")
    said = floor.drained()
    kinds = [type(effect).__name__ for effect in said]
    assert kinds == [
        "Report",
        "TradeTick",
        "Report",
        "Report",
        "BalanceChange",
        "BalanceChange",
        "DepthChange",
        "TopChange",
    ]
    tick = next(effect for effect in said if isinstance(effect, TradeTick))
    assert not tick.buyer_is_maker
    made, taken = [effect for effect in said if isinstance(effect, Report) and effect.trade_id > 0]
    assert (made.account, made.is_maker, made.is_on_book) == ("ben", True, True)
    assert (taken.account, taken.is_maker, taken.is_on_book) == ("ann", False, False)
    assert made.trade_id == taken.trade_id == tick.trade_id
    assert made.execution_id != taken.execution_id
    balance = next(effect for effect in said if isinstance(effect, BalanceChange) and effect.account == "ben")
    assert balance.balances == (
        Held("BTC", units("999"), units("0.6")),
        Held("USDT", units("100019980"), 0),
    )
    assert [effect.ask_qty for effect in said if isinstance(effect, TopChange)] == [units("0.6")]


def test_a_change_away_from_the_touch_does_not_move_the_top(floor: Floor) -> None:
    floor.limit(Side.BUY, "1", "50000")
    floor.drained()
    floor.limit(Side.BUY, "1", "49000")
    assert not [effect for effect in floor.drained() if isinstance(effect, TopChange)]


def test_a_house_account_is_told_nothing_and_judged_by_no_filter(floor: Floor) -> None:
    floor.engine.open_account("maker", {"BTC": units("1")}, maker_rate=0, taker_rate=0, house=True)
    placed = floor.limit(Side.SELL, "0.00001", "50000.00", by="maker")
    assert placed.order.status is OrderStatus.NEW
    assert [type(effect).__name__ for effect in floor.drained()] == ["DepthChange", "TopChange"]


def test_trades_by_id_time_and_order(floor: Floor) -> None:
    ids = []
    for second in range(4):
        floor.now_us = NOW_US + second * 1_000_000
        floor.limit(Side.SELL, "1", "50000", by="ben")
        ids.append(floor.market(Side.BUY, "1").fills[0].trade_id)
    assert ids == list(range(ids[0], ids[0] + 4))

    def found(**by: int) -> list[int]:
        return [trade.trade_id for trade in floor.engine.trades("ann", "BTCUSDT", **by)]

    assert found() == ids
    assert found(limit=2) == ids[2:]
    assert found(from_id=ids[1], limit=2) == ids[1:3]
    assert found(start_us=NOW_US + 1_000_000, limit=2) == ids[1:3]
    assert found(end_us=NOW_US + 2_000_000, limit=2) == ids[1:3]
    order_id = floor.engine.trades("ann", "BTCUSDT")[1].order_id
    assert found(order_id=order_id) == [ids[1]]


def test_finished_orders_are_forgotten_only_when_there_are_too_many(floor: Floor) -> None:
    market = floor.engine.markets["BTCUSDT"]
    first = floor.limit(Side.BUY, "1", "50000", name="a").order.order_id
    seat = market._seats["ann"]
    seat.kept = 2
    cancel(floor, order_id=first)
    for _ in range(2):
        cancel(floor, order_id=floor.limit(Side.BUY, "1", "50000").order.order_id)
    assert floor.engine.order("ann", "BTCUSDT", order_id=first).code == -2013
    assert len(seat.by_id) == len(seat.by_client_id) == 2


def test_accounts_are_opened_once(floor: Floor) -> None:
    with pytest.raises(Misuse, match="already open"):
        floor.engine.open_account("ann", {})
    with pytest.raises(Misuse, match="open it first"):
        floor.limit(Side.BUY, "1", "50000", by="nobody")
    with pytest.raises(Misuse):
        floor.engine.open_account(FEES, {})
