"""General endpoints: ping, time, exchange information, execution rules (official page *REST API*)."""

from decimal import Decimal
from functools import lru_cache
from typing import ClassVar

from surefoot.spot.enums import (
    ExecutionRule,
    OrderType,
    RateLimitInterval,
    RateLimitType,
    SelfTradePreventionMode,
    SymbolStatus,
)
from surefoot.spot.filters import Filter
from surefoot.spot.request import Answer, Endpoint, Request
from surefoot.spot.weights import PerSymbol
from surefoot.values import UNSET, UnsetType


class Empty(Answer, frozen=True):
    """The answer ``{}``: it was heard."""


class Ping(Request[Empty], frozen=True):
    """Test connectivity."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="GET", path="/api/v3/ping", ws_method="ping", weight=1, answer=Empty
    )


class ServerTime(Answer, frozen=True):
    """The exchange's clock, in milliseconds since 1970."""

    server_time: int


class GetTime(Request[ServerTime], frozen=True):
    """Check server time."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="GET", path="/api/v3/time", ws_method="time", weight=1, answer=ServerTime
    )


class RateLimit(Answer, frozen=True):
    """`limit` per `interval_num` of `interval`; `count` is what is used, where the answer says it."""

    rate_limit_type: RateLimitType
    interval: RateLimitInterval
    interval_num: int
    limit: int
    count: int | UnsetType = UNSET


_LETTERS = {"SECOND": "s", "MINUTE": "m", "HOUR": "h", "DAY": "d"}


@lru_cache(maxsize=256)
def _window_name(interval_num: int, interval: str) -> str:
    return f"{interval_num}{_LETTERS.get(interval, '')}"


def window_name(limit: RateLimit) -> str:
    """The name of its window (``1m``), as headers such as ``X-MBX-USED-WEIGHT-1M`` end."""
    return _window_name(limit.interval_num, limit.interval)


class SymbolInfo(Answer, frozen=True):
    """One symbol of exchangeInfo. Recordings older than a field leave it at its default."""

    symbol: str
    status: SymbolStatus
    base_asset: str
    base_asset_precision: int
    quote_asset: str
    quote_asset_precision: int
    order_types: tuple[OrderType, ...]
    filters: tuple[Filter, ...]
    quote_precision: int = 8
    base_commission_precision: int = 8
    quote_commission_precision: int = 8
    iceberg_allowed: bool = False
    oco_allowed: bool = False
    oto_allowed: bool = False
    opo_allowed: bool = False
    quote_order_qty_market_allowed: bool = False
    allow_trailing_stop: bool = False
    cancel_replace_allowed: bool = False
    amend_allowed: bool = False
    peg_instructions_allowed: bool = False
    is_spot_trading_allowed: bool = False
    is_margin_trading_allowed: bool = False
    permissions: tuple[str, ...] = ()
    permission_sets: tuple[tuple[str, ...], ...] = ()
    default_self_trade_prevention_mode: SelfTradePreventionMode | UnsetType = UNSET
    allowed_self_trade_prevention_modes: tuple[SelfTradePreventionMode, ...] = ()


class Sor(Answer, frozen=True):
    """Symbols among which smart order routing works."""

    base_asset: str
    symbols: tuple[str, ...]


class ExchangeInfo(Answer, frozen=True):
    """Limits, symbols and filters, as they are now."""

    timezone: str
    server_time: int
    rate_limits: tuple[RateLimit, ...]
    exchange_filters: tuple[Filter, ...]
    symbols: tuple[SymbolInfo, ...]
    sors: tuple[Sor, ...] = ()


class GetExchangeInfo(Request[ExchangeInfo], frozen=True):
    """Exchange information: of one symbol, of several, of a permission, or of everything."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="GET", path="/api/v3/exchangeInfo", ws_method="exchangeInfo", weight=20, answer=ExchangeInfo
    )
    symbol: str | UnsetType = UNSET
    symbols: tuple[str, ...] | UnsetType = UNSET
    permissions: tuple[str, ...] | UnsetType = UNSET
    show_permission_sets: bool | UnsetType = UNSET
    symbol_status: SymbolStatus | UnsetType = UNSET


class Rule(Answer, frozen=True):
    """One execution rule. PRICE_RANGE: factors of the reference price; an absent one is not enforced."""

    rule_type: ExecutionRule
    bid_limit_mult_up: Decimal | UnsetType = UNSET
    bid_limit_mult_down: Decimal | UnsetType = UNSET
    ask_limit_mult_up: Decimal | UnsetType = UNSET
    ask_limit_mult_down: Decimal | UnsetType = UNSET


class SymbolRules(Answer, frozen=True):
    """The execution rules of one symbol."""

    symbol: str
    rules: tuple[Rule, ...]


class ExecutionRules(Answer, frozen=True):
    """Where orders may execute, by symbol."""

    symbol_rules: tuple[SymbolRules, ...]


class GetExecutionRules(Request[ExecutionRules], frozen=True):
    """Execution rules of one symbol, of several, of those with a status, or of all."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="GET",
        path="/api/v3/executionRules",
        ws_method="executionRules",
        weight=PerSymbol(2, cap=40, omitted=40),
        answer=ExecutionRules,
    )
    symbol: str | UnsetType = UNSET
    symbols: tuple[str, ...] | UnsetType = UNSET
    symbol_status: SymbolStatus | UnsetType = UNSET
