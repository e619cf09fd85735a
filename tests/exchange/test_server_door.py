"""REST at the door, without sockets: who may enter, what does not exist, and what everything costs."""

import json
from collections.abc import Callable
from typing import Any

import pytest

ORDER = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC"}


def code_of(answer) -> int:
    assert answer.status >= 400, answer.body
    return json.loads(answer.body)["code"]


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


def hmac_of(bench, text: str) -> str:
    import hashlib
    import hmac

    return hmac.new(bench.alice.secret.reveal().encode(), text.encode(), hashlib.sha256).hexdigest()


def test_the_signature_is_last_in_its_place(bench) -> None:
    """AUTH-1: last in the query or last in the body; anywhere else it is not valid."""
    headers = {"x-mbx-apikey": bench.alice.api_key}
    time = f"timestamp={bench.now_us // 1000}"
    signature = hmac_of(bench, f"recvWindow=5000&{time}")
    last = f"recvWindow=5000&{time}&signature={signature}"
    assert bench.raw("GET", f"/api/v3/openOrders?{last}", headers).status == 200
    for text in (
        f"signature={signature}&recvWindow=5000&{time}",
        f"recvWindow=5000&signature={signature}&{time}",
    ):
        assert code_of(bench.raw("GET", f"/api/v3/openOrders?{text}", headers)) == -1022
    body = "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.001&price=50000"
    before = f"/api/v3/order?{time}&signature={hmac_of(bench, time + body)}"
    assert bench.raw("POST", before, headers, body.encode()).status == 200


def test_raw_text_is_not_signed(bench) -> None:
    """AUTH-1: percent-encoded first, then signed; the same text without encoding is refused."""
    headers = {"x-mbx-apikey": bench.alice.api_key}
    raw = f"symbol=１２３&orderId=1&timestamp={bench.now_us // 1000}"
    encoded = raw.replace("１２３", "%EF%BC%91%EF%BC%92%EF%BC%93")
    for text, code in ((raw, -1022), (encoded, -1121)):
        body = f"{text}&signature={hmac_of(bench, text)}".encode()
        assert code_of(bench.raw("DELETE", "/api/v3/order", headers, body)) == code


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
        ("GET", "/api/v3/candles", 404),
        ("GET", "/api/v3/candles?symbol=BTCUSDT", 404),
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
    page = bench.raw("GET", "/x", {"accept": "text/html"})
    assert page.body.startswith(b"<html>")
    assert page.headers["x-mbx-used-weight-1m"] == "1"


def test_sbe_is_off(bench) -> None:
    answer = bench.raw("GET", "/api/v3/ping", {"accept": "application/sbe"})
    assert (answer.status, code_of(answer)) == (406, -1155)
    for accept, status in (
        ("application/sbe;q=0.9, application/json;q=0.8", 200),
        ("application/sbe, */*;q=0.1", 200),
        ("application/json", 200),
        ("Application/SBE", 406),
        ("application/sbe, text/json", 406),
    ):
        assert bench.raw("GET", "/api/v3/ping", {"accept": accept}).status == status


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
    assert counts(traded.signed("GET", "openOrders"))[0] == "7"
    assert counts(traded.signed("GET", "openOrders", symbol="bad symbol"))[0] == "7"
    assert "x-mbx-order-count-10s" not in traded.raw("GET", "/api/v3/ping").headers
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


def test_what_costs_nothing_needs_no_room(make_bench) -> None:
    """LIMIT-3: an address that has used all its weight may still place and cancel what succeeds."""
    bench = make_bench(tight("REQUEST_WEIGHT", 3))
    for _ in range(3):
        assert bench.raw("GET", "/api/v3/ping").status == 200
    placed = bench.limit("BUY", "50000", "0.001")
    assert bench.ok("DELETE", "order", symbol="BTCUSDT", orderId=placed["orderId"])["status"] == "CANCELED"
    assert bench.signed("DELETE", "order", symbol="BTCUSDT", orderId=placed["orderId"]).status == 429
    assert bench.signed("POST", "order", **ORDER, quantity="0.001", price="50000").status == 429


def test_too_many_raw_requests(make_bench) -> None:
    bench = make_bench(tight("RAW_REQUESTS", 2))
    assert [bench.raw("GET", "/api/v3/ping").status for _ in range(3)] == [200, 200, 429]


def test_too_many_orders(make_bench) -> None:
    """LIMIT-3: -1015, and the count rises no further."""
    bench = make_bench(tight("ORDERS", 2))
    values = ORDER | {"quantity": "0.001", "price": "50000"}
    assert [bench.signed("POST", "order", **values).status for _ in range(4)] == [200, 200, 429, 429]
    answer = bench.signed("POST", "order", **values)
    assert json.loads(answer.body)["msg"] == "Too many new orders; current limit is 2 orders per 1 DAY."
    assert answer.headers["x-mbx-order-count-10s"] == "2"
    assert answer.headers["retry-after"] == "43200"  # the longer wait
    assert bench.ok("POST", "order", bench.bob, **values)
