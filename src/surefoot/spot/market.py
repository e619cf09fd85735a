"""Market data endpoints (official page *REST API*, chapter Market Data endpoints)."""

from decimal import Decimal
from typing import ClassVar

import msgspec

from surefoot.spot.enums import SymbolStatus
from surefoot.spot.request import Answer, Endpoint, Request
from surefoot.spot.weights import ByLimit, BySymbols
from surefoot.values import UNSET, UnsetType


class Level(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One price level of a book: price and absolute quantity (0 deletes the level in a diff)."""

    price: Decimal
    quantity: Decimal


class Depth(Answer, frozen=True):
    """A book snapshot: bids high to low, asks low to high; `last_update_id` anchors a local book."""

    last_update_id: int
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]


class GetDepth(Request[Depth], frozen=True):
    """Order book of a symbol; `limit` levels a side, 100 by default, 5,000 at most."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="GET",
        path="/api/v3/depth",
        ws_method="depth",
        weight=ByLimit(100, ((100, 5), (500, 25), (1000, 50), (5000, 250)), clamp=5000),
        answer=Depth,
    )
    symbol: str
    limit: int | UnsetType = UNSET
    symbol_status: SymbolStatus | UnsetType = UNSET


class BookTicker(Answer, frozen=True):
    """Best prices and quantities of one symbol."""

    symbol: str
    bid_price: Decimal
    bid_qty: Decimal
    ask_price: Decimal
    ask_qty: Decimal


_BEST_WEIGHT = BySymbols(single=2, several=((None, 4),), omitted=4)


class GetBookTicker(Request[BookTicker], frozen=True):
    """Best bid and ask of one symbol."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="GET",
        path="/api/v3/ticker/bookTicker",
        ws_method="ticker.book",
        weight=_BEST_WEIGHT,
        answer=BookTicker,
    )
    symbol: str
    symbol_status: SymbolStatus | UnsetType = UNSET


class GetBookTickers(Request[tuple[BookTicker, ...]], frozen=True):
    """Best bid and ask of several symbols, or of all."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="GET",
        path="/api/v3/ticker/bookTicker",
        ws_method="ticker.book",
        weight=_BEST_WEIGHT,
        answer=tuple[BookTicker, ...],
    )
    symbols: tuple[str, ...] | UnsetType = UNSET
    symbol_status: SymbolStatus | UnsetType = UNSET


class PriceTicker(Answer, frozen=True):
    """Price of the latest trade of one symbol."""

    symbol: str
    price: Decimal


_PRICE_TICKER = Endpoint(
    method="GET",
    path="/api/v3/ticker/price",
    ws_method="ticker.price",
    weight=_BEST_WEIGHT,
    answer=PriceTicker,
)


class GetPriceTicker(Request[PriceTicker], frozen=True):
    """Latest price of one symbol."""

    endpoint: ClassVar[Endpoint] = _PRICE_TICKER
    symbol: str
    symbol_status: SymbolStatus | UnsetType = UNSET


class GetPriceTickers(Request[tuple[PriceTicker, ...]], frozen=True):
    """Latest price of several symbols, or of all."""

    endpoint: ClassVar[Endpoint] = msgspec.structs.replace(_PRICE_TICKER, answer=tuple[PriceTicker, ...])
    symbols: tuple[str, ...] | UnsetType = UNSET
    symbol_status: SymbolStatus | UnsetType = UNSET
