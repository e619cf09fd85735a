"""Notes of the official pages about histories of orders and lists: which conditions count."""

from typing import Any

import pytest

from tests.exchange.asked import OCO

BTC = {"symbol": "BTCUSDT"}
SECOND = 1_000_000


@pytest.fixture(params=["rest", "ws_api"])
def ask(request: pytest.FixtureRequest, bench: Any, connect: Any) -> Any:
    """The history of alice's orders, on one way in."""
    api = connect(bench)

    def rest(**values: Any) -> list[int]:
        return [row["orderId"] for row in bench.ok("GET", "allOrders", **BTC, **values)]

    def ws_api(**values: Any) -> list[int]:
        answer = api.hmac("allOrders", bench.alice, **BTC, **values)
        return [row["orderId"] for row in answer["result"]]

    return rest if request.param == "rest" else ws_api


def test_orders_by_the_time_of_their_last_change(bench: Any, ask: Any) -> None:
    """They are filtered by the time of the last status update; an id is ignored then."""
    start = bench.now_us // 1000
    first = bench.limit("BUY", "50000", "0.001")["orderId"]
    bench.now_us += SECOND
    second = bench.limit("BUY", "50000", "0.001")["orderId"]
    bench.now_us += SECOND
    bench.ok("DELETE", "order", **BTC, orderId=first)
    assert ask() == [first, second]
    assert ask(startTime=start + 2_000) == [first]
    assert ask(endTime=start + 1_000) == [second]
    assert ask(orderId=second) == [second]
    assert (
        ask(orderId=second, startTime=start) == ask(orderId=second, endTime=start + 9_000) == [first, second]
    )


def test_lists_by_id_and_time(bench: Any, connect: Any) -> None:
    """Both `fromId` and times: refused on REST; on the WebSocket API the id is ignored."""
    number = bench.ok("POST", "orderList/oco", **OCO)["orderListId"]
    values = {"fromId": number + 1, "startTime": bench.now_us // 1000}
    assert bench.no("GET", "allOrderList", **values) == (-1128, "Combination of optional parameters invalid.")
    answer = connect(bench).hmac("allOrderLists", bench.alice, **values)
    assert [row["orderListId"] for row in answer["result"]] == [number]
    answer = connect(bench).hmac("allOrderLists", bench.alice, fromId=number + 1)
    assert answer["result"] == []
