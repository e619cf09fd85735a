"""Candles and average prices (official page *REST API*, chapter Market Data endpoints)."""

from decimal import Decimal
from typing import ClassVar

import msgspec

from surefoot.spot.enums import ExternalCalculationId, KlineInterval, ReferencePriceCalculation, SymbolStatus
from surefoot.spot.request import Answer, Endpoint, Request
from surefoot.values import UNSET, UnsetType


class Kline(msgspec.Struct, frozen=True, array_like=True, gc=False):
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


class AvgPrice(Answer, frozen=True):
    """Average price over the last `mins` minutes; `close_time` is that of the last trade."""

    mins: int
    price: Decimal
    close_time: int


class GetAvgPrice(Request[AvgPrice], frozen=True):
    """Current average price of a symbol."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="GET",
        path="/api/v3/avgPrice",
        ws_method="avgPrice",
        weight=2,
        answer=AvgPrice,
    )
    symbol: str


class ReferencePrice(Answer, frozen=True):
    """The price that filters and the price range rule refer to; None while there is none."""

    symbol: str
    reference_price: Decimal | None
    timestamp: int


class GetReferencePrice(Request[ReferencePrice], frozen=True):
    """Reference price of a symbol; a symbol that never had one is refused with -2043."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="GET",
        path="/api/v3/referencePrice",
        ws_method="referencePrice",
        weight=2,
        answer=ReferencePrice,
    )
    symbol: str


class ReferencePriceMethod(Answer, frozen=True):
    """How a symbol's reference price is made: a mean over buckets, or taken from outside."""

    symbol: str
    calculation_type: ReferencePriceCalculation
    bucket_count: int | UnsetType = UNSET
    bucket_width_ms: int | UnsetType = UNSET
    external_calculation_id: ExternalCalculationId | UnsetType = UNSET


class GetReferencePriceCalculation(Request[ReferencePriceMethod], frozen=True):
    """How the reference price of a symbol is calculated."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="GET",
        path="/api/v3/referencePrice/calculation",
        ws_method="referencePrice.calculation",
        weight=2,
        answer=ReferencePriceMethod,
    )
    symbol: str
    symbol_status: SymbolStatus | UnsetType = UNSET
