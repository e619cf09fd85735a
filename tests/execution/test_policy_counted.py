"""What each request counts as before the operator's limits, and what cannot be counted (ORDER-6)."""

from decimal import localcontext
from typing import Any

import msgspec
import pytest

from surefoot.errors import Misuse
from surefoot.spot.account import GetOrder
from surefoot.spot.enums import OrderType, PegPriceType, Side
from surefoot.spot.request import Request
from surefoot.spot.sor import NewSorOrder
from surefoot.spot.trade import TestOrder
from tests.execution.standings import (
    AMEND,
    D,
    admit,
    oco,
    opo,
    order,
    oto,
    otoco,
    policy,
    replacement,
    words,
)

# What an order counts as

COUNTED: list[tuple[str, Request[Any], str]] = [
    ("a limit bounds what a BUY costs", order("BUY", "LIMIT", "2", "90"), "180"),
    ("a SELL at its limit", order("SELL", "LIMIT", "2", "110"), "220"),
    ("a SELL far below the market fetches the market", order("SELL", "LIMIT", "2", "0.01"), "200"),
    ("a maker executes at its price only", order("SELL", "LIMIT_MAKER", "2", "99.5"), "199"),
    ("MARKET BUY at the ask", order("BUY", "MARKET", "2"), "202"),
    ("MARKET SELL at the bid", order("SELL", "MARKET", "2"), "200"),
    ("MARKET by amount", order("BUY", "MARKET", None, quote_order_qty="250"), "250"),
    ("both given: the larger", order("BUY", "MARKET", "2", quote_order_qty="150"), "202"),
    ("a stop at its stop price", order("BUY", "STOP_LOSS", "2", stop_price="120"), "240"),
    ("a limit beside a stop", order("BUY", "STOP_LOSS_LIMIT", "2", "121", stop_price="120"), "242"),
    ("a SELL stop at the higher", order("SELL", "STOP_LOSS_LIMIT", "2", "70", stop_price="80"), "160"),
    ("a trailing stop from the book", order("BUY", "STOP_LOSS", "2", trailing_delta=100), "204.02"),
    ("a price where none belongs", order("BUY", "MARKET", "2", "1"), "202"),
    ("a pegged BUY", order("BUY", "LIMIT", "2", peg_price_type=PegPriceType.PRIMARY_PEG), "202"),
    ("a pegged SELL may rest at the ask", order("SELL", "LIMIT", "2", peg_price_type="PRIMARY_PEG"), "202"),
    ("an iceberg in full", order("BUY", "LIMIT", "2", "90", iceberg_qty="0.1"), "180"),
    ("a replacement as the new order", replacement("BUY", "LIMIT", "2", "90"), "180"),
    (
        "a routed order",
        NewSorOrder(symbol="BTCUSDT", side=Side.BUY, type=OrderType.MARKET, quantity=D(1)),
        "101",
    ),
    ("an OCO as its larger order", oco("SELL", "2", "130", "80"), "260"),
    ("an OCO that buys, as its stop", oco("BUY", "2", "130", "80"), "260"),
    ("OTO: selling what was bought is free", oto(("BUY", "2", "90"), ("SELL", "2", "150")), "180"),
    ("OTO: selling more than that is not", oto(("BUY", "2", "90"), ("SELL", "3", "150")), "630"),
    ("OTO: another BUY counts on top", oto(("BUY", "2", "90"), ("BUY", "3", "80")), "420"),
    ("OTO: buying back counts on top", oto(("SELL", "2", "110"), ("BUY", "2", "90")), "400"),
    ("OPO", opo("2", "90", "150"), "180"),
    ("OTOCO", otoco("2", "90", "150", "80"), "180"),
    ("an amendment makes smaller", AMEND, "0"),
]


@pytest.mark.parametrize(("_why", "request_", "notional"), COUNTED, ids=[each[0] for each in COUNTED])
def test_what_it_counts_as(_why: str, request_: Request[Any], notional: str) -> None:
    assert admit(policy(), request_) == D(notional)


def test_the_band_is_added_where_the_book_decides() -> None:
    wide = policy(price_band="0.1")
    assert admit(wide, order("BUY", "MARKET", "2")) == D("222.2")
    assert admit(wide, order("SELL", "MARKET", "2")) == D(220)
    assert admit(wide, order("BUY", "STOP_LOSS", "2", stop_price="120")) == D(264)
    assert admit(wide, order("BUY", "LIMIT", "2", "90")) == D(180)


HUNDRED = order("BUY", "LIMIT", "1", "100")
# What cannot be judged

MALFORMED: list[tuple[Request[Any], str]] = [
    (GetOrder(symbol="BTCUSDT"), "GetOrder places nothing: there is nothing to admit"),
    (
        TestOrder(symbol="BTCUSDT", side=Side.BUY, type=OrderType.MARKET, quantity=D(1)),
        "TestOrder places nothing: there is nothing to admit",
    ),
    (order("BUY", "MARKET", None), "quantity: MARKET on BTCUSDT says no quantity"),
    (order("BUY", "MARKET", "-1"), "quantity: Decimal('-1') cannot be the number of an order"),
    (order("BUY", "LIMIT", "1", "0"), "price: Decimal('0') cannot be the number of an order"),
    (order("BUY", "LIMIT", "1", "1E+41"), "price: Decimal('1E+41') cannot be the number of an order"),
    (order("BUY", "LIMIT", "1E-99", "1"), "quantity: Decimal('1E-99') cannot be the number of an order"),
    (order("BUY", "LIMIT", "NaN", "1"), "quantity: Decimal('NaN') is not a finite number"),
    (
        order("BUY", "LIMIT", 0.1, "1"),
        'quantity: float 0.1 is not exact money; pass a Decimal, an int or a string such as "0.001"',
    ),
    (order("BOTH", "LIMIT", "1", "1"), "side: 'BOTH' is neither BUY nor SELL"),
    (oco("SELL", "1", "-130", "80"), "above_price: Decimal('-130') cannot be the number of an order"),
    (
        order("BUY", "STOP_LOSS", "1", trailing_delta=-5),
        "trailing_delta: -5 cannot be the number of an order",
    ),
]


@pytest.mark.parametrize(("request_", "text"), MALFORMED, ids=[each[1][:40] for each in MALFORMED])
def test_what_cannot_be_counted_is_misuse(request_: Request[Any], text: str) -> None:
    with pytest.raises(Misuse) as refused:
        admit(policy(), request_)
    assert str(refused.value) == text


def test_the_callers_decimal_context_rounds_nothing() -> None:
    with localcontext(prec=2):
        assert admit(policy(price_band="0.0123"), order("BUY", "MARKET", "1.2345")) == D("126.21811935")
        text = words(policy(price_band="0.0123"), order("SELL", "LIMIT", "1", "98.76"))
    assert text == "price_band: asked SELL at 98.76, limit at least 98.77 (0.0123 from 100)"


def test_money_as_text_is_exact_too() -> None:
    request = msgspec.structs.replace(HUNDRED, quantity="2")
    assert admit(policy(), request) == D(200)
