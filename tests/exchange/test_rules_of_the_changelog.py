"""Rules that only the official CHANGELOG writes down, and limits that only a note does."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from surefoot.exchange.hub import Hub
from surefoot.exchange.subscriptions import Subscriptions
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
