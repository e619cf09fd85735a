"""Order lists: what they answer, how they are found and cancelled (official page *REST API*, Order lists)."""

from typing import ClassVar

from surefoot.spot.enums import NewOrderRespType, SecurityType, SelfTradePreventionMode
from surefoot.spot.orders import CanceledList, OrderList, OrderListAnswer
from surefoot.spot.request import Endpoint, Request
from surefoot.values import UNSET, UnsetType


class ListTicket(Request[OrderListAnswer], frozen=True):
    """What every new order list says."""

    symbol: str
    list_client_order_id: str | UnsetType = UNSET
    new_order_resp_type: NewOrderRespType | UnsetType = UNSET
    self_trade_prevention_mode: SelfTradePreventionMode | UnsetType = UNSET


class CancelOrderList(Request[CanceledList], frozen=True):
    """Cancel every order of a list, by `order_list_id` or `list_client_order_id`."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="DELETE",
        path="/api/v3/orderList",
        ws_method="orderList.cancel",
        weight=1,
        weight_on_success=0,
        security=SecurityType.TRADE,
        answer=CanceledList,
    )
    symbol: str
    order_list_id: int | UnsetType = UNSET
    list_client_order_id: str | UnsetType = UNSET
    new_client_order_id: str | UnsetType = UNSET


class GetOrderList(Request[OrderList], frozen=True):
    """Query an order list by `order_list_id` or `orig_client_order_id` (the id of the list)."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="GET",
        path="/api/v3/orderList",
        ws_method="orderList.status",
        weight=4,
        security=SecurityType.USER_DATA,
        answer=OrderList,
    )
    order_list_id: int | UnsetType = UNSET
    orig_client_order_id: str | UnsetType = UNSET


class GetAllOrderLists(Request[tuple[OrderList, ...]], frozen=True):
    """Order lists of the account, by id or by time (milliseconds, at most 24 h apart), 1,000 at most."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="GET",
        path="/api/v3/allOrderList",
        ws_method="allOrderLists",
        weight=20,
        security=SecurityType.USER_DATA,
        answer=tuple[OrderList, ...],
    )
    from_id: int | UnsetType = UNSET
    start_time: int | UnsetType = UNSET
    end_time: int | UnsetType = UNSET
    limit: int | UnsetType = UNSET


class GetOpenOrderLists(Request[tuple[OrderList, ...]], frozen=True):
    """Open order lists of the account."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="GET",
        path="/api/v3/openOrderList",
        ws_method="openOrderLists.status",
        weight=6,
        security=SecurityType.USER_DATA,
        answer=tuple[OrderList, ...],
    )
