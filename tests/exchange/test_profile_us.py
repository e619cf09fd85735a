"""An exchange like Binance.US: what it lacks, what it has that Binance gave up, and its own rules (ENV-4)."""

import asyncio
import json
from typing import Any

import pytest

import surefoot
from surefoot import errors
from surefoot.credentials import Credentials
from surefoot.errors import CannotConnect, Misuse
from surefoot.exchange.door.lapses import by_the_clock
from surefoot.exchange.listen_keys import LIFE_US
from surefoot.exchange.operations import Operations
from surefoot.net.websocket import dial_websocket
from surefoot.serve.denial import Denial
from surefoot.serve.venues import BINANCE, BINANCE_US, DEMO, TESTNET, VENUES
from surefoot.testing import exchange
from surefoot.wire import parse_url
from surefoot.world import SeededEntropy
from tests.exchange.conftest import ApiClient, Bench, FakeWire
from tests.exchange.listening import Listening
from tests.exchange.test_server_sockets import Messages, make
from tests.project.facts import WS

MINUTE = 60_000_000
ORDER = {"symbol": "BTCUSD", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "price": "50000"}
ORDER |= {"quantity": "0.001"}
LACKING = [
    *("POST orderList/oco", "POST orderList/oto", "POST orderList/otoco", "POST sor/order"),
    *("PUT order/amend/keepPriority", "GET order/amendments", "GET account/commission", "GET uiKlines"),
    *("GET ticker/tradingDay", "GET referencePrice", "GET myFilters", "GET executionRules"),
]


@pytest.fixture
def us() -> Bench:
    return Bench(venue=BINANCE_US)


def code(answer: Any) -> Any:
    return json.loads(answer.body)["code"]


def user_stream(us: Bench, method: str, key: str = "", **params: Any) -> Any:
    query = "&".join(f"{name}={value}" for name, value in params.items())
    headers = {"x-mbx-apikey": key or us.alice.api_key}
    return us.raw(method, f"/api/v3/userDataStream?{query}", headers)


def started(us: Bench) -> str:
    answer = user_stream(us, "POST")
    assert answer.status == 200, answer.body
    return str(json.loads(answer.body)["listenKey"])


def test_33_requests_and_the_key_s_own(us: Bench) -> None:
    """Every REST request of its pages; and apiRestrictions."""
    assert len(BINANCE_US.rest) == 33 + 1
    assert {name for name in BINANCE_US.ws_api if name not in WS} == {
        "userDataStream.start",
        "userDataStream.ping",
        "userDataStream.stop",
    }
    assert us.ok("POST", "order/oco", **OLD_OCO)["contingencyType"] == "OCO"
    assert us.get("avgPrice", symbol="BTCUSD")["mins"] == 5


OLD_OCO = {
    "symbol": "BTCUSD",
    "side": "SELL",
    "quantity": "0.001",
    "price": "61000",
    "stopPrice": "59000",
    "stopLimitPrice": "58900",
    "stopLimitTimeInForce": "GTC",
}


@pytest.mark.parametrize("request_line", LACKING)
def test_what_it_lacks_is_not_there(us: Bench, request_line: str) -> None:
    method, path = request_line.split(" ")
    answer = us.raw(method, f"/api/v3/{path}")
    assert (answer.status, code(answer)) == (404, -1020)


def test_what_it_lacks_on_the_websocket_api(us: Bench, connect: Any) -> None:
    api: ApiClient = connect(us)
    for method in ("session.logon", "userDataStream.subscribe", "orderList.place.oco", "uiKlines"):
        answer = api.ask(method)
        assert (answer["status"], answer["error"]["code"]) == (400, -1020)
    assert api.hmac("userDataStream.subscribe.signature", us.alice)["result"] == {"subscriptionId": 0}


def test_its_own_rules(us: Bench) -> None:
    """MIN_NOTIONAL, both percent prices, icebergs of ten parts, no way around self-trade prevention."""
    [row] = us.get("exchangeInfo", symbol="BTCUSD")["symbols"]
    kinds = {entry["filterType"]: entry for entry in row["filters"]}
    assert {"MIN_NOTIONAL", "PERCENT_PRICE", "PERCENT_PRICE_BY_SIDE"} <= set(kinds)
    assert "NOTIONAL" not in kinds
    assert kinds["ICEBERG_PARTS"]["limit"] == 10
    assert (row["quoteAsset"], row["otoAllowed"], row["amendAllowed"]) == ("USD", False, False)
    assert "NONE" not in row["allowedSelfTradePreventionModes"]
    assert us.no("POST", "order", **ORDER | {"quantity": "0.00001"}) == (
        -1013,
        "Filter failure: MIN_NOTIONAL",
    )
    assert us.no("POST", "order", **ORDER, selfTradePreventionMode="NONE")[0] == -1013
    limits = {row["rateLimitType"]: row["limit"] for row in us.get("exchangeInfo")["rateLimits"]}
    assert limits == {"REQUEST_WEIGHT": 6_000, "ORDERS": 200_000, "RAW_REQUESTS": 300_000}


def test_no_candles_of_a_second(us: Bench) -> None:
    answer = us.raw("GET", "/api/v3/klines?symbol=BTCUSD&interval=1s")
    assert (answer.status, code(answer)) == (400, -1120)
    for stream in ("btcusd@kline_1s", "btcusd@avgPrice", "btcusd@referencePrice", "btcusd@blockTrade"):
        with pytest.raises(Denial, match="-1130"):
            Listening(us, FakeWire(), f"/ws/{stream}")
    one = Listening(us, FakeWire(), "/ws/btcusd@kline_1m/!miniTicker@arr")
    assert one.say(method="SUBSCRIBE", params=["btcusd@kline_1s"], id=1)["code"] == 2
    assert one.say(method="SUBSCRIBE", params=["btcusd@trade"], id=1)["result"] is None


def test_times_are_milliseconds(us: Bench) -> None:
    answer = us.raw("GET", "/api/v3/time", {"x-mbx-time-unit": "MICROSECOND"})
    assert json.loads(answer.body)["serverTime"] == us.now_us // 1000
    with pytest.raises(Denial, match="-1101"):
        Listening(us, FakeWire(), "/ws", "timeUnit=MICROSECOND")


def test_old_trades_ask_for_a_key(us: Bench) -> None:
    """MARKET_DATA: a key, no signature."""
    path = "/api/v3/historicalTrades?symbol=BTCUSD"
    assert code(us.raw("GET", path)) == -2014
    assert us.raw("GET", path, {"x-mbx-apikey": us.alice.api_key}).status == 200
    assert Bench().raw("GET", "/api/v3/historicalTrades?symbol=BTCUSDT").status == 200


def test_hmac_keys_only(us: Bench) -> None:
    operations = Operations(us.front, [us.alice], SeededEntropy("us"), lambda: us.now_us)
    with pytest.raises(Misuse, match="HMAC keys only"):
        operations.keys.open("alice", "Ed25519")
    answer = us.raw("GET", "/api/v3/account", {"x-mbx-apikey": us.alice.ed25519_api_key})
    assert (answer.status, code(answer)) == (401, -2015)
    assert us.ok("GET", "account")["canTrade"] is True


def test_too_many_orders_without_a_time_to_wait(us: Bench, connect: Any) -> None:
    """ "When the order count exceeds the limit, you will receive a 429 error without the `Retry-After`"."""
    operations = Operations(us.front, [us.alice], SeededEntropy("us"), lambda: us.now_us)
    operations.limits.change(
        [{"rateLimitType": "ORDERS", "interval": "SECOND", "intervalNum": 10, "limit": 0}]
    )
    answer = us.signed("POST", "order", **ORDER)
    assert (answer.status, code(answer)) == (429, -1015)
    assert "retry-after" not in answer.headers
    over_socket = connect(us).hmac("order.place", us.alice, **ORDER)
    assert (over_socket["status"], "data" in over_socket["error"]) == (429, False)
    us.front.limiter.charge("192.0.2.1", 10_000, us.now_us)
    assert us.raw("GET", "/api/v3/ping").headers["retry-after"] == "60"


def test_the_life_of_a_listen_key(us: Bench) -> None:
    """Good for an hour from when it was last asked for; POST again gives the same."""
    first = started(us)
    assert len(first) == 60
    us.now_us += 59 * MINUTE
    assert started(us) == first
    us.now_us += 59 * MINUTE
    assert user_stream(us, "PUT", listenKey=first).status == 200
    us.now_us += 59 * MINUTE
    assert json.loads(user_stream(us, "DELETE", listenKey=first).body) == {}
    gone = user_stream(us, "PUT", listenKey=first)
    assert (gone.status, code(gone)) == (400, -1125)
    second = started(us)
    assert second != first
    assert code(user_stream(us, "PUT", us.bob.api_key, listenKey=second)) == -1125
    us.now_us += LIFE_US
    assert code(user_stream(us, "PUT", listenKey=second)) == -1125
    assert code(us.raw("POST", "/api/v3/userDataStream")) == -2014


@pytest.mark.parametrize("combined", [False, True])
def test_events_by_a_listen_key(us: Bench, combined: bool) -> None:
    """As they are, or wrapped with the listen key as their stream; among market streams if so wished."""
    key = started(us)
    path, query = ("/stream", f"streams={key}/btcusd@trade") if combined else (f"/ws/{key}/btcusd@trade", "")
    one = Listening(us, FakeWire(), path, query)
    us.ok("POST", "order", **ORDER)
    told = one.wire.take()
    events = [message["data"] if combined else message for message in told]
    assert [event["e"] for event in events] == ["executionReport", "outboundAccountPosition"]
    assert not combined or {message["stream"] for message in told} == {key}
    us.ok("POST", "order", us.bob, **ORDER | {"side": "SELL"})
    events = [message["data"] if combined else message for message in one.wire.take()]
    assert {"trade", "executionReport"} <= {event["e"] for event in events}
    one.session.over()
    us.ok("POST", "order", **ORDER)
    assert one.wire.take() == []


def test_nobody_asked_for_an_hour(us: Bench) -> None:
    key = started(us)
    one = Listening(us, FakeWire(), f"/ws/{key}")
    us.now_us += LIFE_US - 1
    by_the_clock(us.front, us.now_us)
    assert one.wire.take() == []
    us.now_us += 1
    by_the_clock(us.front, us.now_us)
    assert one.wire.take() == [{"e": "listenKeyExpired", "E": us.now_us // 1000, "listenKey": key}]
    us.ok("POST", "order", **ORDER)
    assert one.wire.take() == []
    with pytest.raises(Denial, match="-1130"):
        Listening(us, FakeWire(), f"/ws/{key}")


def test_a_closed_listen_key_is_quiet(us: Bench) -> None:
    key = started(us)
    one = Listening(us, FakeWire(), f"/ws/{key}")
    user_stream(us, "DELETE", listenKey=key)
    us.ok("POST", "order", **ORDER)
    assert one.wire.take() == []


def test_a_listen_key_ends_with_the_key_that_made_it(us: Bench) -> None:
    one = Listening(us, FakeWire(), f"/ws/{started(us)}")
    operations = Operations(us.front, [us.alice], SeededEntropy("us"), lambda: us.now_us)
    operations.keys.revoke(us.alice.api_key)
    assert [event["e"] for event in one.wire.take()] == ["listenKeyExpired"]


def test_listen_keys_on_the_websocket_api(us: Bench, connect: Any) -> None:
    api: ApiClient = connect(us)
    key = api.ask("userDataStream.start", apiKey=us.alice.api_key)["result"]["listenKey"]
    for method in ("userDataStream.ping", "userDataStream.stop"):
        assert api.ask(method, apiKey=us.alice.api_key, listenKey=key)["result"] == {}
    assert api.ask("userDataStream.ping", apiKey=us.alice.api_key, listenKey=key)["error"]["code"] == -1125
    assert api.ask("userDataStream.start")["error"]["code"] == -1102


@pytest.mark.parametrize("venue", [BINANCE, TESTNET, DEMO], ids=lambda venue: venue.name)
def test_listen_keys_are_gone_elsewhere(venue: Any, connect: Any) -> None:
    """410 since 2026-02-20, whatever the method."""
    bench = Bench(venue=venue)
    for method in ("POST", "PUT", "DELETE"):
        assert bench.raw(method, "/api/v3/userDataStream").status == 410
    for name in ("start", "ping", "stop"):
        assert connect(bench).ask(f"userDataStream.{name}")["status"] == 410


def test_what_testnet_and_demo_lack() -> None:
    """No wallet endpoints; the testnet's pages do not know order/oco either."""
    for venue in (TESTNET, DEMO):
        answer = Bench(venue=venue).raw("GET", "/sapi/v1/account/apiRestrictions")
        assert (answer.status, code(answer)) == (404, -1020)
    assert Bench(venue=TESTNET).raw("POST", "/api/v3/order/oco").status == 404
    assert Bench(venue=DEMO).raw("POST", "/api/v3/order/oco").status == 401
    assert set(VENUES) == {"binance", "testnet", "demo", "binance-us"}


async def test_over_sockets() -> None:
    """A listen key's events as they happen, and the end of its hour told by the clock."""
    async with make(profile="binance-us") as server:
        account = server.accounts[0]
        key = server.front.keys.find(account.api_key)
        assert key is not None
        listen_key = server.front.desk.listen_keys.start(key, server.now_us())
        origin, _ = parse_url(server.ws_url)
        heard = Messages()
        await dial_websocket(origin, f"/ws/{listen_key}", heard)
        server.operations.deposit(account.name, "USD", 5)
        assert (await heard.next())["e"] == "balanceUpdate"
        assert (await heard.next())["e"] == "outboundAccountPosition"
        server.front.desk.listen_keys.start(key, server.now_us() - LIFE_US - 1)
        assert (await heard.next())["e"] == "listenKeyExpired"
        with pytest.raises(CannotConnect):
            async with asyncio.timeout(5):
                await dial_websocket(origin, f"/ws/{listen_key}", Messages())


def test_from_a_test() -> None:
    """`profile=` of the embedded exchange; its keys are HMAC keys."""
    with exchange(profile="binance-us") as venue:
        key = venue.open_account(USD=1_000)
        assert isinstance(key, Credentials)
        with surefoot.Client(venue.environment, key) as client:
            assert client.account().balances[0].asset == "USD"
            assert client.api_restrictions().enable_spot_and_margin_trading is True
            with pytest.raises(errors.Refused):
                client.account_commission("BTCUSD")
    with pytest.raises(Misuse, match="binance-us"):
        exchange(profile="kraken")  # type: ignore[arg-type]
