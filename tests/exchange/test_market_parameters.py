"""No parameter is accepted and ignored: each one changes the answer, or gives the documented error."""

import json
from pathlib import Path
from typing import Any

import pytest

from surefoot.exchange.market_operations import MarketOperations
from tests.exchange.market_floor import HOUR_US, MINUTE_US, Past, halted

FACTS = Path(__file__).parents[1] / "facts"
ROWS = [
    row
    for row in json.loads((FACTS / "endpoints.json").read_text())
    if row["group"] == "market" or row["path"] == "/api/v3/executionRules"
]
DOCUMENTED = {(row["path"].removeprefix("/api/v3/"), p["name"]) for row in ROWS for p in row["params"]}
NOON_MS = 1_767_268_800_000
BTC = {"symbol": "BTCUSDT"}
HOURLY = BTC | {"interval": "1h"}
BLOCK = BTC | {"fromId": "0"}
SYMBOLS = '["BTCUSDT","BNBUSDT"]'
LATER = {"startTime": str(NOON_MS + 1)}
EARLIER = {"endTime": str(NOON_MS + 1)}
ZONE = {"timeZone": "-3:00"}

# What is asked first, and what is added or replaced so that the answer differs.
CHANGES: dict[tuple[str, str], tuple[dict[str, str], dict[str, str]]] = {
    ("executionRules", "symbol"): ({}, BTC),
    ("executionRules", "symbols"): ({}, {"symbols": SYMBOLS}),
    ("executionRules", "symbolStatus"): ({}, {"symbolStatus": "HALT"}),
    ("depth", "symbol"): (BTC, {"symbol": "ETHUSDT"}),
    ("depth", "limit"): (BTC, {"limit": "1"}),
    ("trades", "symbol"): (BTC, {"symbol": "ETHUSDT"}),
    ("trades", "limit"): (BTC, {"limit": "2"}),
    ("historicalTrades", "symbol"): (BTC, {"symbol": "ETHUSDT"}),
    ("historicalTrades", "limit"): (BTC, {"limit": "2"}),
    ("historicalTrades", "fromId"): (BTC, {"fromId": "9000000000"}),
    ("historicalBlockTrades", "symbol"): (BLOCK, {"symbol": "ETHUSDT"}),
    ("historicalBlockTrades", "fromId"): (BLOCK, {"fromId": "2"}),
    ("historicalBlockTrades", "limit"): (BLOCK, {"limit": "1"}),
    ("referencePrice", "symbol"): (BTC, {"symbol": "ETHUSDT"}),
    ("referencePrice/calculation", "symbol"): (BTC, {"symbol": "ETHUSDT"}),
    ("aggTrades", "symbol"): (BTC, {"symbol": "ETHUSDT"}),
    ("aggTrades", "fromId"): (BTC, {"fromId": "2"}),
    ("aggTrades", "startTime"): (BTC, LATER),
    ("aggTrades", "endTime"): (BTC, EARLIER),
    ("aggTrades", "limit"): (BTC, {"limit": "2"}),
    ("avgPrice", "symbol"): (BTC, {"symbol": "ETHUSDT"}),
    **{
        (path, name): (HOURLY, {name: value})
        for path in ("klines", "uiKlines")
        for name, value in [
            ("symbol", "ETHUSDT"),
            ("interval", "2h"),
            ("startTime", str(NOON_MS + 1)),
            ("endTime", str(NOON_MS + 1)),
            ("timeZone", "0:30"),
            ("limit", "2"),
        ]
    },
    **{
        (f"ticker/{path}", name): ({}, {name: value})
        for path in ("24hr", "price", "bookTicker")
        for name, value in [("symbol", "BTCUSDT"), ("symbols", SYMBOLS), ("symbolStatus", "HALT")]
    },
    ("ticker/24hr", "type"): (BTC, {"type": "MINI"}),
    **{
        (path, name): (query, {name: value})
        for path in ("ticker", "ticker/tradingDay")
        for name, query, value in [
            ("symbol", BTC, "ETHUSDT"),
            ("symbols", {"symbols": '["BTCUSDT"]'}, SYMBOLS),
            ("type", BTC, "MINI"),
            ("symbolStatus", {"symbols": SYMBOLS}, "HALT"),
        ]
    },
    ("ticker/tradingDay", "timeZone"): (BTC, {"timeZone": "10"}),
    ("ticker", "windowSize"): (BTC, {"windowSize": "1h"}),
}

# What is asked so that it is refused: the documented code.
REFUSALS: list[tuple[str, str, dict[str, str], int]] = [
    ("historicalBlockTrades", "symbol", BLOCK | {"symbol": "NOPE"}, -1121),
    ("historicalBlockTrades", "fromId", BTC, -1102),
    ("historicalBlockTrades", "limit", BLOCK | {"limit": "0"}, -1130),
    ("referencePrice", "symbol", {"symbol": "NOPE"}, -1121),
    ("referencePrice", "symbol", {"symbol": "ETHBTC"}, -2043),
    ("referencePrice/calculation", "symbol", {"symbol": "NOPE"}, -1121),
    ("referencePrice/calculation", "symbolStatus", BTC | {"symbolStatus": "HALT"}, -1220),
    ("depth", "symbolStatus", BTC | {"symbolStatus": "HALT"}, -1220),
    ("depth", "symbolStatus", BTC | {"symbolStatus": "CANCEL_ONLY"}, -1122),
    ("ticker/24hr", "symbolStatus", BTC | {"symbolStatus": "BREAK"}, -1220),
    ("ticker/24hr", "symbols", BTC | {"symbols": SYMBOLS}, -1128),
    ("ticker/24hr", "symbols", {"symbols": '["BTCUSDT","BTCUSDT"]'}, -1151),
    ("ticker/24hr", "symbols", {"symbols": '["NOPE"]'}, -1121),
    ("ticker/24hr", "symbols", {"symbols": "BTCUSDT"}, -1135),
    ("ticker/24hr", "type", BTC | {"type": "mini"}, -1139),
    ("ticker/price", "symbolStatus", BTC | {"symbolStatus": "HALT"}, -1220),
    ("ticker/price", "symbols", BTC | {"symbols": SYMBOLS}, -1128),
    ("ticker", "symbol", {}, -1102),
    ("ticker", "symbols", BTC | {"symbols": SYMBOLS}, -1128),
    ("ticker", "symbols", {"symbols": json.dumps([f"S{number}" for number in range(101)])}, -1101),
    ("ticker", "windowSize", BTC | {"windowSize": "60m"}, -1130),
    ("ticker", "windowSize", BTC | {"windowSize": "1d2h"}, -1130),
    ("ticker", "windowSize", BTC | {"windowSize": "8d"}, -1130),
    ("ticker", "type", BTC | {"type": "HUGE"}, -1139),
    ("ticker", "symbolStatus", BTC | {"symbolStatus": "HALT"}, -1220),
    ("ticker/tradingDay", "symbol", {}, -1102),
    ("ticker/tradingDay", "symbols", BTC | {"symbols": SYMBOLS}, -1128),
    ("ticker/tradingDay", "timeZone", BTC | {"timeZone": "15"}, -1130),
    ("ticker/tradingDay", "type", BTC | {"type": ""}, -1105),
    ("executionRules", "symbols", BTC | {"symbols": SYMBOLS}, -1128),
    ("executionRules", "symbolStatus", BTC | {"symbolStatus": "TRADING"}, -1128),
    ("executionRules", "symbol", {"symbol": "NOPE"}, -1121),
    ("trades", "symbol", {}, -1102),
    ("trades", "symbol", {"symbol": "btcusdt"}, -1100),
    ("trades", "symbol", {"symbol": "NOPE"}, -1121),
    ("trades", "limit", BTC | {"limit": "0"}, -1130),
    ("trades", "limit", BTC | {"limit": "-1"}, -1100),
    ("historicalTrades", "fromId", BTC | {"fromId": "x"}, -1100),
    ("aggTrades", "fromId", BTC | {"fromId": "0"} | LATER, -1128),
    ("aggTrades", "fromId", BTC | {"fromId": "0"} | EARLIER, -1128),
    ("aggTrades", "endTime", BTC | {"startTime": str(NOON_MS + 2)} | EARLIER, -1128),
    ("aggTrades", "symbol", {"symbol": "NOPE"}, -1121),
    ("klines", "interval", BTC, -1102),
    ("klines", "interval", BTC | {"interval": "1H"}, -1120),
    ("klines", "interval", BTC | {"interval": "2m"}, -1120),
    ("klines", "endTime", HOURLY | {"startTime": str(NOON_MS + 2)} | EARLIER, -1128),
    ("klines", "timeZone", HOURLY | {"timeZone": "14:01"}, -1130),
    ("klines", "timeZone", HOURLY | {"timeZone": "-12:01"}, -1130),
    ("klines", "timeZone", HOURLY | {"timeZone": "1:60"}, -1130),
    ("klines", "timeZone", HOURLY | {"timeZone": "UTC"}, -1130),
    ("uiKlines", "interval", BTC | {"interval": "1"}, -1120),
    ("avgPrice", "symbol", {}, -1102),
]


@pytest.fixture
def lived(make_bench):
    bench = make_bench(halted)
    Past(bench).live()
    bench.limit("BUY", "59000", "0.001")
    bench.limit("BUY", "58000", "0.001")
    operations = MarketOperations(bench.front, lambda: bench.now_us)
    for price in ("59000", "59001"):
        operations.block_trade("BTCUSDT", price, "20")
    operations.set_reference_price("BTCUSDT", "60000")
    operations.set_reference_price("ETHUSDT", "3000")
    return bench


@pytest.mark.parametrize(("path", "name"), CHANGES)
def test_a_parameter_changes_the_answer(lived, path: str, name: str) -> None:
    query, change = CHANGES[path, name]
    assert name in change
    assert lived.get(path, **query) != lived.get(path, **(query | change))


@pytest.mark.parametrize(("path", "name", "query", "code"), REFUSALS)
def test_a_parameter_is_refused(lived, path: str, name: str, query: dict[str, str], code: int) -> None:
    from urllib.parse import urlencode

    answer = lived.raw("GET", f"/api/v3/{path}?{urlencode(query)}")
    assert (answer.status, json.loads(answer.body)["code"]) == (400, code), answer.body


def test_every_documented_parameter_is_here() -> None:
    refused = {(path, name) for path, name, _, _ in REFUSALS}
    assert DOCUMENTED - set(CHANGES) - refused == set()
    assert set(CHANGES) | refused <= DOCUMENTED


@pytest.mark.parametrize("name", ["trades", "historicalTrades", "aggTrades", "klines"])
def test_more_than_a_thousand_is_a_thousand(lived, name: str) -> None:
    """The longest page is cut, not refused, as that of depth is."""
    query = BTC | ({"interval": "1m"} if name == "klines" else {})
    assert len(lived.get(name, **query)) <= 500
    whole = lived.get(name, **query, limit="1000")
    assert lived.get(name, **query, limit="1500") == whole
    if name == "klines":
        assert len(whole) == 1_000
        assert len(lived.get(name, **query)) == 500


def times(rows: Any, key: Any) -> list[int]:
    return [row[key] for row in rows]


def test_klines_between_bounds(lived) -> None:
    """Bounds are of opening times and inclusive; with a start they are the oldest from there."""
    hour = HOUR_US // 1000
    whole = times(lived.get("klines", **HOURLY), 0)
    assert whole == [NOON_MS + number * hour for number in range(27)]
    start, end = {"startTime": whole[3]}, {"endTime": whole[5]}
    assert times(lived.get("klines", **HOURLY, **start, **end), 0) == whole[3:6]
    assert times(lived.get("klines", **HOURLY, **start, limit=2), 0) == whole[3:5]
    assert times(lived.get("klines", **HOURLY, **end, limit=2), 0) == whole[4:6]
    assert times(lived.get("klines", **HOURLY, startTime=whole[3] + 1, limit=1), 0) == whole[4:5]
    assert times(lived.get("klines", **HOURLY, startTime=whole[3] * 1000, limit=1), 0) == whole[3:4]
    assert lived.get("klines", **HOURLY, startTime=whole[-1] + 1) == []
    assert lived.get("klines", **HOURLY, startTime=9 * 10**15) == []
    assert times(lived.get("klines", **HOURLY, startTime=0, limit=1), 0) == whole[:1]


def test_aggregates_between_bounds(lived) -> None:
    whole = lived.get("aggTrades", **BTC)
    moments = times(whole, "T")
    assert times(whole, "a") == list(range(8))
    exact = lived.get("aggTrades", **BTC, startTime=moments[2], endTime=moments[-1])
    assert times(exact, "a") == [2, 3, 4, 5, 6, 7]
    micro = lived.get("aggTrades", **BTC, endTime=(moments[-1] * 1000) + 6)
    assert times(micro, "a") == [0, 1, 2, 3, 4, 5, 6], "the last trade came 7 µs after its millisecond began"
    assert times(lived.get("aggTrades", **BTC, startTime=moments[1], limit=1), "a") == [0]
    assert times(lived.get("aggTrades", **BTC, endTime=moments[-1], limit=1), "a") == [7]
    assert times(lived.get("aggTrades", **BTC, fromId=6), "a") == [6, 7]


def test_times_in_microseconds(lived) -> None:
    """Header X-MBX-TIME-UNIT: every time of an answer is a thousand times as fine."""
    for path, query, read in [
        ("trades", BTC, lambda answer: times(answer, "time")),
        ("aggTrades", BTC, lambda answer: times(answer, "T")),
        ("klines", HOURLY, lambda answer: [*times(answer, 0), *(t + 1 for t in times(answer, 6))]),
        ("avgPrice", BTC, lambda answer: [answer["closeTime"]]),
        ("ticker/24hr", BTC, lambda answer: [answer["openTime"], answer["closeTime"]]),
        ("ticker", BTC, lambda answer: [answer["openTime"], answer["closeTime"]]),
        ("ticker/tradingDay", BTC, lambda answer: [answer["openTime"], answer["closeTime"] + 1]),
    ]:
        target = f"/api/v3/{path}?" + "&".join(f"{name}={value}" for name, value in query.items())
        fine = lived.raw("GET", target, {"x-mbx-time-unit": "MICROSECOND"})
        assert [time // 1000 for time in read(json.loads(fine.body))] == read(lived.get(path, **query))


def test_a_rolling_window_opens_on_the_minute(lived) -> None:
    """The official example: closeTime is now, openTime the minute in which the window opens."""
    now = lived.now_us // 1000
    answer = lived.get("ticker", **BTC, windowSize="59m")
    assert answer["closeTime"] == now
    assert answer["openTime"] == (now - 59 * MINUTE_US // 1000) // 60_000 * 60_000
    assert lived.get("ticker", **BTC) == lived.get("ticker", **BTC, windowSize="1d")


def test_an_exchange_without_trades(bench) -> None:
    """Nothing is invented: no trade, no candle, windows of zeroes; the price is the one before opening."""
    for path in ("trades", "historicalTrades", "aggTrades"):
        assert bench.get(path, **BTC) == []
    assert bench.get("klines", **HOURLY) == []
    assert bench.get("avgPrice", **BTC) == {"mins": 5, "price": "60000.00000000", "closeTime": 0}
    assert bench.get("ticker/price", **BTC) == {"symbol": "BTCUSDT", "price": "60000.00000000"}
    day = bench.get("ticker/24hr", **BTC)
    assert (day["prevClosePrice"], day["lastPrice"], day["count"]) == ("60000.00000000", "0.00000000", 0)
    assert (day["firstId"], day["lastId"], day["priceChangePercent"]) == (-1, -1, "0.000")


def test_the_best_prices_of_now_are_in_the_day(lived) -> None:
    day, top = lived.get("ticker/24hr", **BTC), lived.get("ticker/bookTicker", **BTC)
    assert {name: day[name] for name in top} == top
    assert day["bidPrice"] == "59000.00000000"


def test_block_trades_and_reference_prices_are_as_they_were_set(lived) -> None:
    """They happen besides the book: no other market data knows of them."""
    now = lived.now_us // 1000
    [first, second] = lived.get("historicalBlockTrades", **BLOCK)
    assert first == {
        "id": 1,
        "price": "59000.00000000",
        "qty": "20.00000000",
        "quoteQty": "1180000.00000000",
        "time": now,
        "isBuyerMaker": False,
    }
    assert (second["id"], second["price"]) == (2, "59001.00000000")
    assert lived.get("ticker/price", **BTC)["price"] == "60100.01000000"
    expected = {"symbol": "BTCUSDT", "referencePrice": "60000.00000000", "timestamp": now}
    assert lived.get("referencePrice", **BTC) == expected
