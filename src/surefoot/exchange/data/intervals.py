"""Where candles begin and end: the 16 kline intervals, in UTC or in a time zone.

Times are integer microseconds since 1970; an offset is how far the zone's clock is ahead of UTC.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType

import msgspec

SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US
HOUR_US = 60 * MINUTE_US
DAY_US = 24 * HOUR_US

MONTH = "1M"
_WEEK = "1w"
_FIRST_MONDAY_US = 4 * DAY_US  # 1970-01-05; weeks begin on Monday
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_MORE_THAN_A_MONTH = timedelta(days=32)

LENGTHS_US: Mapping[str, int] = MappingProxyType(
    {
        "1s": SECOND_US,
        "1m": MINUTE_US,
        "3m": 3 * MINUTE_US,
        "5m": 5 * MINUTE_US,
        "15m": 15 * MINUTE_US,
        "30m": 30 * MINUTE_US,
        "1h": HOUR_US,
        "2h": 2 * HOUR_US,
        "4h": 4 * HOUR_US,
        "6h": 6 * HOUR_US,
        "8h": 8 * HOUR_US,
        "12h": 12 * HOUR_US,
        "1d": DAY_US,
        "3d": 3 * DAY_US,
        _WEEK: 7 * DAY_US,
    }
)
"""Intervals of a fixed length; a month (`1M`) has none."""


Span = tuple[int, int]
"""When a candle opens, and when the next one does."""


def bucket(interval: str, time_us: int, offset_us: int = 0) -> Span:
    """The candle that contains `time_us`: when it opens, and when the next one does.

    Candles of several days are counted from 1970-01-01 on, weeks from Monday, months by the calendar.
    """
    local = time_us + offset_us
    if interval == MONTH:
        first, following = _month(local)
    else:
        length = LENGTHS_US[interval]
        first = local - (local - (_FIRST_MONDAY_US if interval == _WEEK else 0)) % length
        following = first + length
    return first - offset_us, following - offset_us


def _month(local_us: int) -> tuple[int, int]:
    first = date.fromordinal(local_us // DAY_US + _EPOCH_DAY).replace(day=1)
    following = (first + _MORE_THAN_A_MONTH).replace(day=1)
    return _midnight(first), _midnight(following)


def _midnight(day: date) -> int:
    return (day.toordinal() - _EPOCH_DAY) * DAY_US


class Grid(msgspec.Struct, frozen=True, gc=False):
    """All candles of one interval in one time zone."""

    interval: str
    offset_us: int = 0

    def bucket(self, time_us: int) -> Span:
        """The candle that contains the time."""
        return bucket(self.interval, time_us, self.offset_us)

    def next_open(self, time_us: int) -> int:
        """When the first candle opens at `time_us` or later."""
        open_us, next_us = self.bucket(time_us)
        return open_us if open_us == time_us else next_us

    def forwards(self, first_us: int, end_us: int, limit: int) -> list[Span]:
        """The first candles from the one that opens at `first_us`, none that opens after `end_us`."""
        spans: list[Span] = []
        while first_us <= end_us and len(spans) < limit:
            spans.append(self.bucket(first_us))
            first_us = spans[-1][1]
        return spans

    def backwards(self, earliest_us: int, end_us: int, limit: int) -> list[Span]:
        """The last candles that open by `end_us`, oldest first, none before the one at `earliest_us`."""
        spans: list[Span] = []
        while end_us >= earliest_us and len(spans) < limit:
            spans.append(self.bucket(end_us))
            end_us = spans[-1][0] - 1
        return spans[::-1]
