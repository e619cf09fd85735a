"""Names of the market streams (official page *WebSocket Streams*): a function for each kind, and a reader.

Names are plain text, such as ``btcusdt@trade``; the functions spell them, and `parse_stream` refuses what
the exchange would not know.
"""

import re
from enum import StrEnum

import msgspec

from surefoot.errors import Misuse
from surefoot.spot.enums import KlineInterval


class StreamKind(StrEnum):
    """The kinds of market stream; the value shows how a name of the kind looks."""

    AGG_TRADE = "<symbol>@aggTrade"
    TRADE = "<symbol>@trade"
    BLOCK_TRADE = "<symbol>@blockTrade"
    KLINE = "<symbol>@kline_<interval>"
    MINI_TICKER = "<symbol>@miniTicker"
    MINI_TICKERS = "!miniTicker@arr"
    TICKER = "<symbol>@ticker"
    ROLLING_TICKER = "<symbol>@ticker_<window>"
    ROLLING_TICKERS = "!ticker_<window>@arr"
    BOOK_TICKER = "<symbol>@bookTicker"
    AVG_PRICE = "<symbol>@avgPrice"
    PARTIAL_DEPTH = "<symbol>@depth<levels>"
    DEPTH = "<symbol>@depth"
    REFERENCE_PRICE = "<symbol>@referencePrice"


class StreamName(msgspec.Struct, frozen=True, gc=False):
    """A stream's name, read: `symbol` is in upper case, and empty for streams of all symbols."""

    text: str
    kind: StreamKind
    symbol: str = ""


WINDOWS = ("1h", "4h", "1d")
LEVELS = (5, 10, 20)
UTC_8 = "+08:00"

_INTERVALS = "|".join(KlineInterval)
_WINDOW = "|".join(WINDOWS)
_FORMS = {
    StreamKind.AGG_TRADE: "aggTrade",
    StreamKind.TRADE: "trade",
    StreamKind.BLOCK_TRADE: "blockTrade",
    StreamKind.KLINE: rf"kline_(?:{_INTERVALS})(?:@\+08:00)?",
    StreamKind.MINI_TICKER: "miniTicker",
    StreamKind.TICKER: "ticker",
    StreamKind.ROLLING_TICKER: f"ticker_(?:{_WINDOW})",
    StreamKind.BOOK_TICKER: "bookTicker",
    StreamKind.AVG_PRICE: "avgPrice",
    StreamKind.PARTIAL_DEPTH: "depth(?:5|10|20)(?:@100ms)?",
    StreamKind.DEPTH: "depth(?:@100ms)?",
    StreamKind.REFERENCE_PRICE: "referencePrice",
}
_OF_SYMBOL = tuple((kind, re.compile(form)) for kind, form in _FORMS.items())
_OF_ALL = (
    (StreamKind.MINI_TICKERS, re.compile("!miniTicker@arr")),
    (StreamKind.ROLLING_TICKERS, re.compile(f"!ticker_(?:{_WINDOW})@arr")),
)
_GONE = {
    "!ticker@arr": "was removed on 2026-03-26: use !miniTicker@arr, or <symbol>@ticker",
    "!bookTicker": "was removed on 2022-12-07: use <symbol>@bookTicker",
}
_NOT_IN_SYMBOLS = re.compile(r"[\s@/?&#%!\"\\\x00-\x1f]")


def parse_stream(text: str) -> StreamName:
    """Read a stream's name; raises `Misuse` that says what is wrong with it."""
    if not isinstance(text, str):
        raise Misuse(
            f"{text!r} is no stream: a name is a text, such as 'btcusdt@trade'; give several one by one"
        )
    if text in _GONE:
        raise Misuse(f"the stream {text!r} {_GONE[text]}")
    for kind, form in _OF_ALL:
        if form.fullmatch(text):
            return StreamName(text, kind)
    symbol, at, rest = text.partition("@")
    kinds = [kind for kind, form in _OF_SYMBOL if at and form.fullmatch(rest)]
    if at and (not symbol or _NOT_IN_SYMBOLS.search(symbol)):
        raise Misuse(f"there is no stream {text!r}; {symbol!r} is no symbol, which is such as btcusdt")
    if not kinds:
        raise Misuse(f"there is no stream {text!r}; there are {_choice(rest)}")
    if symbol != symbol.lower():
        raise Misuse(f"symbols of streams are in lower case: {symbol.lower()}@{rest}, not {text}")
    return StreamName(text, kinds[0], symbol.upper())


def _choice(rest: str) -> str:
    """What somebody may have meant who wrote `rest` behind the symbol."""
    if rest.startswith("kline_"):
        return f"the intervals {', '.join(KlineInterval)}"
    if rest.startswith("ticker_"):
        return f"the windows {', '.join(WINDOWS)}"
    if rest.startswith("depth"):
        return f"{StreamKind.DEPTH}, and {', '.join(map(str, LEVELS))} levels, each with or without @100ms"
    return ", ".join(StreamKind)


def agg_trade(symbol: str) -> str:
    """What each taker order took at each price, in real time."""
    return _of(symbol, "aggTrade")


def trade(symbol: str) -> str:
    """Each trade, in real time."""
    return _of(symbol, "trade")


def block_trade(symbol: str) -> str:
    """Each block trade, in real time."""
    return _of(symbol, "blockTrade")


def kline(symbol: str, interval: KlineInterval | str, *, utc_8: bool = False) -> str:
    """The current candle, every 2 s (1 s for ``1s``) while it changes; `utc_8` cuts its days at UTC+8."""
    return _of(symbol, f"kline_{interval}{'@' + UTC_8 if utc_8 else ''}")


def mini_ticker(symbol: str) -> str:
    """Prices and volumes of the last 24 hours, every second while they change."""
    return _of(symbol, "miniTicker")


def mini_tickers() -> str:
    """The mini tickers of all symbols that changed, every second."""
    return StreamKind.MINI_TICKERS.value


def ticker(symbol: str) -> str:
    """Statistics of the last 24 hours, every second while they change."""
    return _of(symbol, "ticker")


def rolling_ticker(symbol: str, window: str) -> str:
    """Statistics of a rolling window (``1h``, ``4h``, ``1d``), every second while they change."""
    return _of(symbol, f"ticker_{window}")


def rolling_tickers(window: str) -> str:
    """The rolling window statistics of all symbols that changed, every second."""
    return parse_stream(f"!ticker_{window}@arr").text


def book_ticker(symbol: str) -> str:
    """The best prices, in real time."""
    return _of(symbol, "bookTicker")


def avg_price(symbol: str) -> str:
    """The average price, every second."""
    return _of(symbol, "avgPrice")


def partial_depth(symbol: str, levels: int, *, fast: bool = True) -> str:
    """The best 5, 10 or 20 levels, whole: every 100 ms, or every 1,000 ms when not `fast`."""
    return _of(symbol, f"depth{levels}{'@100ms' if fast else ''}")


def depth(symbol: str, *, fast: bool = True) -> str:
    """Changes of the book: every 100 ms, or every 1,000 ms when not `fast`."""
    return _of(symbol, f"depth{'@100ms' if fast else ''}")


def reference_price(symbol: str) -> str:
    """The reference price, every second."""
    return _of(symbol, "referencePrice")


def _of(symbol: str, rest: str) -> str:
    if not isinstance(symbol, str):
        raise Misuse(f"{symbol!r} is no symbol: it is a text, such as 'BTCUSDT'")
    return parse_stream(f"{symbol.lower()}@{rest}").text
