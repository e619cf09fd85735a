"""Market events as Binance spells them (official page *WebSocket Streams*), field by field in its order.

`unit` is how many microseconds one tick of the event's times has: 1000 or 1.
"""

from collections.abc import Iterable

from surefoot.exchange.candles import Candle
from surefoot.exchange.commands import BlockTrade, TopChange, TradeTick
from surefoot.exchange.history import AggregateTrade
from surefoot.exchange.render import Json, format8, levels
from surefoot.exchange.render_market import percent, signed8
from surefoot.exchange.statistics import WindowStats

Levels = Iterable[tuple[int, int]]


def trade(tick: TradeTick, unit: int) -> Json:
    """One public trade."""
    return {
        "e": "trade",
        "E": tick.time_us // unit,
        "s": tick.symbol,
        "t": tick.trade_id,
        "p": format8(tick.price),
        "q": format8(tick.qty),
        "T": tick.time_us // unit,
        "m": tick.buyer_is_maker,
        "M": True,
    }


def aggregate(symbol: str, found: AggregateTrade, unit: int) -> Json:
    """What one taker traded at one price."""
    return {
        "e": "aggTrade",
        "E": found.time_us // unit,
        "s": symbol,
        "a": found.id,
        "p": format8(found.price),
        "q": format8(found.qty),
        "f": found.first_id,
        "l": found.last_id,
        "T": found.time_us // unit,
        "m": found.buyer_is_maker,
        "M": True,
    }


def block_trade(block: BlockTrade, unit: int) -> Json:
    """A trade that was agreed upon besides the book."""
    return {
        "e": "blockTrade",
        "E": block.time_us // unit,
        "s": block.symbol,
        "t": block.id,
        "p": format8(block.price),
        "q": format8(block.qty),
        "T": block.time_us // unit,
        "m": block.buyer_is_maker,
    }


def kline(symbol: str, interval: str, candle: Candle, now_us: int, unit: int) -> Json:
    """A candle as it stands; it is closed when its last microsecond is over."""
    return {
        "e": "kline",
        "E": now_us // unit,
        "s": symbol,
        "k": {
            "t": candle.open_us // unit,
            "T": candle.close_us // unit,
            "s": symbol,
            "i": interval,
            "f": candle.first_id,
            "L": candle.last_id,
            "o": format8(candle.open),
            "c": format8(candle.close),
            "h": format8(candle.high),
            "l": format8(candle.low),
            "v": format8(candle.volume),
            "n": candle.count,
            "x": candle.close_us < now_us,
            "q": format8(candle.quote_volume),
            "V": format8(candle.taker_base),
            "Q": format8(candle.taker_quote),
            "B": "0",
        },
    }


def mini_ticker(symbol: str, stats: WindowStats, now_us: int, unit: int) -> Json:
    """24 hours in short."""
    return {
        "e": "24hrMiniTicker",
        "E": now_us // unit,
        "s": symbol,
        "c": format8(stats.last),
        "o": format8(stats.open),
        "h": format8(stats.high),
        "l": format8(stats.low),
        "v": format8(stats.volume),
        "q": format8(stats.quote_volume),
    }


def day_ticker(symbol: str, stats: WindowStats, top: TopChange, now_us: int, unit: int) -> Json:
    """24 hours in full, with the best prices now."""
    return {
        "e": "24hrTicker",
        "E": now_us // unit,
        "s": symbol,
        "p": signed8(stats.price_change),
        "P": percent(stats.price_change_percent),
        "w": format8(stats.weighted_average),
        "x": format8(stats.previous_close),
        "c": format8(stats.last),
        "Q": format8(stats.last_qty),
        "b": format8(top.bid),
        "B": format8(top.bid_qty),
        "a": format8(top.ask),
        "A": format8(top.ask_qty),
        "o": format8(stats.open),
        "h": format8(stats.high),
        "l": format8(stats.low),
        "v": format8(stats.volume),
        "q": format8(stats.quote_volume),
        **_span(stats, unit),
    }


def window_ticker(symbol: str, window: str, stats: WindowStats, now_us: int, unit: int) -> Json:
    """A rolling window (``1h``, ``4h``, ``1d``)."""
    return {
        "e": f"{window}Ticker",
        "E": now_us // unit,
        "s": symbol,
        "p": signed8(stats.price_change),
        "P": percent(stats.price_change_percent),
        "o": format8(stats.open),
        "h": format8(stats.high),
        "l": format8(stats.low),
        "c": format8(stats.last),
        "w": format8(stats.weighted_average),
        "v": format8(stats.volume),
        "q": format8(stats.quote_volume),
        **_span(stats, unit),
    }


def _span(stats: WindowStats, unit: int) -> Json:
    return {
        "O": stats.open_us // unit,
        "C": stats.close_us // unit,
        "F": stats.first_id,
        "L": stats.last_id,
        "n": stats.count,
    }


def average_price(symbol: str, minutes: int, price: int, times_us: tuple[int, int], unit: int) -> Json:
    """The average price of the last `minutes`; the times are those of the last trade and of now."""
    last_trade_us, now_us = times_us
    return {
        "e": "avgPrice",
        "E": now_us // unit,
        "s": symbol,
        "i": f"{minutes}m",
        "w": format8(price),
        "T": last_trade_us // unit,
    }


def reference_price(symbol: str, price: int | None, valid_us: int, unit: int) -> Json:
    """The price that is valid at `valid_us`, None without one. This event has no `E`."""
    return {
        "e": "referencePrice",
        "s": symbol,
        "r": None if price is None else format8(price),
        "t": valid_us // unit,
    }


def best_prices(top: TopChange) -> Json:
    """bookTicker: no event name and no time."""
    return {
        "u": top.update_id,
        "s": top.symbol,
        "b": format8(top.bid),
        "B": format8(top.bid_qty),
        "a": format8(top.ask),
        "A": format8(top.ask_qty),
    }


def depth_update(symbol: str, ids: tuple[int, int], bids: Levels, asks: Levels, time: int) -> Json:
    """Changed levels; `ids` are the first and the last update in it, `time` is in the stream's unit."""
    return {
        "e": "depthUpdate",
        "E": time,
        "s": symbol,
        "U": ids[0],
        "u": ids[1],
        "b": levels(bids),
        "a": levels(asks),
    }


def server_shutdown(now_us: int, unit: int) -> Json:
    """The server is about to end this connection."""
    return {"e": "serverShutdown", "E": now_us // unit}
