"""The demo's own books, against wrong and right stories."""

from decimal import Decimal

import msgspec

from surefoot.cli.demo.books import balance_differences, line_of, moved, trade_differences
from surefoot.execution.fills import Fill
from surefoot.spot.account import Trade
from surefoot.spot.enums import Side

D = Decimal
FILL = Fill("BTCUSDT", 77, 5, Side.BUY, D(10), D(1), D("0.001"), "BTC", 1)
TRADE = Trade(
    symbol="BTCUSDT", id=77, order_id=5, order_list_id=-1, price=D(10), qty=D(1), quote_qty=D(10),
    commission=D("0.001"), commission_asset="BTC", time=1, is_buyer=True, is_maker=False, is_best_match=True,
)  # fmt: skip


def test_a_buy_moves_both_assets_and_pays_commission() -> None:
    assert moved([FILL], "BTC", "USDT") == {"BTC": D("0.999"), "USDT": D(-10)}


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
    assert trade_differences([FILL], [TRADE]) == []
    assert "trade 77" in trade_differences([], [TRADE])[0]
    assert "trade 77" in trade_differences([FILL], [])[0]
    off = msgspec.structs.replace(TRADE, commission=D("0.0011"))
    assert "0.0011" in trade_differences([FILL], [off])[0]


def test_what_the_exchange_drops_of_a_price_times_a_quantity_is_dropped_here() -> None:
    fine = msgspec.structs.replace(FILL, price=D("0.00003"), qty=D("0.0011"))
    assert moved([fine], "BTC", "USDT")["USDT"] == D("-3E-8")


def test_a_life_line_follows_the_order_through_its_cancel() -> None:
    steps = ["SUBMITTED", "PARTIALLY_FILLED", "PARTIALLY_FILLED", "CANCELED"]
    line = line_of("id", steps, [FILL, msgspec.structs.replace(FILL, trade_id=78)])
    assert line.steps == ("SUBMITTED", "PARTIALLY_FILLED ×2", "CANCELED")
    assert (line.executed_qty, line.average_price) == (2, 10)
    assert "0.002 BTC" in str(line)
    assert str(line_of("id", ["SUBMITTED", "CANCELED"], [])) == "id  SUBMITTED → CANCELED"
