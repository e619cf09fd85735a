"""What is told of a market equals what the naive oracle makes of the trades that happened in it."""

import json
from decimal import ROUND_DOWN, Decimal
from typing import Any

import pytest

from surefoot.exchange.liquidity.synthetic import Liquidity, SyntheticMarket
from surefoot.world import SeededEntropy
from tests.exchange.market_floor import HOUR_US, MINUTE_US, Past
from tests.oracles import naive_market
from tests.oracles.naive_market import NaiveTrade

BTC = {"symbol": "BTCUSDT"}
DAY_US = 24 * HOUR_US
PRIOR = Decimal(60_000)


@pytest.fixture
def past(bench) -> Past:
    past = Past(bench)
    past.live()
    return past


def decimals(row: dict[str, Any]) -> dict[str, Any]:
    """Numbers of an answer as decimals where they are texts."""
    return {
        name: Decimal(value) if isinstance(value, str) and name != "symbol" else value
        for name, value in row.items()
    }


def test_trades_are_those_that_happened(past: Past) -> None:
    expected = [
        {
            "id": trade.id,
            "price": trade.price,
            "qty": trade.qty,
            "quoteQty": trade.quote,
            "time": trade.time_us // 1000,
            "isBuyerMaker": trade.buyer_is_maker,
            "isBestMatch": True,
        }
        for trade in past.trades
    ]
    recent = past.bench.get("trades", **BTC)
    assert [decimals(row) for row in recent] == expected
    assert past.bench.get("historicalTrades", **BTC) == recent
    assert past.bench.get("historicalTrades", **BTC, fromId=recent[3]["id"], limit=2) == recent[3:5]
    assert past.bench.get("trades", **BTC, limit=2) == recent[-2:]


def test_aggregates_are_by_taker_price_and_time(past: Past) -> None:
    told = [decimals(row) for row in past.bench.get("aggTrades", **BTC)]
    expected = [
        {
            "a": row["id"],
            "p": row["price"],
            "q": row["qty"],
            "f": row["first_id"],
            "l": row["last_id"],
            "T": row["time_us"] // 1000,
            "m": row["buyer_is_maker"],
            "M": True,
        }
        for row in naive_market.aggregates(past.trades)
    ]
    assert told == expected
    assert len(told) < len(past.trades)


def row_of(candle: dict[str, Any]) -> list[Any]:
    texts = ("open", "high", "low", "close", "volume")
    return [
        candle["open_us"] // 1000,
        *(candle[name] for name in texts),
        candle["close_us"] // 1000,
        candle["quote_volume"],
        candle["count"],
        candle["taker_base"],
        candle["taker_quote"],
        Decimal(0),
    ]


@pytest.mark.parametrize("zone", ["0", "5:45", "-12:00", "14:00", "+1:07"])
@pytest.mark.parametrize("interval", ["1m", "15m", "1h", "12h", "1d", "3d", "1w", "1M"])
@pytest.mark.parametrize("path", ["klines", "uiKlines"])
def test_klines_are_those_of_the_oracle(past: Past, path: str, interval: str, zone: str, encode: Any) -> None:
    hours, _, minutes = zone.partition(":")
    ahead = int(hours) * 60 + int(minutes or 0)
    query = f"symbol=BTCUSDT&interval={interval}&timeZone={encode(zone)}&limit=1000"
    answer = json.loads(past.bench.raw("GET", f"/api/v3/{path}?{query}").body)
    told = [[Decimal(value) if isinstance(value, str) else value for value in row] for row in answer]
    every = naive_market.candles(past.trades, interval, past.bench.now_us, ahead * MINUTE_US)
    assert told == [row_of(candle) for candle in every[-1000:]]


def test_windows_are_those_of_the_oracle(past: Past) -> None:
    bench, now_us = past.bench, past.bench.now_us
    day = decimals(bench.get("ticker/24hr", **BTC))
    expected = naive_market.window(past.trades, now_us - DAY_US, PRIOR)
    assert {name: day[name] for name in expected} == expected
    assert (day["openTime"], day["closeTime"]) == ((now_us - DAY_US) // 1000, now_us // 1000)
    for size, minutes in {"1m": 1, "20m": 20, "2h": 120, "7d": 7 * 1440}.items():
        window = decimals(bench.get("ticker", **BTC, windowSize=size))
        expected = naive_market.window(past.trades, now_us - minutes * MINUTE_US, PRIOR)
        assert {name: window[name] for name in window if name in expected} == {
            name: value for name, value in expected.items() if name in window
        }


@pytest.mark.parametrize(("zone", "hours"), [("0", 0), ("9", 9), ("-11:00", -11)])
def test_a_trading_day_is_that_of_the_zone(past: Past, zone: str, hours: int) -> None:
    now_us = past.bench.now_us
    open_us = naive_market.opening("1d", now_us, hours * HOUR_US)
    told = decimals(past.bench.get("ticker/tradingDay", **BTC, timeZone=zone))
    expected = naive_market.window(past.trades, open_us, PRIOR)
    assert {name: told[name] for name in told if name in expected} == {
        name: value for name, value in expected.items() if name in told
    }
    assert told["openTime"] == open_us // 1000
    assert told["closeTime"] == open_us // 1000 + 86_399_999


def test_the_average_is_of_five_minutes_else_the_last_price(past: Past) -> None:
    bench = past.bench
    quiet = bench.get("avgPrice", **BTC)
    last = past.trades[-1]
    assert decimals(quiet) == {"mins": 5, "price": last.price, "closeTime": last.time_us // 1000}
    past.sweep("BUY", ("60200", "0.002"), ("60300", "0.001"))
    bench.now_us += MINUTE_US
    past.sweep("SELL", ("60000", "0.003"))
    average = (Decimal("60200") * 2 + Decimal("60300") + Decimal(60_000) * 3) / 6
    assert bench.get("avgPrice", **BTC)["price"] == str(average.quantize(Decimal("1e-8"), ROUND_DOWN))


def test_the_price_is_that_of_the_last_trade(past: Past) -> None:
    assert Decimal(past.bench.get("ticker/price", **BTC)["price"]) == past.trades[-1].price


def test_a_synthetic_market_is_remembered_like_any_other(bench) -> None:
    """The exchange's own trades make the data: candles and day are the oracle's of the trades told."""
    market = SyntheticMarket(bench.engine, Liquidity.LIVELY, entropy=SeededEntropy(5), symbols=["BTCUSDT"])
    until_us = bench.now_us + 2 * MINUTE_US
    while bench.now_us < until_us:
        bench.now_us = market.step(bench.now_us)
        bench.front.settle(bench.now_us)
    told = bench.raw("GET", "/api/v3/trades?symbol=BTCUSDT&limit=1000", {"x-mbx-time-unit": "MICROSECOND"})
    trades = [
        NaiveTrade(row["id"], Decimal(row["price"]), Decimal(row["qty"]), row["time"], 0, row["isBuyerMaker"])
        for row in json.loads(told.body)
    ]
    assert len(trades) > 100
    for interval in ("1s", "1m"):
        rows = bench.get("klines", **BTC, interval=interval)
        found = [[Decimal(value) if isinstance(value, str) else value for value in row] for row in rows]
        every = naive_market.candles(trades, interval, bench.now_us, 0)
        assert found == [row_of(candle) for candle in every]
    day = decimals(bench.get("ticker/24hr", **BTC))
    expected = naive_market.window(trades, bench.now_us - DAY_US, PRIOR)
    assert {name: day[name] for name in expected} == expected
