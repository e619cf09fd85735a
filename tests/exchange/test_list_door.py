"""Parameters of lists that do not go together, requests that name nothing, and what list events say."""

from typing import Any

import pytest

from tests.exchange.asked import OCO, OLD_OCO, OTO, PAIR, PENDING, SMALL


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
