"""Every documented event is decoded with all its fields, by the name of its stream or by its ``e``."""

import json
from contextlib import suppress
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surefoot.codec.stream_messages import Acknowledged, Wrapped, control, decode, target
from surefoot.codec.streams import (
    UNREADABLE,
    decode_stranger,
    decode_user_event,
    market_decoder,
)
from surefoot.errors import ProtocolViolation
from surefoot.spot import events, streams
from surefoot.spot.streams import StreamKind, parse_stream
from surefoot.values import UNSET
from tests.conftest import FACTS

DOCUMENTED = json.loads((FACTS / "streams.json").read_text())
EVENTS = {
    "<symbol>@referencePrice": events.ReferencePriceEvent,
    "<symbol>@aggTrade": events.AggTradeEvent,
    "<symbol>@trade": events.TradeEvent,
    "<symbol>@blockTrade": events.BlockTradeEvent,
    "<symbol>@kline_<interval>": events.KlineEvent,
    "<symbol>@kline_<interval>@+08:00": events.KlineEvent,
    "<symbol>@miniTicker": events.MiniTickerEvent,
    "!miniTicker@arr": events.MiniTickersEvent,
    "<symbol>@ticker": events.TickerEvent,
    "<symbol>@ticker_<window_size>": events.RollingTickerEvent,
    "!ticker_<window-size>@arr": events.RollingTickersEvent,
    "<symbol>@bookTicker": events.BookTickerEvent,
    "<symbol>@avgPrice": events.AvgPriceEvent,
    "<symbol>@depth<levels> | <symbol>@depth<levels>@100ms": events.PartialDepth,
    "<symbol>@depth | <symbol>@depth@100ms": events.DepthUpdate,
}
USER_EVENTS = {
    "outboundAccountPosition": events.OutboundAccountPosition,
    "balanceUpdate": events.BalanceUpdate,
    "executionReport": events.ExecutionReport,
    "listStatus": events.ListStatus,
    "eventStreamTerminated": events.EventStreamTerminated,
    "externalLockUpdate": events.ExternalLockUpdate,
}
MARKET_ROWS = DOCUMENTED["market_streams"]


def name_of(row: dict[str, Any]) -> str:
    text: str = row["name"].split(" | ")[0].replace("<symbol>", "btcusdt").replace("<levels>", "5")
    return text.replace("<interval>", "1m").replace("<window_size>", "4h").replace("<window-size>", "4h")


def sample(kind: Any) -> Any:
    """JSON with every field of a struct, spelled as the exchange spells it."""
    info = msgspec.inspect.type_info(kind)
    assert isinstance(info, msgspec.inspect.StructType)
    found = {field.encode_name: of(field.type) for field in info.fields}
    if info.array_like:
        return list(found.values())
    return ({"e": info.tag} if info.tag else {}) | found


PLAIN = {
    msgspec.inspect.IntType: 7,
    msgspec.inspect.BoolType: True,
    msgspec.inspect.DecimalType: "0.00100000",
    msgspec.inspect.StrType: "4hTicker",
}


def of(kind: msgspec.inspect.Type) -> Any:
    """Some JSON of a type."""
    if type(kind) in PLAIN:
        return PLAIN[type(kind)]
    match kind:
        case msgspec.inspect.UnionType(types=types):
            return of(next(t for t in types if not isinstance(t, msgspec.inspect.NoneType)))
        case msgspec.inspect.EnumType(cls=cls):
            return next(iter(cls)).value
        case msgspec.inspect.VarTupleType(item_type=item):
            return [of(item)]
        case msgspec.inspect.StructType(cls=cls):
            return sample(cls)
    raise AssertionError(kind)


def documented(fields: dict[str, str], kind: Any) -> None:
    """The struct has the documented fields, but for the event's name and what is to be ignored."""
    ours = {field.encode_name for field in msgspec.structs.fields(kind)}
    theirs = {name for name, meaning in fields.items() if meaning != "ignore"}
    assert ours - {"e"} == theirs - {"e"}


@pytest.mark.parametrize("row", MARKET_ROWS, ids=lambda row: row["name"])
def test_every_market_event_has_its_documented_fields(row: dict[str, Any]) -> None:
    kind, fields = EVENTS[row["name"]], row["fields"]
    if isinstance(fields, list):
        ticker = msgspec.inspect.type_info(kind).fields[0].type.item_type.cls  # type: ignore[attr-defined]
        documented(fields[0], ticker)
        payload: Any = [sample(ticker)]
    elif kind is events.PartialDepth:
        payload = {"lastUpdateId": 7, "bids": [["1.5", "2"]], "asks": []}
        assert set(payload) == set(fields)
    else:
        documented(fields, kind)
        payload = sample(kind)
    read = market_decoder(parse_stream(name_of(row)))
    event = read(msgspec.json.encode(payload))
    assert type(event) is kind
    if isinstance(event, events.PartialDepth):
        assert (event.symbol, event.last_update_id, event.bids[0].price) == ("BTCUSDT", 7, Decimal("1.5"))


def test_every_kind_of_stream_is_documented() -> None:
    kinds = {parse_stream(name_of(row)).kind for row in MARKET_ROWS}
    assert kinds == set(StreamKind)


def test_klines_have_their_documented_fields() -> None:
    row = next(row for row in MARKET_ROWS if row["event"] == "kline")
    documented(row["fields"]["k"], events.StreamKline)


@pytest.mark.parametrize("row", DOCUMENTED["user_data"]["events"], ids=lambda row: row["event"])
def test_every_user_event_has_its_documented_fields(row: dict[str, Any]) -> None:
    kind = USER_EVENTS[row["event"]]
    documented(row["fields"] | row.get("conditional", {}), kind)
    event = decode_user_event(msgspec.json.encode(sample(kind)))
    assert type(event) is kind
    assert UNSET not in msgspec.structs.astuple(event)


def test_what_is_conditional_may_be_absent() -> None:
    row = next(row for row in DOCUMENTED["user_data"]["events"] if row["event"] == "executionReport")
    whole = sample(events.ExecutionReport)
    report = decode_user_event(
        msgspec.json.encode({key: it for key, it in whole.items() if key not in row["conditional"]})
    )
    assert isinstance(report, events.ExecutionReport)
    assert report.prevented_match_id is UNSET
    assert report.trailing_delta is UNSET


def test_the_order_of_the_fields_does_not_matter() -> None:
    backwards = dict(reversed(sample(events.ExecutionReport).items()))
    assert isinstance(decode_user_event(msgspec.json.encode(backwards)), events.ExecutionReport)


def test_what_is_not_known_is_said_and_what_is_wrong_refused() -> None:
    stranger = decode_user_event(b'{"e":"newThing","x":1}')
    assert stranger == events.UnknownEvent(name="newThing", raw=b'{"e":"newThing","x":1}')
    for wrong in (b'{"e":"balanceUpdate","E":"soon"}', b'{"x":1}', b"[]", b"", b'{"e":"\xff"}'):
        with pytest.raises(ProtocolViolation):
            decode_user_event(wrong)


def test_what_a_market_stream_does_not_tell_itself() -> None:
    error = ValueError("another form")
    shutdown = decode_stranger(b'{"e":"serverShutdown","E":5}', error)
    assert shutdown == events.ServerShutdown(event_time=5)
    assert isinstance(decode_stranger(b'{"e":"tradeTwo"}', error), events.UnknownEvent)
    for wrong in (b'{"e":"trade"}', b'{"E":5}', b"<html>"):
        with pytest.raises(ProtocolViolation):
            decode_stranger(wrong, error)


@given(st.binary(max_size=200))
def test_random_bytes_are_refused_in_the_documented_way(data: bytes) -> None:
    for kind in StreamKind:
        if kind is StreamKind.PARTIAL_DEPTH:
            name = streams.partial_depth("BTCUSDT", 5)
        else:
            name = kind.replace("<symbol>", "btcusdt").replace("<interval>", "1m").replace("<window>", "1h")
        with suppress(*UNREADABLE):
            market_decoder(parse_stream(name))(data)
    with suppress(ProtocolViolation):
        decode(data)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (b'{"stream":"a@trade","data":{"e":1}}', Wrapped("a@trade", b'{"e":1}')),
        (b'{"data":[1], "stream" : "!miniTicker@arr"}', Wrapped("!miniTicker@arr", b"[1]")),
        (b'{"result":null,"id":3}', Acknowledged(3)),
        (b'{"code":2,"msg":"no","id":"x"}', Acknowledged("x", 2, "no")),
        (b'{"error":{"code":2,"msg":"no"},"id":4}', Acknowledged(4, 2, "no")),
        (b'{"e":"trade","E":1}', None),
        (b"[{}]", None),
    ],
)
def test_messages_of_a_market_connection(message: bytes, expected: object) -> None:
    assert decode(message) == expected


def test_targets_and_controls() -> None:
    names = ["btcusdt@trade", "btcusdt@kline_1d@+08:00", "这是测试币456@trade"]
    assert target("", names[:2]) == "/stream?streams=btcusdt@trade/btcusdt@kline_1d@%2B08:00"
    assert target("/x", names[:1], combined=False, microseconds=True) == (
        "/x/ws/btcusdt@trade?timeUnit=MICROSECOND"
    )
    assert target("", [], microseconds=True) == "/stream?timeUnit=MICROSECOND"
    assert target("", names[2:]).isascii()
    assert control("SUBSCRIBE", names[:1], 5) == (b'{"method":"SUBSCRIBE","params":["btcusdt@trade"],"id":5}')
