"""Smart order routing (official page *REST API*, SOR)."""

from decimal import Decimal
from typing import ClassVar

from surefoot.spot.enums import (
    NewOrderRespType,
    OrderType,
    SecurityType,
    SelfTradePreventionMode,
    Side,
    TimeInForce,
)
from surefoot.spot.orders import OrderAnswer, TestOrderAnswer
from surefoot.spot.request import A_co, Endpoint, Request
from surefoot.spot.weights import ByFlag
from surefoot.values import UNSET, UnsetType


class SorTicket(Request[A_co], frozen=True, kw_only=True):
    """What an order of the router says: LIMIT or MARKET, with a quantity."""

    symbol: str
    side: Side
    type: OrderType
    time_in_force: TimeInForce | UnsetType = UNSET
    quantity: Decimal
    price: Decimal | UnsetType = UNSET
    new_client_order_id: str | UnsetType = UNSET
    strategy_id: int | UnsetType = UNSET
    strategy_type: int | UnsetType = UNSET
    iceberg_qty: Decimal | UnsetType = UNSET
    new_order_resp_type: NewOrderRespType | UnsetType = UNSET
    self_trade_prevention_mode: SelfTradePreventionMode | UnsetType = UNSET


class NewSorOrder(SorTicket[OrderAnswer], frozen=True, kw_only=True):
    """New order that may also fill on the books of related symbols."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="POST",
        path="/api/v3/sor/order",
        ws_method="sor.order.place",
        weight=1,
        weight_on_success=0,
        order_count=1,
        security=SecurityType.TRADE,
        answer=OrderAnswer,
        ws_array=True,
    )


class TestSorOrder(SorTicket[TestOrderAnswer], frozen=True, kw_only=True):
    """Test new SOR order: judged by the exchange, never sent to the engine."""

    __test__: ClassVar[bool] = False  # not a pytest class
    endpoint: ClassVar[Endpoint] = Endpoint(
        method="POST",
        path="/api/v3/sor/order/test",
        ws_method="sor.order.test",
        weight=ByFlag("compute_commission_rates", true=20, false=1),
        security=SecurityType.TRADE,
        answer=TestOrderAnswer,
    )
    compute_commission_rates: bool | UnsetType = UNSET
