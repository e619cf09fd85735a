"""Symbols and orders made for tests: exchangeInfo's own JSON on one side, few words on the other."""

from decimal import Decimal
from typing import Any

import msgspec

from surefoot.rules.check import Checked, Violation
from surefoot.rules.symbols import SymbolRules, symbol_rules
from surefoot.rules.verdicts import Met, Skipped
from surefoot.spot.enums import OrderType, Side, TimeInForce
from surefoot.spot.general import SymbolInfo
from surefoot.spot.trade import NewOrder
from surefoot.values import UNSET

PRICE = {
    "filterType": "PRICE_FILTER",
    "minPrice": "0.01000000",
    "maxPrice": "1000000",
    "tickSize": "0.01000000",
}
LOT = {"filterType": "LOT_SIZE", "minQty": "0.00001000", "maxQty": "9000", "stepSize": "0.00001000"}
MARKET_LOT = {"filterType": "MARKET_LOT_SIZE", "minQty": "0.0", "maxQty": "129.84957276", "stepSize": "0.0"}
NOTIONAL = {
    "filterType": "NOTIONAL",
    "minNotional": "5.00000000",
    "applyMinToMarket": True,
    "maxNotional": "9000000.00000000",
    "applyMaxToMarket": False,
    "avgPriceMins": 5,
}
BY_SIDE = {
    "filterType": "PERCENT_PRICE_BY_SIDE",
    "bidMultiplierUp": "5",
    "bidMultiplierDown": "0.2",
    "askMultiplierUp": "4",
    "askMultiplierDown": "0.5",
    "avgPriceMins": 5,
}
COUNTS = {"filterType": "MAX_NUM_ORDERS", "maxNumOrders": 200}
USUAL = (PRICE, LOT, MARKET_LOT, NOTIONAL, BY_SIDE, COUNTS)


def info_of(*filters: dict[str, Any], **facts: Any) -> SymbolInfo:
    """A symbol of exchangeInfo with these filters."""
    raw = {
        "symbol": "BTCUSDT",
        "status": "TRADING",
        "baseAsset": "BTC",
        "baseAssetPrecision": 8,
        "quoteAsset": "USDT",
        "quoteAssetPrecision": 8,
        "orderTypes": ["LIMIT", "LIMIT_MAKER", "MARKET", "STOP_LOSS_LIMIT"],
        "quoteOrderQtyMarketAllowed": True,
        "filters": filters,
    }
    return msgspec.convert(raw | facts, SymbolInfo)


def rules_of(*filters: dict[str, Any], **facts: Any) -> SymbolRules:
    """The rules of such a symbol."""
    return symbol_rules(info_of(*filters, **facts))


def limit(side: Side, quantity: str, price: str, **facts: Any) -> NewOrder:
    """A LIMIT order, GTC unless said otherwise."""
    fields = {"type": OrderType.LIMIT, "time_in_force": TimeInForce.GTC} | facts
    return NewOrder(symbol="BTCUSDT", side=side, quantity=Decimal(quantity), price=Decimal(price), **fields)


def market(side: Side, *, quantity: str | None = None, amount: str | None = None, **facts: Any) -> NewOrder:
    """A MARKET order by quantity, by quoteOrderQty, or by what the test gives."""
    return NewOrder(
        symbol="BTCUSDT",
        side=side,
        type=OrderType.MARKET,
        quantity=UNSET if quantity is None else Decimal(quantity),
        quote_order_qty=UNSET if amount is None else Decimal(amount),
        **facts,
    )


def refused(verdict: Checked[Any] | Violation) -> tuple[str, str, str | None, bool]:
    """Filter, field, nearest legal value as text, and whether that is riskier."""
    assert isinstance(verdict, Violation), verdict
    nearest = None if verdict.nearest is None else f"{verdict.nearest.normalize():f}"
    return verdict.filter, verdict.field, nearest, verdict.riskier


def passed(verdict: Checked[Any] | Violation) -> Checked[Any]:
    """The verdict of an order that passed."""
    assert isinstance(verdict, Checked), verdict
    return verdict


OF_THE_ACCOUNT = {"INSUFFICIENT_BALANCES", "MAX_ASSET", "permissionSets", "closing"}
"""What is skipped wherever nothing is known of the account."""


def names(found: tuple[Met, ...] | tuple[Skipped, ...]) -> tuple[str, ...]:
    """The filters that were met, or skipped, by name; without what is skipped where no account is known."""
    return tuple(each.filter for each in found if each.filter not in OF_THE_ACCOUNT)
