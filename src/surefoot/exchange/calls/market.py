"""Market data endpoints: books, trades and candles."""

from collections.abc import Mapping
from typing import Any

from surefoot.exchange.calls import tickers
from surefoot.exchange.calls.desk import Ask, Call, Desk, form_of, in_status, times_of
from surefoot.exchange.data.intervals import MINUTE_US
from surefoot.exchange.data.market_data import MarketData
from surefoot.exchange.render import amounts
from surefoot.exchange.render import market as render_market
from surefoot.serve.denial import Denial

AVERAGE_MINUTES = 5
_PAGE, _LONGEST_PAGE = 500, 1000
_DEPTH, _DEEPEST = 100, 5000
_BY_HAND = 0


def depth(desk: Desk, ask: Ask) -> Any:
    symbol = ask.values["symbol"]
    in_status(desk, symbol, ask.values.get("symbolStatus"))
    book = desk.engine.depth(symbol, min(ask.values.get("limit", _DEPTH), _DEEPEST))
    return amounts.depth(book, form_of(desk, ask, symbol))


def recent_trades(desk: Desk, ask: Ask) -> Any:
    """Without a first id these are the historical ones too."""
    history = _data(desk, ask).history
    if "fromId" in ask.values:
        found = history.from_id(ask.values["fromId"], _limit(ask))
    else:
        found = history.recent(_limit(ask))
    form = _form(desk, ask)
    return [render_market.trade(tick, form) for tick in found]


def block_trades(desk: Desk, ask: Ask) -> Any:
    """What whoever runs the exchange said was traded besides the book."""
    found = _data(desk, ask).besides.blocks_from_id(ask.values["fromId"], _limit(ask))
    form = _form(desk, ask)
    return [render_market.block_trade(block, form) for block in found]


def aggregate_trades(desk: Desk, ask: Ask) -> Any:
    history = _data(desk, ask).history
    if "fromId" in ask.values:
        found = history.aggregates_from_id(ask.values["fromId"], _limit(ask))
    else:
        found = history.aggregates(*times_of(ask), _limit(ask))
    form = _form(desk, ask)
    return [render_market.aggregate(row, form) for row in found]


def klines(desk: Desk, ask: Ask) -> Any:
    """Also uiKlines: nothing is smoothed here, as on the Spot testnet."""
    candles = _data(desk, ask).candles
    found = candles.range(
        ask.values["interval"],
        *times_of(ask),
        _limit(ask),
        now_us=ask.now_us,
        offset_us=ask.values.get("timeZone", 0) * MINUTE_US,
    )
    form = _form(desk, ask)
    return [render_market.kline(candle, form) for candle in found]


def average_price(desk: Desk, ask: Ask) -> Any:
    last = _data(desk, ask).history.last
    price = desk.engine.average_price(ask.values["symbol"], AVERAGE_MINUTES, ask.now_us)
    closed_us = 0 if last is None else last.time_us
    return render_market.average_price(AVERAGE_MINUTES, price or 0, closed_us, _form(desk, ask))


def reference_price(desk: Desk, ask: Ask) -> Any:
    """A symbol has one once whoever runs the exchange set it."""
    symbol = ask.values["symbol"]
    in_status(desk, symbol, ask.values.get("symbolStatus"))
    reference = desk.engine.reference_price(symbol)
    if reference is None:
        raise Denial(-2043, "This symbol doesn't have a reference price.")
    return render_market.reference_price(symbol, reference, _form(desk, ask))


def reference_calculation(desk: Desk, ask: Ask) -> Any:
    """Reference prices are set by hand here."""
    symbol = reference_price(desk, ask)["symbol"]
    return {"symbol": symbol, "calculationType": "EXTERNAL", "externalCalculationId": _BY_HAND}


def _data(desk: Desk, ask: Ask) -> MarketData:
    symbol = ask.values["symbol"]
    desk.info.status(symbol)
    return desk.data[symbol]


def _form(desk: Desk, ask: Ask) -> amounts.Spelling:
    return form_of(desk, ask, ask.values["symbol"])


def _limit(ask: Ask) -> int:
    limit: int = ask.values.get("limit", _PAGE)
    return min(limit, _LONGEST_PAGE)


CALLS: Mapping[str, Call] = {
    "depth": depth,
    "trades.recent": recent_trades,
    "trades.historical": recent_trades,
    "blockTrades.historical": block_trades,
    "trades.aggregate": aggregate_trades,
    "klines": klines,
    "uiKlines": klines,
    "avgPrice": average_price,
    "referencePrice": reference_price,
    "referencePrice.calculation": reference_calculation,
    **tickers.CALLS,
}
