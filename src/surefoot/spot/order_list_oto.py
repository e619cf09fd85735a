"""One order, then others: OTO, OTOCO, OPO, OPOCO (official page *REST API*, Order lists).

The working order goes live at once, the pending ones when it is completely filled; of an OPO
they sell what it bought.
"""

from decimal import Decimal
from typing import ClassVar

from surefoot.spot.enums import OrderType, PegOffsetType, PegPriceType, SecurityType, Side, TimeInForce
from surefoot.spot.order_lists import ListTicket
from surefoot.spot.orders import OrderListAnswer
from surefoot.spot.request import Endpoint
from surefoot.values import UNSET, UnsetType


class WorkingTicket(ListTicket, frozen=True, kw_only=True):
    """The working order of a list."""

    working_type: OrderType
    working_side: Side
    working_client_order_id: str | UnsetType = UNSET
    working_price: Decimal
    working_quantity: Decimal
    working_iceberg_qty: Decimal | UnsetType = UNSET
    working_time_in_force: TimeInForce | UnsetType = UNSET
    working_strategy_id: int | UnsetType = UNSET
    working_strategy_type: int | UnsetType = UNSET
    working_peg_price_type: PegPriceType | UnsetType = UNSET
    working_peg_offset_type: PegOffsetType | UnsetType = UNSET
    working_peg_offset_value: int | UnsetType = UNSET


class PendingTicket(WorkingTicket, frozen=True, kw_only=True):
    """A working order and one pending order."""

    pending_type: OrderType
    pending_side: Side
    pending_client_order_id: str | UnsetType = UNSET
    pending_price: Decimal | UnsetType = UNSET
    pending_stop_price: Decimal | UnsetType = UNSET
    pending_trailing_delta: int | UnsetType = UNSET
    pending_iceberg_qty: Decimal | UnsetType = UNSET
    pending_time_in_force: TimeInForce | UnsetType = UNSET
    pending_strategy_id: int | UnsetType = UNSET
    pending_strategy_type: int | UnsetType = UNSET
    pending_peg_price_type: PegPriceType | UnsetType = UNSET
    pending_peg_offset_type: PegOffsetType | UnsetType = UNSET
    pending_peg_offset_value: int | UnsetType = UNSET


class PendingPairTicket(WorkingTicket, frozen=True, kw_only=True):
    """A working order and two pending ones, of which one cancels the other."""

    pending_side: Side
    pending_above_type: OrderType
    pending_above_client_order_id: str | UnsetType = UNSET
    pending_above_price: Decimal | UnsetType = UNSET
    pending_above_stop_price: Decimal | UnsetType = UNSET
    pending_above_trailing_delta: int | UnsetType = UNSET
    pending_above_iceberg_qty: Decimal | UnsetType = UNSET
    pending_above_time_in_force: TimeInForce | UnsetType = UNSET
    pending_above_strategy_id: int | UnsetType = UNSET
    pending_above_strategy_type: int | UnsetType = UNSET
    pending_above_peg_price_type: PegPriceType | UnsetType = UNSET
    pending_above_peg_offset_type: PegOffsetType | UnsetType = UNSET
    pending_above_peg_offset_value: int | UnsetType = UNSET
    pending_below_type: OrderType | UnsetType = UNSET
    pending_below_client_order_id: str | UnsetType = UNSET
    pending_below_price: Decimal | UnsetType = UNSET
    pending_below_stop_price: Decimal | UnsetType = UNSET
    pending_below_trailing_delta: int | UnsetType = UNSET
    pending_below_iceberg_qty: Decimal | UnsetType = UNSET
    pending_below_time_in_force: TimeInForce | UnsetType = UNSET
    pending_below_strategy_id: int | UnsetType = UNSET
    pending_below_strategy_type: int | UnsetType = UNSET
    pending_below_peg_price_type: PegPriceType | UnsetType = UNSET
    pending_below_peg_offset_type: PegOffsetType | UnsetType = UNSET
    pending_below_peg_offset_value: int | UnsetType = UNSET


class NewOto(PendingTicket, frozen=True, kw_only=True):
    """New OTO: the pending order goes live when the working order is completely filled."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="POST",
        path="/api/v3/orderList/oto",
        ws_method="orderList.place.oto",
        weight=1,
        weight_on_success=0,
        order_count=2,
        security=SecurityType.TRADE,
        answer=OrderListAnswer,
    )
    pending_quantity: Decimal


class NewOtoco(PendingPairTicket, frozen=True, kw_only=True):
    """New OTOCO: a pending OCO goes live when the working order is completely filled."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="POST",
        path="/api/v3/orderList/otoco",
        ws_method="orderList.place.otoco",
        weight=1,
        weight_on_success=0,
        order_count=3,
        security=SecurityType.TRADE,
        answer=OrderListAnswer,
    )
    pending_quantity: Decimal


class NewOpo(PendingTicket, frozen=True, kw_only=True):
    """New OPO: a working BUY whose proceeds the pending SELL sells."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="POST",
        path="/api/v3/orderList/opo",
        ws_method="orderList.place.opo",
        weight=1,
        weight_on_success=0,
        order_count=2,
        security=SecurityType.TRADE,
        answer=OrderListAnswer,
    )


class NewOpoco(PendingPairTicket, frozen=True, kw_only=True):
    """New OPOCO: a working BUY whose proceeds a pending OCO sells."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="POST",
        path="/api/v3/orderList/opoco",
        ws_method="orderList.place.opoco",
        weight=1,
        weight_on_success=0,
        order_count=3,
        security=SecurityType.TRADE,
        answer=OrderListAnswer,
    )
