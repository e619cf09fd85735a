"""What one symbol allows, ready to judge by, and the book of all symbols (RULES-2, RULES-5)."""

from collections.abc import Container, Iterable, Iterator, Mapping
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, TypeVar

import msgspec

from surefoot.errors import Misuse
from surefoot.rules.counts import COUNTS, CountLimit, TrailingDelta, count_limit
from surefoot.rules.filters import (
    LotSize,
    MarketLotSize,
    MinNotional,
    Notional,
    PercentPrice,
    PercentPriceBySide,
    Precision,
    PriceFilter,
    Range,
)
from surefoot.rules.quantise import Window, common_step, neat, window
from surefoot.spot.enums import OrderType, SelfTradePreventionMode, SymbolStatus
from surefoot.spot.filters import Filter
from surefoot.spot.general import ExchangeInfo, SymbolInfo
from surefoot.values import UNSET

K = TypeVar("K", Notional, PercentPriceBySide)

_PRICE, _LOT, _MARKET_LOT = PriceFilter.filter_type, LotSize.filter_type, MarketLotSize.filter_type
_NOTIONALS: dict[str, type[Notional]] = {kind.filter_type: kind for kind in (Notional, MinNotional)}
_PERCENTS: dict[str, type[PercentPriceBySide]] = {
    kind.filter_type: kind for kind in (PercentPrice, PercentPriceBySide)
}
_PARTS, _TRAILING, _POSITION = "ICEBERG_PARTS", TrailingDelta.filter_type, "MAX_POSITION"
_AMENDS, _ASSET = "MAX_NUM_ORDER_AMENDS", "MAX_ASSET"
_JUDGED = frozenset(
    {
        *(_PRICE, _LOT, _MARKET_LOT, *_NOTIONALS, *_PERCENTS, *COUNTS),
        *(_PARTS, _TRAILING, _POSITION, _AMENDS, _ASSET),
    }
)
_FLAGS = (
    ("quote_order_qty", "quoteOrderQtyMarketAllowed"),
    ("iceberg_qty", "icebergAllowed"),
    ("trailing_delta", "allowTrailingStop"),
    ("peg_price_type", "pegInstructionsAllowed"),
)
_CAPABILITIES = ("cancelReplaceAllowed", "amendAllowed", "ocoAllowed", "otoAllowed", "opoAllowed")


class Scale(msgspec.Struct, frozen=True):
    """One number of an order: everything that bounds it, and the window that all of it leaves.

    `names` are the filters among `ranges`; the asset's precision, `places` decimals, is the last of
    `ranges`.
    """

    ranges: tuple[Range, ...]
    names: tuple[str, ...]
    window: Window
    places: int

    @property
    def finest(self) -> Decimal:
        """The smallest unit of the asset."""
        return self.ranges[-1].step


def scale(filters: Iterable[Range], decimals: int) -> Scale:
    """The scale that filters and the asset's decimals leave; several steps make one that fits them all."""
    ranges = (*filters, Precision.of(decimals))
    left = window(common_step(*(each.step for each in ranges)))
    for each in ranges:
        left = left.narrowed(each.low, each.high)
    return Scale(ranges, tuple(each.filter_type for each in ranges[:-1]), left, decimals)


class SymbolRules(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that judges an order on one symbol.

    `price`, `quantity`, `market_quantity` and `amount` (of quoteOrderQty) are the scales of the numbers.
    `forbidden` are fields that the symbol does not take, with the flag that says so; `capabilities` the flags
    of whole requests that are set. `permission_sets`: of each, the account needs one. `counts`,
    `iceberg_parts`, `trailing`, `positions` and `amends` are the limits of the filters of those names.
    `unjudged` names the filters of the symbol and of the exchange that this version does not know.
    """

    symbol: str
    base: str
    quote: str
    status: SymbolStatus
    order_types: frozenset[OrderType]
    self_trade_prevention_modes: frozenset[SelfTradePreventionMode]
    forbidden: tuple[tuple[str, str], ...]
    capabilities: frozenset[str]
    permission_sets: tuple[frozenset[str], ...]
    price: Scale
    quantity: Scale
    market_quantity: Scale
    amount: Scale
    notionals: tuple[Notional, ...]
    percents: tuple[PercentPriceBySide, ...]
    counts: tuple[CountLimit, ...]
    iceberg_parts: tuple[int, ...]
    trailing: tuple[TrailingDelta, ...]
    positions: tuple[Decimal, ...]
    amends: tuple[int, ...]
    unjudged: tuple[str, ...]


def symbol_rules(info: SymbolInfo, exchange_filters: Iterable[Filter] = ()) -> SymbolRules:
    """The rules of one symbol of exchangeInfo."""
    raw, base, quote = info.filters, info.base_asset_precision, info.quote_asset_precision
    everything = (*raw, *exchange_filters)
    lots = [LotSize.read(each) for each in _of(raw, {_LOT})]
    market_lots = [MarketLotSize.read(each) for each in _of(raw, {_MARKET_LOT})]
    counts = [count_limit(each) for each in _of(everything, COUNTS)]
    return SymbolRules(
        symbol=info.symbol,
        base=info.base_asset,
        quote=info.quote_asset,
        status=info.status,
        order_types=frozenset(info.order_types),
        self_trade_prevention_modes=frozenset(info.allowed_self_trade_prevention_modes),
        forbidden=tuple((field, flag) for field, flag in _FLAGS if not getattr(info, _attribute(flag))),
        capabilities=frozenset(flag for flag in _CAPABILITIES if getattr(info, _attribute(flag))),
        permission_sets=tuple(frozenset(each) for each in info.permission_sets if each),
        price=scale([PriceFilter.read(each) for each in _of(raw, {_PRICE})], quote),
        quantity=scale(lots, base),
        market_quantity=scale([*lots, *market_lots], base),
        amount=scale((), quote),
        notionals=_read(_NOTIONALS, raw),
        percents=_read(_PERCENTS, raw),
        counts=tuple(sorted((each for each in counts if each), key=lambda each: each.rank)),
        iceberg_parts=tuple(int(each.limit) for each in _of(raw, {_PARTS}) if each.limit is not UNSET),
        trailing=tuple(TrailingDelta.read(each) for each in _of(raw, {_TRAILING})),
        positions=tuple(neat(most) for most in _given("max_position", _of(raw, {_POSITION}))),
        amends=tuple(_given("max_num_order_amends", _of(raw, {_AMENDS}))),
        unjudged=tuple(each.filter_type for each in everything if each.filter_type not in _JUDGED),
    )


def _read(kinds: Mapping[str, type[K]], raw: Iterable[Filter]) -> tuple[K, ...]:
    """The filters of several kinds, kind by kind in the order in which they are judged."""
    return tuple(kind.read(each) for name, kind in kinds.items() for each in raw if each.filter_type == name)


def _of(raw: Iterable[Filter], kinds: Container[str]) -> Iterator[Filter]:
    return (each for each in raw if each.filter_type in kinds)


def _given(field: str, filters: Iterable[Filter]) -> Iterator[Any]:
    return (given for each in filters if (given := getattr(each, field)) is not UNSET)


def _attribute(flag: str) -> str:
    """Binance's name of a flag as an attribute: icebergAllowed is iceberg_allowed."""
    return "".join(f"_{each.lower()}" if each.isupper() else each for each in flag)


class Rulebook:
    """The rules of every symbol of one exchangeInfo; a symbol's are made when they are first asked for."""

    def __init__(self, info: ExchangeInfo) -> None:
        self._infos = {each.symbol: each for each in info.symbols}
        self._exchange_filters = info.exchange_filters
        self._made: dict[str, SymbolRules] = {}

    def __getitem__(self, symbol: str) -> SymbolRules:
        """The rules of `symbol`; raises `Misuse` naming the closest symbols when there is none."""
        made = self._made.get(symbol)
        if made is None:
            info = self._infos.get(symbol)
            if info is None:
                raise Misuse(self._unknown(symbol))
            made = self._made[symbol] = symbol_rules(info, self._exchange_filters)
        return made

    def __contains__(self, symbol: object) -> bool:
        return symbol in self._infos

    def __iter__(self) -> Iterator[str]:
        return iter(self._infos)

    def __len__(self) -> int:
        return len(self._infos)

    def _unknown(self, symbol: str) -> str:
        close = get_close_matches(symbol.upper(), self._infos, n=3)
        advice = f"did you mean {', '.join(close)}?" if close else "ask exchangeInfo what there is"
        return f"unknown symbol {symbol!r} among {len(self._infos)} of exchangeInfo; {advice}"
