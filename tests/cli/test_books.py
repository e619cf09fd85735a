"""The demo's own books, against wrong and right stories."""

from decimal import Decimal

import msgspec

from surefoot.cli.demo.books import balance_differences, life, moved, trade_differences
from surefoot.spot.account import Trade
from surefoot.spot.enums import (
    ExecutionType,
    OrderRejectReason,
    OrderStatus,
    OrderType,
    Side,
    TimeInForce,
)
from surefoot.spot.events import ExecutionReport

D = Decimal


def report(status: OrderStatus, execution: ExecutionType, **facts: object) -> ExecutionReport:
    base = ExecutionReport(
        event_time=1, symbol="BTCUSDT", client_order_id="id", side=Side.BUY, type=OrderType.LIMIT,
        time_in_force=TimeInForce.GTC, quantity=D(2), price=D(10), stop_price=D(0), iceberg_qty=D(0),
        order_list_id=-1, orig_client_order_id="", execution_type=execution, status=status,
        reject_reason=OrderRejectReason.NONE, order_id=5, last_qty=D(0), executed_qty=D(0), last_price=D(0),
        commission=D(0), commission_asset=None, transact_time=1, trade_id=-1, execution_id=1, is_on_book=True,
        is_maker=False, order_time=1, cummulative_quote_qty=D(0), last_quote_qty=D(0), quote_order_qty=D(0),
    )  # fmt: skip
    return msgspec.structs.replace(base, **facts)


FILL = report(
    OrderStatus.PARTIALLY_FILLED, ExecutionType.TRADE, last_qty=D(1), executed_qty=D(1), last_price=D(10),
    commission=D("0.001"), commission_asset="BTC", trade_id=77, cummulative_quote_qty=D(10),
    last_quote_qty=D(10),
)  # fmt: skip
TRADE = Trade(
    symbol="BTCUSDT", id=77, order_id=5, order_list_id=-1, price=D(10), qty=D(1), quote_qty=D(10),
    commission=D("0.001"), commission_asset="BTC", time=1, is_buyer=True, is_maker=False, is_best_match=True,
)  # fmt: skip
NEW = report(OrderStatus.NEW, ExecutionType.NEW)
CANCELED = report(
    OrderStatus.CANCELED, ExecutionType.CANCELED, client_order_id="cancel", orig_client_order_id="id",
    executed_qty=D(1), cummulative_quote_qty=D(10),
)  # fmt: skip


def test_a_buy_moves_both_assets_and_pays_commission() -> None:
    assert moved([NEW, FILL, CANCELED], "BTC", "USDT") == {"BTC": D("0.999"), "USDT": D(-10)}


def test_a_sell_moves_them_the_other_way() -> None:
    sale = msgspec.structs.replace(FILL, side=Side.SELL, commission_asset="USDT", commission=D("0.01"))
    assert moved([sale], "BTC", "USDT") == {"BTC": D(-1), "USDT": D("9.99")}


def test_balances_that_do_not_add_up_are_named() -> None:
    before, after = {"BTC": D(1), "USDT": D(100)}, {"BTC": D("1.999"), "USDT": D(90)}
    change = moved([FILL], "BTC", "USDT")
    assert balance_differences(before, change, after) == {}
    assert balance_differences(before, change, {**after, "BTC": D(2)}) == {"BTC": D("0.001")}
    assert balance_differences(before, {}, after) == {"BTC": D("0.999"), "USDT": D(-10)}


def test_trades_that_differ_in_any_digit_are_named() -> None:
    assert trade_differences([NEW, FILL], [TRADE]) == []
    assert "trade 77" in trade_differences([NEW], [TRADE])[0]
    assert "trade 77" in trade_differences([FILL], [])[0]
    off = msgspec.structs.replace(TRADE, commission=D("0.0011"))
    assert "0.0011" in trade_differences([FILL], [off])[0]


def test_a_life_line_follows_the_order_through_its_cancel() -> None:
    line = life("id", [NEW, FILL, FILL, CANCELED])
    assert line.steps == ("NEW", "PARTIALLY_FILLED ×2", "CANCELED")
    assert line.executed_qty == 1
    assert line.average_price == 10
    assert "0.002 BTC" in str(line)
    assert life("other", [NEW]).steps == ()
