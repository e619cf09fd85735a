"""REST without sockets: every endpoint of the slice, its shape, its errors, its headers."""

import json
from typing import Any

import pytest

from tests.exchange.shapes import matches, shape

ORDER = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC"}


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
        info["symbols"][0] |= {"opoAllowed": True, "pegInstructionsAllowed": True}
        del info["symbols"][0]["permissionSets"]

    row = make_bench(boast).get("exchangeInfo", symbol="BTCUSDT")["symbols"][0]
    assert not row["opoAllowed"]
    assert not row["pegInstructionsAllowed"]
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


def test_open_orders_of_all_symbols_are_oldest_first(bench) -> None:
    for symbol, price in (("ETHUSDT", "2000"), ("BTCUSDT", "50000"), ("ETHUSDT", "2001")):
        bench.now_us += 1_000_000
        bench.ok("POST", "order", **ORDER | {"symbol": symbol}, quantity="0.01", price=price)
    every = bench.ok("GET", "openOrders")
    assert [row["symbol"] for row in every] == ["ETHUSDT", "BTCUSDT", "ETHUSDT"]


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
    assert len(traded.ok("GET", "myTrades", symbol="BTCUSDT", startTime=now, endTime=4_102_444_800_000)) == 2
    far = {"symbol": "BTCUSDT", "startTime": now - 86_400_001, "endTime": now}
    assert traded.no("GET", "myTrades", **far) == (
        -1127,
        "More than 24 hours between startTime and endTime.",
    )
    both = {"symbol": "BTCUSDT", "orderId": last["orderId"], "startTime": now}
    assert traded.no("GET", "myTrades", **both)[0] == -1128


@pytest.mark.parametrize(
    ("change", "code", "text"),
    [
        ({"type": "STOP_LOSS_LIMIT", "stopPrice": "1"}, -2010, "Order would trigger immediately."),
        ({"icebergQty": "0.01"}, -1013, "IcebergQty exceeds QTY."),
        ({"pegPriceType": "PRIMARY_PEG"}, -1013, "Pegged orders are not supported"),
        (
            {"symbol": "ETHUSDT", "price": "3000", "selfTradePreventionMode": "TRANSFER"},
            -1013,
            "This symbol does not allow",
        ),
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
def test_orders_that_are_refused(make_bench, change: dict[str, str], code: int, text: str) -> None:
    bench = make_bench(lambda info: info["symbols"][1].update(allowedSelfTradePreventionModes=["NONE"]))
    values = ORDER | {"quantity": "0.001", "price": "50000"} | change
    refused = bench.no("POST", "order", **values)
    assert refused[0] == code
    assert refused[1].startswith(text)
    assert bench.ok("GET", "openOrders") == []


@pytest.mark.parametrize(
    ("sets", "good"),
    [
        ([["SPOT", "MARGIN"]], True),
        ([["MARGIN", "TRD_GRP_004"], ["SPOT"]], False),
        ([["SPOT"], ["LEVERAGED"]], False),
    ],
)
def test_permissions_decide_who_may_trade(make_bench, *, sets: list[list[str]], good: bool) -> None:
    """Each of the symbol's permission sets has to hold; the account's are those GET account says."""
    bench = make_bench(lambda info: info["symbols"][0].update(permissionSets=sets))
    assert bench.ok("GET", "account")["permissions"] == ["SPOT"]
    values = ORDER | {"quantity": "0.001", "price": "50000"}
    for path in ("order", "order/test"):
        if good:
            bench.ok("POST", path, **values)
        else:
            refused = bench.no("POST", path, **values)
            assert refused == (-2010, "This symbol is not permitted for this account.")


def test_the_precision_of_the_asset_counts(make_bench) -> None:
    def coarse(info: dict[str, Any]) -> None:
        info["symbols"][0]["baseAssetPrecision"] = 4

    bench = make_bench(coarse)
    refused = bench.no("POST", "order", **ORDER, quantity="0.00100", price="50000")
    assert refused == (-1111, "Parameter 'quantity' has too much precision.")
    assert bench.limit("BUY", "50000.00000000", "0.0010")["status"] == "NEW"


def test_the_only_prevention_mode_may_be_named(bench) -> None:
    assert bench.limit("BUY", "50000", "0.001", selfTradePreventionMode="NONE")["status"] == "NEW"


def test_a_filled_order_is_found_after_its_id_was_used_again_and_cancelled(bench) -> None:
    """RETRY-3: the exchange never says of an order that happened that it does not exist."""
    bench.limit("SELL", "60000", "0.001", bench.bob)
    first = bench.limit("BUY", "60000", "0.001", newClientOrderId="x")
    for price in ("50000", "51000"):
        again = bench.limit("BUY", price, "0.001", newClientOrderId="x")
        bench.ok("DELETE", "order", symbol="BTCUSDT", orderId=again["orderId"])
        found = bench.ok("GET", "order", symbol="BTCUSDT", origClientOrderId="x")
        assert (found["orderId"], found["status"]) == (first["orderId"], "FILLED")
