"""The admin endpoint on a real socket: who is let in, what it does, what it says of mistakes."""

import json
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surefoot.exchange.admin import desk
from surefoot.exchange.admin.table import OPERATIONS
from surefoot.exchange.faults import Answer, LostRequest, Rule
from surefoot.exchange.server import ExchangeServer, Reception
from surefoot.wire import HttpRequest
from tests.exchange.test_server_sockets import dial, make, place, rest

Told = tuple[int, dict[str, str], Any]


@pytest.fixture
async def server() -> AsyncIterator[ExchangeServer]:
    async with make() as running:
        yield running


async def admin(server: ExchangeServer, method: str, path: str, body: Any = None, **headers: str) -> Any:
    """The answer of an operation that works."""
    status, _, told = await asked(server, method, path, body, **headers)
    assert status == 200, told
    return told


async def asked(server: ExchangeServer, method: str, path: str, body: Any = None, **headers: str) -> Told:
    text = None if body is None else body if isinstance(body, str) else json.dumps(body)
    kind = {} if method == "GET" else {"Content_Type": "application/json"}
    told: Told = await rest(server, method, f"/admin/{path}", text, **(kind | headers))
    return told


async def test_rules_come_and_go(server: ExchangeServer) -> None:
    rule = {"fault": {"kind": "answer", "status": 418}, "where": "order.place", "times": 1, "name": "ban"}
    assert await admin(server, "POST", "faults", rule) == {"number": 1}
    other = {"fault": {"kind": "latency", "ms": 1}, "where": {"on": "rest", "request": "GET *"}}
    assert await admin(server, "POST", "faults", other) == {"number": 2}
    status, headers, _ = await place(server, "BUY", "50000")
    assert (status, headers["retry-after"]) == (418, "120")
    assert (await place(server, "BUY", "50000"))[0] == 200
    told = await admin(server, "GET", "faults")
    assert told["rules"] == [
        {"number": 1, "rule": rule, "struck": 1},
        {"number": 2, "rule": other, "struck": 0},
    ]
    assert told["strikes"][0]["name"] == "POST /api/v3/order"
    await admin(server, "DELETE", "faults/1")
    assert [row["number"] for row in (await admin(server, "GET", "faults"))["rules"]] == [2]
    await admin(server, "DELETE", "faults")
    told = await admin(server, "GET", "faults")
    assert (told["rules"], told["struck"]) == ([], {"1": 1, "2": 0})


async def test_it_lists_what_it_can_do(server: ExchangeServer) -> None:
    for path in ("", "?a=b"):
        told = (await admin(server, "GET", path))["operations"]
        assert len(told) == len(OPERATIONS)
        assert all(row["does"] for row in told)
    assert {"method": "DELETE", "path": "/admin/faults", "does": "Take all rules back.", "body": []} in told
    assert (await rest(server, "GET", "/admin"))[0] == 200


async def test_the_clock(server: ExchangeServer) -> None:
    told = await admin(server, "POST", "clock", {"skew_ms": 60_000, "drift_ppm": 100})
    assert (round(told["skew_ms"]), told["drift_ppm"]) == (60_000, 100)
    told = await admin(server, "POST", "clock", {"step_ms": -10_000})
    assert round(told["skew_ms"] / 1000) == 50
    assert (await admin(server, "GET", "clock"))["drift_ppm"] == 100


async def test_markets(server: ExchangeServer) -> None:
    assert await admin(server, "POST", "market", {"symbol": "BTCUSDT", "price": "61000.5"}) == {
        "status": "TRADING",
        "price": "61000.50000000",
    }
    body = {"symbol": "BTCUSDT", "price": 61000.25, "status": "CANCEL_ONLY"}
    told = await admin(server, "POST", "market", body)
    assert told == {"status": "CANCEL_ONLY", "price": "61000.25000000"}
    assert (await place(server, "BUY", "50000"))[2]["code"] == -1013
    assert (await admin(server, "GET", "market"))["BTCUSDT"] == told


async def test_the_rest(server: ExchangeServer) -> None:
    """Weights, maintenance, connections, a server that leaves."""
    await admin(server, "POST", "weights", {"operation": "depth", "times": 3})
    assert await admin(server, "GET", "weights") == {"depth": "3 times as much"}
    assert await admin(server, "DELETE", "weights") == {}
    market, streams = await dial(f"{server.ws_url}/ws/btcusdt@trade")
    assert await admin(server, "POST", "shutdown", {"lead_ms": 0}) == {"told": 1}
    assert (await market.next())["e"] == "serverShutdown"
    assert (await market.closed).code == 1001
    market, streams = await dial(f"{server.ws_url}/ws/btcusdt@trade")
    assert await admin(server, "POST", "connections", {"on": "ws_api"}) == {"connections": 0}
    assert await admin(server, "POST", "connections", {"how": "reset"}) == {"connections": 1}
    assert (await market.closed).code == 1006
    await admin(server, "POST", "maintenance", {"for_ms": 3_600_000})
    assert (await rest(server, "GET", "/api/v3/ping"))[0] == 503
    await admin(server, "DELETE", "maintenance")
    assert (await rest(server, "GET", "/api/v3/ping"))[0] == 200
    del streams


async def test_it_counts_towards_no_limit_and_meets_no_fault(server: ExchangeServer) -> None:
    server.faults.add(LostRequest())
    server.faults.add(Rule(Answer(503)))
    for _ in range(3):
        await admin(server, "GET", "faults")
    assert server.faults.struck == {1: 0, 2: 0}
    now_us = server.now_us()
    assert [row.count for row in server.front.limiter.weight_used("127.0.0.1", now_us)] == [0]


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "words"),
    [
        ("POST", "faults", {"fault": {"kind": "latency", "ms": -1}}, 400, ">= 0.0 - at `$.fault.ms`"),
        ("POST", "faults", {"fault": {"kind": "answer"}}, 400, "without `fault.status` and `fault.code`"),
        ("POST", "faults", "{", 400, "the body is no JSON"),
        ("POST", "faults", None, 400, "missing required field `fault`"),
        ("POST", "faults", "[]", 400, "Expected `object`, got `array`"),
        ("DELETE", "faults/7", None, 400, "no rule of faults has the number 7; in force: none"),
        ("DELETE", f"faults/{'9' * 5000}", None, 404, "is no operation"),
        ("DELETE", "clock", None, 404, "DELETE /admin/clock is no operation; GET /admin/ lists them: faults"),
        ("GET", "lightning", None, 404, "GET /admin/lightning is no operation"),
        ("GET", "faults/remove", None, 405, "/admin/faults/remove is asked with POST"),
        ("PUT", "faults", {}, 405, "PUT is none of GET, POST, DELETE"),
        ("POST", "clock", {"skew_ms": 1e300}, 400, "skew_ms 1e+300 is not a number from"),
        ("POST", "clock", {"skew": 1}, 400, "unknown field `skew`"),
        ("POST", "market", {"symbol": "BTCUSD", "price": "1"}, 400, "symbol 'BTCUSD' is not listed here"),
        ("POST", "market", {"symbol": "BTCUSD"}, 400, "symbol 'BTCUSD' is not listed here"),
        ("POST", "market", {"symbol": "BTCUSDT", "price": "0.001"}, 400, "its tick is 0.01"),
        ("POST", "market", {"symbol": "BTCUSDT", "price": "NaN"}, 400, "'NaN' does not fit"),
        ("POST", "market", {"symbol": "BTCUSDT", "price": 1e30}, 400, "BTCUSDT has no price 1000000"),
        ("POST", "market", {"symbol": "BTCUSDT", "status": "CLOSED"}, 400, "Invalid enum value 'CLOSED'"),
        ("POST", "weights", {"operation": "depht"}, 400, "operation 'depht' does not exist"),
        ("POST", "shutdown", {"lead_ms": -1}, 400, "lead_ms -1.0 is not between"),
        ("POST", "maintenance", {"for_ms": -1}, 400, "$.for_ms"),
        ("POST", "connections/refuse", {"for_ms": 0}, 400, "for_ms 0"),
    ],
)
async def test_mistakes(server, method: str, path: str, *, body: Any, status: int, words: str) -> None:
    found, headers, told = await asked(server, method, path, body)
    assert (found, list(told)) == (status, ["error"])
    assert words in told["error"]
    assert headers["content-type"].startswith("application/json")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Content_Type": "text/plain"}, 415),
        ({"Content_Type": "application/x-www-form-urlencoded"}, 415),
        ({"Content_Type": ""}, 415),
        ({"Content_Type": "application/json; charset=utf-8"}, 200),
        ({"Sec_Fetch_Site": "none"}, 200),
    ],
)
async def test_a_page_in_a_browser_is_kept_out(server, headers: dict[str, str], status: int) -> None:
    """APP-6: it could make the browser of whoever runs the exchange send requests here."""
    rule = {"fault": {"kind": "latency", "ms": 1}}
    assert (await asked(server, "POST", "faults", rule, **headers))[0] == status
    assert len(server.faults.rules) == (status == 200)


@pytest.mark.parametrize(
    ("peer", "inside"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("10.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("fe80::1%eth0", False),
        ("", False),
        ("localhost.evil.example", False),
    ],
)
async def test_only_this_machine_is_answered(peer: str, inside: bool) -> None:
    """APP-6: also by an exchange that listens on other addresses."""
    server = make()
    request = HttpRequest(
        "POST", "/admin/faults", {"content-type": "application/json"}, b'{"fault":{"kind":"cut"}}'
    )
    answer = Reception(server).respond(request, peer)
    assert answer.status == (200 if inside else 403)  # type: ignore[union-attr]
    assert server.faults.idle != inside
    assert desk.is_loopback(peer) == inside


async def test_paths_that_only_look_like_it_are_the_apis(server: ExchangeServer) -> None:
    for path in ("/administrator", "/api/admin/faults", "/Admin/faults"):
        status, _, told = await rest(server, "GET", path)
        assert (status, told["code"]) == (404, -1020)


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(
        ["NaN", "1e400", "-0", "1E+3", "BTCUSDT", "HALT", "depth", {"kind": "latency", "ms": 1}]
    )
)


@st.composite
def asked_for(draw: st.DrawFn) -> tuple[str, bytes]:
    """An operation, and a body of its own fields with anything in them; or just bytes."""
    name = draw(st.sampled_from(sorted(OPERATIONS)))
    fields = [field.encode_name for field in msgspec.structs.fields(OPERATIONS[name].body)]
    known = st.dictionaries(st.sampled_from([*fields, "more"]), SCALARS, max_size=4)
    symbols = st.just({"symbol": "BTCUSDT"} if "symbol" in fields else {})
    body = draw(st.tuples(symbols, known).map(lambda pair: pair[0] | pair[1]) | SCALARS)
    return name, draw(st.just(json.dumps(body).encode()) | st.binary(max_size=20))


@settings(max_examples=150)
@given(asked_for())
async def test_nonsense_is_refused_in_words(case: tuple[str, bytes]) -> None:
    """Whatever is sent, the answer is JSON: what was done, or one reason why not."""
    method, _, path = case[0].rpartition(" ")
    headers = {"content-type": "application/json"}
    request = HttpRequest(method or "POST", f"/admin/{path}", headers, case[1])
    answer = desk.respond(SHARED, request, "127.0.0.1")
    told = json.loads(answer.body)
    assert answer.status in (200, 400)
    assert (answer.status == 400) == (list(told) == ["error"])


SHARED = make()
