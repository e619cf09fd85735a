"""Events of an account's own stream (official page *User Data Streams*)."""

from decimal import Decimal

import msgspec

from surefoot.spot.enums import (
    ContingencyType,
    ExecutionType,
    ExpiryReason,
    ListOrderStatus,
    ListStatusType,
    MatchType,
    OrderRejectReason,
    OrderStatus,
    OrderType,
    PegOffsetType,
    PegPriceType,
    SelfTradePreventionMode,
    Side,
    TimeInForce,
    WorkingFloor,
)
from surefoot.spot.events.event import Event, ServerShutdown, UnknownEvent
from surefoot.values import UNSET, UnsetType


class ExecutionReport(
    Event,
    frozen=True,
    tag_field="e",
    tag="executionReport",
    gc=False,
    rename={
        "event_time": "E",
        "symbol": "s",
        "client_order_id": "c",
        "side": "S",
        "type": "o",
        "time_in_force": "f",
        "quantity": "q",
        "price": "p",
        "stop_price": "P",
        "iceberg_qty": "F",
        "order_list_id": "g",
        "orig_client_order_id": "C",
        "execution_type": "x",
        "status": "X",
        "reject_reason": "r",
        "order_id": "i",
        "last_qty": "l",
        "executed_qty": "z",
        "last_price": "L",
        "commission": "n",
        "commission_asset": "N",
        "transact_time": "T",
        "trade_id": "t",
        "execution_id": "I",
        "is_on_book": "w",
        "is_maker": "m",
        "order_time": "O",
        "cummulative_quote_qty": "Z",
        "last_quote_qty": "Y",
        "quote_order_qty": "Q",
        "working_time": "W",
        "self_trade_prevention_mode": "V",
        "strategy_id": "j",
        "strategy_type": "J",
        "expiry_reason": "eR",
        "trailing_delta": "d",
        "trailing_time": "D",
        "prevented_match_id": "v",
        "prevented_quantity": "A",
        "last_prevented_quantity": "B",
        "trade_group_id": "u",
        "counter_order_id": "U",
        "counter_symbol": "Cs",
        "prevented_execution_quantity": "pl",
        "prevented_execution_price": "pL",
        "prevented_execution_quote_qty": "pY",
        "match_type": "b",
        "allocation_id": "a",
        "working_floor": "k",
        "used_sor": "uS",
        "peg_price_type": "gP",
        "peg_offset_type": "gOT",
        "peg_offset_value": "gOV",
        "pegged_price": "gp",
    },
):
    """What happened to an order. `execution_type` says why it was sent, `status` where the order is now.

    After a cancel `client_order_id` is the cancel's id and `orig_client_order_id` the order's own.
    `trade_id` is -1 and `commission_asset` null unless it is a fill. Of `TRADE_PREVENTION` the quantities are
    the `prevented_…` ones, and `last_qty` is 0. Fields from `working_time` on are there only when they apply:
    trailing stops, strategies, self-trade prevention, allocations and smart order routing, pegged orders.
    Fills are one by (symbol, trade_id), reports by (symbol, execution_id).
    """

    event_time: int
    symbol: str
    client_order_id: str
    side: Side
    type: OrderType
    time_in_force: TimeInForce
    quantity: Decimal
    price: Decimal
    stop_price: Decimal
    iceberg_qty: Decimal
    order_list_id: int
    orig_client_order_id: str
    execution_type: ExecutionType
    status: OrderStatus
    reject_reason: OrderRejectReason
    order_id: int
    last_qty: Decimal
    executed_qty: Decimal
    last_price: Decimal
    commission: Decimal
    commission_asset: str | None
    transact_time: int
    trade_id: int
    execution_id: int
    is_on_book: bool
    is_maker: bool
    order_time: int
    cummulative_quote_qty: Decimal
    last_quote_qty: Decimal
    quote_order_qty: Decimal
    working_time: int | UnsetType = UNSET
    self_trade_prevention_mode: SelfTradePreventionMode | UnsetType = UNSET
    strategy_id: int | UnsetType = UNSET
    strategy_type: int | UnsetType = UNSET
    expiry_reason: ExpiryReason | UnsetType = UNSET
    trailing_delta: int | UnsetType = UNSET
    trailing_time: int | UnsetType = UNSET
    prevented_match_id: int | UnsetType = UNSET
    prevented_quantity: Decimal | UnsetType = UNSET
    last_prevented_quantity: Decimal | UnsetType = UNSET
    trade_group_id: int | UnsetType = UNSET
    counter_order_id: int | UnsetType = UNSET
    counter_symbol: str | UnsetType = UNSET
    prevented_execution_quantity: Decimal | UnsetType = UNSET
    prevented_execution_price: Decimal | UnsetType = UNSET
    prevented_execution_quote_qty: Decimal | UnsetType = UNSET
    match_type: MatchType | UnsetType = UNSET
    allocation_id: int | UnsetType = UNSET
    working_floor: WorkingFloor | UnsetType = UNSET
    used_sor: bool | UnsetType = UNSET
    peg_price_type: PegPriceType | UnsetType = UNSET
    peg_offset_type: PegOffsetType | UnsetType = UNSET
    peg_offset_value: int | UnsetType = UNSET
    pegged_price: Decimal | UnsetType = UNSET

    @property
    def placed_as(self) -> str:
        """The client order id the order was placed with, whatever renamed it since."""
        return self.orig_client_order_id or self.client_order_id


class PositionBalance(
    msgspec.Struct, frozen=True, rename={"asset": "a", "free": "f", "locked": "l"}, gc=False
):
    """What an account now has of one asset (absolute, not a difference)."""

    asset: str
    free: Decimal
    locked: Decimal


class OutboundAccountPosition(
    Event,
    frozen=True,
    tag_field="e",
    tag="outboundAccountPosition",
    rename={"event_time": "E", "last_update": "u", "balances": "B"},
    gc=False,
):
    """The balances that may have changed, absolute."""

    event_time: int
    last_update: int
    balances: tuple[PositionBalance, ...]


_DELTA = {"event_time": "E", "asset": "a", "balance_delta": "d"}


class BalanceUpdate(
    Event,
    frozen=True,
    tag_field="e",
    tag="balanceUpdate",
    rename={**_DELTA, "clear_time": "T"},
    gc=False,
):
    """A deposit, a withdrawal or a transfer: `balance_delta` is a difference, not a balance."""

    event_time: int
    asset: str
    balance_delta: Decimal
    clear_time: int


class ExternalLockUpdate(
    Event,
    frozen=True,
    tag_field="e",
    tag="externalLockUpdate",
    rename={**_DELTA, "transact_time": "T"},
    gc=False,
):
    """An outside system locked part of the wallet, or unlocked it: a difference."""

    event_time: int
    asset: str
    balance_delta: Decimal
    transact_time: int


class ListedOrder(
    msgspec.Struct, frozen=True, rename={"symbol": "s", "order_id": "i", "client_order_id": "c"}, gc=False
):
    """An order of an order list."""

    symbol: str
    order_id: int
    client_order_id: str


class ListStatus(
    Event,
    frozen=True,
    tag_field="e",
    tag="listStatus",
    rename={
        "event_time": "E",
        "symbol": "s",
        "order_list_id": "g",
        "contingency_type": "c",
        "list_status_type": "l",
        "list_order_status": "L",
        "reject_reason": "r",
        "list_client_order_id": "C",
        "transact_time": "T",
        "orders": "O",
    },
    gc=False,
):
    """What happened to an order list; its orders' execution reports come besides."""

    event_time: int
    symbol: str
    order_list_id: int
    contingency_type: ContingencyType
    list_status_type: ListStatusType
    list_order_status: ListOrderStatus
    reject_reason: OrderRejectReason
    list_client_order_id: str
    transact_time: int
    orders: tuple[ListedOrder, ...]


class EventStreamTerminated(
    Event, frozen=True, tag_field="e", tag="eventStreamTerminated", rename={"event_time": "E"}, gc=False
):
    """The subscription ended; nothing more comes from it."""

    event_time: int


UserEvent = (
    ExecutionReport
    | OutboundAccountPosition
    | BalanceUpdate
    | ListStatus
    | ExternalLockUpdate
    | EventStreamTerminated
    | ServerShutdown
    | UnknownEvent
)
