"""One order, one verdict: what comes back, what is raised, and the words for it."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from surefoot.errors import FilterViolation, Happened, Misuse
from surefoot.rules.check import Change, Snapshot, Violation, check, describe, judge
from surefoot.spot.enums import OrderType, Side
from surefoot.values import UNSET
from tests.rules.made import (
    BY_SIDE,
    COUNTS,
    LOT,
    PRICE,
    USUAL,
    limit,
    market,
    names,
    passed,
    refused,
    rules_of,
)

BUY, SELL = Side.BUY, Side.SELL
AT_100 = Snapshot(average=Decimal(100))


def test_a_legal_order_is_the_very_same_object() -> None:
    """RULES-3: nothing to correct, nothing rebuilt."""
    for order in (limit(BUY, "1.00", "100.0"), market(SELL, quantity="1"), market(BUY, amount="10")):
        assert passed(judge(order, rules_of(*USUAL), AT_100)).order is order


def test_refuse_instead_of_round() -> None:
    """RULES-3: with rounding off, what is off the grid is refused; the nearest value may be either side."""
    rules = rules_of(PRICE, LOT)
    off = judge(limit(BUY, "1", "100.006"), rules, rounding=False)
    assert refused(off) == ("PRICE_FILTER", "price", "100.01", True)
    assert refused(judge(limit(BUY, "1", "100.005"), rules, rounding=False))[2] == "100"  # ties are careful
    assert refused(judge(limit(SELL, "1", "100.005"), rules, rounding=False))[2:] == ("100.01", False)
    assert refused(judge(limit(SELL, "1.000004", "100"), rules, rounding=False))[2] == "1"


def test_check_raises_what_judge_says() -> None:
    """RULES-3: the error holds filter, field, value, bound and nearest; ORDER-4: and the client order id."""
    order = limit(BUY, "0.00001", "61234.567", new_client_order_id="mine-1")
    with pytest.raises(FilterViolation) as caught:
        check(order, rules_of(*USUAL))
    error = caught.value
    assert (error.filter, error.field, error.given) == ("NOTIONAL", "quantity", Decimal("0.00001"))
    assert (error.bound, error.nearest) == (Decimal(5), Decimal("0.00009"))
    assert (error.client_order_id, error.request) == ("mine-1", order)
    assert error.happened is Happened.NO
    assert str(error) == (
        "NOTIONAL: quantity 0.00001 at 61234.56 is worth 0.6123456, below minNotional 5; "
        "nearest legal value 0.00009 (riskier than asked, so it is only shown)"
    )
    with pytest.raises(FilterViolation) as nameless:
        check(limit(BUY, "0.00001", "1"), rules_of(*USUAL))
    assert nameless.value.client_order_id is None


def test_words_for_people() -> None:
    """RULES-3: what was changed and why, in fixed-point text."""
    order = limit(BUY, "2.0000012", "61234.567")
    changes = check(order, rules_of(PRICE, LOT)).changes
    assert [describe(each) for each in changes] == [
        "price 61234.567 → 61234.56: BUY prices go down to tickSize 0.01 (PRICE_FILTER)",
        "quantity 2.0000012 → 2: quantities go down to stepSize 0.00001 (LOT_SIZE)",
    ]
    sell = check(limit(SELL, "1", "0.0000001"), rules_of(PRICE, LOT)).changes
    assert describe(sell[0]) == "price 0.0000001 → 0.01: SELL prices go up to tickSize 0.01 (PRICE_FILTER)"
    amount = check(market(BUY, amount="10.123456789"), rules_of(LOT)).changes
    assert describe(amount[0]).startswith("quote_order_qty 10.123456789 → 10.12345678: amounts go down to ")
    far = judge(limit(BUY, "1", "600.001"), rules_of(PRICE, LOT, BY_SIDE), AT_100)
    assert isinstance(far, Violation)
    assert describe(far) == (
        "PERCENT_PRICE_BY_SIDE: price 600.001, rounded to 600, is above 500, bidMultiplierUp "
        "of the reference price 100; nearest legal value 500"
    )


@pytest.mark.parametrize("field", ["price", "quantity"])
@pytest.mark.parametrize("bad", [1.5, float("nan"), Decimal("NaN"), Decimal("Infinity"), "1,5", True, None])
def test_only_exact_numbers_are_judged(field: str, bad: Any) -> None:
    """RULES-1: no float reaches the wire, not even one that was put into the struct by hand."""
    order = msgspec.structs.replace(limit(BUY, "1", "100"), **{field: bad})
    with pytest.raises(Misuse, match=field):
        check(order, rules_of(PRICE, LOT))
    with pytest.raises(Misuse, match="quote_order_qty"):
        check(msgspec.structs.replace(market(BUY), quote_order_qty=bad), rules_of(LOT))


def test_exact_numbers_of_another_type_become_decimals() -> None:
    """RULES-1: an int or a text in the struct is exact; it leaves as a Decimal, and nothing has changed."""
    order = msgspec.structs.replace(limit(BUY, "1", "1"), price=100, quantity="0.10")
    verdict = check(order, rules_of(PRICE, LOT))
    assert (verdict.order.price, verdict.order.quantity) == (Decimal(100), Decimal("0.10"))
    assert all(isinstance(each, Decimal) for each in (verdict.order.price, verdict.order.quantity))
    assert verdict.changes == ()


@pytest.mark.parametrize("bad", [100.0, Decimal(0), Decimal(-1), Decimal("NaN"), 5])
def test_prices_are_positive_and_exact(bad: Any) -> None:
    """RULES-1: an unknown price is None, never 0."""
    for name in ("last", "average", "reference"):
        with pytest.raises(Misuse, match=name):
            Snapshot(**{name: bad})


def test_an_order_is_judged_by_its_own_symbol() -> None:
    with pytest.raises(Misuse, match="ETHUSDT"):
        judge(limit(BUY, "1", "100"), rules_of(PRICE, LOT, symbol="ETHUSDT"))


def test_filters_of_other_kinds_judge_nothing_here() -> None:
    """RULES-2: they are known by name."""
    rules = rules_of(COUNTS, {"filterType": "FUTURE_FILTER"})
    assert rules.unjudged == ("FUTURE_FILTER",)
    verdict = passed(judge(limit(BUY, "1", "1"), rules))
    assert verdict.met == ()
    assert names(verdict.skipped) == ("MAX_NUM_ORDERS", "FUTURE_FILTER")


def test_a_change_knows_what_it_did() -> None:
    change = check(limit(BUY, "1", "100.009"), rules_of(PRICE, LOT)).changes[0]
    assert isinstance(change, Change)
    assert (change.field, change.given, change.used) == ("price", Decimal("100.009"), Decimal(100))


def test_limit_maker_is_judged_like_limit() -> None:
    """RULES-2: PRICE_FILTER, LOT_SIZE and NOTIONAL bind LIMIT_MAKER too."""
    order = limit(SELL, "0.01", "100.001", type=OrderType.LIMIT_MAKER, time_in_force=UNSET)
    assert refused(judge(order, rules_of(*USUAL)))[:3] == ("NOTIONAL", "quantity", "0.05")
