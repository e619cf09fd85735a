"""Each of the operator's limits, at its edge and beyond, with the exact words of the refusal (ORDER-6)."""

from typing import Any

import pytest

from surefoot.execution.guard import Top
from surefoot.execution.policy import READ_ONLY, Policy
from surefoot.spot.request import Request
from tests.execution.standings import (
    AMEND,
    NOON_MS,
    OLD,
    TIGHT,
    Account,
    D,
    admit,
    oco,
    order,
    oto,
    otoco,
    policy,
    replacement,
    words,
)

# What is refused, and how

BANDED = policy(price_band="0.01")
LOSS = (
    "loss_per_day: asked {} with 50 USDT lost today, "
    "limit 50 USDT, from which on only what sells what is held passes"
)
STALE = "stale_after_ms: asked with {}, limit a book of BTCUSDT not older than 5000 ms"
REFUSED: list[tuple[Policy, Request[Any], Account, str]] = [
    (
        READ_ONLY,
        order("BUY", "LIMIT", "1", "90"),
        Account(),
        "read_only: asked NewOrder, limit nothing that changes anything; trading needs at least symbols=: "
        "name those that may be traded, as in Policy(symbols={'BTCUSDT'})",
    ),
    (
        policy(read_only=True),
        AMEND,
        Account(),
        "read_only: asked AmendOrder, limit nothing that changes anything; pass read_only=False to trade",
    ),
    (
        policy(symbols=["LTCUSDT", "ETHUSDT"]),
        order("BUY", "LIMIT", "1", "90"),
        Account(),
        "symbols: asked BTCUSDT, limit ETHUSDT, LTCUSDT",
    ),
    (
        policy(order_types=["LIMIT_MAKER", "LIMIT"]),
        order("BUY", "MARKET"),
        Account(),
        "order_types: asked MARKET, limit LIMIT, LIMIT_MAKER",
    ),
    (
        policy(order_types=["LIMIT", "LIMIT_MAKER"]),
        otoco("1", "90", "150", "80"),
        Account(),
        "order_types: asked STOP_LOSS_LIMIT, limit LIMIT, LIMIT_MAKER",
    ),
    (
        TIGHT,
        order("BUY", "LIMIT", "2", "100.01"),
        Account(),
        "notional_per_order: asked 200.02 USDT by BUY LIMIT BTCUSDT, limit 200 USDT",
    ),
    (
        policy(symbols={"BTCEUR"}, notional_per_order={"USDT": 1, "BUSD": 1}),
        order("BUY", "LIMIT", "2", "1", symbol="BTCEUR"),
        Account(),
        "notional_per_order: asked EUR, limit given for BUSD, USDT only",
    ),
    (
        policy(notional_per_minute={"EUR": 1}),
        order("BUY", "LIMIT", "2", "1"),
        Account(),
        "notional_per_minute: asked USDT, limit given for EUR only",
    ),
    (
        policy(notional_per_day={"USDT": 0}),
        order("BUY", "LIMIT", "0.1", "1"),
        Account(),
        "notional_per_day: asked 0.1 USDT on top of 0 USDT, limit 0 USDT",
    ),
    (
        policy(open_orders=3),
        oco("SELL", "1", "130", "80"),
        Account(count=2),
        "open_orders: asked 2 with 2 open or in flight, limit 3",
    ),
    (
        policy(open_orders=0),
        order("BUY", "LIMIT", "1", "90"),
        Account(),
        "open_orders: asked 1 with 0 open or in flight, limit 0",
    ),
    (
        policy(position={"BTCUSDT": 3}),
        order("BUY", "LIMIT", "1.1", "90"),
        Account(holds=D("1.5"), buying=D("0.5"), selling=D(9)),
        "position: asked BUY 1.1 with 1.5 held and 0.5 on order, limit 3 of BTCUSDT",
    ),
    (
        policy(position={"BTCUSDT": 3}),
        oto(("SELL", "1", "110"), ("BUY", "3.1", "90")),
        Account(),
        "position: asked BUY 3.1 with 0 held and 0 on order, limit 3 of BTCUSDT",
    ),
    (
        policy(position={"BTCUSDT": 3}),
        replacement("BUY", "LIMIT", "2", "90"),
        Account(buying=D(2)),
        "position: asked BUY 2 with 0 held and 2 on order, limit 3 of BTCUSDT",
    ),
    (
        policy(position={"BTCUSDT": "0.9"}, price_band="0.1"),
        order("BUY", "MARKET", None, quote_order_qty="90.9"),
        Account(),
        "position: asked BUY 1 with 0 held and 0 on order, limit 0.9 of BTCUSDT",
    ),
    (
        policy(position={"ETHUSDT": 3}),
        order("BUY", "LIMIT", "1", "90"),
        Account(),
        "position: asked BTCUSDT, limit given for ETHUSDT only",
    ),
    (
        policy(loss_per_day={"USDT": 50}),
        order("BUY", "LIMIT", "1", "90"),
        Account(lost=D(50)),
        LOSS.format("BUY LIMIT BTCUSDT"),
    ),
    (
        policy(loss_per_day={"USDT": 50}),
        order("SELL", "LIMIT", "1", "110"),
        Account(lost=D(50), holds=D(2), selling=D("1.1")),
        LOSS.format("SELL LIMIT BTCUSDT"),
    ),
    (
        policy(loss_per_day={"USDT": 50}),
        oto(("SELL", "1", "110"), ("BUY", "1", "90")),
        Account(lost=D(50), holds=D(2)),
        LOSS.format("SELL LIMIT BTCUSDT and BUY LIMIT BTCUSDT"),
    ),
    (
        BANDED,
        order("BUY", "LIMIT", "1", "102.02"),
        Account(),
        "price_band: asked BUY at 102.02, limit at most 102.01 (0.01 from 101)",
    ),
    (
        BANDED,
        order("SELL", "LIMIT", "1", "98.99"),
        Account(),
        "price_band: asked SELL at 98.99, limit at least 99 (0.01 from 100)",
    ),
    (
        BANDED,
        order("SELL", "STOP_LOSS_LIMIT", "1", "79", stop_price="80"),
        Account(),
        "price_band: asked SELL at 79, limit at least 79.2 (0.01 from 80)",
    ),
    (
        BANDED,
        order("SELL", "STOP_LOSS_LIMIT", "1", "97", trailing_delta=200),
        Account(),
        "price_band: asked SELL at 97, limit at least 97.02 (0.01 from 98)",
    ),
    (
        BANDED,
        oto(("BUY", "1", "50"), ("SELL", "1", "49.4")),
        Account(),
        "price_band: asked SELL at 49.4, limit at least 49.5 (0.01 from 50)",
    ),
    (BANDED, order("BUY", "LIMIT", "1", "90"), Account(book=None), STALE.format("no book")),
    (BANDED, order("BUY", "LIMIT", "1", "90"), Account(book=OLD), STALE.format("one 5001 ms old")),
    (policy(), order("SELL", "MARKET"), Account(book=OLD), STALE.format("one 5001 ms old")),
    (
        policy(),
        order("BUY", "MARKET"),
        Account(book=Top(D(1), D(2), NOON_MS + 5_001)),
        STALE.format("one 5001 ms old"),
    ),
    (
        policy(),
        order("BUY", "MARKET"),
        Account(book=Top(D(1), D(0), NOON_MS)),
        STALE.format("one without asks"),
    ),
    (
        policy(),
        order("SELL", "MARKET"),
        Account(book=Top(D(0), D(1), NOON_MS)),
        STALE.format("one without bids"),
    ),
    (
        BANDED,
        order("BUY", "MARKET", None, quote_order_qty="10"),
        Account(book=OLD),
        STALE.format("one 5001 ms old"),
    ),
]


@pytest.mark.parametrize(
    ("given", "request_", "account", "text"), REFUSED, ids=[each[3][:60] for each in REFUSED]
)
def test_refusals_name_rule_limit_and_what_was_asked(
    given: Policy, request_: Request[Any], account: Account, text: str
) -> None:
    """ORDER-6: no limit is passed, and whoever is refused is told by which."""
    assert words(given, request_, account) == text


PASSES: list[tuple[Policy, Request[Any], Account]] = [
    (TIGHT, order("BUY", "LIMIT", "2", "100"), Account()),
    (policy(open_orders=4), oco("SELL", "1", "130", "80"), Account(count=2)),
    (policy(position={"BTCUSDT": 3}), order("BUY", "LIMIT", "1", "90"), Account(holds=D(1), buying=D(1))),
    (policy(position={"BTCUSDT": 3}), oco("BUY", "3", "130", "80"), Account()),
    (policy(position={"BTCUSDT": 0}), order("SELL", "LIMIT", "9", "110"), Account(holds=D(9))),
    (policy(position={"ETHUSDT": 0}), order("SELL", "LIMIT", "9", "110"), Account(holds=D(9))),
    (policy(loss_per_day={"USDT": 50}), order("BUY", "LIMIT", "1", "90"), Account(lost=D("49.99"))),
    (policy(loss_per_day={"USDT": 50}), order("SELL", "MARKET", "1"), Account(lost=D(99), holds=D(1))),
    (policy(loss_per_day={"USDT": 50}), oco("SELL", "1", "130", "80"), Account(lost=D(99), holds=D(1))),
    (
        policy(loss_per_day={"USDT": 50}),
        replacement("SELL", "LIMIT", "1", "110"),
        Account(lost=D(99), holds=D(1), selling=D(1)),
    ),
    (BANDED, order("BUY", "LIMIT", "1", "102.01"), Account()),
    (BANDED, order("BUY", "LIMIT", "1", "1"), Account()),
    (BANDED, order("SELL", "LIMIT", "1", "99"), Account()),
    (BANDED, order("SELL", "LIMIT", "1", "900"), Account()),
    (BANDED, order("SELL", "STOP_LOSS", "1", stop_price="50"), Account(book=None)),
    (BANDED, order("SELL", "STOP_LOSS_LIMIT", "1", "79.2", stop_price="80"), Account(book=None)),
    (BANDED, oco("SELL", "1", "130", "80"), Account()),
    (BANDED, otoco("1", "50", "70", "45"), Account()),
    (policy(), order("SELL", "MARKET"), Account(book=Top(D(100), D(101), NOON_MS - 5_000))),
    (policy(), order("BUY", "MARKET", None, quote_order_qty="10"), Account(book=None)),
    (policy(), order("SELL", "LIMIT", "1", "90"), Account(book=None)),
]


@pytest.mark.parametrize(("given", "request_", "account"), PASSES)
def test_up_to_its_edge_it_passes(given: Policy, request_: Request[Any], account: Account) -> None:
    assert admit(given, request_, account) > 0


# Ways out

CLOSED = policy(
    notional_per_order={"USDT": 0},
    notional_per_minute={"USDT": 0},
    notional_per_day={"EUR": 0},
    open_orders=0,
    loss_per_day={"USDT": 0},
    price_band="0.01",
    order_types=["MARKET", "LIMIT", "STOP_LOSS", "LIMIT_MAKER"],
)


def test_no_cap_holds_back_a_way_out_but_it_counts() -> None:
    """A bracket's exit must not be caught in the caps that its entry used up."""
    account = Account(count=9, lost=D(99), holds=D(2), selling=D(1))
    assert admit(CLOSED, order("SELL", "MARKET", "1"), account, reduces=True) == D(101)
    assert admit(CLOSED, oco("SELL", "1", "130", "80"), account, reduces=True) == D(130)
    assert admit(CLOSED, replacement("SELL", "LIMIT", "2", "100"), account, reduces=True) == D(200)


@pytest.mark.parametrize(
    ("request_", "text"),
    [
        (
            order("BUY", "LIMIT", "1", "90"),
            "reduces: asked BUY LIMIT BTCUSDT, limit only what sells BTCUSDT that is held",
        ),
        (
            order("SELL", "LIMIT", "1.1", "110"),
            "reduces: asked SELL 1.1, limit 1 of BTCUSDT held and not on sale",
        ),
        (
            order("SELL", "MARKET", None, quote_order_qty="99.01"),
            "reduces: asked SELL 1.00010101010101010101010101010101010101010101010101010101011, "
            "limit 1 of BTCUSDT held and not on sale",
        ),
        (
            oto(("SELL", "1", "110"), ("BUY", "1", "90")),
            "reduces: asked SELL LIMIT BTCUSDT and BUY LIMIT BTCUSDT, "
            "limit only what sells BTCUSDT that is held",
        ),
        (
            order("SELL", "LIMIT", "1", "98"),
            "price_band: asked SELL at 98, limit at least 99 (0.01 from 100)",
        ),
        (
            order("SELL", "TAKE_PROFIT", "1", stop_price="110"),
            "order_types: asked TAKE_PROFIT, limit LIMIT, LIMIT_MAKER, MARKET, STOP_LOSS",
        ),
        (order("SELL", "LIMIT", "1", "110", symbol="ETHUSDT"), "symbols: asked ETHUSDT, limit BTCUSDT"),
    ],
)
def test_a_way_out_has_to_be_one(request_: Request[Any], text: str) -> None:
    assert words(CLOSED, request_, Account(holds=D(2), selling=D(1)), reduces=True) == text
