"""Names of the market streams, and how often each speaks (official page *WebSocket Streams*)."""

import re
from collections.abc import Collection, Mapping
from types import MappingProxyType

import msgspec

from surefoot.exchange.data.intervals import HOUR_US, LENGTHS_US, MONTH

FAST_MS, SLOW_MS, CALM_MS = 100, 1000, 2000
PERIODS_MS = (FAST_MS, SLOW_MS, CALM_MS)

_PERIODS_MS: Mapping[str, int] = MappingProxyType(
    {
        "aggTrade": 0,
        "trade": 0,
        "blockTrade": 0,
        "bookTicker": 0,
        "miniTicker": SLOW_MS,
        "ticker": SLOW_MS,
        "avgPrice": SLOW_MS,
        "referencePrice": SLOW_MS,
    }
)
_WINDOW = re.compile(r"ticker_(1h|4h|1d)")
_DEPTH = re.compile(r"depth(5|10|20)?(@100ms)?")
_KLINE = re.compile(rf"kline_({'|'.join((*LENGTHS_US, MONTH))})(@\+08:00)?")
_EIGHT_HOURS_US = 8 * HOUR_US
_ALL = "!"


class StreamName(msgspec.Struct, frozen=True):
    """One stream: symbol in upper case (empty: all of them), kind, and how often it speaks (0: at once).

    `levels` is for depth (0: changes), `interval` for klines and tickers of a window, `offset_us` how far the
    time zone of the klines is ahead of UTC.
    """

    text: str
    symbol: str
    kind: str
    period_ms: int = 0
    levels: int = 0
    interval: str = ""
    offset_us: int = 0


def parse_stream(text: str, symbols: Collection[str]) -> StreamName | None:
    """The stream of that name, or None when there is none or its symbol is not listed (in lower case)."""
    if text.startswith(_ALL):
        return _of_all(text)
    symbol, _, rest = text.partition("@")
    if symbol != symbol.lower() or symbol.upper() not in symbols:
        return None
    return _of_one(text, symbol.upper(), rest)


def due(before_us: int, now_us: int) -> tuple[int, ...]:
    """The periods (milliseconds) that ended after `before_us` and until `now_us`: they end on the clock."""
    return tuple([ms for ms in PERIODS_MS if before_us // (ms * 1000) != now_us // (ms * 1000)])


def _of_all(text: str) -> StreamName | None:
    kind, _, rest = text.removeprefix(_ALL).partition("@")
    if rest != "arr":
        return None
    if kind == "miniTicker":
        return StreamName(text, "", kind, SLOW_MS)
    window = _WINDOW.fullmatch(kind)
    return StreamName(text, "", "ticker", SLOW_MS, interval=window[1]) if window else None


def _of_one(text: str, symbol: str, rest: str) -> StreamName | None:
    if rest in _PERIODS_MS:
        return StreamName(text, symbol, rest, _PERIODS_MS[rest])
    if window := _WINDOW.fullmatch(rest):
        return StreamName(text, symbol, "ticker", SLOW_MS, interval=window[1])
    if depth := _DEPTH.fullmatch(rest):
        return StreamName(text, symbol, "depth", FAST_MS if depth[2] else SLOW_MS, int(depth[1] or 0))
    if kline := _KLINE.fullmatch(rest):
        period_ms = SLOW_MS if kline[1] == "1s" else CALM_MS
        offset_us = _EIGHT_HOURS_US if kline[2] else 0
        return StreamName(text, symbol, "kline", period_ms, interval=kline[1], offset_us=offset_us)
    return None
