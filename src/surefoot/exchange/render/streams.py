"""Market events as Binance spells them (official page *WebSocket Streams*), field by field in its order.

`form` says how the symbol's numbers and the times are spelled.
"""

from collections.abc import Iterable

from surefoot.exchange.core.commands import BlockTrade, TopChange, TradeTick
from surefoot.exchange.data.candles import Candle
from surefoot.exchange.data.history import AggregateTrade
from surefoot.exchange.data.statistics import WindowStats
from surefoot.exchange.render import market
from surefoot.exchange.render.amounts import Json, Spelling

Levels = Iterable[tuple[int, int]]


def trade(tick: TradeTick, form: Spelling) -> Json:
    """One public trade."""
    return {
        "e": "trade",
        "E": tick.time_us // form.unit,
        "s": tick.symbol,
        "t": tick.trade_id,
        "p": form.price(tick.price),
        "q": form.qty(tick.qty),
        "T": tick.time_us // form.unit,
        "m": tick.buyer_is_maker,
        "M": True,
    }


def aggregate(symbol: str, found: AggregateTrade, form: Spelling) -> Json:
    """What one taker traded at one price."""
    head = {"e": "aggTrade", "E": found.time_us // form.unit, "s": symbol}
    return head | market.aggregate(found, form)


def block_trade(block: BlockTrade, form: Spelling) -> Json:
    """A trade that was agreed upon besides the book."""
    return {
        "e": "blockTrade",
        "E": block.time_us // form.unit,
        "s": block.symbol,
        "t": block.id,
        "p": form.price(block.price),
        "q": form.qty(block.qty),
        "T": block.time_us // form.unit,
        "m": block.buyer_is_maker,
    }


def kline(symbol: str, interval: str, candle: Candle, now_us: int, form: Spelling) -> Json:
    """A candle as it stands; it is closed when its last microsecond is over."""
    return {
        "e": "kline",
        "E": now_us // form.unit,
        "s": symbol,
        "k": {
            "t": candle.open_us // form.unit,
            "T": candle.close_us // form.unit,
            "s": symbol,
            "i": interval,
            "f": candle.first_id,
            "L": candle.last_id,
            "o": form.price(candle.open),
            "c": form.price(candle.close),
            "h": form.price(candle.high),
            "l": form.price(candle.low),
            "v": form.qty(candle.volume),
            "n": candle.count,
            "x": candle.close_us < now_us,
            "q": form.price(candle.quote_volume),
            "V": form.qty(candle.taker_base),
            "Q": form.price(candle.taker_quote),
            "B": "0",
        },
    }


def mini_ticker(symbol: str, stats: WindowStats, now_us: int, form: Spelling) -> Json:
    """24 hours in short."""
    return {
        "e": "24hrMiniTicker",
        "E": now_us // form.unit,
        "s": symbol,
        "c": form.price(stats.last),
        "o": form.price(stats.open),
        "h": form.price(stats.high),
        "l": form.price(stats.low),
        "v": form.qty(stats.volume),
        "q": form.price(stats.quote_volume),
    }


def day_ticker(symbol: str, stats: WindowStats, top: TopChange, now_us: int, form: Spelling) -> Json:
    """24 hours in full, with the best prices now."""
    return {
        "e": "24hrTicker",
        "E": now_us // form.unit,
        "s": symbol,
        "p": form.price(stats.price_change),
        "P": market.percent(stats.price_change_percent),
        "w": form.price(stats.weighted_average),
        "x": form.price(stats.previous_close),
        "c": form.price(stats.last),
        "Q": form.qty(stats.last_qty),
        "b": form.price(top.bid),
        "B": form.qty(top.bid_qty),
        "a": form.price(top.ask),
        "A": form.qty(top.ask_qty),
        "o": form.price(stats.open),
        "h": form.price(stats.high),
        "l": form.price(stats.low),
        "v": form.qty(stats.volume),
        "q": form.price(stats.quote_volume),
        **_span(stats, form),
    }


def window_ticker(symbol: str, window: str, stats: WindowStats, now_us: int, form: Spelling) -> Json:
    """A rolling window (``1h``, ``4h``, ``1d``)."""
    return {
        "e": f"{window}Ticker",
        "E": now_us // form.unit,
        "s": symbol,
        "p": form.price(stats.price_change),
        "P": market.percent(stats.price_change_percent),
        "o": form.price(stats.open),
        "h": form.price(stats.high),
        "l": form.price(stats.low),
        "c": form.price(stats.last),
        "w": form.price(stats.weighted_average),
        "v": form.qty(stats.volume),
        "q": form.price(stats.quote_volume),
        **_span(stats, form),
    }


def _span(stats: WindowStats, form: Spelling) -> Json:
    return {
        "O": stats.open_us // form.unit,
        "C": stats.close_us // form.unit,
        "F": stats.first_id,
        "L": stats.last_id,
        "n": stats.count,
    }


def average_price(symbol: str, minutes: int, price: int, times_us: tuple[int, int], form: Spelling) -> Json:
    """The average price of the last `minutes`; the times are those of the last trade and of now."""
    last_trade_us, now_us = times_us
    return {
        "e": "avgPrice",
        "E": now_us // form.unit,
        "s": symbol,
        "i": f"{minutes}m",
        "w": form.price(price),
        "T": last_trade_us // form.unit,
    }


def reference_price(symbol: str, price: int | None, valid_us: int, form: Spelling) -> Json:
    """The price that is valid at `valid_us`, None without one. This event has no `E`."""
    return {
        "e": "referencePrice",
        "s": symbol,
        "r": None if price is None else form.price(price),
        "t": valid_us // form.unit,
    }


def best_prices(top: TopChange, form: Spelling) -> Json:
    """bookTicker: no event name and no time."""
    return {
        "u": top.update_id,
        "s": top.symbol,
        "b": form.price(top.bid),
        "B": form.qty(top.bid_qty),
        "a": form.price(top.ask),
        "A": form.qty(top.ask_qty),
    }


def depth_update(
    symbol: str, ids: tuple[int, int], sides: tuple[Levels, Levels], now_us: int, form: Spelling
) -> Json:
    """Changed levels; bids, then asks; `ids` are the first and the last update in it."""
    return {
        "e": "depthUpdate",
        "E": now_us // form.unit,
        "s": symbol,
        "U": ids[0],
        "u": ids[1],
        "b": form.levels(sides[0]),
        "a": form.levels(sides[1]),
    }


def server_shutdown(now_us: int, unit: int) -> Json:
    """The server is about to end this connection."""
    return {"e": "serverShutdown", "E": now_us // unit}
