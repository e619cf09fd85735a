"""PRICE_FILTER, LOT_SIZE, MARKET_LOT_SIZE and precision: where one number lands."""

from decimal import Decimal
from typing import Any

import pytest

from surefoot.rules.check import Violation, describe, judge
from surefoot.spot.enums import Side
from tests.rules.made import (
    LOT,
    MARKET_LOT,
    PRICE,
    limit,
    market,
    names,
    passed,
    refused,
    rules_of,
)

BUY, SELL = Side.BUY, Side.SELL
OPEN_PRICE = PRICE | {"minPrice": "0.00000000", "maxPrice": "0.00000000"}
OFF_GRID_PRICE = PRICE | {"minPrice": "0.015", "maxPrice": "9.996"}


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
        assert names(passed(verdict).met) == ("LOT_SIZE", "MARKET_LOT_SIZE")
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


def test_the_bound_that_is_broken_is_blamed() -> None:
    """RULES-3: standing on one minimum is no reason for a refusal by another."""
    rules = rules_of(LOT | {"minQty": "5"}, MARKET_LOT | {"minQty": "10"})
    assert refused(judge(market(BUY, quantity="5"), rules))[0] == "MARKET_LOT_SIZE"
    rules = rules_of(LOT | {"maxQty": "10"}, MARKET_LOT | {"maxQty": "5"})
    assert refused(judge(market(BUY, quantity="10"), rules))[0] == "MARKET_LOT_SIZE"


def test_an_absurd_number_does_not_fill_the_screen() -> None:
    verdict = judge(limit(BUY, "1E-400000", "1"), rules_of(PRICE, LOT))
    assert isinstance(verdict, Violation)
    assert len(describe(verdict)) < 300
