"""Every stream's event has the fields of the official sample, in their order and of their JSON types."""

import json
from pathlib import Path

import pytest

from surefoot.exchange.core.tape import ReferencePrice
from surefoot.exchange.feeds.stream_names import parse_stream
from tests.exchange.listening import STREAMS, shape

FACTS = json.loads((Path(__file__).parents[1] / "facts" / "streams.json").read_text(encoding="utf-8"))
WINDOWS = ("1h", "4h", "1d")
CHAPTERS = {
    "btcusdt@referencePrice": "Reference Price Streams",
    "btcusdt@aggTrade": "Aggregate Trade Streams",
    "btcusdt@trade": "Trade Streams",
    "btcusdt@blockTrade": "Block Trade Streams",
    "btcusdt@kline_1m": "Kline/Candlestick Streams for UTC",
    "btcusdt@kline_1s": "Kline/Candlestick Streams for UTC",
    "btcusdt@kline_1d@+08:00": "Kline/Candlestick Streams with timezone offset",
    "btcusdt@miniTicker": "Individual Symbol Mini Ticker Stream",
    "!miniTicker@arr": "Individual Symbol Mini Ticker Stream",
    "btcusdt@ticker": "Individual Symbol Ticker Streams",
    **{f"btcusdt@ticker_{size}": "Individual Symbol Rolling Window Statistics Streams" for size in WINDOWS},
    **{f"!ticker_{size}@arr": "Individual Symbol Rolling Window Statistics Streams" for size in WINDOWS},
    "btcusdt@bookTicker": "Individual Symbol Book Ticker Streams",
    "btcusdt@avgPrice": "Average Price",
    "btcusdt@depth5": "Partial Book Depth Streams",
    "btcusdt@depth20@100ms": "Partial Book Depth Streams",
    "btcusdt@depth": "Diff. Depth Stream",
    "btcusdt@depth@100ms": "Diff. Depth Stream",
}
WITHOUT_TIMES = {"btcusdt@bookTicker", "btcusdt@depth5", "btcusdt@depth20@100ms"}


def something_of_everything(bench) -> None:
    data = bench.front.desk.data["BTCUSDT"]
    bench.limit("BUY", "59999", "0.001")
    bench.limit("SELL", "60000", "0.002")
    bench.limit("BUY", "60000", "0.001", bench.bob)
    bench.engine.outbox.append(
        data.besides.block("BTCUSDT", 6_000_000_000_000, 10**8, bench.now_us, buyer_is_maker=True)
    )
    bench.front.settle(bench.now_us)


@pytest.mark.parametrize(("name", "chapter"), CHAPTERS.items())
def test_the_shape_is_the_documented_one(bench, listen, name: str, chapter: str) -> None:
    one = listen("/ws")
    one.say(method="SUBSCRIBE", params=[name], id=1)
    one.ticks()
    something_of_everything(bench)
    if name == "btcusdt@referencePrice":
        bench.engine.markets["BTCUSDT"].tape.reference = ReferencePrice(6_000_000_000_000, bench.now_us)
    event = (one.wire.take() + one.ticks())[-1]
    assert shape(event) == shape([STREAMS[chapter]] if name.endswith("@arr") else STREAMS[chapter])


def test_every_documented_stream_was_looked_at() -> None:
    documented = {row["name"].partition(" | ")[0] for row in FACTS["market_streams"]}
    kinds = {row.partition("@")[2] if row[0] == "<" else row for row in documented}
    seen = {name.removeprefix("btcusdt@") for name in CHAPTERS}
    spelled = {
        kind.replace("<interval>", "1m").replace("<window_size>", "1h").replace("<window-size>", "1h")
        for kind in kinds
    }
    assert {kind.replace("<levels>", "5").replace("1m@+08", "1d@+08") for kind in spelled} <= seen


@pytest.mark.parametrize("row", FACTS["market_streams"], ids=lambda row: row["name"])
def test_the_update_speed_is_the_documented_one(row) -> None:
    """`period_ms` is what the shell ticks by."""
    first = row["name"].partition(" | ")[0].replace("<symbol>", "btcusdt").replace("<levels>", "5")
    fill = first.replace("<window_size>", "4h").replace("<window-size>", "4h")
    expected = {
        "real-time": {"1m": 0},
        "1000ms": {"1m": 1000},
        "1000ms or 100ms": {"1m": 1000},
        "1000ms for 1s, 2000ms for the others": {"1s": 1000, "1m": 2000, "1M": 2000},
    }[row["speed"]]
    for interval, period_ms in expected.items():
        name = parse_stream(fill.replace("<interval>", interval), {"BTCUSDT"})
        assert name is not None
        assert name.period_ms == period_ms


@pytest.mark.parametrize("row", FACTS["removed_streams"], ids=lambda row: row["name"])
def test_removed_streams_are_not_served(row) -> None:
    assert parse_stream(row["name"], {"BTCUSDT"}) is None


def test_a_reference_price_can_be_missing(bench, listen) -> None:
    one = listen("/ws/btcusdt@referencePrice")
    [event] = one.tick(1000)
    assert event == {"e": "referencePrice", "s": "BTCUSDT", "r": None, "t": bench.now_us // 1000}
    bench.engine.markets["BTCUSDT"].tape.reference = ReferencePrice(150_000_000, bench.now_us)
    assert [one.tick(1000)[0]["r"], one.tick(1000)[0]["r"]] == ["1.50000000"] * 2


@pytest.mark.parametrize("name", [name for name in CHAPTERS if name not in WITHOUT_TIMES])
def test_microseconds_are_a_thousand_times_finer(bench, listen, name: str) -> None:
    """`timeUnit=MICROSECOND` changes every time of every event, and nothing else."""
    bench.now_us += 123_456
    coarse, fine = listen("/ws"), listen("/ws", "timeUnit=MICROSECOND")
    for one in (coarse, fine):
        one.say(method="SUBSCRIBE", params=[name], id=1)
        one.ticks()
    something_of_everything(bench)
    for period_ms in (100, 1000, 2000):
        bench.front.hub.tick(period_ms, bench.now_us)
    [*_, milli], [*_, micro] = coarse.wire.take(), fine.wire.take()
    assert _in_milliseconds(micro) == _in_milliseconds(milli, already=True)
    assert micro != milli


def _in_milliseconds(value, *, already: bool = False):
    match value:
        case dict():
            times = {"E", "T", "O", "C"}
            if value.get("e") == "referencePrice" or "o" in value:
                times.add("t")
            per = 1 if already else 1000
            return {
                field: item // per
                if field in times and isinstance(item, int)
                else _in_milliseconds(item, already=already)
                for field, item in value.items()
            }
        case list():
            return [_in_milliseconds(item, already=already) for item in value]
    return value
