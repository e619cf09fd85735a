"""Market data of a symbol whose assets have fewer than 8 decimals: each number has those of its asset."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.exchange.listening import Listening

BASE, QUOTE = 6, 2
BTC = {"symbol": "BTCUSDT"}
OF_BASE = frozenset({"qty", "q", "volume", "lastQty", "bidQty", "askQty"})
PERCENT = 3


@pytest.fixture
def coarse(make_bench: Any) -> Any:
    """Something was traded and something rests on both sides."""

    def few_decimals(info: dict[str, Any]) -> None:
        info["symbols"][0] |= {"baseAssetPrecision": BASE, "quoteAssetPrecision": QUOTE}

    bench = make_bench(few_decimals)
    bench.limit("SELL", "60000.25", "0.003")
    bench.limit("BUY", "59999.75", "0.001")
    bench.limit("BUY", "60000.25", "0.001", bench.bob)
    return bench


def places(value: Any, name: str = "") -> Iterator[tuple[str, int]]:
    """Every decimal in an answer: the field it is in, and how many places it has."""
    match value:
        case dict():
            for field, item in value.items():
                yield from places(item, field)
        case list():
            for item in value:
                yield from places(item, name)
        case str() if "." in value:
            yield name, len(value.partition(".")[2])


def test_prices_and_quantities_of_one_symbol(coarse: Any) -> None:
    coarse.front.desk.data["BTCUSDT"].besides.block("BTCUSDT", 100, 100, coarse.now_us, buyer_is_maker=True)
    paths = ("trades", "historicalTrades", "aggTrades", "ticker/24hr", "ticker", "ticker/tradingDay")
    answers = [coarse.get(path, **BTC) for path in (*paths, "ticker/price", "ticker/bookTicker", "avgPrice")]
    answers.append(coarse.get("historicalBlockTrades", **BTC, fromId=1))
    found = [pair for answer in answers for pair in places(answer)]
    wrong = [
        (name, count)
        for name, count in found
        if name != "priceChangePercent" and count != (BASE if name in OF_BASE else QUOTE)
    ]
    assert not wrong
    assert {count for name, count in found if name == "priceChangePercent"} == {PERCENT}


def test_rows_of_the_book_and_of_candles(coarse: Any) -> None:
    assert coarse.get("depth", **BTC)["bids"] == [["59999.75", "0.001000"]]
    candle = coarse.get("klines", **BTC, interval="1m")[0]
    assert candle[1:6] == ["60000.25"] * 4 + ["0.001000"]
    assert candle[7:] == ["60.00", 1, "0.001000", "60.00", "0"]


STREAMS = "trade bookTicker kline_1m miniTicker ticker ticker_1h avgPrice depth depth5"


def test_streams(coarse: Any, connect: Any) -> None:
    query = "streams=" + "/".join(f"btcusdt@{name}" for name in STREAMS.split())
    listening = Listening(coarse, connect(coarse).wire, "/stream", query)
    coarse.limit("BUY", "60000.25", "0.001", coarse.bob)
    coarse.now_us += 2_000_000
    told = {message["stream"].partition("@")[2]: message["data"] for message in listening.ticks()}
    assert set(told) == set(STREAMS.split())
    assert (told["trade"]["p"], told["trade"]["q"]) == ("60000.25", "0.001000")
    assert {told["bookTicker"][name] for name in "BA"} == {"0.001000"}
    assert (told["kline_1m"]["k"]["v"], told["kline_1m"]["k"]["q"]) == ("0.002000", "120.00")
    for name in ("miniTicker", "ticker", "ticker_1h"):
        assert (told[name]["c"], told[name]["v"], told[name]["q"]) == ("60000.25", "0.002000", "120.00")
    assert told["avgPrice"]["w"] == "60000.25"
    assert told["depth"]["a"] == [["60000.25", "0.001000"]]
    assert told["depth5"]["bids"] == [["59999.75", "0.001000"]]
