"""Trades of everybody (official page *REST API*, chapter Market Data endpoints)."""

from decimal import Decimal
from typing import ClassVar

import msgspec

from surefoot.spot.request import Answer, Endpoint, Request
from surefoot.values import UNSET, UnsetType


class PublicTrade(Answer, frozen=True):
    """A trade of anybody. `time` is milliseconds since 1970; the taker sold if `is_buyer_maker`."""

    id: int
    price: Decimal
    qty: Decimal
    quote_qty: Decimal
    time: int
    is_buyer_maker: bool
    is_best_match: bool


class GetTrades(Request[tuple[PublicTrade, ...]], frozen=True):
    """The newest trades of a symbol, oldest first; 500 by default, 1,000 at most."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="GET",
        path="/api/v3/trades",
        ws_method="trades.recent",
        weight=25,
        answer=tuple[PublicTrade, ...],
    )
    symbol: str
    limit: int | UnsetType = UNSET


class GetHistoricalTrades(Request[tuple[PublicTrade, ...]], frozen=True):
    """Older trades of a symbol, from `from_id` on; the newest without it. 500 by default, 1,000 at most."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="GET",
        path="/api/v3/historicalTrades",
        ws_method="trades.historical",
        weight=25,
        answer=tuple[PublicTrade, ...],
    )
    symbol: str
    limit: int | UnsetType = UNSET
    from_id: int | UnsetType = UNSET


class BlockTrade(Answer, frozen=True):
    """A trade that two parties agreed on outside the book. `time` is milliseconds since 1970."""

    id: int
    price: Decimal
    qty: Decimal
    quote_qty: Decimal
    time: int
    is_buyer_maker: bool


class GetHistoricalBlockTrades(Request[tuple[BlockTrade, ...]], frozen=True):
    """Block trades of a symbol from `from_id` on."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="GET",
        path="/api/v3/historicalBlockTrades",
        ws_method="blockTrades.historical",
        weight=25,
        answer=tuple[BlockTrade, ...],
    )
    symbol: str
    from_id: int
    limit: int | UnsetType = UNSET


class AggTrade(Answer, frozen=True):
    """Trades of one taker order at one price, added up. `time` is milliseconds since 1970.

    A record that was withdrawn has price and quantity 0 and trade ids -1.
    """

    id: int = msgspec.field(name="a")
    price: Decimal = msgspec.field(name="p")
    qty: Decimal = msgspec.field(name="q")
    first_trade_id: int = msgspec.field(name="f")
    last_trade_id: int = msgspec.field(name="l")
    time: int = msgspec.field(name="T")
    is_buyer_maker: bool = msgspec.field(name="m")
    is_best_match: bool = msgspec.field(name="M")


class GetAggTrades(Request[tuple[AggTrade, ...]], frozen=True):
    """Aggregated trades of a symbol, by id or by time (milliseconds); 500 by default, 1,000 at most."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="GET",
        path="/api/v3/aggTrades",
        ws_method="trades.aggregate",
        weight=4,
        answer=tuple[AggTrade, ...],
    )
    symbol: str
    from_id: int | UnsetType = UNSET
    start_time: int | UnsetType = UNSET
    end_time: int | UnsetType = UNSET
    limit: int | UnsetType = UNSET
