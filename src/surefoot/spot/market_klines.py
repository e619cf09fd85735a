"""Candles (official page *REST API*, chapter Market Data endpoints)."""

from decimal import Decimal
from typing import ClassVar

import msgspec

from surefoot.spot.enums import KlineInterval
from surefoot.spot.request import Endpoint, Request
from surefoot.values import UNSET, UnsetType


class Kline(msgspec.Struct, frozen=True, rename="camel", array_like=True, gc=False):
    """One candle, known by its `open_time`. Times are milliseconds since 1970."""

    open_time: int
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal
    close_time: int
    quote_volume: Decimal
    trades: int
    taker_buy_base_volume: Decimal
    taker_buy_quote_volume: Decimal


class GetKlines(Request[tuple[Kline, ...]], frozen=True):
    """Candles of a symbol, oldest first; the newest without times. 500 by default, 1,000 at most."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="GET",
        path="/api/v3/klines",
        ws_method="klines",
        weight=2,
        answer=tuple[Kline, ...],
    )
    symbol: str
    interval: KlineInterval
    start_time: int | UnsetType = UNSET
    end_time: int | UnsetType = UNSET
    time_zone: str | UnsetType = UNSET
    limit: int | UnsetType = UNSET


class GetUiKlines(Request[tuple[Kline, ...]], frozen=True):
    """Candles as `GetKlines`, smoothed for charts."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="GET",
        path="/api/v3/uiKlines",
        ws_method="uiKlines",
        weight=2,
        answer=tuple[Kline, ...],
    )
    symbol: str
    interval: KlineInterval
    start_time: int | UnsetType = UNSET
    end_time: int | UnsetType = UNSET
    time_zone: str | UnsetType = UNSET
    limit: int | UnsetType = UNSET
