"""What a symbol did in a stretch of time that ends now: 24 hours, a rolling window, a trading day.

Counted in whole minutes: a window begins with the minute in which it opens, so it is up to 59,999 ms wider.
"""

import msgspec

from surefoot.exchange.core.commands import TradeTick
from surefoot.exchange.core.listing import SCALE
from surefoot.exchange.data.bars import Bar
from surefoot.exchange.data.candles import Candles
from surefoot.exchange.data.intervals import DAY_US, MINUTE_US, bucket

_PERCENT = 100_000  # a change of 1.000 %, at 1e-3 of a percent, is a hundredth


class WindowStats(msgspec.Struct, frozen=True, gc=False):
    """Prices and amounts are integers at 1e-8. A window without trades has zeroes, and -1 as its ids.

    `previous_close` is the last price before the window (0 when there was none), `last_qty` the quantity of
    the window's last trade.
    """

    open_us: int
    close_us: int
    previous_close: int = 0
    open: int = 0
    high: int = 0
    low: int = 0
    last: int = 0
    last_qty: int = 0
    volume: int = 0
    quote_volume: int = 0
    count: int = 0
    first_id: int = -1
    last_id: int = -1

    @property
    def price_change(self) -> int:
        """Last price minus first, at 1e-8."""
        return self.last - self.open

    @property
    def price_change_percent(self) -> int:
        """The change in thousandths of a percent of the first price, rounded half away from zero."""
        return _quotient(self.price_change * _PERCENT, self.open)

    @property
    def weighted_average(self) -> int:
        """Quote volume by volume at 1e-8, rounded half up; 0 without trades."""
        return _quotient(self.quote_volume * SCALE, self.volume)


def _quotient(dividend: int, divisor: int) -> int:
    if not divisor:
        return 0
    whole = (2 * abs(dividend) + divisor) // (2 * divisor)
    return whole if dividend >= 0 else -whole


class Statistics:
    """Windows over the trades of `candles`. `prior_price` is a price from before the first of them."""

    __slots__ = ("_candles", "_last_qty", "_prior_price")

    def __init__(self, candles: Candles, prior_price: int | None) -> None:
        self._candles = candles
        self._prior_price = prior_price or 0
        self._last_qty = 0

    def add(self, tick: TradeTick) -> None:
        """Told of each trade after `candles`."""
        self._last_qty = tick.qty

    def day(self, now_us: int) -> WindowStats:
        """The last 24 hours."""
        return self._stats(now_us - DAY_US, now_us)

    def window(self, length_us: int, now_us: int) -> WindowStats:
        """A rolling window of at most a week: it opens on the minute."""
        open_us = now_us - length_us
        return self._stats(open_us - open_us % MINUTE_US, now_us)

    def trading_day(self, now_us: int, offset_us: int = 0) -> WindowStats:
        """The calendar day up to now; `close_us` is its last microsecond."""
        open_us, next_us = bucket("1d", now_us, offset_us)
        return self._stats(open_us, next_us - 1)

    def _stats(self, open_us: int, close_us: int) -> WindowStats:
        before = self._candles.before(open_us)
        previous = self._prior_price if before is None else before.close
        bar = self._candles.since(open_us)
        if bar is None:
            return WindowStats(open_us, close_us, previous)
        return _of(bar, open_us, close_us, previous, self._last_qty)


def _of(bar: Bar, open_us: int, close_us: int, previous: int, last_qty: int) -> WindowStats:
    return WindowStats(
        open_us,
        close_us,
        previous,
        bar.open,
        bar.high,
        bar.low,
        bar.close,
        last_qty,
        bar.volume,
        bar.quote_volume,
        bar.count,
        bar.first_id,
        bar.last_id,
    )
