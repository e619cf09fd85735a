"""Trading endpoints: order new, test, cancel (official page *REST API*, chapter Trading endpoints)."""

from decimal import Decimal
from typing import ClassVar

from surefoot.spot.enums import (
    CancelRestrictions,
    NewOrderRespType,
    OrderType,
    PegOffsetType,
    PegPriceType,
    SecurityType,
    SelfTradePreventionMode,
    Side,
    TimeInForce,
)
from surefoot.spot.orders import CancelAnswer, CanceledList, OrderAnswer, TestOrderAnswer
from surefoot.spot.request import A_co, Endpoint, Request
from surefoot.spot.weights import ByFlag
from surefoot.values import UNSET, UnsetType


class OrderTicket(Request[A_co], frozen=True, kw_only=True):
    """What an order says, placed or tested. Quantities and prices are exact decimals.

    `trailing_delta` is in basis points; `peg_offset_value` counts price levels.
    """

    symbol: str
    side: Side
    type: OrderType
    time_in_force: TimeInForce | UnsetType = UNSET
    quantity: Decimal | UnsetType = UNSET
    quote_order_qty: Decimal | UnsetType = UNSET
    price: Decimal | UnsetType = UNSET
    new_client_order_id: str | UnsetType = UNSET
    strategy_id: int | UnsetType = UNSET
    strategy_type: int | UnsetType = UNSET
    stop_price: Decimal | UnsetType = UNSET
    trailing_delta: int | UnsetType = UNSET
    iceberg_qty: Decimal | UnsetType = UNSET
    new_order_resp_type: NewOrderRespType | UnsetType = UNSET
    self_trade_prevention_mode: SelfTradePreventionMode | UnsetType = UNSET
    peg_price_type: PegPriceType | UnsetType = UNSET
    peg_offset_value: int | UnsetType = UNSET
    peg_offset_type: PegOffsetType | UnsetType = UNSET


class NewOrder(OrderTicket[OrderAnswer], frozen=True, kw_only=True):
    """New order. Quantities and prices are exact decimals; recvWindow belongs to the signature, not here."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="POST",
        path="/api/v3/order",
        ws_method="order.place",
        weight=1,
        weight_on_success=0,
        order_count=1,
        security=SecurityType.TRADE,
        answer=OrderAnswer,
    )


class TestOrder(OrderTicket[TestOrderAnswer], frozen=True, kw_only=True):
    """Test new order: judged by the exchange, never sent to the engine."""

    __test__: ClassVar[bool] = False  # not a pytest class
    endpoint: ClassVar[Endpoint] = Endpoint(
        method="POST",
        path="/api/v3/order/test",
        ws_method="order.test",
        weight=ByFlag("compute_commission_rates", true=20, false=1),
        security=SecurityType.TRADE,
        answer=TestOrderAnswer,
    )
    compute_commission_rates: bool | UnsetType = UNSET


class CancelOrder(Request[CancelAnswer | CanceledList], frozen=True):
    """Cancel an open order by `order_id` (fastest) or `orig_client_order_id`.

    An order of a list takes its whole list with it: the answer then is the `CanceledList`.
    """

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="DELETE",
        path="/api/v3/order",
        ws_method="order.cancel",
        weight=1,
        weight_on_success=0,
        security=SecurityType.TRADE,
        answer=CancelAnswer | CanceledList,
    )
    symbol: str
    order_id: int | UnsetType = UNSET
    orig_client_order_id: str | UnsetType = UNSET
    new_client_order_id: str | UnsetType = UNSET
    cancel_restrictions: CancelRestrictions | UnsetType = UNSET


class CancelOpenOrders(Request[tuple[CancelAnswer | CanceledList, ...]], frozen=True):
    """Cancel every open order of a symbol, lists too."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="DELETE",
        path="/api/v3/openOrders",
        ws_method="openOrders.cancelAll",
        weight=1,
        weight_on_success=0,
        security=SecurityType.TRADE,
        answer=tuple[CancelAnswer | CanceledList, ...],
    )
    symbol: str
