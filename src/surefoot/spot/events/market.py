"""Events of the market streams (official page *WebSocket Streams*)."""

from decimal import Decimal

import msgspec

from surefoot.spot.events.event import Event, ServerShutdown, UnknownEvent
from surefoot.spot.market import Level

_TRADE = {
    "event_time": "E",
    "symbol": "s",
    "trade_id": "t",
    "price": "p",
    "quantity": "q",
    "trade_time": "T",
    "is_buyer_maker": "m",
}


class AggTradeEvent(
    Event,
    frozen=True,
    tag_field="e",
    tag="aggTrade",
    rename={**_TRADE, "agg_trade_id": "a", "first_trade_id": "f", "last_trade_id": "l"},
    gc=False,
):
    """What one taker order took at one price."""

    event_time: int
    symbol: str
    agg_trade_id: int
    price: Decimal
    quantity: Decimal
    first_trade_id: int
    last_trade_id: int
    trade_time: int
    is_buyer_maker: bool


class TradeEvent(Event, frozen=True, tag_field="e", tag="trade", rename=_TRADE, gc=False):
    """One trade of one buyer and one seller."""

    event_time: int
    symbol: str
    trade_id: int
    price: Decimal
    quantity: Decimal
    trade_time: int
    is_buyer_maker: bool


class BlockTradeEvent(Event, frozen=True, tag_field="e", tag="blockTrade", rename=_TRADE, gc=False):
    """One block trade; `trade_id` counts block trades."""

    event_time: int
    symbol: str
    trade_id: int
    price: Decimal
    quantity: Decimal
    trade_time: int
    is_buyer_maker: bool


class StreamKline(
    msgspec.Struct,
    frozen=True,
    rename={
        "open_time": "t",
        "close_time": "T",
        "symbol": "s",
        "interval": "i",
        "first_trade_id": "f",
        "last_trade_id": "L",
        "open": "o",
        "close": "c",
        "high": "h",
        "low": "l",
        "volume": "v",
        "trades": "n",
        "is_closed": "x",
        "quote_volume": "q",
        "taker_buy_base_volume": "V",
        "taker_buy_quote_volume": "Q",
    },
    gc=False,
):
    """A candle as it stands; nothing changes it any more once it `is_closed`."""

    open_time: int
    close_time: int
    symbol: str
    interval: str
    first_trade_id: int
    last_trade_id: int
    open: Decimal
    close: Decimal
    high: Decimal
    low: Decimal
    volume: Decimal
    trades: int
    is_closed: bool
    quote_volume: Decimal
    taker_buy_base_volume: Decimal
    taker_buy_quote_volume: Decimal


class KlineEvent(
    Event,
    frozen=True,
    tag_field="e",
    tag="kline",
    rename={"event_time": "E", "symbol": "s", "kline": "k"},
    gc=False,
):
    """The current candle changed, or closed. Its times are UTC's also where its days are cut at UTC+8."""

    event_time: int
    symbol: str
    kline: StreamKline


_MINI = {
    "event_time": "E",
    "symbol": "s",
    "last_price": "c",
    "open_price": "o",
    "high_price": "h",
    "low_price": "l",
    "volume": "v",
    "quote_volume": "q",
}


class MiniTickerEvent(Event, frozen=True, tag_field="e", tag="24hrMiniTicker", rename=_MINI, gc=False):
    """Prices and volumes of the last 24 hours, the short form."""

    event_time: int
    symbol: str
    last_price: Decimal
    open_price: Decimal
    high_price: Decimal
    low_price: Decimal
    volume: Decimal
    quote_volume: Decimal


class MiniTickersEvent(Event, frozen=True):
    """The mini tickers of all symbols that changed."""

    tickers: tuple[MiniTickerEvent, ...]


_STATISTICS = {
    **_MINI,
    "price_change": "p",
    "price_change_percent": "P",
    "weighted_avg_price": "w",
    "open_time": "O",
    "close_time": "C",
    "first_id": "F",
    "last_id": "L",
    "count": "n",
}


class TickerEvent(
    Event,
    frozen=True,
    tag_field="e",
    tag="24hrTicker",
    rename={
        **_STATISTICS,
        "prev_close_price": "x",
        "last_qty": "Q",
        "bid_price": "b",
        "bid_qty": "B",
        "ask_price": "a",
        "ask_qty": "A",
    },
    gc=False,
):
    """Statistics of the last 24 hours, with the best prices now."""

    event_time: int
    symbol: str
    price_change: Decimal
    price_change_percent: Decimal
    weighted_avg_price: Decimal
    prev_close_price: Decimal
    last_price: Decimal
    last_qty: Decimal
    bid_price: Decimal
    bid_qty: Decimal
    ask_price: Decimal
    ask_qty: Decimal
    open_price: Decimal
    high_price: Decimal
    low_price: Decimal
    volume: Decimal
    quote_volume: Decimal
    open_time: int
    close_time: int
    first_id: int
    last_id: int
    count: int


class RollingTickerEvent(Event, frozen=True, rename={**_STATISTICS, "name": "e"}, gc=False):
    """Statistics of a rolling window: `name` is ``1hTicker``, ``4hTicker`` or ``1dTicker``.

    The window begins on a whole minute, so it may be up to 59,999 ms longer.
    """

    name: str
    event_time: int
    symbol: str
    price_change: Decimal
    price_change_percent: Decimal
    open_price: Decimal
    high_price: Decimal
    low_price: Decimal
    last_price: Decimal
    weighted_avg_price: Decimal
    volume: Decimal
    quote_volume: Decimal
    open_time: int
    close_time: int
    first_id: int
    last_id: int
    count: int


class RollingTickersEvent(Event, frozen=True):
    """The rolling window statistics of all symbols that changed."""

    tickers: tuple[RollingTickerEvent, ...]


class BookTickerEvent(
    Event,
    frozen=True,
    rename={
        "update_id": "u",
        "symbol": "s",
        "bid_price": "b",
        "bid_qty": "B",
        "ask_price": "a",
        "ask_qty": "A",
    },
    gc=False,
):
    """The best prices changed. This event has no name and no time of its own."""

    update_id: int
    symbol: str
    bid_price: Decimal
    bid_qty: Decimal
    ask_price: Decimal
    ask_qty: Decimal


class AvgPriceEvent(
    Event,
    frozen=True,
    tag_field="e",
    tag="avgPrice",
    rename={"event_time": "E", "symbol": "s", "interval": "i", "price": "w", "last_trade_time": "T"},
    gc=False,
):
    """The average price over `interval` (``5m``, say)."""

    event_time: int
    symbol: str
    interval: str
    price: Decimal
    last_trade_time: int


class ReferencePriceEvent(
    Event,
    frozen=True,
    tag_field="e",
    tag="referencePrice",
    rename={"symbol": "s", "price": "r", "time": "t"},
    gc=False,
):
    """The reference price, None where there is none. `time` is the engine's; there is no event time."""

    symbol: str
    price: Decimal | None
    time: int


class PartialDepth(Event, frozen=True, gc=False):
    """The best levels of a book, whole: bids high to low, asks low to high.

    The exchange leaves out which symbol it is; `symbol` is taken from the stream's name.
    """

    symbol: str
    last_update_id: int
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]


class DepthUpdate(
    Event,
    frozen=True,
    tag_field="e",
    tag="depthUpdate",
    rename={
        "event_time": "E",
        "symbol": "s",
        "first_update_id": "U",
        "final_update_id": "u",
        "bids": "b",
        "asks": "a",
    },
    gc=False,
):
    """Changed levels with their absolute quantities; 0 deletes a level."""

    event_time: int
    symbol: str
    first_update_id: int
    final_update_id: int
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]


MarketEvent = (
    AggTradeEvent
    | TradeEvent
    | BlockTradeEvent
    | KlineEvent
    | MiniTickerEvent
    | MiniTickersEvent
    | TickerEvent
    | RollingTickerEvent
    | RollingTickersEvent
    | BookTickerEvent
    | AvgPriceEvent
    | ReferencePriceEvent
    | PartialDepth
    | DepthUpdate
    | ServerShutdown
    | UnknownEvent
)
