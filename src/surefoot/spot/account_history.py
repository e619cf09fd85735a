"""What became of orders: amended, prevented, allocated (official page *REST API*, Account endpoints)."""

from decimal import Decimal
from typing import ClassVar

from surefoot.spot.account import Order
from surefoot.spot.enums import AllocationType, SecurityType, SelfTradePreventionMode
from surefoot.spot.request import Answer, Endpoint, Request
from surefoot.spot.weights import ByFirstPresent
from surefoot.values import UNSET, UnsetType


class GetAllOrders(Request[tuple[Order, ...]], frozen=True):
    """All orders of a symbol, by id or by time (milliseconds, at most 24 h apart), 1,000 at most."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="GET",
        path="/api/v3/allOrders",
        ws_method="allOrders",
        weight=20,
        security=SecurityType.USER_DATA,
        answer=tuple[Order, ...],
    )
    symbol: str
    order_id: int | UnsetType = UNSET
    start_time: int | UnsetType = UNSET
    end_time: int | UnsetType = UNSET
    limit: int | UnsetType = UNSET


class PreventedMatch(Answer, frozen=True):
    """A match that self-trade prevention did not let happen. `transact_time` is milliseconds since 1970."""

    symbol: str
    prevented_match_id: int
    taker_order_id: int
    maker_symbol: str
    maker_order_id: int
    trade_group_id: int
    self_trade_prevention_mode: SelfTradePreventionMode
    price: Decimal
    transact_time: int
    maker_prevented_quantity: Decimal | UnsetType = UNSET
    taker_prevented_quantity: Decimal | UnsetType = UNSET


class GetPreventedMatches(Request[tuple[PreventedMatch, ...]], frozen=True):
    """Matches that self-trade prevention stopped, by `prevented_match_id` or `order_id`."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="GET",
        path="/api/v3/myPreventedMatches",
        ws_method="myPreventedMatches",
        weight=ByFirstPresent((("prevented_match_id", 2), ("order_id", 20)), default=2),
        security=SecurityType.USER_DATA,
        answer=tuple[PreventedMatch, ...],
    )
    symbol: str
    prevented_match_id: int | UnsetType = UNSET
    order_id: int | UnsetType = UNSET
    from_prevented_match_id: int | UnsetType = UNSET
    limit: int | UnsetType = UNSET


class Allocation(Answer, frozen=True):
    """A fill that smart order routing brought from another book. `time` is milliseconds since 1970."""

    symbol: str
    allocation_id: int
    allocation_type: AllocationType
    order_id: int
    order_list_id: int
    price: Decimal
    qty: Decimal
    quote_qty: Decimal
    commission: Decimal
    commission_asset: str
    time: int
    is_buyer: bool
    is_maker: bool
    is_allocator: bool


class GetAllocations(Request[tuple[Allocation, ...]], frozen=True):
    """Allocations of smart order routing; times in milliseconds, at most 24 h apart."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="GET",
        path="/api/v3/myAllocations",
        ws_method="myAllocations",
        weight=20,
        security=SecurityType.USER_DATA,
        answer=tuple[Allocation, ...],
    )
    symbol: str
    start_time: int | UnsetType = UNSET
    end_time: int | UnsetType = UNSET
    from_allocation_id: int | UnsetType = UNSET
    limit: int | UnsetType = UNSET
    order_id: int | UnsetType = UNSET


class Amendment(Answer, frozen=True):
    """One amendment of an order. `time` is milliseconds since 1970."""

    symbol: str
    order_id: int
    execution_id: int
    orig_client_order_id: str
    new_client_order_id: str
    orig_qty: Decimal
    new_qty: Decimal
    time: int


class GetAmendments(Request[tuple[Amendment, ...]], frozen=True):
    """Every amendment of one order."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="GET",
        path="/api/v3/order/amendments",
        ws_method="order.amendments",
        weight=4,
        security=SecurityType.USER_DATA,
        answer=tuple[Amendment, ...],
    )
    symbol: str
    order_id: int
    from_execution_id: int | UnsetType = UNSET
    limit: int | UnsetType = UNSET
