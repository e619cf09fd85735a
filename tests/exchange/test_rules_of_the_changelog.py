"""Rules that only the official CHANGELOG writes down, and limits that only a note does."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from surefoot.exchange.door.hub import Hub
from surefoot.exchange.door.subscriptions import Subscriptions
from surefoot.serve.denial import Denial
from tests.exchange.asked import OCO, SMALL


@pytest.mark.parametrize("path", ["ticker", "ticker/tradingDay"])
def test_more_than_a_hundred_symbols(bench: Any, path: str) -> None:
    """The text of -1101 names the parameter and the maximum."""
    query = urlencode({"symbols": json.dumps([f"S{number}" for number in range(101)])})
    answer = bench.raw("GET", f"/api/v3/{path}?{query}")
    text = "Too many values sent for parameter 'symbols', maximum allowed up to 100."
    assert (answer.status, json.loads(answer.body)) == (400, {"code": -1101, "msg": text})


def test_permissions_are_about_placing_only(make_bench: Any) -> None:
    """Not about cancelling, unless the cancel is half of a cancelReplace."""
    bench = make_bench(lambda info: info["symbols"][0].update(permissionSets=[["MARGIN"]]))
    named = {"symbol": "BTCUSDT", "orderId": 1}
    forbidden = (-2010, "This symbol is not permitted for this account.")
    assert bench.no("DELETE", "order", **named) == (-2011, "Unknown order sent.")
    assert bench.no("DELETE", "orderList", symbol="BTCUSDT", orderListId=1) == (-2011, "Unknown order sent.")
    assert bench.no("DELETE", "openOrders", symbol="BTCUSDT") == (-2011, "Unknown order sent.")
    for path, asked in (("order", SMALL), ("order/test", SMALL), ("orderList/oco", OCO)):
        assert bench.no("POST", path, **asked) == forbidden
    replace = {"cancelReplaceMode": "ALLOW_FAILURE", "cancelOrderId": 1}
    assert bench.no("POST", "order/cancelReplace", **SMALL, **replace) == forbidden


def refusal(subscriptions: Subscriptions, account: str) -> int:
    with pytest.raises(Denial) as caught:
        subscriptions.open(account)
    return caught.value.code


def test_subscriptions_of_one_connection(bench: Any, connect: Any) -> None:
    """1,000 at a time, 65,535 over its life."""
    subscriptions = Subscriptions(Hub(bench.engine, bench.front.desk.data), connect(bench).wire, 1000)
    for number in range(1_000):
        assert subscriptions.open(f"account {number}") == number
    assert refusal(subscriptions, "one more") == -1191
    subscriptions.close_all()
    for _ in range(65_535 - 1_000):
        subscriptions.close(subscriptions.open("again"))
    assert refusal(subscriptions, "one more") == -2042


BTC = {"symbol": "BTCUSDT"}
TIMED = ("allOrders", "myTrades")


@pytest.mark.parametrize("path", TIMED)
def test_what_happened_in_the_millisecond_of_end_time(bench: Any, path: str) -> None:
    """`startTime` and `endTime` may be equal: the time that an answer gives finds the same again."""
    bench.now_us += 345
    bench.limit("SELL", "60000", "0.001", bench.bob)
    bench.limit("BUY", "60000", "0.001")
    [row] = bench.ok("GET", path, **BTC)
    assert bench.ok("GET", path, **BTC, startTime=row["time"], endTime=row["time"]) == [row]
    assert bench.ok("GET", path, **BTC, endTime=row["time"]) == [row]
    exact = bench.now_us
    assert bench.ok("GET", path, **BTC, startTime=exact, endTime=exact) == [row]
    for later in ({"startTime": exact + 1}, {"endTime": exact - 1}, {"startTime": row["time"] + 1}):
        assert bench.ok("GET", path, **BTC, **later) == []


def test_lists_of_the_millisecond_of_end_time(bench: Any) -> None:
    bench.now_us += 345
    bench.ok("POST", "orderList/oco", **OCO)
    [row] = bench.ok("GET", "allOrderList")
    at = row["transactionTime"]
    assert bench.ok("GET", "allOrderList", startTime=at, endTime=at) == [row]


@pytest.mark.parametrize(
    ("method", "path", "more", "answer"),
    [
        ("GET", "order", {}, (-2039, "Client order ID is not correct for this order ID.")),
        ("DELETE", "order", {}, (-2011, "Unknown order sent.")),
        ("PUT", "order/amend/keepPriority", {"newQty": "0.0005"}, (-2038, "Unknown order sent.")),
    ],
)
def test_two_ids_that_do_not_fit(
    bench: Any, method: str, path: str, more: dict[str, str], answer: tuple[int, str]
) -> None:
    """-2039 is for queries; the matching engine does not know an order of both names."""
    order = bench.limit("BUY", "50000", "0.001")
    named = {"orderId": order["orderId"], "origClientOrderId": "another"}
    assert bench.no(method, path, **BTC, **named, **more) == answer
