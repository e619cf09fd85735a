"""Average and reference prices (official page *REST API*, chapter Market Data endpoints)."""

from decimal import Decimal
from typing import ClassVar

from surefoot.spot.enums import ExternalCalculationId, ReferencePriceCalculation, SymbolStatus
from surefoot.spot.request import Answer, Endpoint, Request
from surefoot.values import UNSET, UnsetType


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
