"""Trading endpoints: order new, test, cancel (official page *REST API*, chapter Trading endpoints)."""

from decimal import Decimal
from typing import Any, ClassVar

from surefoot.spot.enums import (
    CancelRestrictions,
    ExpiryReason,
    NewOrderRespType,
    OrderStatus,
    OrderType,
    SecurityType,
    SelfTradePreventionMode,
    Side,
    TimeInForce,
)
from surefoot.spot.request import A_co, Answer, ByFlag, Endpoint, Request
from surefoot.values import UNSET, UnsetType


class Fill(Answer, frozen=True):
    """One execution inside a placement's answer."""

    price: Decimal
    qty: Decimal
    commission: Decimal
    commission_asset: str
    trade_id: int


class OrderAnswer(Answer, frozen=True):
    """What a placement answers. ACK carries the first five fields only, RESULT no `fills`.

    Times are milliseconds since 1970. `cummulative_quote_qty` ÷ `executed_qty` is the average price
    (the double m is Binance's).
    """

    symbol: str
    order_id: int
    order_list_id: int
    client_order_id: str
    transact_time: int
    price: Decimal | UnsetType = UNSET
    orig_qty: Decimal | UnsetType = UNSET
    executed_qty: Decimal | UnsetType = UNSET
    orig_quote_order_qty: Decimal | UnsetType = UNSET
    cummulative_quote_qty: Decimal | UnsetType = UNSET
    status: OrderStatus | UnsetType = UNSET
    time_in_force: TimeInForce | UnsetType = UNSET
    type: OrderType | UnsetType = UNSET
    side: Side | UnsetType = UNSET
    working_time: int | UnsetType = UNSET
    self_trade_prevention_mode: SelfTradePreventionMode | UnsetType = UNSET
    fills: tuple[Fill, ...] | UnsetType = UNSET
    strategy_id: int | UnsetType = UNSET
    strategy_type: int | UnsetType = UNSET
    expiry_reason: ExpiryReason | UnsetType = UNSET


class OrderTicket(Request[A_co], frozen=True, kw_only=True):
    """What an order says, placed or tested. Quantities and prices are exact decimals."""

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
    peg_price_type: str | UnsetType = UNSET
    peg_offset_value: int | UnsetType = UNSET
    peg_offset_type: str | UnsetType = UNSET


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


class Rates(Answer, frozen=True):
    """Commission rates of one order, as factors."""

    maker: Decimal
    taker: Decimal


class TestOrderAnswer(Answer, frozen=True):
    """``{}``, or the commission rates when they were asked for."""

    standard_commission_for_order: Rates | UnsetType = UNSET
    special_commission_for_order: Rates | UnsetType = UNSET
    tax_commission_for_order: Rates | UnsetType = UNSET
    discount: dict[str, Any] | UnsetType = UNSET


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


class OrderFacts(Answer, frozen=True):
    """What a cancel and a query both say of an order."""

    symbol: str
    order_id: int
    order_list_id: int
    client_order_id: str
    price: Decimal
    orig_qty: Decimal
    executed_qty: Decimal
    cummulative_quote_qty: Decimal
    status: OrderStatus
    time_in_force: TimeInForce
    type: OrderType
    side: Side
    orig_quote_order_qty: Decimal | UnsetType = UNSET
    self_trade_prevention_mode: SelfTradePreventionMode | UnsetType = UNSET


class CancelAnswer(OrderFacts, frozen=True, kw_only=True):
    """The order as the cancel left it; `client_order_id` is now the cancel's own id."""

    orig_client_order_id: str
    transact_time: int


class CancelOrder(Request[CancelAnswer], frozen=True):
    """Cancel an open order by `order_id` (fastest) or `orig_client_order_id`."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="DELETE",
        path="/api/v3/order",
        ws_method="order.cancel",
        weight=1,
        weight_on_success=0,
        security=SecurityType.TRADE,
        answer=CancelAnswer,
    )
    symbol: str
    order_id: int | UnsetType = UNSET
    orig_client_order_id: str | UnsetType = UNSET
    new_client_order_id: str | UnsetType = UNSET
    cancel_restrictions: CancelRestrictions | UnsetType = UNSET
