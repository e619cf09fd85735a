"""NOTIONAL, MIN_NOTIONAL and PERCENT_PRICE: numbers against each other and against the market."""

from decimal import Decimal
from typing import Any

import pytest

from surefoot.rules.check import Snapshot, judge
from surefoot.spot.enums import Side
from tests.rules.made import (
    BY_SIDE,
    LOT,
    MARKET_LOT,
    NOTIONAL,
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


@pytest.mark.parametrize(
    ("quantity", "price", "expected"),
    [
        ("0.05", "100", None),
        ("0.04999", "100", ("NOTIONAL", "quantity", "0.05", True)),
        ("0.050009", "99.99", ("NOTIONAL", "quantity", "0.05001", True)),  # judged as 0.05 × 99.99 = 4.9995
        ("0.00001", "61234.56", ("NOTIONAL", "quantity", "0.00009", True)),
        ("90", "100000", None),
        ("90.00001", "100000", ("NOTIONAL", "quantity", "90", False)),
        ("1", "0.01", ("NOTIONAL", "quantity", "500", True)),
    ],
)
def test_notional(quantity: str, price: str, expected: tuple[str, str, str, bool] | None) -> None:
    """RULES-2, RULES-3: price × quantity of the rounded values; the nearest quantity reaches the bound."""
    verdict = judge(limit(BUY, quantity, price), rules_of(PRICE, LOT, NOTIONAL))
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
        ({}, Snapshot(), "skipped"),
        ({}, Snapshot(last=Decimal(100)), "skipped"),  # avgPriceMins 5 asks for the average
        ({"avgPriceMins": 0}, Snapshot(last=Decimal(100)), ("NOTIONAL", "quantity", "0.05", True)),
        ({"avgPriceMins": 0}, AT_100, "skipped"),
        ({}, Snapshot(average=Decimal(100), reference=Decimal(1000)), "met"),
        ({"applyMinToMarket": False}, AT_100, "neither"),
        ({"applyMinToMarket": False}, Snapshot(), "neither"),  # nothing of it applies, so no price is needed
    ],
)
def test_notional_of_market_orders(
    flags: dict[str, Any], prices: Snapshot, expected: str | tuple[str, str, str, bool]
) -> None:
    """RULES-2: the reference price stands in, else the average, else (avgPriceMins 0) the last price."""
    rules = rules_of(LOT, NOTIONAL | flags)
    verdict = judge(market(BUY, quantity="0.04"), rules, prices)
    if isinstance(expected, str):
        checked = passed(verdict)
        found = {"met": names(checked.met), "skipped": names(checked.skipped)}
        assert [key for key, filters in found.items() if "NOTIONAL" in filters] == (
            [] if expected == "neither" else [expected]
        )
    else:
        assert refused(verdict) == expected


def test_the_nearest_market_quantity_fits_both_lots() -> None:
    """RULES-3: 0.05 would be worth enough, but is no market lot."""
    rules = rules_of(LOT, MARKET_LOT | {"stepSize": "0.04"}, NOTIONAL)
    assert refused(judge(market(BUY, quantity="0.04"), rules, AT_100)) == (
        "NOTIONAL",
        "quantity",
        "0.08",
        True,
    )


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
        assert names(passed(verdict).met) == ("NOTIONAL",)
        assert names(passed(verdict).skipped) == ("LOT_SIZE", "MARKET_LOT_SIZE")
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
        (BUY, "20", None, None),
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
        assert names(passed(verdict).met) == ("PRICE_FILTER", "LOT_SIZE", "PERCENT_PRICE_BY_SIDE")
    else:
        assert refused(verdict) == ("PERCENT_PRICE_BY_SIDE", "price", nearest, riskier)


def test_percent_price_is_alike_for_both_sides() -> None:
    """RULES-2: PERCENT_PRICE, and a price that only rounding brings inside."""
    old = {"filterType": "PERCENT_PRICE", "multiplierUp": "1.1", "multiplierDown": "0.9", "avgPriceMins": 0}
    rules, prices = rules_of(PRICE, LOT, old), Snapshot(last=Decimal(100))
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
    assert names(verdict.met) == ("PRICE_FILTER", "LOT_SIZE", "NOTIONAL")
    assert names(verdict.skipped) == ("PERCENT_PRICE_BY_SIDE", "MAX_NUM_ORDERS")
