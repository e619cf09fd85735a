"""Market data as Binance spells it: field names and their order are those of the official sample answers.

`unit` is how many microseconds one tick of the answer's times has: 1000 or 1.
"""

from surefoot.exchange.besides import ReferencePrice
from surefoot.exchange.candles import Candle
from surefoot.exchange.commands import BlockTrade, TopChange, TradeTick
from surefoot.exchange.history import AggregateTrade
from surefoot.exchange.listing import SCALE
from surefoot.exchange.render import Json, format8
from surefoot.exchange.statistics import WindowStats

_THOUSANDTHS = 1000


def signed8(value: int) -> str:
    """An amount at 1e-8 that may be negative, with its 8 decimals."""
    return f"-{format8(-value)}" if value < 0 else format8(value)


def percent(thousandths: int) -> str:
    """Thousandths of a percent: -1234 is ``-1.234``."""
    whole, part = divmod(abs(thousandths), _THOUSANDTHS)
    return f"{'-' if thousandths < 0 else ''}{whole}.{part:03d}"


def trade(tick: TradeTick, unit: int) -> Json:
    """A public trade. All trades here are at the best price of their moment."""
    return {
        "id": tick.trade_id,
        "price": format8(tick.price),
        "qty": format8(tick.qty),
        "quoteQty": format8(tick.price * tick.qty // SCALE),
        "time": tick.time_us // unit,
        "isBuyerMaker": tick.buyer_is_maker,
        "isBestMatch": True,
    }


def block_trade(block: BlockTrade, unit: int) -> Json:
    """A trade that was agreed upon besides the book."""
    return {
        "id": block.id,
        "price": format8(block.price),
        "qty": format8(block.qty),
        "quoteQty": format8(block.price * block.qty // SCALE),
        "time": block.time_us // unit,
        "isBuyerMaker": block.buyer_is_maker,
    }


def aggregate(found: AggregateTrade, unit: int) -> Json:
    """An aggregate trade."""
    return {
        "a": found.id,
        "p": format8(found.price),
        "q": format8(found.qty),
        "f": found.first_id,
        "l": found.last_id,
        "T": found.time_us // unit,
        "m": found.buyer_is_maker,
        "M": True,
    }


def kline(candle: Candle, unit: int) -> list[int | str]:
    """A candle as a row; the last field is unused."""
    return [
        candle.open_us // unit,
        format8(candle.open),
        format8(candle.high),
        format8(candle.low),
        format8(candle.close),
        format8(candle.volume),
        candle.close_us // unit,
        format8(candle.quote_volume),
        candle.count,
        format8(candle.taker_base),
        format8(candle.taker_quote),
        "0",
    ]


def average_price(minutes: int, price: int, last_trade: int) -> Json:
    """The average price of the last `minutes`; `last_trade` is a time as it is told."""
    return {"mins": minutes, "price": format8(price), "closeTime": last_trade}


def reference_price(symbol: str, reference: ReferencePrice, unit: int) -> Json:
    """The reference price, null where it was taken back."""
    price = None if reference.price is None else format8(reference.price)
    return {"symbol": symbol, "referencePrice": price, "timestamp": reference.set_us // unit}


def price(symbol: str, last: int) -> Json:
    """The last price."""
    return {"symbol": symbol, "price": format8(last)}


def day_ticker(symbol: str, stats: WindowStats, top: TopChange, unit: int) -> Json:
    """24 hours in full: with the close before them, the last trade and the best prices now."""
    return {
        "symbol": symbol,
        **_change(stats),
        "prevClosePrice": format8(stats.previous_close),
        "lastPrice": format8(stats.last),
        "lastQty": format8(stats.last_qty),
        "bidPrice": format8(top.bid),
        "bidQty": format8(top.bid_qty),
        "askPrice": format8(top.ask),
        "askQty": format8(top.ask_qty),
        **_range(stats),
        **_volume(stats, unit),
    }


def window_ticker(symbol: str, stats: WindowStats, unit: int) -> Json:
    """A rolling window or a trading day in full."""
    return {
        "symbol": symbol,
        **_change(stats),
        **_range(stats),
        "lastPrice": format8(stats.last),
        **_volume(stats, unit),
    }


def mini_ticker(symbol: str, stats: WindowStats, unit: int) -> Json:
    """Any window in short."""
    return {
        "symbol": symbol,
        **_range(stats),
        "lastPrice": format8(stats.last),
        **_volume(stats, unit),
    }


def _change(stats: WindowStats) -> Json:
    return {
        "priceChange": signed8(stats.price_change),
        "priceChangePercent": percent(stats.price_change_percent),
        "weightedAvgPrice": format8(stats.weighted_average),
    }


def _range(stats: WindowStats) -> Json:
    return {
        "openPrice": format8(stats.open),
        "highPrice": format8(stats.high),
        "lowPrice": format8(stats.low),
    }


def _volume(stats: WindowStats, unit: int) -> Json:
    return {
        "volume": format8(stats.volume),
        "quoteVolume": format8(stats.quote_volume),
        "openTime": stats.open_us // unit,
        "closeTime": stats.close_us // unit,
        "firstId": stats.first_id,
        "lastId": stats.last_id,
        "count": stats.count,
    }
