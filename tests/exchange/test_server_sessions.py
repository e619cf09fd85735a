"""The WebSocket API without sockets: envelope, log-on, signatures, user data."""

import json
from pathlib import Path
from typing import Any

import pytest

from surefoot.exchange.door.session_calls import Options
from surefoot.exchange.render.amounts import MICROSECONDS

FACTS = Path(__file__).parents[1] / "facts"
STREAMS = json.loads((FACTS / "streams.json").read_text())
ORDER = {
    "symbol": "BTCUSDT",
    "side": "BUY",
    "type": "LIMIT",
    "timeInForce": "GTC",
    "price": "50000",
    "quantity": "0.001",
}


def code(answer: dict[str, Any]) -> int:
    assert "result" not in answer, answer
    assert answer["status"] >= 400
    return answer["error"]["code"]


@pytest.fixture
def api(bench, connect):
    return connect(bench)


def test_the_envelope(api) -> None:
    answer = api.ask("time")
    assert answer["id"] == "x"
    assert answer["status"] == 200
    assert answer["result"] == {"serverTime": api.bench.now_us // 1000}
    weight = {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": 6000}
    assert answer["rateLimits"] == [{**weight, "count": 1}]
    assert api.ask("v3/ping")["result"] == {}


@pytest.mark.parametrize("request_id", ["7", "null", '"abc"', "-1"])
def test_ids_are_echoed(api, request_id: str) -> None:
    [answer] = api.text(f'{{"id":{request_id},"method":"ping"}}')
    assert answer["id"] == json.loads(request_id)


@pytest.mark.parametrize("text", ["", "nonsense", "[]", '{"id":[],"method":"ping"}', '{"id":1}'])
def test_nonsense_is_answered(api, text: str) -> None:
    [answer] = api.text(text)
    assert code(answer) == -1135


def test_nonsense_is_counted_limited_and_as_quiet_as_asked(bench, connect) -> None:
    """LIMIT-2: what cannot be read costs 1, obeys returnRateLimits and the address's limit."""
    [answer] = connect(bench).text("nonsense")
    assert answer["rateLimits"][0]["count"] == 1
    quiet = connect(bench, Options(return_rate_limits=False))
    [answer] = quiet.text("nonsense")
    assert "rateLimits" not in answer
    assert code(quiet.ask("ping", returnRateLimits="maybe")) == -1130
    assert connect(bench).ask("ping")["rateLimits"][0]["count"] == 4
    bench.front.limiter.spend("192.0.2.1", 5996, bench.now_us)
    connect(bench).ask("ping")
    [answer] = quiet.text("nonsense")
    assert (answer["status"], code(answer)) == (429, -1003)


def test_methods_that_do_not_exist(api) -> None:
    assert code(api.ask("candles", symbol="BTCUSDT")) == -1020
    gone = api.ask("userDataStream.start")
    assert (gone["status"], code(gone)) == (410, -1020)


def test_rate_limits_can_be_hidden(bench, connect) -> None:
    quiet = connect(bench, Options(return_rate_limits=False))
    assert "rateLimits" not in quiet.ask("ping")
    assert "rateLimits" in quiet.ask("ping", returnRateLimits=True)
    assert quiet.ask("session.status")["result"]["returnRateLimits"] is False
    assert code(quiet.ask("ping", returnRateLimits="maybe")) == -1130


def test_market_data(bench, api) -> None:
    bench.limit("SELL", "61000", "0.001")
    assert api.ask("depth", symbol="BTCUSDT", limit=5)["result"]["asks"] == [["61000.00000000", "0.00100000"]]
    assert api.ask("ticker.book", symbols=["BTCUSDT"])["result"][0]["askPrice"] == "61000.00000000"
    info = api.ask("exchangeInfo", symbols=["ETHBTC"])["result"]
    assert [row["symbol"] for row in info["symbols"]] == ["ETHBTC"]
    kinds = {row["rateLimitType"] for row in info["rateLimits"]}
    assert kinds == {"REQUEST_WEIGHT", "ORDERS", "CONNECTIONS"}
    assert code(api.ask("depth")) == -1102
    assert code(api.ask("depth", symbol=None)) == -1102
    assert code(api.ask("depth", symbol="BTCUSDT", foo=1)) == -1104
    assert code(api.ask("exchangeInfo", symbols="BTCUSDT")) == -1135


def test_an_order_by_signature(bench, api) -> None:
    """AUTH-1: sorted raw parameters, HMAC and Ed25519 alike."""
    for sign in (api.hmac, api.ed25519):
        answer = sign("order.place", bench.alice, **ORDER)
        assert answer["status"] == 200, answer
        assert answer["result"]["status"] == "NEW"
        kinds = [(row["rateLimitType"], row["interval"]) for row in answer["rateLimits"]]
        assert kinds == [("ORDERS", "SECOND"), ("ORDERS", "DAY"), ("REQUEST_WEIGHT", "MINUTE")]
    assert [row["count"] for row in answer["rateLimits"]] == [2, 2, 0]
    order_id = answer["result"]["orderId"]
    named = {"symbol": "BTCUSDT", "orderId": order_id}
    assert api.hmac("order.status", bench.alice, **named)["result"]["orderId"] == order_id
    assert len(api.hmac("openOrders.status", bench.alice)["result"]) == 2
    assert api.hmac("order.cancel", bench.alice, **named)["result"]["status"] == "CANCELED"
    assert api.hmac("order.test", bench.alice, **ORDER)["result"] == {}
    assert api.hmac("myTrades", bench.alice, symbol="BTCUSDT")["result"] == []
    assert api.hmac("account.status", bench.alice)["result"]["uid"] == bench.alice.uid


def test_a_wrong_signature_is_refused(bench, api) -> None:
    now = bench.now_us // 1000
    key = bench.alice.api_key
    assert code(api.ask("order.place", **ORDER, apiKey=key, timestamp=now, signature="00")) == -1022
    assert code(api.ask("order.place", **ORDER, timestamp=now)) == -1102
    assert code(api.ask("order.place", **ORDER, apiKey=key, timestamp=now)) == -1102
    assert code(api.ask("order.place", **ORDER, apiKey="A" * 64, timestamp=now, signature="00")) == -2015
    assert code(api.hmac("account.status", bench.alice, timestamp=now - 5001)) == -1021


def test_log_on(bench, api) -> None:
    """Ed25519 only; then orders need a timestamp and no signature; log-out ends that."""
    refused = api.hmac("session.logon", bench.alice)
    assert (refused["status"], code(refused)) == (401, -2015)
    fresh = api.ask("session.status")["result"]
    assert fresh == {
        "apiKey": None,
        "authorizedSince": None,
        "connectedSince": bench.now_us // 1000,
        "returnRateLimits": True,
        "serverTime": bench.now_us // 1000,
        "userDataStream": False,
    }
    bench.now_us += 3_000_000
    logged = api.ed25519("session.logon", bench.alice)["result"]
    assert logged["apiKey"] == bench.alice.ed25519_api_key
    assert logged["authorizedSince"] == bench.now_us // 1000
    now = bench.now_us // 1000
    assert api.ask("order.place", **ORDER, timestamp=now)["result"]["status"] == "NEW"
    assert code(api.ask("order.place", **ORDER)) == -1102
    other = api.hmac("openOrders.status", bench.bob)
    assert other["result"] == []
    assert len(api.ask("openOrders.status", timestamp=now)["result"]) == 1
    assert api.ask("session.logout")["result"]["apiKey"] is None
    assert code(api.ask("openOrders.status", timestamp=now)) == -1102


def test_user_events(bench, api) -> None:
    """TRACK-2: every documented field, wrapped with the subscription."""
    assert api.hmac("userDataStream.subscribe.signature", bench.alice)["result"] == {"subscriptionId": 0}
    bench.limit("BUY", "50000", "0.001", newClientOrderId="mine", strategyId=3, strategyType=1_000_000)
    report, position = api.wire.take()
    assert (report["subscriptionId"], position["subscriptionId"]) == (0, 0)
    event = report["event"]
    row = next(e for e in STREAMS["user_data"]["events"] if e["event"] == "executionReport")
    always = set(row["fields"]) - set(row["conditional"])
    assert always <= set(event)
    assert set(event) - always == {"W", "j", "J"}
    assert (event["x"], event["X"], event["c"], event["C"], event["t"]) == ("NEW", "NEW", "mine", "", -1)
    assert (event["q"], event["p"], event["N"], event["w"]) == ("0.00100000", "50000.00000000", None, True)
    assert position["event"]["e"] == "outboundAccountPosition"
    assert {b["a"]: b["l"] for b in position["event"]["B"]}["USDT"] == "50.00000000"


def test_fills_and_cancels_are_told(bench, api) -> None:
    api.hmac("userDataStream.subscribe.signature", bench.alice)
    bench.limit("SELL", "60000", "0.002", newClientOrderId="mine")
    api.wire.take()
    bench.limit("BUY", "60000", "0.001", bench.bob)
    events = [m["event"] for m in api.wire.take() if m["event"]["e"] == "executionReport"]
    [fill] = events
    assert (fill["x"], fill["X"], fill["l"], fill["z"]) == (
        "TRADE",
        "PARTIALLY_FILLED",
        "0.00100000",
        "0.00100000",
    )
    assert (fill["L"], fill["Y"], fill["n"], fill["N"], fill["m"]) == (
        "60000.00000000",
        "60.00000000",
        "0.06000000",
        "USDT",
        True,
    )
    assert fill["t"] >= 0
    bench.ok("DELETE", "order", symbol="BTCUSDT", origClientOrderId="mine", newClientOrderId="bye")
    cancel = next(m["event"] for m in api.wire.take() if m["event"]["e"] == "executionReport")
    assert (cancel["x"], cancel["X"], cancel["c"], cancel["C"]) == ("CANCELED", "CANCELED", "bye", "mine")
    assert cancel["I"] > fill["I"]


def test_an_expiry_says_why(bench, api) -> None:
    api.hmac("userDataStream.subscribe.signature", bench.alice)
    bench.ok("POST", "order", **ORDER | {"timeInForce": "FOK"})
    events = [m["event"] for m in api.wire.take() if m["event"]["e"] == "executionReport"]
    assert events[-1]["x"] == events[-1]["X"] == "EXPIRED"
    assert events[-1]["eR"] == "UNFILLED_FOK_ORDER_EXPIRED"


def test_one_subscription_an_account(bench, api) -> None:
    api.hmac("userDataStream.subscribe.signature", bench.alice)
    assert code(api.ed25519("userDataStream.subscribe.signature", bench.alice)) == -2035
    second = api.hmac("userDataStream.subscribe.signature", bench.bob)
    assert second["result"] == {"subscriptionId": 1}
    assert api.ask("session.subscriptions")["result"] == [{"subscriptionId": 0}, {"subscriptionId": 1}]
    bench.limit("BUY", "50000", "0.001", bench.bob)
    assert {message["subscriptionId"] for message in api.wire.take()} == {1}


def test_unsubscribing(bench, api) -> None:
    assert code(api.ask("userDataStream.unsubscribe")) == -2036
    api.hmac("userDataStream.subscribe.signature", bench.alice)
    assert code(api.ask("userDataStream.unsubscribe", subscriptionId=5)) == -2036
    assert api.ask("userDataStream.unsubscribe", subscriptionId=0)["result"] == {}
    [last] = api.wire.take()
    assert (last["subscriptionId"], last["event"]["e"]) == (0, "eventStreamTerminated")
    bench.limit("BUY", "50000", "0.001")
    assert api.wire.take() == []
    again = api.hmac("userDataStream.subscribe.signature", bench.alice)
    assert again["result"] == {"subscriptionId": 1}


def test_log_out_ends_its_own_subscription_only(bench, api) -> None:
    refused = api.ask("userDataStream.subscribe")
    assert (refused["status"], code(refused)) == (401, -1002)
    api.ed25519("session.logon", bench.alice)
    assert api.ask("userDataStream.subscribe")["result"] == {"subscriptionId": 0}
    api.hmac("userDataStream.subscribe.signature", bench.bob)
    assert api.ask("session.status")["result"]["userDataStream"] is True
    assert api.ask("session.logout")["result"]["userDataStream"] is True
    [last] = api.wire.take()
    assert (last["subscriptionId"], last["event"]["e"]) == (0, "eventStreamTerminated")
    assert api.ask("session.subscriptions")["result"] == [{"subscriptionId": 1}]


def test_log_out_ends_what_every_log_on_subscribed(bench, api) -> None:
    """The key was switched between two subscriptions: both were made by log-on."""
    for account in (bench.alice, bench.bob):
        api.ed25519("session.logon", account)
        api.ask("userDataStream.subscribe")
    assert api.ask("session.logout")["result"]["userDataStream"] is False
    assert [m["subscriptionId"] for m in api.wire.take()] == [0, 1]
    assert api.ask("session.subscriptions")["result"] == []


def test_a_closed_connection_hears_nothing(bench, api) -> None:
    api.hmac("userDataStream.subscribe.signature", bench.alice)
    api.session.over()
    bench.limit("BUY", "50000", "0.001")
    assert api.wire.take() == []


def test_the_answer_comes_before_its_events(bench, api) -> None:
    api.ed25519("session.logon", bench.alice)
    api.ask("userDataStream.subscribe")
    text = json.dumps(
        {"id": 1, "method": "order.place", "params": {**ORDER, "timestamp": bench.now_us // 1000}}
    )
    messages = api.text(text)
    assert [message.get("id", "event") for message in messages] == [1, "event", "event"]


def test_microseconds(bench, connect) -> None:
    api = connect(bench, Options(unit=MICROSECONDS))
    assert api.ask("time")["result"]["serverTime"] == bench.now_us
    api.hmac("userDataStream.subscribe.signature", bench.alice)
    placed = api.hmac("order.place", bench.alice, **ORDER, timestamp=bench.now_us)
    assert placed["result"]["transactTime"] == bench.now_us
    assert api.wire.take()[0]["event"]["E"] == bench.now_us


def test_weight_is_shared_with_rest(bench, api) -> None:
    """LIMIT-2: one budget for the address; order calls that fail cost, those that work do not."""

    def used(answer: dict[str, Any]) -> int:
        return answer["rateLimits"][-1]["count"]

    bench.raw("GET", "/api/v3/exchangeInfo")
    assert used(api.ask("session.status")) == 22
    assert used(api.hmac("order.place", bench.alice, **ORDER)) == 22
    assert used(api.hmac("order.place", bench.alice, **ORDER | {"price": "50000.001"})) == 23
    assert used(api.ask("nonsense")) == 24
    bench.front.limiter.spend("192.0.2.1", 5976, bench.now_us)
    refused = api.ask("ping")
    assert (refused["status"], code(refused)) == (429, -1003)
    data = refused["error"]["data"]
    assert data == {"serverTime": bench.now_us // 1000, "retryAfter": bench.now_us // 1000 + 60_000}


def test_subscription_numbers_run_out(bench, api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("surefoot.exchange.door.subscriptions._MOST_EVER", 2)
    for _ in range(2):
        assert api.hmac("userDataStream.subscribe.signature", bench.alice)["status"] == 200
        api.ask("userDataStream.unsubscribe")
        api.wire.take()
    assert code(api.hmac("userDataStream.subscribe.signature", bench.alice)) == -2042
