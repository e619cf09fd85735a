"""Market data as Binance spells it: field names and their order are those of the official sample answers.

`form` says how the symbol's numbers and the times are spelled.
"""

from surefoot.exchange.core.commands import BlockTrade, TopChange, TradeTick
from surefoot.exchange.core.listing import SCALE
from surefoot.exchange.core.tape import ReferencePrice
from surefoot.exchange.data.candles import Candle
from surefoot.exchange.data.history import AggregateTrade
from surefoot.exchange.data.statistics import WindowStats
from surefoot.exchange.render.amounts import Json, Spelling

_THOUSANDTHS = 1000


def percent(thousandths: int) -> str:
    """Thousandths of a percent: -1234 is ``-1.234``."""
    whole, part = divmod(abs(thousandths), _THOUSANDTHS)
    return f"{'-' if thousandths < 0 else ''}{whole}.{part:03d}"


def trade(tick: TradeTick, form: Spelling) -> Json:
    """A public trade. All trades here are at the best price of their moment."""
    return {
        "id": tick.trade_id,
        "price": form.price(tick.price),
        "qty": form.qty(tick.qty),
        "quoteQty": form.price(tick.price * tick.qty // SCALE),
        "time": tick.time_us // form.unit,
        "isBuyerMaker": tick.buyer_is_maker,
        "isBestMatch": True,
    }


def block_trade(block: BlockTrade, form: Spelling) -> Json:
    """A trade that was agreed upon besides the book."""
    return {
        "id": block.id,
        "price": form.price(block.price),
        "qty": form.qty(block.qty),
        "quoteQty": form.price(block.price * block.qty // SCALE),
        "time": block.time_us // form.unit,
        "isBuyerMaker": block.buyer_is_maker,
    }


def aggregate(found: AggregateTrade, form: Spelling) -> Json:
    """An aggregate trade."""
    return {
        "a": found.id,
        "p": form.price(found.price),
        "q": form.qty(found.qty),
        "f": found.first_id,
        "l": found.last_id,
        "T": found.time_us // form.unit,
        "m": found.buyer_is_maker,
        "M": True,
    }


def kline(candle: Candle, form: Spelling) -> list[int | str]:
    """A candle as a row; the last field is unused."""
    return [
        candle.open_us // form.unit,
        form.price(candle.open),
        form.price(candle.high),
        form.price(candle.low),
        form.price(candle.close),
        form.qty(candle.volume),
        candle.close_us // form.unit,
        form.price(candle.quote_volume),
        candle.count,
        form.qty(candle.taker_base),
        form.price(candle.taker_quote),
        "0",
    ]


def average_price(minutes: int, price: int, last_trade_us: int, form: Spelling) -> Json:
    """The average price of the last `minutes`, and when the last trade was."""
    return {"mins": minutes, "price": form.price(price), "closeTime": last_trade_us // form.unit}


def reference_price(symbol: str, reference: ReferencePrice, form: Spelling) -> Json:
    """The reference price, null where it was taken back."""
    price = None if reference.price is None else form.price(reference.price)
    return {"symbol": symbol, "referencePrice": price, "timestamp": reference.set_us // form.unit}


def price(symbol: str, last: int, form: Spelling) -> Json:
    """The last price."""
    return {"symbol": symbol, "price": form.price(last)}


def day_ticker(symbol: str, stats: WindowStats, top: TopChange, form: Spelling) -> Json:
    """24 hours in full: with the close before them, the last trade and the best prices now."""
    return {
        "symbol": symbol,
        **_change(stats, form),
        "prevClosePrice": form.price(stats.previous_close),
        "lastPrice": form.price(stats.last),
        "lastQty": form.qty(stats.last_qty),
        "bidPrice": form.price(top.bid),
        "bidQty": form.qty(top.bid_qty),
        "askPrice": form.price(top.ask),
        "askQty": form.qty(top.ask_qty),
        **_range(stats, form),
        **_volume(stats, form),
    }


def window_ticker(symbol: str, stats: WindowStats, form: Spelling) -> Json:
    """A rolling window or a trading day in full."""
    return {
        "symbol": symbol,
        **_change(stats, form),
        **_range(stats, form),
        "lastPrice": form.price(stats.last),
        **_volume(stats, form),
    }


def mini_ticker(symbol: str, stats: WindowStats, form: Spelling) -> Json:
    """Any window in short."""
    return {
        "symbol": symbol,
        **_range(stats, form),
        "lastPrice": form.price(stats.last),
        **_volume(stats, form),
    }


def _change(stats: WindowStats, form: Spelling) -> Json:
    return {
        "priceChange": form.price(stats.price_change),
        "priceChangePercent": percent(stats.price_change_percent),
        "weightedAvgPrice": form.price(stats.weighted_average),
    }


def _range(stats: WindowStats, form: Spelling) -> Json:
    return {
        "openPrice": form.price(stats.open),
        "highPrice": form.price(stats.high),
        "lowPrice": form.price(stats.low),
    }


def _volume(stats: WindowStats, form: Spelling) -> Json:
    return {
        "volume": form.qty(stats.volume),
        "quoteVolume": form.price(stats.quote_volume),
        "openTime": stats.open_us // form.unit,
        "closeTime": stats.close_us // form.unit,
        "firstId": stats.first_id,
        "lastId": stats.last_id,
        "count": stats.count,
    }
