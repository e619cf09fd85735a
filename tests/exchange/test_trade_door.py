"""Trading, lists and account endpoints at the door: shapes, parameters, weights, on both ways in."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.exchange.shapes import matches, shape

LIMIT = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "price": "50000"}
SMALL = LIMIT | {"quantity": "0.001"}
OCO = {
    "symbol": "BTCUSDT",
    "side": "SELL",
    "quantity": "0.001",
    "aboveType": "LIMIT_MAKER",
    "abovePrice": "61000",
    "belowType": "STOP_LOSS_LIMIT",
    "belowStopPrice": "59000",
    "belowPrice": "58900",
    "belowTimeInForce": "GTC",
}
OTO = {
    "symbol": "BTCUSDT",
    "workingType": "LIMIT",
    "workingSide": "BUY",
    "workingPrice": "50000",
    "workingQuantity": "0.001",
    "workingTimeInForce": "GTC",
    "pendingSide": "SELL",
    "pendingQuantity": "0.001",
}
PENDING = {"pendingType": "LIMIT_MAKER", "pendingPrice": "70000"}
PAIR = {
    "pendingAboveType": "LIMIT_MAKER",
    "pendingAbovePrice": "70000",
    "pendingBelowType": "STOP_LOSS",
    "pendingBelowStopPrice": "45000",
}
OLD_OCO = {
    "symbol": "BTCUSDT",
    "side": "SELL",
    "quantity": "0.001",
    "price": "61000",
    "stopPrice": "59000",
    "stopLimitPrice": "58900",
    "stopLimitTimeInForce": "GTC",
}

Ways = Callable[..., Any]


@pytest.fixture(params=["rest", "ws_api"])
def ask(request: pytest.FixtureRequest, bench: Any, connect: Any) -> Ways:
    """Ask an operation on one way in: `ask("POST", "order", "order.place", **values)`, alice signs."""
    api = connect(bench)

    def rest(method: str, path: str, _: str, **values: Any) -> Any:
        return bench.ok(method, path, **values)

    def ws_api(_: str, __: str, operation: str, **values: Any) -> Any:
        answer = api.hmac(operation, bench.alice, **values)
        assert answer["status"] == 200, answer
        assert answer["rateLimits"]
        return answer["result"]

    return rest if request.param == "rest" else ws_api


def plain(answer: Any, *conditional: str) -> Any:
    """Without the fields that only some orders have: the sample orders have none of them."""
    return {name: value for name, value in answer.items() if name not in conditional}


@pytest.mark.parametrize(
    ("path", "operation", "values"),
    [
        ("orderList/oco", "orderList.place.oco", OCO),
        ("orderList/oto", "orderList.place.oto", OTO | PENDING),
        ("orderList/otoco", "orderList.place.otoco", OTO | PAIR),
        ("order/oco", "orderList.place", OLD_OCO),
    ],
)
def test_a_placed_list(ask: Ways, path: str, operation: str, values: dict[str, Any]) -> None:
    placed = ask("POST", path, operation, **values, listClientOrderId="mine", newOrderRespType="RESULT")
    wanted = dict(shape("POST", path))
    reports, listed = placed.pop("orderReports"), wanted.pop("orderReports")
    matches(placed, wanted)
    for report in reports:
        matches(plain(report, "stopPrice"), plain(listed[0], "stopPrice", "icebergQty"), ordered=False)
    assert placed["listClientOrderId"] == "mine"
    assert [row["orderId"] for row in placed["orders"]] == [report["orderId"] for report in reports]


def test_lists_are_found_and_cancelled(ask: Ways) -> None:
    first = ask("POST", "orderList/oco", "orderList.place.oco", **OCO, listClientOrderId="mine")
    number = first["orderListId"]
    found = ask("GET", "orderList", "orderList.status", orderListId=number)
    matches(found, shape("GET", "orderList"))
    assert found == ask("GET", "orderList", "orderList.status", origClientOrderId="mine")
    assert ask("GET", "openOrderList", "openOrderLists.status") == [found]
    ended = ask("DELETE", "orderList", "orderList.cancel", symbol="BTCUSDT", orderListId=number)
    assert (ended["listStatusType"], ended["listOrderStatus"]) == ("ALL_DONE", "ALL_DONE")
    wanted = shape("DELETE", "orderList")
    for report in ended["orderReports"]:
        matches(plain(report, "stopPrice"), plain(wanted["orderReports"][0], "stopPrice"))
    assert ask("GET", "openOrderList", "openOrderLists.status") == []
    second = ask("POST", "orderList/oco", "orderList.place.oco", **OCO)
    listed = ask("GET", "allOrderList", "allOrderLists")
    matches(listed, shape("GET", "allOrderList"))
    assert [row["orderListId"] for row in listed] == [number, second["orderListId"]]
    later = ask("GET", "allOrderList", "allOrderLists", fromId=second["orderListId"], limit=5)
    assert [row["orderListId"] for row in later] == [second["orderListId"]]
    assert ask("GET", "allOrderList", "allOrderLists", limit=1) == later


def test_cancel_all_mixes_orders_and_lists(ask: Ways) -> None:
    ask("POST", "order", "order.place", **SMALL)
    ask("POST", "orderList/oco", "orderList.place.oco", **OCO)
    ended = ask("DELETE", "openOrders", "openOrders.cancelAll", symbol="BTCUSDT")
    assert [sorted(row)[0] for row in ended] == ["clientOrderId", "contingencyType"]
    matches(ended[0], shape("DELETE", "order"))
    assert len(ended[1]["orderReports"]) == 2


def test_all_orders_by_id_time_and_number(ask: Ways, bench: Any) -> None:
    placed = []
    for _ in range(3):
        placed.append(ask("POST", "order", "order.place", **SMALL)["orderId"])
        bench.now_us += 1_000_000
    every = ask("GET", "allOrders", "allOrders", symbol="BTCUSDT")
    matches(every, shape("GET", "allOrders"), ordered=False)
    assert [row["orderId"] for row in every] == placed
    assert ask("GET", "allOrders", "allOrders", symbol="BTCUSDT", orderId=placed[1]) == every[1:]
    assert ask("GET", "allOrders", "allOrders", symbol="BTCUSDT", limit=1) == every[2:]
    since = every[1]["time"]
    assert ask("GET", "allOrders", "allOrders", symbol="BTCUSDT", startTime=since) == every[1:]
    assert ask("GET", "allOrders", "allOrders", symbol="BTCUSDT", endTime=since) == every[:2]


def test_an_amend_and_its_history(ask: Ways) -> None:
    placed = ask("POST", "order", "order.place", **LIMIT, quantity="0.003", newClientOrderId="one")
    values = {"symbol": "BTCUSDT", "origClientOrderId": "one", "newQty": "0.002", "newClientOrderId": "two"}
    done = ask("PUT", "order/amend/keepPriority", "order.amend.keepPriority", **values)
    matches(done, shape("PUT", "order/amend/keepPriority", "single order"))
    assert (done["amendedOrder"]["qty"], done["amendedOrder"]["clientOrderId"]) == ("0.00200000", "two")
    named = {"symbol": "BTCUSDT", "orderId": placed["orderId"]}
    lines = ask("GET", "order/amendments", "order.amendments", **named)
    matches(lines, shape("GET", "order/amendments"))
    assert [(row["origQty"], row["newQty"]) for row in lines] == [("0.00300000", "0.00200000")]
    after = lines[0]["executionId"] + 1
    assert ask("GET", "order/amendments", "order.amendments", **named, fromExecutionId=after) == []
    assert ask("GET", "order/amendments", "order.amendments", **named, limit=1) == lines


def test_an_amend_of_a_leg_says_so_of_its_list(ask: Ways) -> None:
    placed = ask("POST", "orderList/oco", "orderList.place.oco", **OCO | {"quantity": "0.002"})
    values = {"symbol": "BTCUSDT", "orderId": placed["orders"][1]["orderId"], "newQty": "0.001"}
    done = ask("PUT", "order/amend/keepPriority", "order.amend.keepPriority", **values)
    wanted = shape("PUT", "order/amend/keepPriority", "order in a list")
    matches(done["listStatus"], wanted["listStatus"])
    assert done["listStatus"]["orderListId"] == placed["orderListId"]


def test_prevented_matches(ask: Ways) -> None:
    ask("POST", "order", "order.place", **SMALL)
    selling = SMALL | {"side": "SELL", "selfTradePreventionMode": "EXPIRE_BOTH"}
    taker = ask("POST", "order", "order.place", **selling)
    assert taker["status"] == "EXPIRED_IN_MATCH"
    assert (
        taker["preventedQuantity"] == taker["preventedMatches"][0]["takerPreventedQuantity"] == "0.00100000"
    )
    named = {"symbol": "BTCUSDT", "orderId": taker["orderId"]}
    found = ask("GET", "myPreventedMatches", "myPreventedMatches", **named)
    matches([plain(row, "takerPreventedQuantity") for row in found], shape("GET", "myPreventedMatches"))
    only = {"symbol": "BTCUSDT", "preventedMatchId": found[0]["preventedMatchId"]}
    assert ask("GET", "myPreventedMatches", "myPreventedMatches", **only) == found
    assert ask("GET", "myPreventedMatches", "myPreventedMatches", **named, fromPreventedMatchId=1) == []
    assert ask("GET", "myPreventedMatches", "myPreventedMatches", **named, limit=1) == found


def test_counts_rates_and_filters(ask: Ways) -> None:
    ask("POST", "order", "order.place", **SMALL)
    limits = ask("GET", "rateLimit/order", "account.rateLimits.orders")
    matches(limits, shape("GET", "rateLimit/order"))
    assert [row["count"] for row in limits] == [1, 1]
    matches(
        ask("GET", "account/commission", "account.commission", symbol="BTCUSDT"),
        shape("GET", "account/commission"),
    )
    filters = ask("GET", "myFilters", "myFilters", symbol="BTCUSDT")
    assert list(filters) == list(shape("GET", "myFilters"))
    assert {"filterType": "MAX_NUM_ORDER_LISTS", "maxNumOrderLists": 20} in filters["symbolFilters"]


def test_an_assets_filter_is_seen_here_only(make_bench: Any) -> None:
    limit = {"filterType": "MAX_ASSET", "asset": "USDT", "limit": "40.00000000"}
    bench = make_bench(lambda info: info.update(assetFilters=[limit]))
    assert bench.ok("GET", "myFilters", symbol="BTCUSDT")["assetFilters"] == [limit]
    assert bench.ok("GET", "myFilters", symbol="ETHBTC")["assetFilters"] == []
    assert bench.no("POST", "order", **SMALL) == (-1013, "Filter failure: MAX_ASSET")


# What orders say of themselves


def test_conditional_fields_of_waiting_orders(ask: Ways) -> None:
    stop = {"symbol": "BTCUSDT", "side": "SELL", "type": "STOP_LOSS", "quantity": "0.001"}
    placed = ask("POST", "order", "order.place", **stop, trailingDelta=100, newOrderRespType="RESULT")
    assert (placed["trailingDelta"], placed["workingTime"]) == (100, -1)
    assert placed["trailingTime"] == placed["transactTime"]
    found = ask("GET", "order", "order.status", symbol="BTCUSDT", orderId=placed["orderId"])
    assert (found["isWorking"], found["workingTime"], found["stopPrice"]) == (False, -1, "0.00000000")
    fixed = ask("POST", "order", "order.place", **stop, stopPrice="59000", newOrderRespType="RESULT")
    assert fixed["stopPrice"] == "59000.00000000"
    later = ask("POST", "order", "order.place", **stop, stopPrice="59000", trailingDelta=50)
    found = ask("GET", "order", "order.status", symbol="BTCUSDT", orderId=later["orderId"])
    assert (found["trailingTime"], found["stopPrice"]) == (-1, "59000.00000000")


def test_decimals_are_those_of_the_assets(make_bench: Any) -> None:
    """As of SHIBUSDT and its like: amounts of the base with two digits, of the quote with eight."""

    def coarse(info: dict[str, Any]) -> None:
        coarse = {"baseAssetPrecision": 2, "quoteAssetPrecision": 4, "filters": []}
        info["symbols"] = [info["symbols"][0] | coarse]

    bench = make_bench(coarse)
    bench.limit("SELL", "3.0003", "1.11", bench.bob)
    bought = bench.limit("BUY", "3.0003", "1.11")
    assert (bought["price"], bought["executedQty"]) == ("3.0003", "1.11")
    assert bought["cummulativeQuoteQty"] == "3.3303"
    assert bought["fills"][0]["commission"] == "0.00"
    sold = bench.ok("GET", "myTrades", bench.bob, symbol="BTCUSDT")[0]
    assert (sold["quoteQty"], sold["commission"]) == ("3.3303", "0.0033")
    held = {row["asset"]: row["free"] for row in bench.ok("GET", "account")["balances"]}
    assert len(held["BTC"].partition(".")[2]) == 2
    assert bench.no("POST", "order", **SMALL | {"quantity": "1.001"})[0] == -1111


# cancelReplace: its outcomes, each with its status and its halves


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


def test_over_the_websocket_api_the_halves_are_under_error(bench: Any, connect: Any, old: int) -> None:
    values = SMALL | {"cancelReplaceMode": "ALLOW_FAILURE", "cancelOrigClientOrderId": "nobody"}
    answer = connect(bench).hmac("order.cancelReplace", bench.alice, **values)
    assert (answer["status"], answer["error"]["code"]) == (409, -2021)
    assert halves(answer["error"]) == ("FAILURE", "SUCCESS")
    assert len(bench.ok("GET", "openOrders")) == 2
    assert old


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


@pytest.mark.parametrize(
    ("path", "values", "code"),
    [
        ("orderList/oco", {"aboveType": "MARKET"}, -1158),
        ("orderList/oco", {"belowType": "LIMIT_MAKER", "belowStopPrice": None}, -1168),
        ("orderList/oco", {"side": "BUY"}, -1165),
        ("orderList/oco", {"aboveType": "STOP_LOSS", "abovePrice": None, "aboveStopPrice": "61000"}, -1197),
        ("orderList/oco", {"belowType": "TAKE_PROFIT_LIMIT"}, -1199),
        ("orderList/oco", {"abovePrice": None}, -1102),
        ("orderList/oco", {"aboveStopPrice": "61000"}, -1106),
        ("orderList/oco", {"belowStopPrice": None}, -1102),
        ("orderList/oco", {"belowIcebergQty": "0.0005", "belowTimeInForce": "IOC"}, -1160),
        ("orderList/oco", {"abovePegOffsetType": "PRICE_LEVEL"}, -1128),
        ("order/oco", {"stopLimitTimeInForce": None}, -1128),
        ("order/oco", {"stopPrice": None}, -1102),
        ("orderList/oto", {"workingType": "MARKET"}, -1116),
        ("orderList/oto", {"pendingType": "STOP_LOSS", "pendingStopPrice": "45000"}, -1106),
        ("orderList/otoco", {"pendingBelowType": None}, -1102),
        ("orderList/otoco", {"workingStrategyType": "5"}, -1134),
    ],
)
def test_combinations_of_lists(bench: Any, path: str, values: dict[str, Any], code: int) -> None:
    good = {
        "orderList/oco": OCO,
        "order/oco": OLD_OCO,
        "orderList/oto": OTO | PENDING,
        "orderList/otoco": OTO | PAIR,
    }[path]
    asked = {name: value for name, value in (good | values).items() if value is not None}
    assert bench.no("POST", path, **asked)[0] == code
    assert bench.ok("GET", "openOrders") == []


@pytest.mark.parametrize(
    ("method", "path", "values", "code"),
    [
        ("DELETE", "orderList", {"symbol": "BTCUSDT"}, -1102),
        ("DELETE", "orderList", {"symbol": "BTCUSDT", "orderListId": 9}, -2011),
        ("GET", "orderList", {}, -1102),
        ("GET", "orderList", {"orderListId": 9}, -2013),
        ("GET", "allOrderList", {"fromId": 1, "startTime": 1}, -1128),
        ("GET", "allOrders", {"symbol": "BTCUSDT", "limit": 1001}, -1130),
        ("GET", "myPreventedMatches", {"symbol": "BTCUSDT"}, -1128),
        ("DELETE", "openOrders", {"symbol": "BTCUSDT"}, -2011),
        ("PUT", "order/amend/keepPriority", {"symbol": "BTCUSDT", "newQty": "1"}, -1102),
        ("PUT", "order/amend/keepPriority", {"symbol": "BTCUSDT", "newQty": "1", "orderId": 1}, -2038),
        ("POST", "order/cancelReplace", SMALL | {"cancelReplaceMode": "STOP_ON_FAILURE"}, -1102),
    ],
)
def test_what_cannot_be(bench: Any, method: str, path: str, values: dict[str, Any], code: int) -> None:
    assert bench.no(method, path, **values)[0] == code


def test_list_events(bench: Any, connect: Any) -> None:
    api = connect(bench)
    api.hmac("userDataStream.subscribe.signature", bench.alice)
    bench.ok("POST", "orderList/oco", **OCO, listClientOrderId="mine")
    told = [message["event"] for message in api.wire.take()]
    assert [event["e"] for event in told] == [
        "executionReport",
        "executionReport",
        "listStatus",
        "outboundAccountPosition",
    ]
    status = told[2]
    assert (status["c"], status["l"], status["L"], status["r"]) == (
        "OCO",
        "EXEC_STARTED",
        "EXECUTING",
        "NONE",
    )
    assert (status["C"], [leg["i"] for leg in status["O"]]) == ("mine", [told[0]["i"], told[1]["i"]])
    assert {event["g"] for event in told[:2]} == {status["g"]}
    assert (told[0]["P"], told[0]["w"], "W" in told[0]) == ("59000.00000000", False, False)
    assert (told[1]["w"], told[1]["W"]) == (True, bench.now_us // 1000)


def test_prevention_is_told_to_both_orders(bench: Any, connect: Any) -> None:
    api = connect(bench)
    api.hmac("userDataStream.subscribe.signature", bench.alice)
    maker = bench.ok("POST", "order", **SMALL)["orderId"]
    api.wire.take()
    bench.ok("POST", "order", **SMALL | {"side": "SELL", "selfTradePreventionMode": "DECREMENT"})
    told = [message["event"] for message in api.wire.take()]
    reports = [event for event in told if event.get("x") == "TRADE_PREVENTION"]
    assert [report["X"] for report in reports] == ["EXPIRED_IN_MATCH"] * 2
    for report in reports:
        assert (report["l"], report["L"], report["pl"], report["pL"]) == (
            "0.00000000",
            "0.00000000",
            "0.00100000",
            "50000.00000000",
        )
        assert (report["A"], report["B"], report["pY"]) == ("0.00100000", "0.00100000", "50.00000000")
        assert (report["v"], report["u"], report["Cs"]) == (0, -1, "BTCUSDT")
    assert reports[1]["U"] == maker
