"""What an account may and pays: limits, commission, filters (official page *REST API*, Account endpoints)."""

from typing import ClassVar

from surefoot.spot.account import CommissionRates
from surefoot.spot.enums import SecurityType
from surefoot.spot.filters import Filter
from surefoot.spot.general import RateLimit
from surefoot.spot.orders import Discount
from surefoot.spot.request import Answer, Endpoint, Request
from surefoot.values import UNSET, UnsetType


class GetOrderRateLimits(Request[tuple[RateLimit, ...]], frozen=True):
    """Unfilled orders counted against each ORDERS limit of the account."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="GET",
        path="/api/v3/rateLimit/order",
        ws_method="account.rateLimits.orders",
        weight=40,
        security=SecurityType.USER_DATA,
        answer=tuple[RateLimit, ...],
    )


class Commission(Answer, frozen=True):
    """Commission rates of an account for a symbol, as factors: the three add up."""

    symbol: str
    standard_commission: CommissionRates
    tax_commission: CommissionRates
    discount: Discount
    special_commission: CommissionRates | UnsetType = UNSET


class GetCommission(Request[Commission], frozen=True):
    """Commission rates of the account for a symbol."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="GET",
        path="/api/v3/account/commission",
        ws_method="account.commission",
        weight=20,
        security=SecurityType.USER_DATA,
        answer=Commission,
    )
    symbol: str


class RelevantFilters(Answer, frozen=True):
    """Every filter that concerns an account and a symbol; the only place that shows MAX_ASSET."""

    exchange_filters: tuple[Filter, ...]
    symbol_filters: tuple[Filter, ...]
    asset_filters: tuple[Filter, ...]


class GetMyFilters(Request[RelevantFilters], frozen=True):
    """The filters that concern the account and a symbol."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="GET",
        path="/api/v3/myFilters",
        ws_method="myFilters",
        weight=40,
        security=SecurityType.USER_DATA,
        answer=RelevantFilters,
    )
    symbol: str
