"""One order, one rule, one answer: the tables that people would write."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from surefoot.errors import FilterViolation, Happened, Misuse
from surefoot.rules.check import Change, Checked, Prices, Violation, check, describe, judge
from surefoot.spot.enums import OrderType, Side
from surefoot.values import UNSET
from tests.rules.made import BY_SIDE, COUNTS, LOT, MARKET_LOT, NOTIONAL, PRICE, USUAL, limit, market, rules_of

BUY, SELL = Side.BUY, Side.SELL
AT_100 = Prices(average=Decimal(100))
OPEN_PRICE = PRICE | {"minPrice": "0.00000000", "maxPrice": "0.00000000"}
OFF_GRID_PRICE = PRICE | {"minPrice": "0.015", "maxPrice": "9.996"}


def refused(verdict: Checked | Violation) -> tuple[str, str, str | None, bool]:
    """Filter, field, nearest legal value as text, and whether that is riskier."""
    assert isinstance(verdict, Violation), verdict
    nearest = None if verdict.nearest is None else f"{verdict.nearest.normalize():f}"
    return verdict.filter, verdict.field, nearest, verdict.riskier


def passed(verdict: Checked | Violation) -> Checked:
    assert isinstance(verdict, Checked), verdict
    return verdict


@pytest.mark.parametrize(
    ("price", "side", "used"),
    [
        ("61234.567", BUY, "61234.56"),
        ("61234.561", SELL, "61234.57"),
        ("61234.56", BUY, "61234.56"),
        ("61234.5600000", SELL, "61234.56"),
        ("1000000.009", BUY, "1000000"),
        ("0.0001", SELL, "0.01"),
    ],
)
def test_prices_go_where_no_risk_is(price: str, side: Side, used: str) -> None:
    """RULES-3: the price of a BUY goes down to tickSize, of a SELL up."""
    verdict = passed(judge(limit(side, "1", price), rules_of(PRICE, LOT)))
    assert verdict.order.price == Decimal(used)
    assert len(verdict.changes) == (Decimal(price) != Decimal(used))


@pytest.mark.parametrize(
    ("filter", "side", "price", "nearest", "riskier"),
    [
        (PRICE, BUY, "0.004", "0.01", True),  # rounded down to nothing
        (PRICE, SELL, "1000000.001", "1000000", True),  # rounded up past the maximum
        (PRICE, BUY, "1000000.01", "1000000", False),
        (OFF_GRID_PRICE, BUY, "0.019", "0.02", True),  # 0.01 is on the grid and below the minimum
        (OFF_GRID_PRICE, SELL, "9.9951", "9.99", True),  # 10.00 is on the grid and above the maximum
        (OFF_GRID_PRICE, BUY, "9.9965", "9.99", None),  # 9.99 is legal: rounding alone does it
        (OFF_GRID_PRICE, SELL, "0.012", "0.02", None),
        (OPEN_PRICE, BUY, "0.004", "0.01", True),
        (OPEN_PRICE, SELL, "123456789.123", "123456789.13", None),
        (PRICE | {"minPrice": "5", "maxPrice": "4"}, BUY, "4.5", None, False),  # no price is legal
    ],
)
def test_price_filter(
    filter: dict[str, Any], side: Side, price: str, nearest: str | None, riskier: bool | None
) -> None:
    """RULES-2, RULES-3: bounds off the grid, disabled bounds, and a nearest value that is itself legal."""
    verdict = judge(limit(side, "1", price), rules_of(filter, LOT))
    if riskier is None:
        assert passed(verdict).order.price == Decimal(str(nearest))
    else:
        assert refused(verdict) == ("PRICE_FILTER", "price", nearest, riskier)


def test_a_disabled_tick_leaves_the_decimals_of_the_quote_asset() -> None:
    """RULES-2: tickSize 0 is off; what an asset cannot carry (-1111) still goes."""
    rules = rules_of(OPEN_PRICE | {"tickSize": "0.00000000"}, LOT, quoteAssetPrecision=3)
    verdict = passed(judge(limit(BUY, "1", "1.23456"), rules))
    assert verdict.order.price == Decimal("1.234")
    assert [(each.filter, each.used) for each in verdict.changes] == [("PRECISION", Decimal("1.234"))]
    assert refused(judge(limit(BUY, "1", "1.23456"), rules, rounding=False))[:3] == (
        "PRECISION",
        "price",
        "1.235",
    )


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [
        ("0.0010049", "0.001"),
        ("9000", "9000"),
        ("9000.000009", "9000"),
        ("9000.00001", ("LOT_SIZE", "quantity", "9000", False)),
        ("0.0000099", ("LOT_SIZE", "quantity", "0.00001", True)),
        ("0", ("POSITIVE", "quantity", "0.00001", True)),
        ("-0", ("POSITIVE", "quantity", "0.00001", True)),
        ("-3", ("POSITIVE", "quantity", "0.00001", True)),
        ("1E+500", ("LOT_SIZE", "quantity", "9000", False)),
        ("1E-500", ("LOT_SIZE", "quantity", "0.00001", True)),
        ("5." + "1" * 600, "5.11111"),
    ],
)
def test_lot_size(quantity: str, expected: str | tuple[str, str, str, bool]) -> None:
    """RULES-1, RULES-2: quantities go down to stepSize, whatever they are made of; bounds refuse."""
    verdict = judge(limit(SELL, quantity, "100"), rules_of(PRICE, LOT))
    if isinstance(expected, str):
        assert passed(verdict).order.quantity == Decimal(expected)
    else:
        assert refused(verdict) == expected


def test_a_number_beyond_reading_is_refused_even_without_a_maximum() -> None:
    """RULES-1: no arithmetic is tried on it."""
    rules = rules_of(OPEN_PRICE, LOT | {"maxQty": "0"})
    assert refused(judge(limit(BUY, "1", "1E+999999"), rules))[:2] == ("PRECISION", "price")
    assert refused(judge(limit(BUY, "1E+41", "1"), rules))[:2] == ("PRECISION", "quantity")


@pytest.mark.parametrize(
    ("changes", "quantity", "expected"),
    [
        ({}, "129.849575", "129.84957"),
        ({}, "129.84958", ("MARKET_LOT_SIZE", "quantity", "129.84957", False)),  # the maximum is off the grid
        ({"minQty": "0.5"}, "0.1", ("MARKET_LOT_SIZE", "quantity", "0.5", True)),
        ({"stepSize": "0.5"}, "1.3", "1"),
        ({"stepSize": "0.5"}, "0.3", ("MARKET_LOT_SIZE", "quantity", "0.5", True)),
        ({"maxQty": "0"}, "8000", "8000"),
    ],
)
def test_market_lot_size(
    changes: dict[str, str], quantity: str, expected: str | tuple[str, str, str, bool]
) -> None:
    """RULES-2: MARKET fits LOT_SIZE and MARKET_LOT_SIZE, whose zeros are off; limit orders do not care."""
    rules = rules_of(LOT, MARKET_LOT | changes)
    verdict = judge(market(BUY, quantity=quantity), rules)
    if isinstance(expected, str):
        assert passed(verdict).order.quantity == Decimal(expected)
        assert passed(verdict).met == ("LOT_SIZE", "MARKET_LOT_SIZE")
    else:
        assert refused(verdict) == expected
        assert passed(judge(limit(BUY, quantity, "1"), rules)).order.quantity == Decimal(quantity)


def test_two_steps_make_one_that_fits_both() -> None:
    """RULES-2: multiples of 0.2 and of 0.3 are multiples of 0.6."""
    rules = rules_of(LOT | {"stepSize": "0.2"}, MARKET_LOT | {"stepSize": "0.3"})
    verdict = passed(judge(market(SELL, quantity="1.7"), rules))
    assert verdict.order.quantity == Decimal("1.2")
    assert "0.6, the step that fits LOT_SIZE and MARKET_LOT_SIZE" in describe(verdict.changes[0])
    assert refused(judge(market(SELL, quantity="0.4"), rules, rounding=False)) == (
        "MARKET_LOT_SIZE",
        "quantity",
        "0.6",
        True,
    )


@pytest.mark.parametrize(
    ("quantity", "price", "expected"),
    [
        ("0.05", "100", None),
        ("0.04999", "100", ("NOTIONAL", "quantity", "0.05", True)),
        ("0.050009", "99.99", None),  # judged as 0.05 × 99.99 = 4.9995
        ("0.00001", "61234.56", ("NOTIONAL", "quantity", "0.00009", True)),
        ("90.00001", "100000", ("NOTIONAL", "quantity", "90", False)),
        ("1", "0.01", ("NOTIONAL", "quantity", "500", True)),
    ],
)
def test_notional(quantity: str, price: str, expected: tuple[str, str, str, bool] | None) -> None:
    """RULES-2, RULES-3: price × quantity of the rounded values; the nearest quantity reaches the bound."""
    verdict = judge(limit(BUY, quantity, price), rules_of(PRICE, LOT, NOTIONAL))
    if quantity == "0.050009":
        expected = ("NOTIONAL", "quantity", "0.05001", True)
    if expected is None:
        assert passed(verdict).changes == ()
    else:
        assert refused(verdict) == expected


def test_no_quantity_reaches_the_notional_at_this_price() -> None:
    """RULES-3: nothing is shown where nothing would pass."""
    verdict = judge(limit(BUY, "100", "0.01"), rules_of(PRICE, LOT | {"maxQty": "400"}, NOTIONAL))
    assert refused(verdict) == ("NOTIONAL", "quantity", None, False)


@pytest.mark.parametrize(
    ("flags", "prices", "expected"),
    [
        ({}, AT_100, ("NOTIONAL", "quantity", "0.05", True)),
        ({}, None, "skipped"),
        ({}, Prices(last=Decimal(100)), "skipped"),  # avgPriceMins 5 asks for the average
        ({"avgPriceMins": 0}, Prices(last=Decimal(100)), ("NOTIONAL", "quantity", "0.05", True)),
        ({"avgPriceMins": 0}, AT_100, "skipped"),
        ({}, Prices(average=Decimal(100), reference=Decimal(1000)), "met"),
        ({"applyMinToMarket": False}, AT_100, "met"),
        ({"applyMinToMarket": False}, None, "met"),  # nothing of it applies, so no price is needed
    ],
)
def test_notional_of_market_orders(
    flags: dict[str, Any], prices: Prices | None, expected: str | tuple[str, str, str, bool]
) -> None:
    """RULES-2: the reference price stands in, else the average, else (avgPriceMins 0) the last price."""
    rules = rules_of(LOT, NOTIONAL | flags)
    verdict = judge(market(BUY, quantity="0.04"), rules, prices)
    if isinstance(expected, str):
        assert getattr(passed(verdict), expected)[-1] == "NOTIONAL"
    else:
        assert refused(verdict) == expected


def test_the_maximum_notional_of_market_orders_needs_its_flag() -> None:
    """RULES-2: applyMaxToMarket."""
    order = market(SELL, quantity="9000")
    top = NOTIONAL | {"maxNotional": "1000"}
    passed(judge(order, rules_of(LOT, top), AT_100))
    verdict = judge(order, rules_of(LOT, top | {"applyMaxToMarket": True}), AT_100)
    assert refused(verdict) == ("NOTIONAL", "quantity", "10", False)


@pytest.mark.parametrize(
    ("flags", "amount", "expected"),
    [
        ({}, "5", "5"),
        ({}, "12.345678999", "12.34567899"),
        ({}, "4.999999999", ("NOTIONAL", "quote_order_qty", "5", True)),
        ({"applyMinToMarket": False}, "4", "4"),
        ({"applyMaxToMarket": True}, "9000000.01", ("NOTIONAL", "quote_order_qty", "9000000", False)),
        ({}, "9000000.01", "9000000.01"),
        ({}, "0.000000001", ("PRECISION", "quote_order_qty", "5", True)),
        ({}, "-5", ("POSITIVE", "quote_order_qty", "5", True)),
    ],
)
def test_quote_order_qty(
    flags: dict[str, Any], amount: str, expected: str | tuple[str, str, str, bool]
) -> None:
    """RULES-2, RULES-3: an amount is its own notional, and goes down to the quote asset's decimals."""
    verdict = judge(market(BUY, amount=amount), rules_of(LOT, MARKET_LOT, NOTIONAL | flags))
    if isinstance(expected, str):
        assert passed(verdict).order.quote_order_qty == Decimal(expected)
        assert passed(verdict).met == ("NOTIONAL",)
        assert passed(verdict).skipped == ("LOT_SIZE", "MARKET_LOT_SIZE")
    else:
        assert refused(verdict) == expected


def test_min_notional_is_the_older_form() -> None:
    """RULES-2: MIN_NOTIONAL with applyToMarket, as Binance.US has it."""
    old = {"filterType": "MIN_NOTIONAL", "minNotional": "10", "applyToMarket": True, "avgPriceMins": 5}
    assert refused(judge(limit(BUY, "0.09", "100"), rules_of(PRICE, LOT, old)))[2] == "0.1"
    assert refused(judge(market(BUY, quantity="0.09"), rules_of(LOT, old), AT_100))[2] == "0.1"
    passed(judge(market(BUY, quantity="0.09"), rules_of(LOT, old | {"applyToMarket": False}), AT_100))


@pytest.mark.parametrize(
    ("side", "price", "nearest", "riskier"),
    [
        (BUY, "500", None, None),
        (BUY, "500.01", "500", False),
        (BUY, "19.99", "20", True),
        (SELL, "400.01", "400", True),
        (SELL, "49.99", "50", False),
        (SELL, "400", None, None),
    ],
)
def test_percent_price_by_side(side: Side, price: str, nearest: str | None, riskier: bool | None) -> None:
    """RULES-2: four multipliers of the reference price, by side."""
    verdict = judge(limit(side, "1", price), rules_of(PRICE, LOT, BY_SIDE), AT_100)
    if nearest is None:
        assert passed(verdict).met == ("PRICE_FILTER", "LOT_SIZE", "PERCENT_PRICE_BY_SIDE")
    else:
        assert refused(verdict) == ("PERCENT_PRICE_BY_SIDE", "price", nearest, riskier)


def test_percent_price_is_alike_for_both_sides() -> None:
    """RULES-2: PERCENT_PRICE, and a price that only rounding brings inside."""
    old = {"filterType": "PERCENT_PRICE", "multiplierUp": "1.1", "multiplierDown": "0.9", "avgPriceMins": 0}
    rules, prices = rules_of(PRICE, LOT, old), Prices(last=Decimal(100))
    for side in (BUY, SELL):
        assert refused(judge(limit(side, "1", "89.98"), rules, prices))[:3] == (
            "PERCENT_PRICE",
            "price",
            "90",
        )
        assert refused(judge(limit(side, "1", "110.02"), rules, prices))[2] == "110"
    assert passed(judge(limit(BUY, "1", "110.009"), rules, prices)).order.price == Decimal(110)


def test_filters_without_their_price_are_skipped_and_say_so() -> None:
    """RULES-3: nothing is guessed."""
    verdict = passed(judge(limit(BUY, "1", "100"), rules_of(*USUAL)))
    assert verdict.met == ("PRICE_FILTER", "LOT_SIZE", "NOTIONAL")
    assert verdict.skipped == ("PERCENT_PRICE_BY_SIDE",)


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
        "quantity 2.0000012 → 2.00000: quantities go down to stepSize 0.00001 (LOT_SIZE)",
    ]
    sell = check(limit(SELL, "1", "0.0000001"), rules_of(PRICE, LOT)).changes
    assert describe(sell[0]) == "price 0.0000001 → 0.01: SELL prices go up to tickSize 0.01 (PRICE_FILTER)"
    amount = check(market(BUY, amount="10.123456789"), rules_of(LOT)).changes
    assert describe(amount[0]).startswith("quote_order_qty 10.123456789 → 10.12345678: amounts go down to ")
    far = judge(limit(BUY, "1", "600.001"), rules_of(PRICE, LOT, BY_SIDE), AT_100)
    assert isinstance(far, Violation)
    assert describe(far) == (
        "PERCENT_PRICE_BY_SIDE: price 600.001, rounded to 600.00, is above 500, bidMultiplierUp "
        "of the reference price 100; nearest legal value 500.00"
    )


def test_an_absurd_number_does_not_fill_the_screen() -> None:
    verdict = judge(limit(BUY, "1E-400000", "1"), rules_of(PRICE, LOT))
    assert isinstance(verdict, Violation)
    assert len(describe(verdict)) < 300


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
            Prices(**{name: bad})


def test_an_order_is_judged_by_its_own_symbol() -> None:
    with pytest.raises(Misuse, match="ETHUSDT"):
        judge(limit(BUY, "1", "100"), rules_of(PRICE, LOT, symbol="ETHUSDT"))


def test_filters_of_other_kinds_judge_nothing_here() -> None:
    """RULES-2: they are known by name."""
    rules = rules_of(COUNTS, {"filterType": "FUTURE_FILTER"})
    assert rules.unjudged == ("MAX_NUM_ORDERS", "FUTURE_FILTER")
    assert passed(judge(limit(BUY, "1", "1"), rules)).met == ()


def test_a_change_knows_what_it_did() -> None:
    change = check(limit(BUY, "1", "100.009"), rules_of(PRICE, LOT)).changes[0]
    assert isinstance(change, Change)
    assert (change.field, change.given, change.used) == ("price", Decimal("100.009"), Decimal(100))


def test_limit_maker_is_judged_like_limit() -> None:
    """RULES-2: PRICE_FILTER, LOT_SIZE and NOTIONAL bind LIMIT_MAKER too."""
    order = limit(SELL, "0.01", "100.001", type=OrderType.LIMIT_MAKER, time_in_force=UNSET)
    assert refused(judge(order, rules_of(*USUAL)))[:3] == ("NOTIONAL", "quantity", "0.05")
