"""Trading, lists and account endpoints at the door: shapes, parameters, weights, on both ways in."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.exchange.asked import LIMIT, OCO, OLD_OCO, OTO, PAIR, PENDING, SMALL
from tests.exchange.shapes import matches, shape

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


def test_a_leg_takes_its_list_along(ask: Ways, request: pytest.FixtureRequest) -> None:
    """The answer is the order's on REST, the list's on the WebSocket API: so say their pages."""
    placed = ask("POST", "orderList/oco", "orderList.place.oco", **OCO)
    named = {"symbol": "BTCUSDT", "orderId": placed["orders"][0]["orderId"]}
    ended = ask("DELETE", "order", "order.cancel", **named)
    if "rest" in request.node.callspec.id:
        assert (ended["orderId"], ended["status"]) == (named["orderId"], "CANCELED")
    else:
        assert ended["orderListId"] == placed["orderListId"]
        assert [report["status"] for report in ended["orderReports"]] == ["CANCELED"] * 2
    assert ask("GET", "openOrders", "openOrders.status") == []


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


@pytest.mark.parametrize(("symbol", "cost"), [("BTCUSDT", 20), ("NOPE", 2)])
def test_prevented_matches_of_no_symbol_are_cheap(bench: Any, symbol: str, cost: int) -> None:
    """Its weight table: 20 by `orderId`, 2 "if `symbol` is invalid"."""
    answer = bench.signed("GET", "myPreventedMatches", symbol=symbol, orderId=1)
    assert answer.headers["x-mbx-used-weight"] == str(cost)
