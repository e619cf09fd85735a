"""What is not as it should be: names, control messages, counts. Only the connection itself hears of it."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surefoot.exchange.door.connections import stream_choice
from surefoot.exchange.feeds.stream_names import parse_stream
from surefoot.serve.denial import Denial

SYMBOLS = frozenset({"BTCUSDT", "ETHUSDT", "１２３"})
KINDS = (
    "trade",
    "aggTrade",
    "kline_1m",
    "kline_1M@+08:00",
    "ticker",
    "ticker_1h",
    "depth5@100ms",
    "avgPrice",
)


@pytest.mark.parametrize(
    "text",
    [
        "btcusdt@kline_1m@+08:00",
        "btcusdt@kline_1M",
        "１２３@miniTicker",
        "!miniTicker@arr",
        "!ticker_4h@arr",
        "btcusdt@referencePrice",
    ],
)
def test_names(text: str) -> None:
    assert parse_stream(text, SYMBOLS) is not None


@pytest.mark.parametrize(
    "text",
    [
        "btcusdt@kline",
        "btcusdt@kline_",
        "btcusdt@kline_2m",
        "btcusdt@kline_1h@+09:00",
        "btcusdt@kline_1h@-08:00",
        "btcusdt@kline_1h@+08:00@+08:00",
        "btcusdt@kline_1m\n",
        "btcusdt@ticker_7d",
        "btcusdt@ticker@arr",
        "btcusdt@miniTicker@arr",
        "btcusdt@MINITICKER",
        "btcusdt@aggTrade@100ms",
        "btcusdt@depth1000",
        "btcusdt@depth05",
        "BTCUSDT@kline_1m",
        "nope@kline_1m",
        "@trade",
        "btcusdt@",
        "btcusdt@@trade",
        "!",
        "!@arr",
        "!ticker@arr",
        "!ticker_2h@arr",
        "!bookTicker",
        "!bookTicker@arr",
        "!trade@arr",
        "!miniTicker",
        "!miniTicker@arr@100ms",
        "!serverShutdown",
    ],
)
def test_names_that_are_not_served(text: str) -> None:
    assert parse_stream(text, SYMBOLS) is None


@given(st.text(alphabet="btcusd@!_+:0123456789kline tickerdepharM", max_size=24) | st.text(max_size=12))
def test_any_text_is_a_stream_of_that_name_or_none(text: str) -> None:
    name = parse_stream(text, SYMBOLS)
    assert name is None or (name.text == text and (name.symbol in SYMBOLS or text.startswith("!")))


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/ws/btcusdt@kline_1d@+08:00", ""),
        ("/ws/btcusdt@kline_1d@%2B08:00", ""),
        ("/ws/btcusdt%40kline_1d%40%2b08%3A00", ""),
        ("/stream", "streams=btcusdt@kline_1d@+08:00"),
        ("/stream", "streams=btcusdt@kline_1d@%2B08:00"),
        ("/stream", "streams=btcusdt%40kline_1d%40%2B08%3A00&timeUnit=MICROSECOND"),
    ],
)
def test_the_plus_of_a_time_zone(path: str, query: str) -> None:
    """As it is and percent-encoded, in the path and in the query."""
    [name] = stream_choice(path, query, SYMBOLS).names
    assert (name.text, name.offset_us) == ("btcusdt@kline_1d@+08:00", 8 * 3_600_000_000)


def test_a_url_with_too_many_streams_is_refused() -> None:
    many = "/".join(["btcusdt@trade"] * 1025)
    with pytest.raises(Denial, match="Too many parameters"):
        stream_choice(f"/ws/{many}", "", SYMBOLS)
    assert len(stream_choice("/stream", f"streams={many[:-14]}", SYMBOLS).names) == 1024


def test_1024_streams_and_not_one_more(bench, listen) -> None:
    """Counted by distinct names: the same one twice is one."""
    rows = bench.front.desk.info
    names = [f"{symbol.lower()}@{kind}" for symbol in rows.names() for kind in KINDS]
    one = listen("/ws")
    assert one.say(method="SUBSCRIBE", params=names * 40, id=1) == {"result": None, "id": 1}
    assert one.say(method="LIST_SUBSCRIPTIONS", id=2)["result"] == names
    one.listener.names.update({f"filler{number}": None for number in range(1024 - len(names))})
    refused = one.say(method="SUBSCRIBE", params=["btcusdt@miniTicker"], id=3)
    assert refused == {"code": 2, "msg": "Invalid request: too many parameters", "id": 3}
    del one.listener.names["filler0"]
    assert one.say(method="SUBSCRIBE", params=["btcusdt@miniTicker"], id=4)["result"] is None


def test_unsubscribing_what_was_never_subscribed(bench, listen) -> None:
    one = listen("/ws/btcusdt@trade")
    unknown = ["nope@trade", "!ticker@arr", "btcusdt@depth", "btcusdt@trade", "btcusdt@trade", ""]
    assert one.say(method="UNSUBSCRIBE", params=unknown, id="x1") == {"result": None, "id": "x1"}
    assert one.say(method="LIST_SUBSCRIPTIONS", id=2)["result"] == []
    assert bench.front.hub.streams == ()


def test_subscribing_twice_hears_once(bench, listen) -> None:
    one = listen("/ws/btcusdt@bookTicker/btcusdt@bookTicker")
    one.say(method="SUBSCRIBE", params=["btcusdt@bookTicker", "btcusdt@bookTicker"], id=1)
    bench.limit("BUY", "59000", "0.001")
    assert len(one.wire.take()) == 1


@pytest.mark.parametrize("bad", ["nope@trade", "!ticker@arr", 5, None, ["btcusdt@trade"], "btcusdt@kline_2m"])
def test_all_of_the_streams_or_none(listen, bad: Any) -> None:
    one = listen()
    refused = one.say(method="SUBSCRIBE", params=["btcusdt@trade", bad, "btcusdt@depth"], id=1)
    assert (refused["code"], refused["id"]) == (2, 1)
    assert refused["msg"].startswith("Invalid request: unknown stream")
    assert one.say(method="LIST_SUBSCRIPTIONS", id=2)["result"] == []


def test_the_combined_property_changes_the_wrapping_at_once(bench, listen) -> None:
    one = listen("/ws/btcusdt@bookTicker")
    one.say(method="SET_PROPERTY", params=["combined", True], id=1)
    bench.limit("BUY", "59000", "0.001")
    assert [set(message) for message in one.wire.take()] == [{"stream", "data"}]
    one.say(method="SET_PROPERTY", params=["combined", False], id=2)
    bench.limit("BUY", "59001", "0.001")
    assert [message["s"] for message in one.wire.take()] == ["BTCUSDT"]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b'{"id":1}', "Invalid request: missing field `method` at line 1 column 8"),
        (b'{\n "id": 1,\n "params": []\n}', "Invalid request: missing field `method` at line 4 column 1"),
        (b"[]", "Invalid request: missing field `method` at line 1 column 2"),
        (b"x", "Invalid JSON: expected value at line 1 column 1"),
        (b'{"id":1,\n"method":x}', "Invalid JSON: expected value at line 2 column 10"),
        (b"", "Invalid JSON: expected value at line 1 column 1"),
    ],
)
def test_errors_say_where(listen, data: bytes, text: str) -> None:
    one = listen()
    one.session.on_text(data, one.bench.now_us)
    assert one.wire.sent[0]["msg"] == text


@pytest.mark.parametrize("given_id", [1, -(2**63), 2**63 - 1, "a" * 36, "", None])
def test_ids_come_back(listen, given_id: Any) -> None:
    assert listen().say(method="GET_PROPERTY", params=["combined"], id=given_id) == {
        "result": False,
        "id": given_id,
    }


@pytest.mark.parametrize("given_id", [2**63, "a" * 37, 1.5, True, [], {}])
def test_ids_that_are_none(listen, given_id: Any) -> None:
    refused = listen().say(method="GET_PROPERTY", params=["combined"], id=given_id)
    assert (refused["code"], refused["msg"]) == (
        2,
        "Invalid request: request ID must be an unsigned integer",
    )


Scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=12)
Values = st.recursive(Scalars, lambda inner: st.lists(inner, max_size=3))
Methods = st.sampled_from(("SUBSCRIBE", "UNSUBSCRIBE", "LIST_SUBSCRIPTIONS", "SET_PROPERTY", "GET_PROPERTY"))
Names = st.sampled_from(("btcusdt@trade", "!miniTicker@arr", "combined"))
Messages = st.fixed_dictionaries(
    {},
    optional={
        "method": Methods | Values,
        "params": st.lists(Names | Values, max_size=4) | Values,
        "id": st.integers(-5, 5) | Values,
    },
)
Texts = Messages.map(lambda message: json.dumps(message).encode()) | st.binary(max_size=40)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.lists(Texts, max_size=6))
def test_nonsense_is_answered_and_changes_nothing_else(bench, listen, messages: list[bytes]) -> None:
    """One answer for each message: a result, or a code with a text; the neighbour hears its stream."""
    neighbour, one = listen("/ws/btcusdt@bookTicker"), listen()
    for data in messages:
        one.session.on_text(data, bench.now_us)
        bench.now_us += 1_000_000
        [answer] = one.wire.take()
        assert set(answer) in ({"result", "id"}, {"code", "msg", "id"})
    bench.engine.outbox.append(bench.engine.book_ticker("BTCUSDT"))
    bench.front.settle(bench.now_us)
    assert len(neighbour.wire.take()) == 1
    for each in (neighbour, one):
        each.session.over()
    assert bench.front.hub.streams == ()
