"""Orders cancelled and replaced, or amended in their place (official page *REST API*, Trading endpoints)."""

from decimal import Decimal
from typing import ClassVar

from surefoot.spot.enums import (
    CancelReplaceMode,
    CancelReplaceResult,
    CancelRestrictions,
    ContingencyType,
    ListOrderStatus,
    OrderRateLimitExceededMode,
    OrderStatus,
    OrderType,
    SecurityType,
    SelfTradePreventionMode,
    Side,
    TimeInForce,
)
from surefoot.spot.orders import CancelAnswer, CanceledList, ListedOrder, OrderAnswer, OrderExtras
from surefoot.spot.request import Answer, Endpoint, Request
from surefoot.spot.trade import OrderTicket
from surefoot.values import UNSET, UnsetType


class RefusedHalf(Answer, frozen=True):
    """The half of a cancel-replace that did not happen: Binance's code and text."""

    code: int
    msg: str


class CancelReplaceAnswer(Answer, frozen=True):
    """Both halves of a cancel-replace that fully worked; half of one raises `PartlyDone`."""

    cancel_result: CancelReplaceResult
    new_order_result: CancelReplaceResult
    cancel_response: CancelAnswer
    new_order_response: OrderAnswer


class ListReplaceAnswer(Answer, frozen=True):
    """The same where the old order was one of a list, which ended with it (WebSocket API)."""

    cancel_result: CancelReplaceResult
    new_order_result: CancelReplaceResult
    cancel_response: CanceledList
    new_order_response: OrderAnswer


class CancelReplace(OrderTicket[CancelReplaceAnswer | ListReplaceAnswer], frozen=True, kw_only=True):
    """Cancel an open order and place a new one: two steps, not one; either may fail alone.

    Name the old order by `cancel_order_id` or `cancel_orig_client_order_id`; one of a list takes its list
    along.
    """

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="POST",
        path="/api/v3/order/cancelReplace",
        ws_method="order.cancelReplace",
        weight=1,
        weight_on_success=0,
        order_count=1,
        security=SecurityType.TRADE,
        answer=CancelReplaceAnswer | ListReplaceAnswer,
    )
    cancel_replace_mode: CancelReplaceMode
    cancel_new_client_order_id: str | UnsetType = UNSET
    cancel_orig_client_order_id: str | UnsetType = UNSET
    cancel_order_id: int | UnsetType = UNSET
    cancel_restrictions: CancelRestrictions | UnsetType = UNSET
    order_rate_limit_exceeded_mode: OrderRateLimitExceededMode | UnsetType = UNSET


class AmendedOrder(OrderExtras, frozen=True, kw_only=True):
    """An order after its quantity was made smaller."""

    symbol: str
    order_id: int
    order_list_id: int
    orig_client_order_id: str
    client_order_id: str
    price: Decimal
    qty: Decimal
    executed_qty: Decimal
    prevented_qty: Decimal
    cumulative_quote_qty: Decimal
    status: OrderStatus
    time_in_force: TimeInForce
    type: OrderType
    side: Side
    quote_order_qty: Decimal | UnsetType = UNSET
    working_time: int | UnsetType = UNSET
    self_trade_prevention_mode: SelfTradePreventionMode | UnsetType = UNSET


class AmendedList(Answer, frozen=True):
    """The order list that an amended order belongs to."""

    order_list_id: int
    contingency_type: ContingencyType
    list_order_status: ListOrderStatus
    list_client_order_id: str
    symbol: str
    orders: tuple[ListedOrder, ...]


class AmendAnswer(Answer, frozen=True):
    """What an amendment answers; `transact_time` is milliseconds since 1970."""

    transact_time: int
    execution_id: int
    amended_order: AmendedOrder
    list_status: AmendedList | UnsetType = UNSET


class AmendOrder(Request[AmendAnswer], frozen=True, kw_only=True):
    """Make an open order smaller; it keeps its place in the queue. Free when it ends the order."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="PUT",
        path="/api/v3/order/amend/keepPriority",
        ws_method="order.amend.keepPriority",
        weight=4,
        security=SecurityType.TRADE,
        answer=AmendAnswer,
    )
    symbol: str
    order_id: int | UnsetType = UNSET
    orig_client_order_id: str | UnsetType = UNSET
    new_client_order_id: str | UnsetType = UNSET
    new_qty: Decimal
