"""REST without sockets: every endpoint of the slice, its shape, its errors, its headers."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

FACTS = Path(__file__).parents[1] / "facts"
ROWS = {(row["method"], row["path"]): row for row in json.loads((FACTS / "endpoints.json").read_text())}
ORDER = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC"}


def shape(method: str, path: str, when: str = "response") -> Any:
    found = ROWS[method, f"/api/v3/{path}"]["response"]
    return next(row["shape"] for row in found if row["when"] == when)


def matches(value: Any, wanted: Any, where: str = "", *, ordered: bool = True) -> None:
    """The same fields in the same order, of the documented kinds; conditional ones are checked elsewhere."""
    if isinstance(wanted, list):
        for item in value:
            matches(item, wanted[0], f"{where}[]", ordered=ordered)
    elif isinstance(wanted, dict):
        assert (list(value) == list(wanted)) if ordered else (set(value) == set(wanted)), where
        for name, kind in wanted.items():
            matches(value[name], kind, f"{where}.{name}", ordered=ordered)
    elif wanted in {"decimal-string", "price decimal-string", "qty decimal-string"}:
        assert isinstance(value, str), where
        assert len(value.partition(".")[2]) == 8, where
    elif wanted == "int":
        assert type(value) is int, where
    elif wanted == "string":
        assert isinstance(value, str), where
    elif wanted == "bool":
        assert type(value) is bool, where


@pytest.fixture
def traded(bench):
    """Alice sold 0.001 BTC to Bob in two fills, and has an order in the book."""
    bench.limit("SELL", "60000", "0.0005")
    bench.limit("SELL", "60001", "0.0015", newClientOrderId="second")
    bench.limit("BUY", "60001", "0.001", bench.bob)
    return bench


def test_ping_and_time(bench) -> None:
    assert bench.get("ping") == {}
    assert bench.get("time") == {"serverTime": bench.now_us // 1000}


def test_microseconds(bench) -> None:
    bench.now_us += 7
    answer = bench.raw("GET", "/api/v3/time", {"x-mbx-time-unit": "MICROSECOND"})
    assert json.loads(answer.body) == {"serverTime": bench.now_us}
    bad = bench.raw("GET", "/api/v3/time", {"x-mbx-time-unit": "SECOND"})
    assert (bad.status, json.loads(bad.body)["code"]) == (400, -1194)


def test_exchange_info(bench) -> None:
    whole = bench.get("exchangeInfo")
    assert [row["symbol"] for row in whole["symbols"]] == ["BTCUSDT", "ETHUSDT", "BNBUSDT", "ETHBTC"]
    wanted = dict(shape("GET", "exchangeInfo"))
    del wanted["sors"], wanted["exchangeFilters"]
    symbol = dict(wanted["symbols"][0])
    del symbol["filters"]
    for row in whole["symbols"]:
        assert row["filters"]
        matches({name: row[name] for name in row if name != "filters"}, symbol)
    assert {row["rateLimitType"] for row in whole["rateLimits"]} == {
        "REQUEST_WEIGHT",
        "ORDERS",
        "RAW_REQUESTS",
    }


def test_exchange_info_of_some(bench) -> None:
    def names(**params: Any) -> list[str]:
        return [row["symbol"] for row in bench.get("exchangeInfo", **params)["symbols"]]

    assert names(symbol="ETHBTC") == ["ETHBTC"]
    assert names(symbols='["ETHBTC","BTCUSDT"]') == ["ETHBTC", "BTCUSDT"]
    assert names(permissions="MARGIN") == []
    assert len(names(permissions='["SPOT","MARGIN"]')) == 4
    assert names(symbolStatus="HALT") == []
    shown = bench.get("exchangeInfo", symbol="ETHBTC", showPermissionSets="false")["symbols"][0]
    assert shown["permissionSets"] == []
    assert code_of(bench.raw("GET", "/api/v3/exchangeInfo?symbol=NOPE")) == -1121


def code_of(answer) -> int:
    assert answer.status >= 400, answer.body
    return json.loads(answer.body)["code"]


def test_what_is_not_built_is_said_to_be_off(make_bench) -> None:
    """A recorded exchangeInfo may allow more than this exchange does: it is never advertised."""

    def boast(info: dict[str, Any]) -> None:
        info["symbols"][0] |= {"icebergAllowed": True, "ocoAllowed": True}
        info["symbols"][0]["orderTypes"].append("STOP_LOSS_LIMIT")
        del info["symbols"][0]["permissionSets"]

    row = make_bench(boast).get("exchangeInfo", symbol="BTCUSDT")["symbols"][0]
    assert not row["icebergAllowed"]
    assert not row["ocoAllowed"]
    assert row["orderTypes"] == ["LIMIT", "LIMIT_MAKER", "MARKET"]
    assert row["permissionSets"] == [["SPOT"]]


def test_depth(traded) -> None:
    book = traded.get("depth", symbol="BTCUSDT")
    matches(book, shape("GET", "depth"))
    assert book["asks"] == [["60001.00000000", "0.00100000"]]
    traded.limit("SELL", "60002", "0.001")
    assert len(traded.get("depth", symbol="BTCUSDT", limit=1)["asks"]) == 1
    assert len(traded.get("depth", symbol="BTCUSDT", limit=100_000)["asks"]) == 2
    assert traded.get("depth", symbol="BTCUSDT")["lastUpdateId"] > book["lastUpdateId"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", -1102),
        ("symbol=", -1102),
        ("symbol=btcusdt", -1100),
        ("symbol=NOPE", -1121),
        ("symbol=BTCUSDT&limit=0", -1130),
        ("symbol=BTCUSDT&limit=five", -1100),
        ("symbol=BTCUSDT&limit=", -1105),
        ("symbol=BTCUSDT&limit=99999999999", -1108),
        ("symbol=BTCUSDT&symbolStatus=HALT", -1220),
        ("symbol=BTCUSDT&symbolStatus=OPEN", -1122),
        ("symbol=BTCUSDT&level=5", -1104),
        ("symbol=BTCUSDT&symbol=ETHUSDT", -1101),
        ("a=1&b=2&c=3&d=4", -1101),
    ],
)
def test_depth_refuses(bench, query: str, code: int) -> None:
    assert code_of(bench.raw("GET", f"/api/v3/depth?{query}")) == code


def test_book_ticker(traded) -> None:
    one = traded.get("ticker/bookTicker", symbol="BTCUSDT")
    matches(one, shape("GET", "ticker/bookTicker"))
    assert one == {
        "symbol": "BTCUSDT",
        "bidPrice": "0.00000000",
        "bidQty": "0.00000000",
        "askPrice": "60001.00000000",
        "askQty": "0.00100000",
    }
    assert len(traded.get("ticker/bookTicker")) == 4
    two = traded.get("ticker/bookTicker", symbols='["ETHBTC","BTCUSDT"]')
    assert [row["symbol"] for row in two] == ["ETHBTC", "BTCUSDT"]
    assert traded.get("ticker/bookTicker", symbolStatus="HALT") == []
    wrong = "/api/v3/ticker/bookTicker?symbol=BTCUSDT&symbolStatus=BREAK"
    assert code_of(traded.raw("GET", wrong)) == -1220


def test_account(bench) -> None:
    account = bench.ok("GET", "account")
    matches(account, shape("GET", "account"))
    held = {row["asset"]: row for row in account["balances"]}
    assert account["makerCommission"] == 10
    assert account["commissionRates"]["taker"] == "0.00100000"
    bench.now_us += 5_000_000
    bench.limit("BUY", "50000", "0.001")
    after = {row["asset"]: row for row in bench.ok("GET", "account")["balances"]}
    assert after["USDT"]["locked"] == "50.00000000"
    assert float(held["USDT"]["free"]) - float(after["USDT"]["free"]) == 50
    assert bench.ok("GET", "account")["updateTime"] == account["updateTime"] + 5000
    every = bench.ok("GET", "account", omitZeroBalances="true")["balances"]
    assert all(float(row["free"]) or float(row["locked"]) for row in every)


@pytest.mark.parametrize("kind", ["ACK", "RESULT", "FULL"])
def test_answers_of_a_placement(traded, kind: str) -> None:
    answer = traded.limit("BUY", "60001", "0.0005", newOrderRespType=kind)
    wanted = shape("POST", "order", kind)
    matches(answer, wanted)
    if kind != "ACK":
        assert (answer["status"], answer["executedQty"]) == ("FILLED", "0.00050000")
    if kind == "FULL":
        assert answer["fills"] == [
            {
                "price": "60001.00000000",
                "qty": "0.00050000",
                "commission": "0.00000050",
                "commissionAsset": "BTC",
                "tradeId": answer["fills"][0]["tradeId"],
            }
        ]


def test_default_answers(traded) -> None:
    """LIMIT and MARKET answer FULL, LIMIT_MAKER answers ACK."""
    assert "fills" in traded.limit("BUY", "50000", "0.001")
    market = {"symbol": "BTCUSDT", "side": "BUY", "type": "MARKET", "quoteOrderQty": "30"}
    bought = traded.ok("POST", "order", **market)
    assert bought["status"] == "FILLED"
    assert bought["origQuoteOrderQty"] == "30.00000000"
    maker = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT_MAKER", "quantity": "0.001"}
    answer = traded.ok("POST", "order", **maker, price="50000")
    assert set(answer) == {"symbol", "orderId", "orderListId", "clientOrderId", "transactTime"}


def test_conditional_fields_of_a_placement(bench) -> None:
    answer = bench.limit(
        "BUY", "50000", "0.001", strategyId=5, strategyType=1_000_000, newClientOrderId="mine"
    )
    assert (answer["strategyId"], answer["strategyType"], answer["clientOrderId"]) == (5, 1_000_000, "mine")
    ioc = bench.ok("POST", "order", **ORDER | {"timeInForce": "IOC"}, quantity="0.001", price="50000")
    assert ioc["status"] == "EXPIRED"
    assert ioc["expiryReason"]
    generated = bench.limit("BUY", "50000", "0.001")["clientOrderId"]
    assert len(generated) == 22
    assert generated.isalnum()


def test_a_test_order_changes_nothing(bench) -> None:
    values = ORDER | {"quantity": "0.001", "price": "50000"}
    assert bench.ok("POST", "order/test", **values) == {}
    rates = bench.ok("POST", "order/test", **values, computeCommissionRates="true")
    matches(rates, shape("POST", "order/test", "With computeCommissionRates"))
    assert bench.ok("GET", "openOrders") == []
    assert bench.no("POST", "order/test", **values | {"quantity": "0.0000001"})[0] == -1013


def test_cancel(bench) -> None:
    placed = bench.limit("BUY", "50000", "0.001", newClientOrderId="mine")
    bench.now_us += 1_000_000
    answer = bench.ok("DELETE", "order", symbol="BTCUSDT", orderId=placed["orderId"])
    matches(answer, shape("DELETE", "order"))
    assert (answer["origClientOrderId"], answer["status"]) == ("mine", "CANCELED")
    assert answer["clientOrderId"] not in {"mine", ""}
    assert answer["transactTime"] == bench.now_us // 1000
    again = bench.no("DELETE", "order", symbol="BTCUSDT", orderId=placed["orderId"])
    assert again == (-2011, "Unknown order sent.")


def test_cancel_restrictions(traded) -> None:
    partly = {"symbol": "BTCUSDT", "origClientOrderId": "second"}
    refused = traded.no("DELETE", "order", **partly, cancelRestrictions="ONLY_NEW")
    assert refused == (-2011, "Order was not canceled due to cancel restrictions.")
    renamed = traded.ok(
        "DELETE", "order", **partly, cancelRestrictions="ONLY_PARTIALLY_FILLED", newClientOrderId="bye"
    )
    assert renamed["clientOrderId"] == "bye"


def test_query(traded) -> None:
    found = traded.ok("GET", "order", symbol="BTCUSDT", origClientOrderId="second")
    matches(found, shape("GET", "order"))
    assert (found["status"], found["executedQty"]) == ("PARTIALLY_FILLED", "0.00050000")
    same = traded.ok("GET", "order", symbol="BTCUSDT", orderId=found["orderId"])
    assert same == found
    other = {"symbol": "BTCUSDT", "orderId": found["orderId"], "origClientOrderId": "first"}
    assert traded.no("GET", "order", **other)[0] == -2039
    assert traded.no("GET", "order", symbol="BTCUSDT", orderId=1)[0] == -2013
    assert traded.no("GET", "order", symbol="NOPE", orderId=1)[0] == -1121
    assert traded.no("GET", "order", symbol="BTCUSDT")[0] == -1102
    assert traded.no("GET", "order", traded.bob, symbol="BTCUSDT", orderId=found["orderId"])[0] == -2013


def test_open_orders(traded) -> None:
    every = traded.ok("GET", "openOrders")
    matches(every, shape("GET", "openOrders"), ordered=False)  # the page prints two orders
    assert [row["clientOrderId"] for row in every] == ["second"]
    assert traded.ok("GET", "openOrders", symbol="ETHUSDT") == []
    assert traded.no("GET", "openOrders", symbol="NOPE")[0] == -1121


def test_my_trades(traded) -> None:
    mine = traded.ok("GET", "myTrades", symbol="BTCUSDT")
    matches(mine, shape("GET", "myTrades"))
    assert [(row["price"], row["qty"], row["isMaker"]) for row in mine] == [
        ("60000.00000000", "0.00050000", True),
        ("60001.00000000", "0.00050000", True),
    ]
    last = mine[1]
    by_order = traded.ok("GET", "myTrades", symbol="BTCUSDT", orderId=last["orderId"])
    assert by_order == [last]
    assert traded.ok("GET", "myTrades", symbol="BTCUSDT", fromId=last["id"]) == [last]
    assert len(traded.ok("GET", "myTrades", symbol="BTCUSDT", limit=1)) == 1
    now = traded.now_us // 1000
    assert traded.ok("GET", "myTrades", symbol="BTCUSDT", startTime=now + 1) == []
    assert traded.ok("GET", "myTrades", symbol="BTCUSDT", endTime=now - 1) == []
    assert len(traded.ok("GET", "myTrades", symbol="BTCUSDT", startTime=now * 1000, endTime=now)) == 2
    both = {"symbol": "BTCUSDT", "orderId": last["orderId"], "startTime": now}
    assert traded.no("GET", "myTrades", **both)[0] == -1128


@pytest.mark.parametrize(
    ("change", "code", "text"),
    [
        ({"type": "STOP_LOSS_LIMIT", "stopPrice": "1"}, -1013, "Stop loss limit orders are not supported"),
        ({"icebergQty": "0.0005"}, -1013, "Iceberg orders are not supported"),
        ({"pegPriceType": "PRIMARY_PEG"}, -1013, "Pegged orders are not supported"),
        ({"selfTradePreventionMode": "EXPIRE_BOTH"}, -1013, "This symbol does not allow"),
        ({"symbol": "NOPE"}, -1121, "Invalid symbol."),
        ({"price": "50000.001"}, -1013, "Filter failure: PRICE_FILTER"),
        ({"quantity": "0.000001"}, -1013, "Filter failure: LOT_SIZE"),
        ({"quantity": "0.00001"}, -1013, "Filter failure: NOTIONAL"),
        (
            {"symbol": "ETHUSDT", "side": "SELL", "quantity": "1001", "price": "3000"},
            -2010,
            "Account has insufficient balance for requested action.",
        ),
    ],
)
def test_orders_that_are_refused(bench, change: dict[str, str], code: int, text: str) -> None:
    values = ORDER | {"quantity": "0.001", "price": "50000"} | change
    refused = bench.no("POST", "order", **values)
    assert refused[0] == code
    assert refused[1].startswith(text)
    assert bench.ok("GET", "openOrders") == []


def test_the_precision_of_the_asset_counts(make_bench) -> None:
    def coarse(info: dict[str, Any]) -> None:
        info["symbols"][0]["baseAssetPrecision"] = 4

    bench = make_bench(coarse)
    refused = bench.no("POST", "order", **ORDER, quantity="0.00100", price="50000")
    assert refused == (-1111, "Parameter 'quantity' has too much precision.")
    assert bench.limit("BUY", "50000.00000000", "0.0010")["status"] == "NEW"


def test_the_only_prevention_mode_may_be_named(bench) -> None:
    assert bench.limit("BUY", "50000", "0.001", selfTradePreventionMode="NONE")["status"] == "NEW"


def test_the_query_is_signed_before_the_body(bench) -> None:
    """AUTH-1: query, then body, nothing between."""
    import hashlib
    import hmac

    query = "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC"
    body = f"quantity=0.001&price=50000&timestamp={bench.now_us // 1000}"
    key = bench.alice.secret.reveal().encode()
    signature = hmac.new(key, (query + body).encode(), hashlib.sha256).hexdigest()
    headers = {"x-mbx-apikey": bench.alice.api_key}
    answer = bench.raw("POST", f"/api/v3/order?{query}", headers, f"{body}&signature={signature}".encode())
    assert answer.status == 200
    with_separator = hmac.new(key, f"{query}&{body}".encode(), hashlib.sha256).hexdigest()
    bad = f"{body}&signature={with_separator}".encode()
    assert code_of(bench.raw("POST", f"/api/v3/order?{query}", headers, bad)) == -1022


def test_authentication_is_demanded(bench) -> None:
    """AUTH-2, AUTH-3."""
    target = f"/api/v3/account?timestamp={bench.now_us // 1000}"
    missing = bench.raw("GET", target)
    assert (missing.status, code_of(missing)) == (401, -2014)
    assert code_of(bench.raw("GET", target, {"x-mbx-apikey": "A" * 64})) == -2015
    headers = {"x-mbx-apikey": bench.alice.api_key}
    assert code_of(bench.raw("GET", target, headers)) == -1102
    assert code_of(bench.raw("GET", f"{target}&signature=00", headers)) == -1022
    late = bench.now_us // 1000 - 5001
    assert bench.no("GET", "account", timestamp=late)[0] == -1021
    assert bench.ok("GET", "account", timestamp=late, recvWindow=6000)
    assert bench.no("GET", "account", timestamp=bench.now_us // 1000 + 1000)[0] == -1021
    assert bench.no("GET", "account", recvWindow=60_001)[0] == -1131


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v3/klines", 404),
        ("GET", "/api/v3/trades?symbol=BTCUSDT", 404),
        ("GET", "/api/v1/ping", 404),
        ("GET", "/", 404),
        ("POST", "/api/v3/ping", 404),
        ("POST", "/api/v3/userDataStream", 410),
        ("PUT", "/api/v3/userDataStream", 410),
    ],
)
def test_what_does_not_exist(bench, method: str, path: str, status: int) -> None:
    answer = bench.raw(method, path)
    assert answer.status == status
    assert json.loads(answer.body)["code"] == -1020


def test_a_browser_gets_a_page(bench) -> None:
    assert bench.raw("GET", "/x", {"accept": "text/html"}).body.startswith(b"<html>")


def test_sbe_is_off(bench) -> None:
    answer = bench.raw("GET", "/api/v3/ping", {"accept": "application/sbe"})
    assert (answer.status, code_of(answer)) == (406, -1155)
    both = {"accept": "application/sbe;q=0.9, application/json;q=0.8"}
    assert bench.raw("GET", "/api/v3/ping", both).status == 200


def test_weight_is_on_every_answer(bench) -> None:
    """LIMIT-1, LIMIT-2: used weight by address, in the calendar minute; 0 for a successful order."""

    def used(answer) -> tuple[str, str]:
        return answer.headers["x-mbx-used-weight"], answer.headers["x-mbx-used-weight-1m"]

    assert used(bench.raw("GET", "/api/v3/ping")) == ("1", "1")
    assert used(bench.raw("GET", "/api/v3/exchangeInfo")) == ("21", "21")
    placed = bench.signed("POST", "order", **ORDER, quantity="0.001", price="50000")
    assert used(placed) == ("21", "21")
    refused = bench.signed("POST", "order", **ORDER, quantity="0.00001", price="50000")
    assert used(refused) == ("22", "22")
    assert used(bench.raw("GET", "/nowhere")) == ("23", "23")
    assert used(bench.signed("GET", "openOrders")) == ("103", "103")
    bench.now_us += 60_000_000
    assert used(bench.raw("GET", "/api/v3/ping")) == ("1", "1")


def test_order_counts(traded) -> None:
    """LIMIT-3: one per accepted order; a first fill gives one back as taker, five as maker."""

    def counts(answer) -> tuple[str, str]:
        return answer.headers["x-mbx-order-count-10s"], answer.headers["x-mbx-order-count-1d"]

    traded.now_us += 10_000_000
    for expected in range(1, 8):
        answer = traded.signed("POST", "order", **ORDER, quantity="0.001", price="50000")
        assert counts(answer)[0] == str(expected)
    assert "x-mbx-order-count-10s" not in traded.signed("GET", "openOrders").headers
    refused = traded.signed("POST", "order", **ORDER, quantity="0.00001", price="50000")
    assert counts(refused)[0] == "7"
    values = {"symbol": "BTCUSDT", "side": "SELL", "type": "MARKET", "quantity": "0.001"}
    traded.ok("POST", "order", traded.bob, **values)
    answer = traded.signed("POST", "order", **ORDER, quantity="0.001", price="50000")
    assert counts(answer)[0] == "3"


def tight(kind: str, limit: int) -> Callable[[dict[str, Any]], None]:
    def change(info: dict[str, Any]) -> None:
        for row in info["rateLimits"]:
            if row["rateLimitType"] == kind:
                row["limit"] = limit

    return change


def test_too_much_weight(make_bench) -> None:
    """LIMIT-5: 429 with Retry-After until the minute ends."""
    bench = make_bench(tight("REQUEST_WEIGHT", 3))
    bench.now_us += 20_000_000
    answers = [bench.raw("GET", "/api/v3/ping") for _ in range(4)]
    assert [answer.status for answer in answers] == [200, 200, 200, 429]
    last = answers[-1]
    assert last.headers["retry-after"] == "40"
    assert json.loads(last.body)["msg"].startswith(
        "Too much request weight used; current limit is 3 request weight per 1 MINUTE."
    )
    bench.now_us += 40_000_000
    assert bench.raw("GET", "/api/v3/ping").status == 200


def test_too_many_raw_requests(make_bench) -> None:
    bench = make_bench(tight("RAW_REQUESTS", 2))
    assert [bench.raw("GET", "/api/v3/ping").status for _ in range(3)] == [200, 200, 429]


def test_too_many_orders(make_bench) -> None:
    """LIMIT-3: -1015, and the count rises no further."""
    bench = make_bench(tight("ORDERS", 2))
    values = ORDER | {"quantity": "0.001", "price": "50000"}
    assert [bench.signed("POST", "order", **values).status for _ in range(4)] == [200, 200, 429, 429]
    answer = bench.signed("POST", "order", **values)
    assert json.loads(answer.body)["msg"] == "Too many new orders; current limit is 2 orders per 10 SECOND."
    assert answer.headers["x-mbx-order-count-10s"] == "2"
    assert answer.headers["retry-after"] == "10"
    assert bench.ok("POST", "order", bench.bob, **values)
