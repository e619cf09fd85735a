"""What an account has and may have: MAX_POSITION, MAX_ASSET, its purse; and whether a BUY could be closed."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from surefoot.rules.check import Checked, Snapshot, Violation, judge
from surefoot.spot.account import Account, Balance, CommissionRates
from surefoot.spot.enums import OrderType, Side
from surefoot.values import UNSET
from tests.rules.accounts import having, open_order
from tests.rules.made import LOT, MARKET_LOT, NOTIONAL, PRICE, limit, market, passed, refused, rules_of

BUY, SELL = Side.BUY, Side.SELL
POSITION = {"filterType": "MAX_POSITION", "maxPosition": "10.00000000"}


def test_a_position_is_what_is_held_what_is_on_its_way_and_this() -> None:
    """RULES-2: MAX_POSITION binds BUY orders; free, locked and open BUY orders count."""
    rules = rules_of(PRICE, LOT, POSITION)
    part = open_order(orig_qty=Decimal(4), executed_qty=Decimal(1))
    known = having(part, open_order(side=SELL), base="5", locked="1", quote="1000")
    met = passed(judge(limit(BUY, "1", "100"), rules, known)).met
    assert [(each.value, each.high) for each in met if each.filter == "MAX_POSITION"] == [(10, 10)]
    assert refused(judge(limit(BUY, "1.5", "100"), rules, known)) == ("MAX_POSITION", "quantity", "1", False)
    passed(judge(limit(SELL, "5", "100"), rules, known))
    assert "MAX_POSITION" in [each.filter for each in passed(judge(limit(BUY, "99", "1"), rules)).skipped]


def test_a_position_that_is_full_takes_no_amount() -> None:
    rules = rules_of(LOT, POSITION)
    verdict = judge(market(BUY, amount="10"), rules, having(base="11", quote="1000"))
    assert isinstance(verdict, Violation)
    assert (verdict.filter, verdict.given, verdict.nearest) == ("MAX_POSITION", None, None)
    part = passed(judge(market(BUY, amount="10"), rules, having(base="9", quote="1000")))
    assert "MAX_POSITION" in [each.filter for each in part.skipped]


@pytest.mark.parametrize(
    ("order", "limits", "expected"),
    [
        (limit(BUY, "2", "100"), {"BTC": 1}, ("MAX_ASSET", "quantity", "1", False)),
        (limit(SELL, "2", "100"), {"USDT": 150}, ("MAX_ASSET", "quantity", "1.5", False)),
        (limit(SELL, "2", "100"), {"USDT": 200, "BTC": 2, "ETH": 0}, None),
        (market(BUY, amount="11"), {"USDT": 10}, ("MAX_ASSET", "quote_order_qty", "10", False)),
        (market(BUY, quantity="2"), {"USDT": 190}, ("MAX_ASSET", "quantity", "1.9", False)),
    ],
)
def test_what_one_order_may_move_of_an_asset(order: Any, limits: dict[str, int], expected: Any) -> None:
    """RULES-2: MAX_ASSET, of the base by quantity, of the quote by worth; without a price at the last."""
    known = Snapshot(last=Decimal(100), asset_limits={name: Decimal(most) for name, most in limits.items()})
    verdict = judge(order, rules_of(PRICE, LOT), known)
    if expected is None:
        assert [each.high for each in passed(verdict).met if each.filter == "MAX_ASSET"] == [2, 200]
    else:
        assert refused(verdict) == expected


@pytest.mark.parametrize(
    ("order", "nearest"),
    [
        (limit(BUY, "1.01", "100"), "1"),
        (limit(SELL, "3", "100"), "2"),
        (market(SELL, quantity="3"), "2"),
        (market(BUY, amount="101"), "100"),
    ],
)
def test_an_order_needs_what_it_pays_with(order: Any, nearest: str) -> None:
    """RULES-2: -2010 for more than is free; the nearest value is what can be paid."""
    verdict = judge(order, rules_of(PRICE, LOT), having(base="2", locked="9", quote="100"))
    assert isinstance(verdict, Violation)
    assert (verdict.filter, verdict.code) == ("INSUFFICIENT_BALANCES", -2010)
    assert verdict.nearest == Decimal(nearest)


def test_what_the_book_decides_is_not_judged() -> None:
    rules, poor = rules_of(PRICE, LOT), having()
    for order in (market(BUY, quantity="1"), market(SELL, amount="1")):
        assert "INSUFFICIENT_BALANCES" in [each.filter for each in passed(judge(order, rules, poor)).skipped]


def test_a_stop_is_paid_for_at_its_stop_price() -> None:
    order = limit(BUY, "1", "1", type=OrderType.STOP_LOSS, time_in_force=UNSET, stop_price=Decimal(110))
    rules = rules_of(PRICE, LOT, orderTypes=["STOP_LOSS"])
    stop = msgspec.structs.replace(order, price=UNSET)
    passed(judge(stop, rules, having(quote="110", last=Decimal(100))))
    assert refused(judge(stop, rules, having(quote="109", last=Decimal(100))))[0] == "INSUFFICIENT_BALANCES"


def closing_of(order: Any, *filters: dict[str, Any], commission: str | None = "0.001", **facts: Any) -> Any:
    known = Snapshot(buy_commission=None if commission is None else Decimal(commission), **facts)
    verdict = judge(order, rules_of(PRICE, LOT, *filters), known)
    assert isinstance(verdict, Checked), verdict
    return verdict


def test_what_is_bought_can_be_sold_but_for_the_dust() -> None:
    """RULES-3: 0.1 % of the quantity is commission; what does not fit a lot stays behind."""
    closing = closing_of(limit(BUY, "0.00100", "60000"), MARKET_LOT, NOTIONAL).closing
    assert (closing.possible, closing.kept, closing.sellable) == (
        True,
        Decimal("0.000999"),
        Decimal("0.00099"),
    )
    assert closing.smallest == Decimal("0.0001")
    assert closing.why == "of 0.000999 that is kept 0.00099 can be sold; 0.000009 stays behind"


def test_a_position_too_small_to_sell_says_what_would_do() -> None:
    """NOTIONAL passes the BUY at 5, and not the SELL of what is left."""
    closing = closing_of(limit(BUY, "0.00009", "60000"), MARKET_LOT, NOTIONAL).closing
    assert (closing.possible, closing.sellable, closing.smallest) == (False, 0, Decimal("0.0001"))
    assert "buy at least 0.0001" in closing.why


def test_no_quantity_can_be_sold_where_the_filters_leave_none() -> None:
    tight = MARKET_LOT | {"minQty": "200"}
    closing = closing_of(limit(BUY, "1", "60000"), tight).closing
    assert (closing.possible, closing.smallest) == (False, None)
    top = MARKET_LOT | {"minQty": "9000", "maxQty": "0"}
    assert closing_of(limit(BUY, "1", "1"), top).closing.why.endswith("no quantity would do")


def test_closing_is_only_of_what_is_known() -> None:
    for order, facts, word in (
        (limit(BUY, "1", "100"), {"commission": None}, "commission rates"),
        (market(BUY, amount="100"), {}, "how much a quoteOrderQty buys"),
        (market(BUY, quantity="1"), {}, "needs a price"),
    ):
        verdict = closing_of(order, NOTIONAL, **facts)
        assert verdict.closing is None
        assert [word in each.why for each in verdict.skipped if each.filter == "closing"] == [True]
    sell = closing_of(limit(SELL, "1", "100"), NOTIONAL)
    assert sell.closing is None
    assert "closing" not in [each.filter for each in sell.skipped]
    known = closing_of(market(BUY, quantity="1"), NOTIONAL, average=Decimal(100))
    assert known.closing.sellable == Decimal("0.999")


def test_the_account_is_taken_as_it_is_answered() -> None:
    """GET account: the dearer of maker and taker, and the buyer's rate, for whatever the order becomes."""
    rates = CommissionRates(
        maker=Decimal("0.001"), taker=Decimal("0.002"), buyer=Decimal("0.0005"), seller=Decimal(0)
    )
    balance = Balance(asset="BTC", free=Decimal(1), locked=Decimal(2))
    account = Account(
        can_trade=True,
        can_withdraw=True,
        can_deposit=True,
        update_time=0,
        account_type="SPOT",
        balances=(balance,),
        permissions=("SPOT",),
        commission_rates=rates,
    )
    known = Snapshot(last=Decimal(5)).with_account(account)
    assert (known.last, known.buy_commission) == (Decimal(5), Decimal("0.0025"))
    assert (known.free("BTC"), known.held("BTC"), known.free("ETH")) == (1, 3, 0)
    assert Snapshot().free("BTC") is None
