"""The remembering machines against a naive oracle that counts everything anew from all trades."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surefoot.exchange.core.commands import TradeTick
from surefoot.exchange.data.candles import Candles
from surefoot.exchange.data.history import KEPT, History
from surefoot.exchange.data.intervals import LENGTHS_US, MINUTE_US, MONTH, bucket
from surefoot.exchange.data.market_data import MarketData
from surefoot.exchange.data.statistics import WindowStats
from surefoot.exchange.render.amounts import decimal
from surefoot.exchange.render.market import percent
from tests.oracles import naive_market
from tests.oracles.naive_market import NaiveTrade

SCALE = 10**8
NOON_US = 1_767_268_800_000_000  # Thursday, 2026-01-01
DAY_US = 86_400_000_000
INTERVALS = [*LENGTHS_US, MONTH]
OFFSETS = st.sampled_from([0, 0, 480, -60, 345, 840, -720, 7])
PRIOR = Decimal("59999.5")


@st.composite
def a_past(draw: st.DrawFn, longest_gap_us: int) -> list[NaiveTrade]:
    """Trades in order; often several of one taker at one price and time."""
    rows = draw(
        st.lists(
            st.tuples(
                st.one_of(st.just(0), st.integers(0, longest_gap_us)),
                st.sampled_from([6_000_000_000_000, 6_000_000_000_001, 1, 123]),
                st.integers(1, 3 * SCALE),
                st.integers(1, 2),
                st.booleans(),
            ),
            max_size=25,
        )
    )
    trades, time_us = [], NOON_US + draw(st.integers(0, DAY_US))
    for number, (gap, price, qty, taker, maker) in enumerate(rows):
        time_us += gap
        trades.append(
            NaiveTrade(
                1_000 + number,
                Decimal(price) / SCALE,
                Decimal(qty) / SCALE,
                time_us,
                2 * taker + maker,
                maker,
            )
        )
    return trades


def ticks(trades: list[NaiveTrade]) -> list[TradeTick]:
    return [
        TradeTick(
            "BTCUSDT",
            trade.id,
            int(trade.price * SCALE),
            int(trade.qty * SCALE),
            trade.time_us,
            -trade.id if trade.buyer_is_maker else trade.taker,
            trade.taker if trade.buyer_is_maker else -trade.id,
            trade.buyer_is_maker,
        )
        for trade in trades
    ]


def remembered(trades: list[NaiveTrade]) -> MarketData:
    data = MarketData(int(PRIOR * SCALE))
    for tick in ticks(trades):
        data.add(tick)
    return data


def plain(value: Any) -> dict[str, Any]:
    """A struct with its prices and amounts as decimals."""
    exact = {"id", "open_us", "close_us", "time_us", "count", "first_id", "last_id", "buyer_is_maker"}
    return {
        name: field if name in exact else Decimal(field) / SCALE
        for name, field in msgspec.structs.asdict(value).items()
    }


@pytest.mark.parametrize("interval", INTERVALS)
@given(data=st.data(), offset=OFFSETS, limit=st.integers(1, 30))
def test_candles_are_those_of_the_oracle(interval: str, data: st.DataObject, offset: int, limit: int) -> None:
    """DATA-1: every interval, every zone, with and without bounds, traded or not."""
    length_us = LENGTHS_US.get(interval, 31 * DAY_US)
    trades = data.draw(a_past(2 * length_us))
    last_us = trades[-1].time_us if trades else NOON_US
    now_us = last_us + data.draw(st.integers(0, 3 * length_us))
    bounds = st.one_of(st.none(), st.integers(NOON_US - length_us, now_us + length_us))
    start_us, end_us = data.draw(bounds), data.draw(bounds)
    machine = remembered(trades).candles
    offset_us = offset * MINUTE_US
    every = naive_market.candles(trades, interval, now_us, offset_us)
    expected = [
        row
        for row in every
        if (start_us is None or row["open_us"] >= start_us) and (end_us is None or row["open_us"] <= end_us)
    ]
    found = machine.range(interval, start_us, end_us, limit, now_us=now_us, offset_us=offset_us)
    chosen = naive_market.page(expected, limit, from_the_start=start_us is not None)
    assert [plain(candle) for candle in found] == chosen
    current = machine.current(interval, now_us, offset_us)
    assert ([] if current is None else [plain(current)]) == every[-1:]


@given(st.sampled_from(INTERVALS), st.integers(0, 2**52), OFFSETS)
def test_buckets_are_those_of_the_calendar(interval: str, time_us: int, offset: int) -> None:
    offset_us = offset * MINUTE_US
    open_us = naive_market.opening(interval, time_us, offset_us)
    expected = open_us, naive_market.following(interval, open_us, offset_us)
    assert bucket(interval, time_us, offset_us) == expected


@given(a_past(60_000_000), st.data())
def test_aggregates_are_those_of_the_oracle(trades: list[NaiveTrade], data: st.DataObject) -> None:
    history = remembered(trades).history
    every = naive_market.aggregates(trades)
    limit = data.draw(st.integers(1, 30))
    first = data.draw(st.integers(0, 30))
    assert [plain(row) for row in history.aggregates_from_id(first, limit)] == every[first : first + limit]
    bounds = st.one_of(st.none(), st.sampled_from([trade.time_us for trade in trades] or [0]))
    start_us, end_us = data.draw(bounds), data.draw(bounds)
    expected = [
        row
        for row in every
        if (start_us is None or row["time_us"] >= start_us) and (end_us is None or row["time_us"] <= end_us)
    ]
    chosen = naive_market.page(expected, limit, from_the_start=start_us is not None)
    assert [plain(row) for row in history.aggregates(start_us, end_us, limit)] == chosen
    assert ([] if history.last_aggregate is None else [plain(history.last_aggregate)]) == every[-1:]


@given(a_past(60_000_000), st.integers(1, 30), st.integers(990, 1_030))
def test_trades_are_kept_as_they_came(trades: list[NaiveTrade], limit: int, first: int) -> None:
    history, came = remembered(trades).history, ticks(trades)
    assert history.recent(limit) == came[-limit:]
    assert history.from_id(first, limit) == [tick for tick in came if tick.trade_id >= first][:limit]
    assert history.last == (came[-1] if came else None)


def spoken(stats: WindowStats) -> dict[str, Any]:
    """Statistics in the ticker's words and decimals."""
    return {
        "priceChange": Decimal(decimal(stats.price_change, 8)),
        "priceChangePercent": Decimal(percent(stats.price_change_percent)),
        "weightedAvgPrice": Decimal(decimal(stats.weighted_average, 8)),
        "prevClosePrice": Decimal(stats.previous_close) / SCALE,
        "lastPrice": Decimal(stats.last) / SCALE,
        "lastQty": Decimal(stats.last_qty) / SCALE,
        "openPrice": Decimal(stats.open) / SCALE,
        "highPrice": Decimal(stats.high) / SCALE,
        "lowPrice": Decimal(stats.low) / SCALE,
        "volume": Decimal(stats.volume) / SCALE,
        "quoteVolume": Decimal(stats.quote_volume) / SCALE,
        "firstId": stats.first_id,
        "lastId": stats.last_id,
        "count": stats.count,
    }


@given(a_past(DAY_US // 3), st.integers(0, DAY_US), st.integers(1, 7 * 1440), OFFSETS)
def test_statistics_are_those_of_the_oracle(
    trades: list[NaiveTrade], later_us: int, minutes: int, offset: int
) -> None:
    statistics = remembered(trades).statistics
    now_us = (trades[-1].time_us if trades else NOON_US) + later_us
    day = statistics.day(now_us)
    assert (day.open_us, day.close_us) == (now_us - DAY_US, now_us)
    assert spoken(day) == naive_market.window(trades, day.open_us, PRIOR)
    rolling = statistics.window(minutes * MINUTE_US, now_us)
    assert rolling.open_us == (now_us - minutes * MINUTE_US) // MINUTE_US * MINUTE_US
    assert rolling.close_us == now_us
    assert spoken(rolling) == naive_market.window(trades, rolling.open_us, PRIOR)
    today = statistics.trading_day(now_us, offset * MINUTE_US)
    assert today.open_us == naive_market.opening("1d", now_us, offset * MINUTE_US)
    assert today.close_us == today.open_us + DAY_US - 1
    assert spoken(today) == naive_market.window(trades, today.open_us, PRIOR)


def a_tick(number: int, time_us: int) -> TradeTick:
    return TradeTick("BTCUSDT", number, 100 + number, 1, time_us, 2 * number, 2 * number + 1, True)


def test_history_forgets_the_oldest() -> None:
    """Memory is bounded, and what remains is the newest without a hole."""
    history = History()
    count = 3 * KEPT
    for number in range(count):
        history.add(a_tick(number, NOON_US + number))
    kept = [tick.trade_id for tick in history.recent(count)]
    assert KEPT <= len(kept) <= KEPT + KEPT // 4
    assert kept == list(range(kept[0], count))
    assert history.from_id(0, 1)[0].trade_id == kept[0]
    aggregates = history.aggregates(None, None, count)
    assert KEPT <= len(aggregates) <= KEPT + KEPT // 4
    assert aggregates[-1].id == count - 1


def test_candles_of_which_a_part_is_forgotten_are_not_answered() -> None:
    candles = Candles()
    hour, extra = 3_600, 90
    for second in range(hour + extra):
        candles.add(a_tick(second, NOON_US + second * 1_000_000))
    now_us = NOON_US + (hour + extra) * 1_000_000
    seconds = candles.range("1s", 0, None, 10_000, now_us=now_us)
    assert seconds[0].open_us == NOON_US + extra * 1_000_000
    assert seconds[0].count == seconds[-2].count == 1
    assert (len(seconds), seconds[-1].count) == (hour + 1, 0)
    assert candles.range("1m", 0, None, 1, now_us=now_us)[0].open_us == NOON_US


def test_after_forgetting_a_quiet_second_repeats_the_close_before_it() -> None:
    candles = Candles()
    for second in range(3_601):
        candles.add(a_tick(second, NOON_US + second * 2_000_000))
    first = candles.range("1s", 0, None, 1, now_us=NOON_US + 7_202_000_000)[0]
    assert (first.open_us, first.count, first.close) == (NOON_US + 1_000_000, 0, 100)


def test_minutes_last_a_week_and_quarters_a_year() -> None:
    candles = Candles()
    quarters = 400 * 96 + 40
    quarter_us = 15 * MINUTE_US
    for number in range(quarters):
        candles.add(a_tick(number, NOON_US + number * quarter_us))
    now_us = NOON_US + quarters * quarter_us
    days = candles.range("1d", 0, None, 1_000, now_us=now_us)
    assert days[0].open_us == NOON_US + DAY_US // 2
    assert days[0].count == 96
    minutes = candles.range("1m", 0, None, 1, now_us=now_us)[0]
    assert minutes.open_us > days[0].open_us
    odd = candles.range("1d", 0, None, 1_000, now_us=now_us, offset_us=7 * MINUTE_US)
    assert days[0].open_us < odd[0].open_us < now_us - 7 * DAY_US
