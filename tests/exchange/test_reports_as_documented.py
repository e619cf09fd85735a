"""Fields of executionReport whose value the official pages fix, transition by transition."""

from collections.abc import Iterator
from typing import Any

import pytest

from surefoot.exchange.operations import Operations
from surefoot.world import SeededEntropy
from tests.exchange.asked import SMALL

BTC = {"symbol": "BTCUSDT"}


class Reports:
    """What alice is told of her orders, from when it was last asked."""

    def __init__(self, bench: Any, connect: Any) -> None:
        api = connect(bench)
        assert api.hmac("userDataStream.subscribe.signature", bench.alice)["status"] == 200
        self._wire = api.wire

    def take(self) -> list[dict[str, Any]]:
        events = [message["event"] for message in self._wire.take()]
        return [event for event in events if event["e"] == "executionReport"]


@pytest.fixture
def reports(bench: Any, connect: Any) -> Iterator[Reports]:
    return Reports(bench, connect)


def place(bench: Any, **values: Any) -> Any:
    return bench.ok("POST", "order", **BTC, **values)


def test_a_market_order_that_finds_too_little(bench: Any, reports: Reports) -> None:
    """The sample of the MARKET FAQ: no commission has no asset, trades have `M` and are not on the book."""
    for _ in range(2):
        bench.limit("SELL", "60000", "0.001", bench.bob)
    place(bench, side="BUY", type="MARKET", quantity="0.003")
    told = [[event[name] for name in ("x", "X", "w", "n", "N", "M")] for event in reports.take()]
    assert told == [
        ["NEW", "NEW", True, "0", None, False],
        ["TRADE", "PARTIALLY_FILLED", False, "0.00000100", "BTC", True],
        ["TRADE", "PARTIALLY_FILLED", False, "0.00000100", "BTC", True],
        ["EXPIRED", "EXPIRED", False, "0", None, False],
    ]


@pytest.mark.parametrize(("life", "on_book"), [("GTC", True), ("IOC", False)])
def test_who_is_on_the_book_while_it_trades(bench: Any, reports: Reports, life: str, on_book: bool) -> None:
    """`w`: what is left of a GTC order rests, of an IOC order nothing does."""
    bench.limit("SELL", "60000", "0.001", bench.bob)
    place(bench, side="BUY", type="LIMIT", timeInForce=life, quantity="0.002", price="60000")
    assert [event["w"] for event in reports.take() if event["x"] == "TRADE"] == [on_book]


REFUSED = [
    ("INSUFFICIENT_BALANCES", {"type": "LIMIT", "timeInForce": "GTC", "price": "59000", "quantity": "150"}),
    ("WOULD_MATCH_IMMEDIATELY", {"type": "LIMIT_MAKER", "price": "61000", "quantity": "0.001"}),
    (
        "STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY",
        {"type": "STOP_LOSS", "stopPrice": "59000", "quantity": "0.001"},
    ),
]


@pytest.mark.parametrize(("reason", "values"), REFUSED, ids=[reason for reason, _ in REFUSED])
def test_why_the_new_half_was_rejected(
    bench: Any, reports: Reports, reason: str, values: dict[str, str]
) -> None:
    """*Order Reject Reason*: each documented text has its word; what was not rejected says NONE."""
    bench.limit("SELL", "60500", "1", bench.bob)
    bench.limit("BUY", "50000", "40")  # locks a fifth of all that alice has
    reports.take()
    old = place(bench, **{name: value for name, value in SMALL.items() if name != "symbol"})
    replace = {"cancelReplaceMode": "STOP_ON_FAILURE", "cancelOrderId": old["orderId"], "side": "BUY"}
    refused = bench.signed("POST", "order/cancelReplace", **BTC, **replace, **values)
    assert refused.status == 409
    assert [(event["x"], event["r"]) for event in reports.take()] == [
        ("NEW", "NONE"),
        ("CANCELED", "NONE"),
        ("REJECTED", reason),
    ]


def test_a_trailing_stop_follows_from_its_placement_on(bench: Any, reports: Reports) -> None:
    """Without a stop price `D` is the placement; with one it is -1 until the price has come."""
    trailing = {"side": "BUY", "type": "STOP_LOSS", "quantity": "0.001", "trailingDelta": "100"}
    answered = place(bench, **trailing, newOrderRespType="RESULT")
    place(bench, **trailing, stopPrice="61000")
    now = bench.now_us // 1000
    assert [(event["d"], event["D"]) for event in reports.take()] == [(100, now), (100, -1)]
    assert (answered["trailingTime"], answered["stopPrice"]) == (now, "0.00000000")


def test_filters_measure_by_the_reference_price(bench: Any) -> None:
    """*Filters*: where the symbol has a reference price, it stands in for the average (60,000 here)."""
    operations = Operations(bench.front, [bench.alice], SeededEntropy(1), lambda: bench.now_us)
    far = {"side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.001", "price": "15000"}
    least = {"side": "SELL", "type": "MARKET", "quantity": "0.0001"}
    place(bench, **far)
    operations.set_reference_price("BTCUSDT", "80000")
    assert bench.no("POST", "order", **BTC, **far) == (-1013, "Filter failure: PERCENT_PRICE_BY_SIDE")
    operations.set_reference_price("BTCUSDT", "40000")
    assert bench.no("POST", "order/test", **BTC, **least) == (-1013, "Filter failure: NOTIONAL")
    operations.set_reference_price("BTCUSDT", None)
    assert bench.ok("POST", "order/test", **BTC, **least) == {}
    place(bench, **far)
