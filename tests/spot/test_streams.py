"""Names of streams: each kind is spelled as documented, and what the exchange does not know is refused."""

import pytest

from surefoot.errors import Misuse
from surefoot.spot import streams
from surefoot.spot.enums import KlineInterval
from surefoot.spot.streams import StreamKind, StreamName, parse_stream


@pytest.mark.parametrize(
    ("spelled", "expected", "kind"),
    [
        (streams.agg_trade("BTCUSDT"), "btcusdt@aggTrade", StreamKind.AGG_TRADE),
        (streams.trade("BTCUSDT"), "btcusdt@trade", StreamKind.TRADE),
        (streams.block_trade("BTCUSDT"), "btcusdt@blockTrade", StreamKind.BLOCK_TRADE),
        (streams.kline("BTCUSDT", "1m"), "btcusdt@kline_1m", StreamKind.KLINE),
        (streams.kline("BTCUSDT", KlineInterval.ONE_MONTH), "btcusdt@kline_1M", StreamKind.KLINE),
        (streams.kline("BTCUSDT", "1d", utc_8=True), "btcusdt@kline_1d@+08:00", StreamKind.KLINE),
        (streams.mini_ticker("BTCUSDT"), "btcusdt@miniTicker", StreamKind.MINI_TICKER),
        (streams.mini_tickers(), "!miniTicker@arr", StreamKind.MINI_TICKERS),
        (streams.ticker("BTCUSDT"), "btcusdt@ticker", StreamKind.TICKER),
        (streams.rolling_ticker("BTCUSDT", "4h"), "btcusdt@ticker_4h", StreamKind.ROLLING_TICKER),
        (streams.rolling_tickers("1d"), "!ticker_1d@arr", StreamKind.ROLLING_TICKERS),
        (streams.book_ticker("BTCUSDT"), "btcusdt@bookTicker", StreamKind.BOOK_TICKER),
        (streams.avg_price("BTCUSDT"), "btcusdt@avgPrice", StreamKind.AVG_PRICE),
        (streams.partial_depth("BTCUSDT", 10), "btcusdt@depth10@100ms", StreamKind.PARTIAL_DEPTH),
        (streams.partial_depth("BTCUSDT", 5, fast=False), "btcusdt@depth5", StreamKind.PARTIAL_DEPTH),
        (streams.depth("BTCUSDT"), "btcusdt@depth@100ms", StreamKind.DEPTH),
        (streams.depth("BTCUSDT", fast=False), "btcusdt@depth", StreamKind.DEPTH),
        (streams.reference_price("BTCUSDT"), "btcusdt@referencePrice", StreamKind.REFERENCE_PRICE),
        (streams.trade("这是测试币456"), "这是测试币456@trade", StreamKind.TRADE),
    ],
)
def test_names(spelled: str, expected: str, kind: StreamKind) -> None:
    assert spelled == expected
    symbol = "" if expected.startswith("!") else expected.split("@", maxsplit=1)[0].upper()
    assert parse_stream(spelled) == StreamName(expected, kind, symbol)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("BTCUSDT@trade", "lower case: btcusdt@trade"),
        ("btcusdt@trades", "there is no stream"),
        ("btcusdt@kline_2m", "there are the intervals 1s, 1m, 3m"),
        ("btcusdt@kline_1m@+09:00", "there is no stream"),
        ("btcusdt@depth7", "<symbol>@depth, and 5, 10, 20 levels"),
        ("btcusdt@ticker_2h", "there are the windows 1h, 4h, 1d"),
        ("btcusdt", "there is no stream"),
        ("@trade", "there is no stream"),
        ("", "there is no stream"),
        ("btc/usdt@trade", "'btc/usdt' is no symbol"),
        ("btcusdt@trade/ethusdt@trade", "there is no stream"),
        ("btcusdt@trade?x=1", "there is no stream"),
        ("btcusdt @trade", "there is no stream"),
        ("!ticker@arr", "removed on 2026-03-26: use !miniTicker@arr"),
        ("!bookTicker", "removed on 2022-12-07"),
    ],
)
def test_a_name_that_there_cannot_be_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(Misuse, match=why):
        parse_stream(text)


def test_functions_refuse_too() -> None:
    with pytest.raises(Misuse, match="kline_2m"):
        streams.kline("BTCUSDT", "2m")
    with pytest.raises(Misuse, match="depth6"):
        streams.partial_depth("BTCUSDT", 6)
    with pytest.raises(Misuse, match="ticker_7d"):
        streams.rolling_tickers("7d")
