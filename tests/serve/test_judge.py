"""Parameters are judged one by one and together, with the exchange's own codes and words."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surefoot.serve.combinations import time_span
from surefoot.serve.denial import Denial
from surefoot.serve.judge import judge
from surefoot.serve.parameters import Kind, Parameter
from surefoot.serve.routes import ROUTES, WS_API
from surefoot.serve.venues import BINANCE

LIMIT = {
    "symbol": "BTCUSDT",
    "side": "BUY",
    "type": "LIMIT",
    "timeInForce": "GTC",
    "quantity": "0.1",
    "price": "100",
}
MARKET = {"symbol": "BTCUSDT", "side": "BUY", "type": "MARKET", "quantity": "1"}
AUTH = {"timestamp": "1499827319559", "signature": "00"}


def refusal(operation: str, values: dict[str, str]) -> tuple[int, str]:
    route = WS_API[operation]
    with pytest.raises(Denial) as caught:
        judge(route, values | (AUTH if route.signed else {}))
    return caught.value.code, caught.value.message


def judged(operation: str, values: dict[str, str]) -> dict[str, object]:
    route = WS_API[operation]
    return judge(route, values | (AUTH if route.signed else {}))


def test_a_good_order_becomes_values() -> None:
    values = judged("order.place", LIMIT | {"strategyId": "7", "recvWindow": "5000.125"})
    assert values["quantity"] == Decimal("0.1")
    assert values["strategyId"] == 7
    assert "recvWindow" not in values


@pytest.mark.parametrize("name", ["symbol", "side", "type", "timeInForce", "quantity", "price"])
def test_missing_mandatory_is_1102(name: str) -> None:
    values = {key: text for key, text in LIMIT.items() if key != name}
    assert refusal("order.place", values) == (
        -1102,
        f"Mandatory parameter '{name}' was not sent, was empty/null, or malformed.",
    )


@pytest.mark.parametrize("name", ["symbol", "side", "type"])
def test_empty_mandatory_is_1102(name: str) -> None:
    assert refusal("order.place", LIMIT | {name: ""})[0] == -1102


def test_empty_optional_is_1105() -> None:
    assert refusal("order.place", LIMIT | {"price": ""}) == (-1105, "Parameter 'price' was empty.")


def test_empty_client_order_ids_have_their_own_codes() -> None:
    assert refusal("order.place", LIMIT | {"newClientOrderId": ""})[0] == -1118
    assert refusal("order.status", {"symbol": "BTCUSDT", "origClientOrderId": ""})[0] == -1119


def test_unknown_is_1104_and_more_than_the_table_holds_is_1101() -> None:
    assert refusal("depth", {"symbol": "BTCUSDT", "depth": "5"}) == (
        -1104,
        "Not all sent parameters were read; read '1' parameter(s) but was sent '2'.",
    )
    assert refusal("ping", {"a": "1"}) == (-1101, "Too many parameters; expected '0' and received '1'.")


def test_counts_include_authentication() -> None:
    code, text = refusal("openOrders.status", {"symbl": "BTCUSDT"})
    assert (code, text) == (
        -1104,
        "Not all sent parameters were read; read '2' parameter(s) but was sent '3'.",
    )


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("side", "HOLD", -1117),
        ("type", "limit", -1116),
        ("timeInForce", "GTD", -1115),
        ("symbol", "btcusdt", -1100),
        ("quantity", "1E-5", -1100),
        ("quantity", "-1", -1100),
        ("quantity", "0x10", -1100),
        ("quantity", "1.", -1100),
        ("quantity", "١", -1100),
        ("price", "0.123456789", -1111),
        ("price", "92233720368.54775808", -1108),
        ("newClientOrderId", "a b", -1100),
        ("newClientOrderId", "x" * 37, -1100),
        ("strategyId", "9223372036854775808", -1108),
        ("strategyType", "999999", -1134),
        ("newOrderRespType", "SHORT", -1130),
        ("selfTradePreventionMode", "MAYBE", -1130),
        ("pegPriceType", "PEG", -1210),
        ("pegOffsetType", "TICKS", -1211),
        ("pegOffsetValue", "101", -1130),
    ],
)
def test_each_malformed_value_has_its_code(name: str, text: str, code: int) -> None:
    assert refusal("order.place", LIMIT | {name: text})[0] == code


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (MARKET | {"price": "1"}, -1106),
        (MARKET | {"timeInForce": "GTC"}, -1114),
        (MARKET | {"quoteOrderQty": "1"}, -1128),
        ({k: v for k, v in MARKET.items() if k != "quantity"}, -1102),
        (LIMIT | {"quoteOrderQty": "1"}, -1106),
        (LIMIT | {"stopPrice": "1"}, -1106),
        (LIMIT | {"type": "LIMIT_MAKER"}, -1114),
        (LIMIT | {"type": "STOP_LOSS_LIMIT"}, -1102),
        (LIMIT | {"icebergQty": "0.05", "timeInForce": "IOC"}, -1014),
        (LIMIT | {"pegOffsetType": "PRICE_LEVEL"}, -1128),
        (MARKET | {"pegPriceType": "PRIMARY_PEG"}, -1013),
        (LIMIT | {"pegOffsetType": "PRICE_LEVEL", "pegOffsetValue": "1"}, -1102),
    ],
)
def test_order_types_need_and_exclude(values: dict[str, str], code: int) -> None:
    assert refusal("order.place", values)[0] == code


def test_market_with_neither_quantity_names_both() -> None:
    values = {"symbol": "BTCUSDT", "side": "BUY", "type": "MARKET"}
    assert refusal("order.place", values)[1] == (
        "Param 'quantity' or 'quoteOrderQty' must be sent, but both were empty/null!"
    )


@pytest.mark.parametrize("type_", ["STOP_LOSS", "TAKE_PROFIT"])
def test_triggered_market_orders_take_a_stop_and_no_price(type_: str) -> None:
    values = MARKET | {"type": type_, "stopPrice": "90"}
    assert judged("order.place", values)["stopPrice"] == 90
    assert refusal("order.place", values | {"price": "1"})[0] == -1106


def test_a_peg_waives_the_price() -> None:
    values = {key: text for key, text in LIMIT.items() if key != "price"} | {"pegPriceType": "PRIMARY_PEG"}
    assert judged("order.place", values)["pegPriceType"] == "PRIMARY_PEG"


def test_an_order_is_named_by_one_of_its_ids() -> None:
    for operation in ("order.status", "order.cancel"):
        assert refusal(operation, {"symbol": "BTCUSDT"})[1].startswith("Param 'orderId' or")
    assert judged("order.cancel", {"symbol": "BTCUSDT", "orderId": "7"})["orderId"] == 7
    bad = {"symbol": "BTCUSDT", "orderId": "7", "cancelRestrictions": "ANY"}
    assert refusal("order.cancel", bad)[0] == -1145


@pytest.mark.parametrize(
    ("names", "good"),
    [
        ((), True),
        (("orderId",), True),
        (("startTime",), True),
        (("endTime",), True),
        (("fromId",), True),
        (("startTime", "endTime"), True),
        (("orderId", "fromId"), True),
        (("orderId", "startTime"), False),
        (("fromId", "startTime"), False),
        (("fromId", "endTime"), False),
        (("orderId", "fromId", "startTime"), False),
    ],
)
def test_my_trades_combinations(names: tuple[str, ...], good: bool) -> None:
    values = {"symbol": "BTCUSDT", "limit": "5"} | dict.fromkeys(names, "1700000000000")
    if good:
        assert judged("myTrades", values)["limit"] == 5
    else:
        assert refusal("myTrades", values)[0] == -1128


NOW_US = 1_700_000_100_000_000
START, DAY = 1_700_000_000_000, 86_400_000


def test_a_span_is_a_day_at_most_in_either_unit() -> None:
    later = NOW_US + DAY * 1000
    inside = {"startTime": START, "endTime": (START + DAY) * 1000}
    assert time_span(inside, later) == (START * 1000, (START + DAY) * 1000)
    for bad, code in (
        ({"startTime": START, "endTime": (START + DAY) * 1000 + 1}, -1127),
        ({"startTime": START + 1, "endTime": START}, -1128),
    ):
        with pytest.raises(Denial) as caught:
            time_span(bad, later)
        assert caught.value.code == code
    assert refusal("myTrades", {"symbol": "BTCUSDT", "limit": "1001"})[0] == -1130


def test_times_out_of_range_are_clamped() -> None:
    """Before 2017, and more than ten seconds ahead; the span is that of what is left."""
    year_2100 = 4_102_444_800_000
    assert time_span({}, NOW_US) == (None, None)
    assert time_span({"startTime": 0}, NOW_US) == (1_483_228_800_000_000, None)
    assert time_span({"endTime": year_2100}, NOW_US) == (None, NOW_US + 10_000_000)
    assert time_span({"startTime": START, "endTime": year_2100}, NOW_US) == (
        START * 1000,
        NOW_US + 10_000_000,
    )


@pytest.mark.parametrize(
    "values",
    [
        {"symbol": "BTCUSDT", "symbols": '["ETHUSDT"]'},
        {"symbol": "BTCUSDT", "permissions": "SPOT"},
        {"symbols": '["ETHUSDT"]', "symbolStatus": "TRADING"},
        {"symbol": "BTCUSDT", "symbolStatus": "TRADING"},
    ],
)
def test_exchange_info_excludes(values: dict[str, str]) -> None:
    assert refusal("exchangeInfo", values)[0] == -1128


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"symbols": "BTCUSDT"}, -1135),
        ({"symbols": "[1]"}, -1135),
        ({"symbols": "[]"}, -1105),
        ({"symbols": '["BTCUSDT","BTCUSDT"]'}, -1151),
        ({"symbols": '["btcusdt"]'}, -1100),
        ({"permissions": "GOLD"}, -1130),
        ({"permissions": '["SPOT",'}, -1135),
        ({"permissions": "[]"}, -1105),
        ({"showPermissionSets": "yes"}, -1130),
        ({"symbolStatus": "OPEN"}, -1122),
    ],
)
def test_exchange_info_values(values: dict[str, str], code: int) -> None:
    assert refusal("exchangeInfo", values)[0] == code


def test_lists_and_permissions_become_tuples() -> None:
    assert judged("exchangeInfo", {"symbols": '["BTCUSDT", "１２３"]'})["symbols"] == ("BTCUSDT", "１２３")
    assert judged("exchangeInfo", {"permissions": "SPOT"})["permissions"] == ("SPOT",)
    several = judged("exchangeInfo", {"permissions": '["SPOT","MARGIN"]', "symbolStatus": "HALT"})
    assert several["permissions"] == ("SPOT", "MARGIN")


@given(st.text(max_size=40))
def test_any_text_is_a_value_or_a_denial(text: str) -> None:
    for kind in Kind:
        parameter = Parameter("p", kind, choices=("A",))
        assert _outcome(parameter, text)


def _outcome(parameter: Parameter, text: str) -> bool:
    try:
        return parameter.judge(text) is not None
    except Denial as denial:
        return -1151 <= denial.code <= -1100


FACTS = Path(__file__).parents[1] / "facts"


_ORDERS_OF_A_PAIR = 2  # the WebSocket page says 1, the REST page 2, as of every other pair


def test_what_is_beside_the_api_agrees_with_its_fact() -> None:
    """The wallet endpoint: on REST alone."""
    [route], [row] = [route for route in ROUTES if not route.on_ws_api], _rows("beside.json")
    assert (row["method"], row["path"], row["security"]) == (route.method, route.path, route.security)
    assert (row["weight"], route.parameters) == (route.weight.of({}), ())
    assert BINANCE.ws_route(route.operation) is None


def _rows(name: str) -> list[dict[str, object]]:
    return json.loads((FACTS / name).read_text())


@pytest.mark.parametrize("route", WS_API.values(), ids=lambda route: route.operation)
def test_tables_agree_with_the_documents(route) -> None:
    """Every documented parameter is known, no other is; mandatory, signed and twin path agree."""
    row = next(row for row in _rows("ws_api.json") if row["method"] == route.operation)
    rest = f"{route.method} {route.path}" if route.path else None
    assert row["rest_endpoint"] == rest
    documented = {p["name"]: p for p in row["params"]}
    if base := row.get("inherits_params_of"):
        parent = next(other for other in _rows("ws_api.json") if other["method"] == base)
        documented = {p["name"]: p for p in parent["params"]} | documented
    for name in ("apiKey", "signature", "timestamp", "recvWindow"):
        documented.pop(name, None)
    assert {p.name for p in route.parameters} == set(documented)
    assert {p.name for p in route.parameters if p.mandatory} == {
        name for name, p in documented.items() if p["mandatory"] is True
    }
    assert route.signed == row["signed"]
    assert route.free_on_success == (row.get("weight_on_success") == 0)
    assert route.free_if_expired == (row.get("weight_on_success") == "conditional")
    assert route.order_count == (
        _ORDERS_OF_A_PAIR if route.operation == "orderList.place" else row["order_count"]
    )


@pytest.mark.parametrize(
    ("operation", "values", "weight"),
    [
        ("depth", {"limit": 100}, 5),
        ("depth", {"limit": 101}, 25),
        ("depth", {"limit": 500}, 25),
        ("depth", {"limit": 501}, 50),
        ("depth", {"limit": 1001}, 250),
        ("depth", {"limit": 9999}, 250),
        ("depth", {}, 5),
        ("ticker.book", {"symbol": "A"}, 2),
        ("ticker.book", {"symbols": ("A", "B")}, 4),
        ("ticker.book", {}, 4),
        ("ticker.24hr", {"symbols": ("A",) * 20}, 2),
        ("ticker.24hr", {"symbols": ("A",) * 21}, 40),
        ("ticker.24hr", {"symbols": ("A",) * 101}, 80),
        ("ticker.24hr", {"symbol": "A"}, 2),
        ("ticker.24hr", {}, 80),
        ("ticker", {"symbols": ("A",) * 50}, 200),
        ("ticker", {"symbols": ("A",) * 51}, 200),
        ("ticker.tradingDay", {"symbols": ("A", "B")}, 8),
        ("executionRules", {"symbols": ("A",) * 30}, 40),
        ("executionRules", {"symbolStatus": "HALT"}, 40),
        ("order.test", {"computeCommissionRates": True}, 20),
        ("order.test", {"computeCommissionRates": False}, 1),
        ("openOrders.status", {"symbol": "A"}, 6),
        ("openOrders.status", {}, 80),
        ("myTrades", {"orderId": 0}, 5),
        ("myTrades", {}, 20),
        ("exchangeInfo", {}, 20),
        ("account.status", {}, 20),
        ("session.logon", {}, 2),
    ],
)
def test_weights(operation: str, values: dict[str, object], weight: int) -> None:
    """LIMIT-1: weights that depend on parameters."""
    assert WS_API[operation].weight.of(values) == weight


def test_the_version_prefix_is_optional() -> None:
    found = [BINANCE.ws_route(name) for name in ("v3/order.place", "order.place", "order.list")]
    assert found == [WS_API["order.place"], WS_API["order.place"], None]
