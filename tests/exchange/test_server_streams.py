"""Market streams without sockets: names, control messages, what is told and when."""

from typing import Any

import pytest

from surefoot.exchange.door.connections import api_options, stream_choice
from surefoot.exchange.feeds.stream_names import parse_stream
from surefoot.exchange.limits.profile import LimitProfile
from surefoot.exchange.render.amounts import MICROSECONDS, MILLISECONDS
from surefoot.serve.denial import Denial

SYMBOLS = frozenset({"BTCUSDT", "ETHUSDT", "１２３"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("btcusdt@bookTicker", ("BTCUSDT", "bookTicker", 0, 0)),
        ("btcusdt@trade", ("BTCUSDT", "trade", 0, 0)),
        ("btcusdt@depth", ("BTCUSDT", "depth", 0, 1000)),
        ("btcusdt@depth@100ms", ("BTCUSDT", "depth", 0, 100)),
        ("btcusdt@depth5", ("BTCUSDT", "depth", 5, 1000)),
        ("１２３@depth20@100ms", ("１２３", "depth", 20, 100)),
    ],
)
def test_names(text: str, expected: tuple[object, ...]) -> None:
    name = parse_stream(text, SYMBOLS)
    assert name is not None
    assert (name.symbol, name.kind, name.levels, name.period_ms) == expected
    assert name.text == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "BTCUSDT@trade",
        "nope@trade",
        "btcusdt@depth7",
        "btcusdt@trade5",
        "btcusdt@trade@100ms",
        "btcusdt@depth@250ms",
        "btcusdt@kline_7m",
        "!ticker@arr",
        "btcusdt",
    ],
)
def test_names_that_are_not_served(text: str) -> None:
    assert parse_stream(text, SYMBOLS) is None


def test_urls() -> None:
    raw = stream_choice("/ws/btcusdt@trade/ethusdt%40depth5", "timeUnit=microsecond", SYMBOLS)
    assert [name.text for name in raw.names] == ["btcusdt@trade", "ethusdt@depth5"]
    assert (raw.combined, raw.unit) == (False, MICROSECONDS)
    wrapped = stream_choice("/stream", "streams=btcusdt@trade/ethusdt@trade", SYMBOLS)
    assert (len(wrapped.names), wrapped.combined, wrapped.unit) == (2, True, MILLISECONDS)
    assert stream_choice("/stream", "", SYMBOLS).names == ()
    assert stream_choice("/ws/0", "", SYMBOLS).names == ()  # how ccxt tells its connections apart


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/ws/btcusdt@kline_7m", "", 400),
        ("/stream", "streams=nope@trade", 400),
        ("/stream", "stream=btcusdt@trade", 400),
        ("/ws", "timeUnit=DAY", 400),
        ("/wss", "", 404),
        ("/ws", "a=1&a=2", 400),
        ("/ws/btcusdt@trade", "streams=ethusdt@trade", 400),
    ],
)
def test_urls_that_are_refused(path: str, query: str, status: int) -> None:
    with pytest.raises(Denial) as caught:
        stream_choice(path, query, SYMBOLS)
    assert caught.value.status == status


def test_api_options() -> None:
    assert api_options("").return_rate_limits
    assert not api_options("returnRateLimits=false").return_rate_limits
    assert api_options("timeUnit=MICROSECOND").unit == MICROSECONDS
    assert api_options("responseFormat=json").return_rate_limits


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("returnRateLimits=no", -1130),
        ("timeUnit=x", -1194),
        ("colour=red", -1130),
        ("responseFormat=sbe", -1155),
        ("responseFormat=sbe&sbeSchemaId=3&sbeSchemaVersion=5", -1155),
        ("sbeSchemaId=3&sbeSchemaVersion=5", -1130),
        ("responseFormat=xml", -1130),
    ],
)
def test_api_options_that_are_refused(query: str, code: int) -> None:
    with pytest.raises(Denial) as caught:
        api_options(query)
    assert caught.value.code == code


def test_trades_and_best_prices(bench, listen) -> None:
    raw = listen("/ws/btcusdt@trade/btcusdt@bookTicker")
    bench.limit("SELL", "60000", "0.002")
    [top] = raw.wire.take()
    assert set(top) == {"u", "s", "b", "B", "a", "A"}
    assert (top["s"], top["a"], top["A"], top["b"]) == (
        "BTCUSDT",
        "60000.00000000",
        "0.00200000",
        "0.00000000",
    )
    bench.limit("BUY", "60000", "0.001", bench.bob)
    trade, top = sorted(raw.wire.take(), key=lambda event: event.get("e", "~"))
    assert set(trade) == {"e", "E", "s", "t", "p", "q", "T", "m", "M"}
    assert (trade["e"], trade["p"], trade["q"], trade["m"]) == (
        "trade",
        "60000.00000000",
        "0.00100000",
        False,
    )
    assert top["A"] == "0.00100000"


def test_combined_names_the_stream(bench, listen) -> None:
    both = listen("/stream", "streams=btcusdt@trade/ethusdt@bookTicker/btcusdt@bookTicker")
    bench.limit("SELL", "60000", "0.002")
    [message] = both.wire.take()
    assert set(message) == {"stream", "data"}
    assert message["stream"] == "btcusdt@bookTicker"


def test_depth_changes_are_gathered(bench, listen) -> None:
    """DATA-2: one event a period, ids without a hole, absolute quantities."""
    changes = listen("/ws/btcusdt@depth@100ms")
    before = bench.get("depth", symbol="BTCUSDT")["lastUpdateId"]
    bench.limit("SELL", "60000", "0.002")
    bench.limit("SELL", "60001", "0.002")
    bench.limit("BUY", "60000", "0.001", bench.bob)
    assert changes.wire.take() == []
    [event] = changes.tick()
    assert set(event) == {"e", "E", "s", "U", "u", "b", "a"}
    assert (event["e"], event["U"]) == ("depthUpdate", before + 1)
    assert event["u"] == bench.get("depth", symbol="BTCUSDT")["lastUpdateId"]
    assert event["a"] == [["60000.00000000", "0.00100000"], ["60001.00000000", "0.00200000"]]
    assert changes.tick() == []
    bench.limit("BUY", "60000", "0.001", bench.bob)
    [later] = changes.tick()
    assert later["U"] == event["u"] + 1
    assert later["a"] == [["60000.00000000", "0.00000000"]]
    assert changes.tick(1000) == []


def test_slow_depth_waits_for_its_second(bench, listen) -> None:
    slow = listen("/ws/btcusdt@depth")
    bench.limit("SELL", "60000", "0.002")
    assert slow.tick(100) == []
    assert [event["e"] for event in slow.tick(1000)] == ["depthUpdate"]


def test_snapshots_come_at_first_and_after_changes(bench, listen) -> None:
    top = listen("/ws/btcusdt@depth5@100ms")
    [empty] = top.tick()
    assert set(empty) == {"lastUpdateId", "bids", "asks"}
    assert top.tick() == []
    for price in range(60_000, 60_007):
        bench.limit("SELL", str(price), "0.002")
    [snapshot] = top.tick()
    assert len(snapshot["asks"]) == 5
    assert snapshot["asks"][0] == ["60000.00000000", "0.00200000"]


def test_microseconds(bench, listen) -> None:
    fine = listen("/ws/btcusdt@trade", "timeUnit=MICROSECOND")
    bench.limit("SELL", "60000", "0.002")
    bench.limit("BUY", "60000", "0.001", bench.bob)
    [trade] = fine.wire.take()
    assert trade["T"] == bench.now_us


def test_subscriptions_come_and_go(bench, listen) -> None:
    one = listen()
    assert one.say(method="LIST_SUBSCRIPTIONS", id=1) == {"result": [], "id": 1}
    both = ["btcusdt@trade", "btcusdt@bookTicker"]
    assert one.say(method="SUBSCRIBE", params=both, id="a") == {"result": None, "id": "a"}
    assert one.say(method="LIST_SUBSCRIPTIONS", id=3)["result"] == both
    bench.limit("SELL", "60000", "0.002")
    assert len(one.wire.take()) == 1
    assert one.say(method="UNSUBSCRIBE", params=["btcusdt@bookTicker"], id=None)["result"] is None
    bench.limit("SELL", "59999", "0.002")
    assert one.wire.take() == []
    assert one.say(method="UNSUBSCRIBE", params=["never@there"], id=5)["result"] is None


def test_a_closed_connection_hears_nothing(bench, listen) -> None:
    one = listen("/ws/btcusdt@bookTicker/btcusdt@depth@100ms/btcusdt@depth5@100ms")
    one.session.over()
    bench.limit("SELL", "60000", "0.002")
    assert one.tick() == []


def test_properties(listen) -> None:
    one = listen()
    assert one.say(method="GET_PROPERTY", params=["combined"], id=1)["result"] is False
    assert one.say(method="SET_PROPERTY", params=["combined", True], id=2)["result"] is None
    assert one.say(method="GET_PROPERTY", params=["combined"], id=3)["result"] is True
    assert listen("/stream").say(method="GET_PROPERTY", params=["combined"], id=3)["result"] is True


@pytest.mark.parametrize(
    ("message", "code", "text"),
    [
        ({"method": "SET_PROPERTY", "params": ["x", True], "id": 1}, 0, "Unknown property"),
        (
            {"method": "SET_PROPERTY", "params": ["combined", 1], "id": 1},
            1,
            "Invalid value type: expected Boolean",
        ),
        (
            {"method": "GET_PROPERTY", "params": [], "id": 1},
            2,
            "Invalid request: property name must be a string",
        ),
        (
            {"method": "GET_PROPERTY", "params": ["combined", 1], "id": 1},
            2,
            "Invalid request: too many parameters",
        ),
        (
            {"method": "LIST_SUBSCRIPTIONS", "params": ["a"], "id": 1},
            2,
            "Invalid request: too many parameters",
        ),
        ({"id": 1}, 2, "Invalid request: missing field `method`"),
        ({"method": "SUB", "id": 1}, 2, "Invalid request: unknown variant SUB, expected one of `SUBSCRIBE`"),
        (
            {"method": "SUBSCRIBE", "params": []},
            2,
            "Invalid request: request ID must be an unsigned integer",
        ),
        (
            {"method": "SUBSCRIBE", "params": [], "id": 1.5},
            2,
            "Invalid request: request ID must be an unsigned integer",
        ),
        (
            {"method": "SUBSCRIBE", "params": ["btcusdt@kline_7m"], "id": 1},
            2,
            "Invalid request: unknown stream btcusdt@kline_7m",
        ),
        ({"method": "SUBSCRIBE", "params": "btcusdt@trade", "id": 1}, 2, "Invalid request: "),
        ({"method": "UNSUBSCRIBE", "params": [5], "id": 1}, 2, "Invalid request: "),
    ],
)
def test_control_errors(listen, message: dict[str, Any], code: int, text: str) -> None:
    answer = listen().say(**message)
    assert answer["code"] == code
    assert answer["msg"].startswith(text)


def test_control_messages_that_are_not_json(listen) -> None:
    one = listen()
    for data, code in ((b"{", 3), (b"[]", 2), (b"\xff", 3), (b"[" * 9000, 3)):
        one.session.on_text(data, one.bench.now_us)
        one.bench.now_us += 1_000_000
        assert one.wire.sent.pop()["code"] == code


def test_a_bad_name_subscribes_to_nothing(listen) -> None:
    one = listen()
    one.say(method="SUBSCRIBE", params=["btcusdt@trade", "nope@trade"], id=1)
    assert one.say(method="LIST_SUBSCRIPTIONS", id=2)["result"] == []


def test_six_messages_in_a_second_end_it(listen) -> None:
    one = listen()
    for number in range(6):
        one.session.on_text(b'{"method":"LIST_SUBSCRIPTIONS","id":%d}' % number, one.bench.now_us)
    assert len(one.wire.sent) == 5
    assert one.wire.closed == 1008


def test_no_more_than_1024_streams(bench, listen) -> None:
    bench.front.limiter.change(LimitProfile(rows=(), streams_per_connection=2))
    one = listen("/ws/btcusdt@trade/ethusdt@trade")
    again = one.say(method="SUBSCRIBE", params=["btcusdt@trade"], id=1)
    assert again == {"result": None, "id": 1}
    assert one.say(method="SUBSCRIBE", params=["bnbusdt@trade"], id=2)["code"] == 2
    with pytest.raises(Denial, match="Too many parameters"):
        stream_choice("/ws/btcusdt@trade/ethusdt@trade", "", SYMBOLS, most=1)
