"""`surefoot watch`: a market as it happens, a line an event, until it is interrupted."""

import asyncio
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Literal

from surefoot.cli.edges import DONE
from surefoot.cli.intervals import Interval
from surefoot.cli.sheets import tell_json
from surefoot.cli.symbols import meaning
from surefoot.cli.venues import Where
from surefoot.client.aio import AsyncClient
from surefoot.client.streams import Gap, State
from surefoot.errors import Misuse
from surefoot.spot import streams
from surefoot.spot.events import BookTickerEvent, Event, KlineEvent, TradeEvent
from surefoot.values import trimmed

Kind = Literal["trades", "bookTicker", "klines"]


def watch(
    *symbols: str, where: Where, stream: Kind = "trades", interval: Interval = "1m", count: int | None = None
) -> int:
    """Watch trades, best prices or candles as they happen, until Ctrl+C.

    Reconnects by itself; what was missed meanwhile is said on standard error as a gap. Who reads slowly gets
    the newest best price and the newest state of an open candle, and every trade.

    Parameters
    ----------
    symbols
        Which markets.
    stream
        What to watch.
    interval
        The width of a candle.
    count
        End after so many events.
    """
    if not symbols:
        raise Misuse("name at least one symbol, such as BTCUSDT")
    if count is not None and count < 1:
        raise Misuse(f"--count {count}: at least 1, or leave it out")
    with where.public_client() as client:
        for symbol in symbols:  # the exchange says nothing about streams of symbols that it has not
            with meaning(symbol, client):
                client.price_ticker(symbol)
    names = [_name(stream, symbol, interval) for symbol in symbols]
    asyncio.run(_watch(where, names, count))
    return DONE


async def _watch(where: Where, names: list[str], count: int | None) -> None:
    left = count
    async with AsyncClient(where.environment, proxy=where.proxy) as client, client.stream(*names) as events:
        events.watchers.append(_Outages().turned)
        async for event in events:
            if isinstance(event, Gap):
                _aside(f"gap of {event.until_ms - event.since_ms} ms: {event.reason}")
            elif type(event) in _LINES:
                _tell(event, where)
                left = None if left is None else left - 1
            if left == 0:
                return


class _Outages:
    """Says once of each outage that there is one."""

    def __init__(self) -> None:
        self._told = False

    def turned(self, state: State) -> None:
        """The stream is live, or waits for its next try."""
        if state is State.WAITING and not self._told:
            _aside("the connection is lost, trying again")
        self._told = state is State.WAITING


def _aside(text: str) -> None:
    print(f"surefoot: {text}", file=sys.stderr, flush=True)


def _tell(event: Event, where: Where) -> None:
    if where.json:
        tell_json([event])
    else:
        print(_LINES[type(event)](event), flush=True)


def _name(stream: Kind, symbol: str, interval: Interval) -> str:
    if stream == "klines":
        return streams.kline(symbol, interval)
    return streams.trade(symbol) if stream == "trades" else streams.book_ticker(symbol)


def _trade(event: TradeEvent) -> str:
    side = "sell" if event.is_buyer_maker else "buy "
    what = f"{trimmed(event.price)}  {trimmed(event.quantity)}"
    return f"{_clock(event.trade_time)}  {event.symbol}  {side}  {what}"


def _book_ticker(event: BookTickerEvent) -> str:
    bid = f"{trimmed(event.bid_qty)} @ {trimmed(event.bid_price)}"
    return f"{event.symbol}  {bid} | {trimmed(event.ask_price)} @ {trimmed(event.ask_qty)}"


def _kline(event: KlineEvent) -> str:
    candle = event.kline
    prices = (candle.open, candle.high, candle.low, candle.close, candle.volume)
    end = "closed" if candle.is_closed else "open"
    return f"{_clock(candle.open_time)}  {event.symbol}  {'  '.join(map(trimmed, prices))}  {end}"


_LINES: Mapping[type[Event], Callable[[Any], str]] = MappingProxyType(
    {TradeEvent: _trade, BookTickerEvent: _book_ticker, KlineEvent: _kline}
)


def _clock(time_ms: int) -> str:
    return datetime.fromtimestamp(time_ms / 1000, UTC).strftime("%H:%M:%S.%f")[:-3]
