"""Which limits hold, and how they change while the exchange runs."""

import json
from pathlib import Path
from typing import Any

import pytest

from surefoot.errors import Misuse
from surefoot.exchange.admin.limits import OPERATIONS
from surefoot.exchange.limits.limiter import Limiter
from surefoot.exchange.limits.profile import GENEROUS, PRODUCTION, LimitProfile, limits_of, profile, read
from surefoot.exchange.operations import Operations
from surefoot.testing import exchange
from surefoot.world import SeededEntropy
from tests.exchange.conftest import ADDRESS, ApiClient, Bench

SECOND = 1_000_000


def weight(limit: int) -> list[dict[str, Any]]:
    return [{"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": limit}]


def as_rows(found: LimitProfile) -> dict[tuple[str, str, int], int]:
    return {row.span: row.limit for row in found.rows}


@pytest.fixture
def operations(bench: Bench) -> Operations:
    return Operations(bench.front, [bench.alice, bench.bob], SeededEntropy("limits"), lambda: bench.now_us)


@pytest.fixture
def ask_admin(operations: Operations) -> Any:
    """What the admin endpoint does with a JSON body, without the endpoint."""

    class Server:
        def __init__(self) -> None:
            self.operations = operations

    def ask(name: str, body: str = "{}") -> Any:
        row = OPERATIONS[name]
        return json.loads(msgspec_json(row.act(Server(), decode(body, row.body))))

    return ask


def msgspec_json(value: Any) -> bytes:
    import msgspec

    return msgspec.json.encode(value)


def decode(text: str, kind: Any) -> Any:
    import msgspec

    return msgspec.json.decode(text, type=kind)


def test_production_is_the_default_of_an_exchange() -> None:
    """LIMIT-2: 6,000 weight a minute, 300,000 raw requests and 300 connections in five, orders by account."""
    assert as_rows(PRODUCTION) == {
        ("REQUEST_WEIGHT", "MINUTE", 1): 6_000,
        ("ORDERS", "SECOND", 10): 100,
        ("ORDERS", "DAY", 1): 200_000,
        ("RAW_REQUESTS", "MINUTE", 5): 300_000,
        ("CONNECTIONS", "MINUTE", 5): 300,
    }
    assert (PRODUCTION.streams_per_connection, PRODUCTION.messages_per_second) == (1024, 5)
    assert Bench().front.limiter.profile == PRODUCTION


def test_changes_go_over_what_there_is() -> None:
    changed = profile({"rateLimits": weight(10), "messagesPerSecond": 9}, PRODUCTION)
    assert as_rows(changed) == as_rows(PRODUCTION) | {("REQUEST_WEIGHT", "MINUTE", 1): 10}
    assert (changed.messages_per_second, changed.streams_per_connection) == (9, 1024)
    assert profile(weight(10), PRODUCTION) == profile({"rateLimits": weight(10)}, PRODUCTION)
    assert profile("generous", PRODUCTION) is GENEROUS
    assert profile(None, PRODUCTION) is PRODUCTION
    assert limits_of({"rateLimits": weight(7)}).rows[-1].rate_limit_type == "CONNECTIONS"


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ("plenty", "production, generous"),
        ({"rateLimit": []}, "rateLimit"),
        ([{"rateLimitType": "ORDERS", "interval": "WEEK", "intervalNum": 1, "limit": 1}], "WEEK"),
        (weight(-1), "limit"),
        ([{"rateLimitType": "WEIGHT", "interval": "DAY", "intervalNum": 1, "limit": 1}], "WEIGHT"),
        ({"streamsPerConnection": "many"}, "streamsPerConnection"),
        (7, "like exchangeInfo's"),
    ],
)
def test_what_is_no_limit_is_named(given: Any, named: str) -> None:
    with pytest.raises(Misuse, match=named):
        profile(given, PRODUCTION)


def test_limits_change_while_it_runs_and_counts_stay(bench: Bench, operations: Operations) -> None:
    """Cut below what is used: refused at once. Raised again: the count is still there."""
    bench.get("exchangeInfo")
    operations.limits.change(weight(20))
    assert bench.raw("GET", "/api/v3/ping").status == 429  # it would have been the 21st
    operations.limits.change(weight(30))
    answer = bench.raw("GET", "/api/v3/ping")
    assert (answer.status, answer.headers["x-mbx-used-weight-1m"]) == (200, "22")


def test_every_place_shows_the_same_limits(bench: Bench, operations: Operations, connect: Any) -> None:
    """exchangeInfo on both, GET rateLimit/order, and `rateLimits` of the WebSocket API's answers."""
    changed = [
        *weight(90),
        {"rateLimitType": "CONNECTIONS", "interval": "MINUTE", "intervalNum": 5, "limit": 9},
    ]
    changed.append({"rateLimitType": "ORDERS", "interval": "SECOND", "intervalNum": 10, "limit": 3})
    operations.limits.change(changed)
    api: ApiClient = connect(bench)
    on_rest = {row["rateLimitType"]: row["limit"] for row in bench.get("exchangeInfo")["rateLimits"][:2]}
    assert on_rest == {"REQUEST_WEIGHT": 90, "ORDERS": 3}
    answer = api.ask("exchangeInfo")
    shown = {(row["rateLimitType"], row["interval"]): row["limit"] for row in answer["result"]["rateLimits"]}
    assert shown == {
        ("REQUEST_WEIGHT", "MINUTE"): 90,
        ("ORDERS", "SECOND"): 3,
        ("ORDERS", "DAY"): 200_000,
        ("CONNECTIONS", "MINUTE"): 9,
    }
    assert answer["rateLimits"][0]["limit"] == 90
    assert bench.ok("GET", "rateLimit/order")[0]["limit"] == 3


def test_nobody_meets_generous_limits() -> None:
    limiter = Limiter(GENEROUS)
    for _ in range(1_000):
        limiter.spend("a", 10_000, 0)
        limiter.connect("a", 0)
        limiter.orders.add("a", 500, 0)
    assert limiter.orders.too_many("a", 3, 0) is None


def test_the_other_numbers_are_limits_too(bench: Bench, operations: Operations, listen: Any) -> None:
    """Messages a second and streams a connection."""
    operations.limits.change({"messagesPerSecond": 1, "streamsPerConnection": 1})
    one = listen()
    assert one.say(method="SUBSCRIBE", params=["btcusdt@trade", "ethusdt@trade"], id=1)["code"] == 2
    one.session.on_text(b'{"method":"LIST_SUBSCRIPTIONS","id":1}', bench.now_us)
    one.session.on_text(b'{"method":"LIST_SUBSCRIPTIONS","id":2}', bench.now_us)
    assert one.wire.closed == 1008


def test_answers_that_do_not_tell_the_weight(bench: Bench, operations: Operations) -> None:
    """-1 on answers to successful order calls, seen by others: never on any other answer."""
    order = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "price": "50000"}
    operations.limits.change({"weightHiddenOnOrders": True})
    placed = bench.signed("POST", "order", **order, quantity="0.001")
    assert (placed.status, placed.headers["x-mbx-used-weight-1m"]) == (200, "-1")
    assert (placed.headers["x-mbx-used-weight"], placed.headers["x-mbx-order-count-10s"]) == ("-1", "1")
    refused = bench.signed("POST", "order", **order, quantity="0")
    assert (refused.status, refused.headers["x-mbx-used-weight-1m"]) == (400, "1")
    assert bench.raw("GET", "/api/v3/ping").headers["x-mbx-used-weight-1m"] == "2"
    operations.limits.change({"weightHiddenOnOrders": False})
    assert bench.signed("DELETE", "openOrders", symbol="BTCUSDT").headers["x-mbx-used-weight-1m"] == "2"


def test_limits_over_the_admin_endpoint(bench: Bench, ask_admin: Any) -> None:
    assert ask_admin("limits")["rateLimits"][0]["limit"] == 6000
    changed = ask_admin("limits/change", json.dumps({"profile": "generous", "rateLimits": weight(5)}))
    assert changed["rateLimits"][0]["limit"] == 5
    assert changed["rateLimits"][1]["limit"] == 1_000_000_000
    assert ask_admin("limits/change", '{"connectWeight": 3}')["connectWeight"] == 3
    bench.raw("GET", "/api/v3/exchangeInfo")
    bench.front.limiter.orders.add("alice", 2, bench.now_us)
    counts = ask_admin("limits/counts")
    assert [(row["rateLimitType"], row["count"]) for row in counts["addresses"][ADDRESS]] == [
        ("REQUEST_WEIGHT", 20),
        ("RAW_REQUESTS", 1),
        ("CONNECTIONS", 0),
    ]
    assert [row["count"] for row in counts["accounts"]["alice"]] == [2, 2]
    bench.now_us += 86_400 * SECOND
    assert ask_admin("limits/counts") == {"addresses": {}, "accounts": {}}


def test_bans_over_the_admin_endpoint(bench: Bench, ask_admin: Any) -> None:
    until = ask_admin("bans/add", json.dumps({"address": ADDRESS, "seconds": 30}))["bannedUntil"]
    assert until == bench.now_us // 1000 + 30_000
    assert [bench.raw("GET", "/api/v3/ping").status for _ in range(3)] == [418, 418, 418]
    [record] = ask_admin("bans")
    assert record == {"address": ADDRESS, "bans": 1, "bannedUntil": until, "requestsDuringBans": 3}
    ask_admin("bans/lift", json.dumps({"address": ADDRESS}))
    assert bench.raw("GET", "/api/v3/ping").status == 200
    assert ask_admin("bans")[0]["bannedUntil"] == 0
    with pytest.raises(Misuse, match="nobody"):
        ask_admin("bans/lift", '{"address": "nobody"}')
    with pytest.raises(Misuse, match="no length"):
        ask_admin("bans/add", '{"address": "127.0.0.1", "seconds": 0}')


def test_an_embedded_exchange_with_other_limits() -> None:
    """From a test: at the start, and while it runs."""
    from surefoot.client.blocking import Client

    with exchange(limits=weight(25)) as venue, Client(venue.environment) as client:
        assert client.exchange_info().rate_limits[0].limit == 25
        venue.limits.change("generous")
        assert client.exchange_info().rate_limits[0].limit == 1_000_000_000


def test_limits_from_a_file(tmp_path: Path) -> None:
    from surefoot.cli.files import read_limits

    file = tmp_path / "limits.json"
    file.write_text(json.dumps(weight(5)))
    assert read_limits(str(file)) == read(weight(5))
    assert read_limits("generous") is GENEROUS
    for text, named in ((str(tmp_path / "none.json"), "cannot read"), ("huge", "production, generous")):
        with pytest.raises(Misuse, match=named):
            read_limits(text)
    file.write_text("{")
    with pytest.raises(Misuse, match="not JSON"):
        read_limits(str(file))
    file.write_text('{"rateLimits": 1}')
    with pytest.raises(Misuse, match=r"limits\.json.*rateLimits"):
        read_limits(str(file))


def test_a_limit_that_is_taken_away_is_none() -> None:
    """A kind without a row is not limited."""
    limiter = Limiter(LimitProfile(rows=()))
    for _ in range(400):
        limiter.connect("a", 0)
    limiter.spend("a", 10**9, 0)
    assert limiter.weight_used("a", 0) == []


def test_a_longer_interval_is_waited_for(bench: Bench, operations: Operations) -> None:
    """LIMIT-3: with both intervals full, the one that ends last is told; then it refuses alone, and the
    shorter one rises no further. Who goes on ordering all the same is banned.
    """
    rows = [("SECOND", 10, 2), ("DAY", 1, 2)]
    limits = [
        {"rateLimitType": "ORDERS", "interval": unit, "intervalNum": number, "limit": limit}
        for unit, number, limit in rows
    ]
    operations.limits.change(limits)
    order = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "price": "50000"}
    for _ in range(2):
        bench.ok("POST", "order", **order, quantity="0.001")
    bench.now_us += 10 * SECOND
    refused = bench.signed("POST", "order", **order, quantity="0.001")
    assert refused.headers["retry-after"] == str(43_200 - 10)
    assert [row["count"] for row in bench.ok("GET", "rateLimit/order")] == [0, 2]
    statuses = []
    for _ in range(13):
        bench.now_us += 2 * SECOND
        statuses.append(bench.signed("POST", "order", **order, quantity="0.001").status)
    assert statuses == [429] * 10 + [418] * 3
    assert operations.limits.bans()[0].requests_during_bans == 2
