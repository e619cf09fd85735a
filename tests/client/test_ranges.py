"""Candles over a range: every page once, none twice, none missing."""

import asyncio
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import surefoot
import surefoot.testing
from surefoot import errors
from surefoot.client.ranges import KlinePages, Progress, milliseconds
from surefoot.spot.enums import KlineInterval
from surefoot.spot.market_klines import GetKlines, Kline
from surefoot.testing import EmbeddedExchange

MINUTE_MS = 60_000
ONE = Decimal(1)


def candle(open_time: int) -> Kline:
    return Kline(open_time, ONE, ONE, ONE, ONE, ONE, open_time + MINUTE_MS - 1, ONE, 1, ONE, ONE)


def answered(request: GetKlines, have: list[int]) -> tuple[Kline, ...]:
    """As the exchange answers: from start to end, both included, the first `limit`."""
    assert isinstance(request.start_time, int)
    assert isinstance(request.end_time, int)
    assert request.limit == 1_000
    found = [time for time in have if request.start_time <= time <= request.end_time]
    return tuple(candle(time) for time in found[:1_000])


@given(
    count=st.integers(0, 3_500),
    missing=st.sets(st.integers(0, 3_500), max_size=50),
    start=st.integers(-10, 3_600),
    length=st.integers(0, 3_600),
)
def test_all_of_it_once_and_in_order(count: int, missing: set[int], start: int, length: int) -> None:
    """Candles of a halted market are missing; a page then reaches further."""
    have = [number * MINUTE_MS for number in range(count) if number not in missing]
    start_ms, end_ms = start * MINUTE_MS - 7, (start + length) * MINUTE_MS + 7
    seen: list[Progress] = []
    pages, heard = KlinePages("BTCUSDT", KlineInterval.ONE_MINUTE, start_ms, end_ms, seen.append), []
    while (request := pages.ask()) is not None:
        heard += pages.take(answered(request, have))
    assert [each.open_time for each in heard] == [time for time in have if start_ms <= time < end_ms]
    shares = [each.share for each in seen]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert seen[-1].candles == len(heard)


@pytest.mark.parametrize("times", [[5, 5], [5, 4], [0], [100]])
def test_an_answer_that_was_not_asked_for_cannot_loop(times: list[int]) -> None:
    pages = KlinePages("BTCUSDT", KlineInterval.ONE_MINUTE, 1, 100)
    with pytest.raises(errors.ProtocolViolation, match="was not asked for"):
        pages.take(tuple(candle(time) for time in times))


def test_moments() -> None:
    assert milliseconds(5) == 5
    assert milliseconds(datetime(1970, 1, 1, 0, 0, 1, 500, tzinfo=UTC)) == 1_000
    assert milliseconds(datetime(1970, 1, 1, 1, tzinfo=timezone(timedelta(hours=1)))) == 0
    with pytest.raises(errors.Misuse, match="no time zone"):
        milliseconds(datetime(1970, 1, 1))  # noqa: DTZ001
    for wrong in ("2026-01-01", date(2026, 1, 1), timedelta(hours=1), 1.5, True, None):
        with pytest.raises(errors.Misuse, match="is no moment"):
            milliseconds(wrong)  # type: ignore[arg-type]
    with pytest.raises(errors.Misuse, match="after its end"):
        KlinePages("BTCUSDT", KlineInterval.ONE_MINUTE, 2, 1)


def test_a_range_that_cannot_be_is_refused_before_it_is_iterated(exchange: EmbeddedExchange) -> None:
    for client in (surefoot.Client(exchange.environment), surefoot.AsyncClient(exchange.environment)):
        with pytest.raises(errors.Misuse, match="after its end"):
            client.klines_range("BTCUSDT", KlineInterval.ONE_MINUTE, 2, 1)


def traded(exchange: EmbeddedExchange) -> datetime:
    """Some trades; a moment before all of them."""
    before = datetime.now(UTC) - timedelta(minutes=2)
    for price in (60_000, 61_000, 60_500):
        exchange.trade_at("BTCUSDT", price)
    return before


async def test_from_the_exchange(exchange: EmbeddedExchange) -> None:
    """Both clients hear the same; the newest candle is the one still open."""
    start, seen = traded(exchange), []
    async with surefoot.connect(exchange.environment) as client:
        await client.sync()
        heard = [
            each
            async for each in client.klines_range(
                "BTCUSDT", KlineInterval.ONE_SECOND, start, progress=seen.append
            )
        ]
    assert sum(each.trades for each in heard) == 3
    assert max(each.high for each in heard) == 61_000
    assert heard[-1].close == 60_500
    assert seen[-1].share == 1

    def ask() -> list[Kline]:
        with surefoot.Client(exchange.environment) as blocking:
            end = heard[-1].open_time + 1
            return list(blocking.klines_range("BTCUSDT", KlineInterval.ONE_SECOND, start, end))

    assert await asyncio.to_thread(ask) == heard


def test_a_page_that_fails_leaves_what_came_before(exchange: EmbeddedExchange) -> None:
    start = traded(exchange)
    with surefoot.Client(exchange.environment) as client:
        found: Any = client.klines_range("NONE", KlineInterval.ONE_SECOND, start)
        with pytest.raises(errors.Refused, match="Invalid symbol"):
            next(found)
