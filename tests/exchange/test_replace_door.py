"""cancelReplace at the door: its outcomes, each with its status and its halves; weights and counts."""

import json
from typing import Any

import pytest

from tests.exchange.asked import LIMIT, OTO, PAIR, PENDING, SMALL
from tests.exchange.shapes import matches, shape


def cancel_replace(bench: Any, **values: Any) -> tuple[int, Any]:
    asked = SMALL | {"cancelReplaceMode": "STOP_ON_FAILURE"} | values
    answer = bench.signed("POST", "order/cancelReplace", **asked)
    return answer.status, json.loads(answer.body)


def halves(body: dict[str, Any]) -> tuple[str, str]:
    said = body.get("data", body)
    return said["cancelResult"], said["newOrderResult"]


@pytest.fixture
def old(bench: Any) -> int:
    return int(bench.ok("POST", "order", **SMALL, newClientOrderId="old")["orderId"])


def test_both_halves(bench: Any, old: int) -> None:
    status, body = cancel_replace(bench, cancelOrderId=old, newClientOrderId="old")
    assert (status, halves(body)) == (200, ("SUCCESS", "SUCCESS"))
    wanted = shape("POST", "order/cancelReplace", "cancel SUCCESS, new SUCCESS")
    matches(body["cancelResponse"], wanted["cancelResponse"])
    matches(body["newOrderResponse"], wanted["newOrderResponse"], ordered=False)


@pytest.mark.parametrize(
    ("mode", "found", "good", "status", "code", "results"),
    [
        ("STOP_ON_FAILURE", False, True, 400, -2022, ("FAILURE", "NOT_ATTEMPTED")),
        ("STOP_ON_FAILURE", True, False, 409, -2021, ("SUCCESS", "FAILURE")),
        ("ALLOW_FAILURE", False, True, 409, -2021, ("FAILURE", "SUCCESS")),
        ("ALLOW_FAILURE", True, False, 409, -2021, ("SUCCESS", "FAILURE")),
        ("ALLOW_FAILURE", False, False, 400, -2022, ("FAILURE", "FAILURE")),
    ],
)
def test_halves_that_fail(  # noqa: PLR0917 - one row of the documented matrix
    bench: Any,
    old: int,
    mode: str,
    found: bool,
    good: bool,
    status: int,
    code: int,
    results: tuple[str, str],
) -> None:
    new = {} if good else {"type": "LIMIT_MAKER", "price": "60001", "timeInForce": None}
    bench.limit("SELL", "60000", "0.001", bench.bob)
    values = {name: value for name, value in (SMALL | new).items() if value is not None}
    asked = values | {"cancelReplaceMode": mode, "cancelOrderId": old if found else 1}
    answer = bench.signed("POST", "order/cancelReplace", **asked)
    body = json.loads(answer.body)
    assert (answer.status, body["code"], halves(body)) == (status, code, results)
    if results[0] == "FAILURE":
        assert body["data"]["cancelResponse"] == {"code": -2011, "msg": "Unknown order sent."}
    if results[1] == "NOT_ATTEMPTED":
        assert body["data"]["newOrderResponse"] is None
    if not good:
        text = "Order would immediately match and take."
        assert body["data"]["newOrderResponse"] == {"code": -2010, "msg": text}


@pytest.mark.parametrize(
    ("mode", "exceeded", "found", "status", "results"),
    [
        ("STOP_ON_FAILURE", "DO_NOTHING", True, 429, None),
        ("ALLOW_FAILURE", "DO_NOTHING", True, 429, None),
        ("STOP_ON_FAILURE", "CANCEL_ONLY", True, 429, ("SUCCESS", "FAILURE")),
        ("STOP_ON_FAILURE", "CANCEL_ONLY", False, 429, ("FAILURE", "NOT_ATTEMPTED")),
        ("ALLOW_FAILURE", "CANCEL_ONLY", True, 409, ("SUCCESS", "FAILURE")),
        ("ALLOW_FAILURE", "CANCEL_ONLY", False, 400, ("FAILURE", "FAILURE")),
    ],
)
def test_when_the_order_count_is_used_up(  # noqa: PLR0917 - one row of the documented matrix
    make_bench: Any, mode: str, exceeded: str, found: bool, status: int, results: tuple[str, str] | None
) -> None:
    bench = make_bench(lambda info: info["rateLimits"][1].update(limit=1))
    old = bench.ok("POST", "order", **SMALL)["orderId"]
    wanted = {"cancelReplaceMode": mode, "orderRateLimitExceededMode": exceeded}
    got, body = cancel_replace(bench, **wanted, cancelOrderId=old if found else 1)
    assert got == status
    if results is None:
        assert (body["code"], "data" in body) == (-1015, False)
        assert len(bench.ok("GET", "openOrders")) == 1
    else:
        assert halves(body) == results
        text = "Too many new orders; current limit is 1 orders per 10 SECOND."
        if results[1] == "FAILURE":
            assert body["data"]["newOrderResponse"] == {"code": -1015, "msg": text}


@pytest.mark.parametrize("exceeded", ["DO_NOTHING", "CANCEL_ONLY"])
def test_a_429_says_when_to_try_again(make_bench: Any, connect: Any, exceeded: str) -> None:
    """*IP Limits*, *Unfilled Order Count*: `Retry-After` on REST, `retryAfter` on the WebSocket API."""
    bench = make_bench(lambda info: info["rateLimits"][1].update(limit=1))
    bench.ok("POST", "order", **SMALL)
    modes = {"cancelReplaceMode": "STOP_ON_FAILURE", "orderRateLimitExceededMode": exceeded}
    asked = SMALL | modes | {"cancelOrderId": 1}
    answer = bench.signed("POST", "order/cancelReplace", **asked)
    assert (answer.status, answer.headers["retry-after"]) == (429, "10")
    answer = connect(bench).hmac("order.cancelReplace", bench.alice, **asked)
    assert answer["status"] == 429
    assert answer["error"]["data"]["retryAfter"] == bench.now_us // 1000 + 10_000


def test_over_the_websocket_api_the_halves_are_under_error(bench: Any, connect: Any, old: int) -> None:
    values = SMALL | {"cancelReplaceMode": "ALLOW_FAILURE", "cancelOrigClientOrderId": "nobody"}
    answer = connect(bench).hmac("order.cancelReplace", bench.alice, **values)
    assert (answer["status"], answer["error"]["code"]) == (409, -2021)
    assert halves(answer["error"]) == ("FAILURE", "SUCCESS")
    assert len(bench.ok("GET", "openOrders")) == 2
    assert old


def test_over_the_websocket_api_the_cancelled_half_of_a_list_is_the_list(bench: Any, connect: Any) -> None:
    """As in order.cancel, of which the page says that it has the same format."""
    placed = bench.ok("POST", "orderList/oto", **OTO, **PENDING)
    values = SMALL | {"cancelReplaceMode": "STOP_ON_FAILURE", "cancelOrderId": placed["orders"][0]["orderId"]}
    said = connect(bench).hmac("order.cancelReplace", bench.alice, **values)["result"]
    assert halves(said) == ("SUCCESS", "SUCCESS")
    ended = said["cancelResponse"]
    assert (ended["contingencyType"], ended["listOrderStatus"]) == ("OTO", "ALL_DONE")
    assert [report["status"] for report in ended["orderReports"]] == ["CANCELED", "CANCELED"]


def test_names_and_restrictions_of_the_cancelled_half(bench: Any, old: int) -> None:
    refused = cancel_replace(bench, cancelOrderId=old, cancelRestrictions="ONLY_PARTIALLY_FILLED")
    assert refused[1]["data"]["cancelResponse"]["code"] == -2011
    _, body = cancel_replace(bench, cancelOrigClientOrderId="old", cancelNewClientOrderId="bye")
    assert body["cancelResponse"]["clientOrderId"] == "bye"


def test_weights_and_counts(bench: Any) -> None:
    """LIMIT-3: a list counts its orders, a failed cancelReplace counts one, amends count nothing."""

    def used() -> tuple[int, int]:
        answer = bench.signed("GET", "rateLimit/order")
        return int(answer.headers["x-mbx-used-weight"]), json.loads(answer.body)[0]["count"]

    assert used() == (40, 0)
    bench.ok("POST", "orderList/otoco", **OTO, **PAIR)
    assert used() == (80, 3)
    cancel_replace(bench, cancelOrderId=1)
    assert used() == (121, 4)
    placed = bench.ok("POST", "order", **LIMIT, quantity="0.003")
    amend = {"symbol": "BTCUSDT", "orderId": placed["orderId"]}
    bench.ok("PUT", "order/amend/keepPriority", **amend, newQty="0.002")
    assert used() == (165, 5)
    bench.limit("SELL", "50000", "0.002", bench.bob)
    ended = bench.ok("PUT", "order/amend/keepPriority", **amend, newQty="0.001")
    assert ended["amendedOrder"]["status"] == "EXPIRED"
    assert used()[0] == 205
