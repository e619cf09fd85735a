"""Candles of one symbol for all 16 intervals, in UTC or in a time zone, put together from bars.

Memory is bounded: an hour of seconds, a week of minutes and 400 days of quarter hours, counting only those in
which something was traded. What a ring has forgotten is not answered, nor is a candle of which a part is.
"""

from collections.abc import Iterator

import msgspec

from surefoot.exchange.core.commands import TradeTick
from surefoot.exchange.data.bars import Bar, Ring, bar_of, merged, since
from surefoot.exchange.data.intervals import (
    DAY_US,
    HOUR_US,
    LENGTHS_US,
    MINUTE_US,
    MONTH,
    SECOND_US,
    Grid,
    Span,
)

QUARTER_US = 15 * MINUTE_US

_SECONDS = HOUR_US // SECOND_US
_MINUTES = 7 * DAY_US // MINUTE_US + 2  # the longest rolling window, which opens within a minute
_QUARTERS = 400 * DAY_US // QUARTER_US
_NO_ID = -1


class Candle(msgspec.Struct, frozen=True, gc=False):
    """One kline. Prices and amounts are integers at 1e-8, `close_us` is its last microsecond.

    Without a trade all prices are the last one before, amounts and `count` are 0, both ids -1.
    """

    open_us: int
    close_us: int
    open: int
    high: int
    low: int
    close: int
    volume: int = 0
    quote_volume: int = 0
    count: int = 0
    taker_base: int = 0
    taker_quote: int = 0
    first_id: int = _NO_ID
    last_id: int = _NO_ID


class Candles:
    """The trades of one symbol in bars. Trades come in the order in which they happened."""

    __slots__ = ("_minutes", "_quarters", "_seconds")

    def __init__(self) -> None:
        self._seconds = Ring(SECOND_US, _SECONDS)
        self._minutes = Ring(MINUTE_US, _MINUTES)
        self._quarters = Ring(QUARTER_US, _QUARTERS)

    def add(self, tick: TradeTick) -> None:
        """Remember a trade."""
        trade = bar_of(tick)
        self._seconds.add(trade)
        self._minutes.add(trade)
        self._quarters.add(trade)

    def current(self, interval: str, now_us: int, offset_us: int = 0) -> Candle | None:
        """The candle that is open now; None before the first trade."""
        found = self.range(interval, None, None, 1, now_us=now_us, offset_us=offset_us)
        return found[0] if found else None

    def range(
        self,
        interval: str,
        start_us: int | None,
        end_us: int | None,
        limit: int,
        *,
        now_us: int,
        offset_us: int = 0,
    ) -> list[Candle]:
        """At most `limit` candles that open in `start_us` … `end_us`, oldest first.

        With `start_us` the oldest of them, otherwise the newest. None opens before the first trade's does.
        """
        ring, grid = self._ring(interval, offset_us), Grid(interval, offset_us)
        if not ring.bars:
            return []
        end_us = now_us if end_us is None else min(end_us, now_us)
        earliest_us = _earliest(ring, grid)
        if start_us is None:
            spans = grid.backwards(earliest_us, end_us, limit)
        else:
            spans = grid.forwards(max(grid.next_open(start_us), earliest_us), end_us, limit)
        return list(_drawn(ring, spans))

    def since(self, start_us: int) -> Bar | None:
        """Everything traded from the minute of `start_us` on, at most a week ago; None when nothing was."""
        start_us -= start_us % MINUTE_US
        return merged(since(self._minutes, self._quarters, start_us, QUARTER_US))

    def before(self, start_us: int) -> Bar | None:
        """The last minute with a trade before that of `start_us`; None when there was none."""
        minutes = self._minutes
        return minutes.before(minutes.index(start_us - start_us % MINUTE_US))

    def _ring(self, interval: str, offset_us: int) -> Ring:
        """The coarsest ring whose bars fit the interval and the time zone."""
        length_us = DAY_US if interval == MONTH else LENGTHS_US[interval]
        if length_us < MINUTE_US:
            return self._seconds
        fits = length_us % QUARTER_US == 0 and offset_us % QUARTER_US == 0
        return self._quarters if fits else self._minutes


def _earliest(ring: Ring, grid: Grid) -> int:
    """When the first candle opens that is known from its beginning."""
    if ring.forgotten is None:
        return grid.bucket(ring.bars[0].start_us)[0]
    return grid.next_open(ring.complete_from_us)


def _drawn(ring: Ring, spans: list[Span]) -> Iterator[Candle]:
    bars, at = ring.bars, ring.index(spans[0][0]) if spans else 0
    for open_us, next_us in spans:
        following = at
        while following < len(bars) and bars[following].start_us < next_us:
            following += 1
        bar = merged(bars[at:following])
        if bar is None:
            last = ring.before(at)
            assert last is not None, "the first candle has a trade, or one was forgotten before it"
            yield _flat(open_us, next_us - 1, last.close)
        else:
            yield _candle(open_us, next_us - 1, bar)
        at = following


def _flat(open_us: int, close_us: int, price: int) -> Candle:
    return Candle(open_us, close_us, price, price, price, price)


def _candle(open_us: int, close_us: int, bar: Bar) -> Candle:
    return Candle(
        open_us,
        close_us,
        bar.open,
        bar.high,
        bar.low,
        bar.close,
        bar.volume,
        bar.quote_volume,
        bar.count,
        bar.taker_base,
        bar.taker_quote,
        bar.first_id,
        bar.last_id,
    )
