"""One cancels the other (official page *REST API*, Order lists)."""

from decimal import Decimal
from typing import ClassVar

from surefoot.spot.enums import OrderType, PegOffsetType, PegPriceType, SecurityType, Side, TimeInForce
from surefoot.spot.order_lists import ListTicket
from surefoot.spot.orders import OrderListAnswer
from surefoot.spot.request import Endpoint
from surefoot.values import UNSET, UnsetType


class NewOco(ListTicket, frozen=True, kw_only=True):
    """New OCO: one order above the last price, one below; when one executes the other is cancelled.

    One of the two types is LIMIT_MAKER or TAKE_PROFIT(_LIMIT), the other STOP_LOSS(_LIMIT).
    """

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="POST",
        path="/api/v3/orderList/oco",
        ws_method="orderList.place.oco",
        weight=1,
        weight_on_success=0,
        order_count=2,
        security=SecurityType.TRADE,
        answer=OrderListAnswer,
    )
    side: Side
    quantity: Decimal
    above_type: OrderType
    above_client_order_id: str | UnsetType = UNSET
    above_iceberg_qty: Decimal | UnsetType = UNSET
    above_price: Decimal | UnsetType = UNSET
    above_stop_price: Decimal | UnsetType = UNSET
    above_trailing_delta: int | UnsetType = UNSET
    above_time_in_force: TimeInForce | UnsetType = UNSET
    above_strategy_id: int | UnsetType = UNSET
    above_strategy_type: int | UnsetType = UNSET
    above_peg_price_type: PegPriceType | UnsetType = UNSET
    above_peg_offset_type: PegOffsetType | UnsetType = UNSET
    above_peg_offset_value: int | UnsetType = UNSET
    below_type: OrderType
    below_client_order_id: str | UnsetType = UNSET
    below_iceberg_qty: Decimal | UnsetType = UNSET
    below_price: Decimal | UnsetType = UNSET
    below_stop_price: Decimal | UnsetType = UNSET
    below_trailing_delta: int | UnsetType = UNSET
    below_time_in_force: TimeInForce | UnsetType = UNSET
    below_strategy_id: int | UnsetType = UNSET
    below_strategy_type: int | UnsetType = UNSET
    below_peg_price_type: PegPriceType | UnsetType = UNSET
    below_peg_offset_type: PegOffsetType | UnsetType = UNSET
    below_peg_offset_value: int | UnsetType = UNSET


class NewOcoDeprecated(ListTicket, frozen=True, kw_only=True):
    """New OCO in its old form: a limit and a stop order. Deprecated since 2024-04-02: use `NewOco`."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="POST",
        path="/api/v3/order/oco",
        ws_method="orderList.place",
        weight=1,
        weight_on_success=0,
        order_count=2,
        security=SecurityType.TRADE,
        answer=OrderListAnswer,
    )
    side: Side
    quantity: Decimal
    limit_client_order_id: str | UnsetType = UNSET
    price: Decimal
    limit_strategy_id: int | UnsetType = UNSET
    limit_strategy_type: int | UnsetType = UNSET
    limit_iceberg_qty: Decimal | UnsetType = UNSET
    trailing_delta: int | UnsetType = UNSET
    stop_client_order_id: str | UnsetType = UNSET
    stop_price: Decimal
    stop_strategy_id: int | UnsetType = UNSET
    stop_strategy_type: int | UnsetType = UNSET
    stop_limit_price: Decimal | UnsetType = UNSET
    stop_iceberg_qty: Decimal | UnsetType = UNSET
    stop_limit_time_in_force: TimeInForce | UnsetType = UNSET
