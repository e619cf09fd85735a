"""Statistics over a window: 24 hours, a trading day, any (official page *REST API*, Market Data endpoints).

Each comes for one symbol or for several, full or short (type MINI).
"""

from decimal import Decimal
from typing import ClassVar

import msgspec

from surefoot.spot.enums import SymbolStatus, TickerType
from surefoot.spot.request import Answer, Endpoint, Request
from surefoot.spot.weights import BySymbols, PerSymbol
from surefoot.values import UNSET, UnsetType


class MiniTicker(Answer, frozen=True):
    """Prices and volumes of a window, the short form. Times are milliseconds since 1970."""

    symbol: str
    open_price: Decimal
    high_price: Decimal
    low_price: Decimal
    last_price: Decimal
    volume: Decimal
    quote_volume: Decimal
    open_time: int
    close_time: int
    first_id: int
    last_id: int
    count: int


class Ticker(MiniTicker, frozen=True):
    """Prices, changes and volumes of a window."""

    price_change: Decimal
    price_change_percent: Decimal
    weighted_avg_price: Decimal


class Ticker24hr(Ticker, frozen=True):
    """The same over 24 hours, with the best prices now."""

    prev_close_price: Decimal
    last_qty: Decimal
    bid_price: Decimal
    bid_qty: Decimal
    ask_price: Decimal
    ask_qty: Decimal


_TICKER_24HR = Endpoint(
    method="GET",
    path="/api/v3/ticker/24hr",
    ws_method="ticker.24hr",
    weight=BySymbols(single=2, several=((20, 2), (100, 40), (None, 80)), omitted=80),
    answer=Ticker24hr,
)


class GetTicker24hr(Request[Ticker24hr], frozen=True):
    """Statistics of one symbol over the last 24 hours."""

    endpoint: ClassVar[Endpoint] = _TICKER_24HR
    symbol: str
    symbol_status: SymbolStatus | UnsetType = UNSET


class GetTickers24hr(Request[tuple[Ticker24hr, ...]], frozen=True):
    """Statistics of several symbols, or of all over the last 24 hours."""

    endpoint: ClassVar[Endpoint] = msgspec.structs.replace(_TICKER_24HR, answer=tuple[Ticker24hr, ...])
    symbols: tuple[str, ...] | UnsetType = UNSET
    symbol_status: SymbolStatus | UnsetType = UNSET


class GetMiniTicker24hr(Request[MiniTicker], frozen=True):
    """The short form of statistics of one symbol over the last 24 hours."""

    endpoint: ClassVar[Endpoint] = msgspec.structs.replace(_TICKER_24HR, answer=MiniTicker)
    symbol: str
    type: TickerType = TickerType.MINI
    symbol_status: SymbolStatus | UnsetType = UNSET


class GetMiniTickers24hr(Request[tuple[MiniTicker, ...]], frozen=True):
    """The short form of statistics of several symbols, or of all over the last 24 hours."""

    endpoint: ClassVar[Endpoint] = msgspec.structs.replace(_TICKER_24HR, answer=tuple[MiniTicker, ...])
    symbols: tuple[str, ...] | UnsetType = UNSET
    type: TickerType = TickerType.MINI
    symbol_status: SymbolStatus | UnsetType = UNSET


_TRADING_DAY = Endpoint(
    method="GET",
    path="/api/v3/ticker/tradingDay",
    ws_method="ticker.tradingDay",
    weight=PerSymbol(4, cap=200, omitted=4),
    answer=Ticker,
)


class GetTradingDayTicker(Request[Ticker], frozen=True):
    """Statistics of one symbol over the trading day."""

    endpoint: ClassVar[Endpoint] = _TRADING_DAY
    symbol: str
    time_zone: str | UnsetType = UNSET
    symbol_status: SymbolStatus | UnsetType = UNSET


class GetTradingDayTickers(Request[tuple[Ticker, ...]], frozen=True):
    """Statistics of several symbols over the trading day."""

    endpoint: ClassVar[Endpoint] = msgspec.structs.replace(_TRADING_DAY, answer=tuple[Ticker, ...])
    symbols: tuple[str, ...]
    time_zone: str | UnsetType = UNSET
    symbol_status: SymbolStatus | UnsetType = UNSET


class GetMiniTradingDayTicker(Request[MiniTicker], frozen=True):
    """The short form of statistics of one symbol over the trading day."""

    endpoint: ClassVar[Endpoint] = msgspec.structs.replace(_TRADING_DAY, answer=MiniTicker)
    symbol: str
    type: TickerType = TickerType.MINI
    time_zone: str | UnsetType = UNSET
    symbol_status: SymbolStatus | UnsetType = UNSET


class GetMiniTradingDayTickers(Request[tuple[MiniTicker, ...]], frozen=True):
    """The short form of statistics of several symbols over the trading day."""

    endpoint: ClassVar[Endpoint] = msgspec.structs.replace(_TRADING_DAY, answer=tuple[MiniTicker, ...])
    symbols: tuple[str, ...]
    type: TickerType = TickerType.MINI
    time_zone: str | UnsetType = UNSET
    symbol_status: SymbolStatus | UnsetType = UNSET


_ROLLING = Endpoint(
    method="GET",
    path="/api/v3/ticker",
    ws_method="ticker",
    weight=PerSymbol(4, cap=200, omitted=4),
    answer=Ticker,
)


class GetTicker(Request[Ticker], frozen=True):
    """Statistics of one symbol over a window such as 1m, 4h or 7d (1d by default)."""

    endpoint: ClassVar[Endpoint] = _ROLLING
    symbol: str
    window_size: str | UnsetType = UNSET
    symbol_status: SymbolStatus | UnsetType = UNSET


class GetTickers(Request[tuple[Ticker, ...]], frozen=True):
    """Statistics of several symbols over a window such as 1m, 4h or 7d (1d by default)."""

    endpoint: ClassVar[Endpoint] = msgspec.structs.replace(_ROLLING, answer=tuple[Ticker, ...])
    symbols: tuple[str, ...]
    window_size: str | UnsetType = UNSET
    symbol_status: SymbolStatus | UnsetType = UNSET


class GetMiniTicker(Request[MiniTicker], frozen=True):
    """The short form of statistics of one symbol over a window such as 1m, 4h or 7d (1d by default)."""

    endpoint: ClassVar[Endpoint] = msgspec.structs.replace(_ROLLING, answer=MiniTicker)
    symbol: str
    type: TickerType = TickerType.MINI
    window_size: str | UnsetType = UNSET
    symbol_status: SymbolStatus | UnsetType = UNSET


class GetMiniTickers(Request[tuple[MiniTicker, ...]], frozen=True):
    """The short form of statistics of several symbols over a window such as 1m, 4h or 7d (1d by default)."""

    endpoint: ClassVar[Endpoint] = msgspec.structs.replace(_ROLLING, answer=tuple[MiniTicker, ...])
    symbols: tuple[str, ...]
    type: TickerType = TickerType.MINI
    window_size: str | UnsetType = UNSET
    symbol_status: SymbolStatus | UnsetType = UNSET
