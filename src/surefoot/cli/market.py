"""`surefoot book`, `surefoot klines`: what everybody may ask about a market."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from surefoot.cli.edges import DONE
from surefoot.cli.intervals import Interval
from surefoot.cli.sheets import Cell, as_object, clock, shown, tell, tell_json, tell_table
from surefoot.cli.symbols import meaning
from surefoot.cli.terminal import Terminal
from surefoot.cli.venues import Where
from surefoot.client.ranges import Progress, Watcher
from surefoot.errors import Misuse
from surefoot.spot.enums import KlineInterval
from surefoot.spot.market import Depth
from surefoot.spot.market_klines import Kline
from surefoot.values import trimmed

_HEADS = ("open time (UTC)", "open", "high", "low", "close", "volume", "trades")
_SPARE = ("trades", "volume", "open")


def book(symbol: str, /, *, where: Where, limit: int = 10) -> int:
    """Show the best levels of an order book.

    Parameters
    ----------
    symbol
        Which book.
    limit
        Levels a side, 5,000 at most.
    """
    with where.public_client() as client, meaning(symbol, client):
        depth = client.depth(symbol, limit=limit)
    if where.json:
        tell_json([depth])
        return DONE
    rows: list[list[Cell]] = [["ask", shown(ask.price), shown(ask.quantity)] for ask in reversed(depth.asks)]
    rows += [["bid", shown(bid.price), shown(bid.quantity)] for bid in depth.bids]
    tell_table(f"{symbol}, {where.env}", ("", "price", "quantity"), rows, f"the book of {symbol} is empty")
    if depth.asks and depth.bids:
        tell(_spread(depth))
    return DONE


def klines(
    symbol: str,
    /,
    *,
    where: Where,
    interval: Interval = "1h",
    limit: int = 24,
    start: datetime | None = None,
    end: datetime | None = None,
) -> int:
    """Show candles: the newest, or with --start every one of a range however long.

    Parameters
    ----------
    symbol
        Of which symbol.
    interval
        The width of a candle.
    limit
        How many of the newest; a range has no limit.
    start
        First moment of a range, such as 2026-01-31 or 2026-01-31T12:00:00, in UTC unless it says otherwise.
    end
        End of the range. Default: now.
    """
    if end is not None and start is None:
        raise Misuse("--end needs --start: a range begins somewhere")
    width = KlineInterval(interval)
    with where.public_client() as client, meaning(symbol, client):
        if start is None:
            return _tell(symbol, client.klines(symbol, width, limit=limit), where)
        client.sync()
        with _progress(symbol) as watch:
            candles = client.klines_range(symbol, width, _utc(start), end and _utc(end), progress=watch)
            return _tell(symbol, candles, where)


def _tell(symbol: str, candles: "Iterator[Kline] | tuple[Kline, ...]", where: Where) -> int:
    if where.json:
        tell_json(as_object(candle) for candle in candles)
        return DONE
    rows = [_row(candle) for candle in candles]
    tell_table(f"{symbol}, {where.env}", _HEADS, rows, f"{symbol} has no candles there", spare=_SPARE)
    return DONE


def _row(candle: Kline) -> list[Cell]:
    prices = (candle.open, candle.high, candle.low, candle.close, candle.volume)
    return [clock(candle.open_time), *[shown(price) for price in prices], candle.trades]


def _spread(depth: Depth) -> str:
    bid, ask = depth.bids[0].price, depth.asks[0].price
    return f"spread {trimmed(ask - bid)}, {float((ask - bid) / ask * 10_000):.2f} bp"


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@contextmanager
def _progress(symbol: str) -> Iterator[Watcher | None]:
    """A bar on standard error, where that is a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.progress import Progress as Bar  # noqa: PLC0415 - paid by those who see it

    with Bar(console=Terminal(stderr=True), transient=True) as bar:
        task = bar.add_task(symbol, total=1.0)

        def watch(progress: Progress) -> None:
            bar.update(task, completed=progress.share, description=f"{symbol}: {progress.candles} candles")

        yield watch
