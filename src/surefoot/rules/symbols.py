"""What one symbol allows, ready to judge by, and the book of all symbols (RULES-2, RULES-5)."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

import msgspec

from surefoot.errors import Misuse
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
from surefoot.rules.quantise import Window, common_step, window
from surefoot.spot.enums import OrderType, SelfTradePreventionMode, SymbolStatus
from surefoot.spot.filters import Filter
from surefoot.spot.general import ExchangeInfo, SymbolInfo

_PRICE, _LOT, _MARKET_LOT = PriceFilter.filter_type, LotSize.filter_type, MarketLotSize.filter_type
_NOTIONALS: dict[str, type[Notional]] = {kind.filter_type: kind for kind in (Notional, MinNotional)}
_PERCENTS: dict[str, type[PercentPriceBySide]] = {
    kind.filter_type: kind for kind in (PercentPriceBySide, PercentPrice)
}
_JUDGED = frozenset({_PRICE, _LOT, _MARKET_LOT, *_NOTIONALS, *_PERCENTS})


class Scale(msgspec.Struct, frozen=True):
    """One number of an order: everything that bounds it, and the window that all of it leaves.

    `names` are the filters among `ranges`; the asset's precision is one of `ranges` too.
    """

    ranges: tuple[Range, ...]
    names: tuple[str, ...]
    window: Window


def scale(filters: Iterable[Range], decimals: int) -> Scale:
    """The scale that filters and the asset's decimals leave; several steps make one that fits them all."""
    ranges = (*filters, Precision.of(decimals))
    left = window(common_step(*(each.step for each in ranges)))
    for each in ranges:
        left = left.narrowed(each.low, each.high)
    return Scale(ranges, tuple(each.filter_type for each in ranges[:-1]), left)


class SymbolRules(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that judges an order on one symbol.

    `price`, `quantity`, `market_quantity` and `amount` (of quoteOrderQty) are the scales of the numbers.
    `limit_filters` and `market_filters` name what judges an order with a price and one without; `unjudged`
    the filters of the symbol and of the exchange that this version does not judge.
    """

    symbol: str
    status: SymbolStatus
    order_types: frozenset[OrderType]
    self_trade_prevention_modes: frozenset[SelfTradePreventionMode]
    quote_order_qty_market_allowed: bool
    price: Scale
    quantity: Scale
    market_quantity: Scale
    amount: Scale
    notionals: tuple[Notional, ...]
    percents: tuple[PercentPriceBySide, ...]
    limit_filters: tuple[str, ...]
    market_filters: tuple[str, ...]
    unjudged: tuple[str, ...]


def symbol_rules(info: SymbolInfo, exchange_filters: Iterable[Filter] = ()) -> SymbolRules:
    """The rules of one symbol of exchangeInfo."""
    raw, base, quote = info.filters, info.base_asset_precision, info.quote_asset_precision
    lots = [LotSize.read(each) for each in raw if each.filter_type == _LOT]
    market_lots = [MarketLotSize.read(each) for each in raw if each.filter_type == _MARKET_LOT]
    price = scale([PriceFilter.read(each) for each in raw if each.filter_type == _PRICE], quote)
    quantity, market_quantity = scale(lots, base), scale([*lots, *market_lots], base)
    notionals = [_NOTIONALS[each.filter_type].read(each) for each in raw if each.filter_type in _NOTIONALS]
    percents = [_PERCENTS[each.filter_type].read(each) for each in raw if each.filter_type in _PERCENTS]
    worth = tuple(each.filter_type for each in notionals)
    distance = tuple(each.filter_type for each in percents)
    everything = (*raw, *exchange_filters)
    return SymbolRules(
        symbol=info.symbol,
        status=info.status,
        order_types=frozenset(info.order_types),
        self_trade_prevention_modes=frozenset(info.allowed_self_trade_prevention_modes),
        quote_order_qty_market_allowed=info.quote_order_qty_market_allowed,
        price=price,
        quantity=quantity,
        market_quantity=market_quantity,
        amount=scale((), quote),
        notionals=tuple(notionals),
        percents=tuple(percents),
        limit_filters=price.names + quantity.names + worth + distance,
        market_filters=market_quantity.names + worth,
        unjudged=tuple(each.filter_type for each in everything if each.filter_type not in _JUDGED),
    )


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
