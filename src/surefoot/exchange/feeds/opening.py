"""Which feed a stream is."""

from collections.abc import Callable, Mapping

from surefoot.exchange.feeds import books, klines, tickers, trades
from surefoot.exchange.feeds.feed import Feed, Sources
from surefoot.exchange.feeds.stream_names import StreamName

_FEEDS: Mapping[str, Callable[[StreamName, Sources], Feed]] = {
    "trade": trades.Trades,
    "aggTrade": trades.Aggregates,
    "blockTrade": trades.BlockTrades,
    "bookTicker": books.BestPrices,
    "kline": klines.Klines,
    "miniTicker": tickers.MiniTickers,
    "avgPrice": tickers.AveragePrices,
    "referencePrice": tickers.ReferencePrices,
}


def open_feed(name: StreamName, sources: Sources) -> Feed:
    """A new feed of the stream `name`."""
    if name.kind == "depth":
        return books.Snapshots(name, sources) if name.levels else books.Changes(name, sources)
    if name.kind == "ticker":
        return tickers.WindowTickers(name, sources) if name.interval else tickers.DayTickers(name, sources)
    return _FEEDS[name.kind](name, sources)
