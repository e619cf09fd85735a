"""Events of the streams (official pages *WebSocket Streams* and *User Data Streams*).

Binance spells them with one letter a field; here every field has its word.
"""

from decimal import Decimal

import msgspec

from surefoot.spot.enums import (
    ExecutionType,
    ExpiryReason,
    OrderRejectReason,
    OrderStatus,
    OrderType,
    SelfTradePreventionMode,
    Side,
    TimeInForce,
)
from surefoot.spot.market import Level
from surefoot.values import UNSET, UnsetType


class Event(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Something the exchange said by itself. Times are milliseconds since 1970."""


class ExecutionReport(
    Event,
    frozen=True,
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
    },
):
    """What happened to an order. `execution_type` says why it was sent, `status` where the order is now.

    After a cancel `client_order_id` is the cancel's id and `orig_client_order_id` the order's own.
    `trade_id` is -1 and `commission_asset` null unless it is a fill.
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
    Event, frozen=True, rename={"event_time": "E", "last_update": "u", "balances": "B"}
):
    """The balances that may have changed, absolute."""

    event_time: int
    last_update: int
    balances: tuple[PositionBalance, ...]


class EventStreamTerminated(Event, frozen=True, rename={"event_time": "E"}):
    """The subscription ended; nothing more comes from it."""

    event_time: int


class ServerShutdown(Event, frozen=True, rename={"event_time": "E"}):
    """The server is about to close this connection: open a new one now."""

    event_time: int


class UnknownEvent(Event, frozen=True):
    """An event type that this version does not know: its name and its raw JSON."""

    name: str
    raw: bytes


class BookTickerEvent(
    Event,
    frozen=True,
    rename={
        "update_id": "u",
        "symbol": "s",
        "bid_price": "b",
        "bid_qty": "B",
        "ask_price": "a",
        "ask_qty": "A",
    },
):
    """The best prices changed. This event has no name and no time of its own."""

    update_id: int
    symbol: str
    bid_price: Decimal
    bid_qty: Decimal
    ask_price: Decimal
    ask_qty: Decimal


class DepthUpdate(
    Event,
    frozen=True,
    rename={
        "event_time": "E",
        "symbol": "s",
        "first_update_id": "U",
        "final_update_id": "u",
        "bids": "b",
        "asks": "a",
    },
):
    """Changed levels with their absolute quantities; 0 deletes a level."""

    event_time: int
    symbol: str
    first_update_id: int
    final_update_id: int
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]


UserEvent = ExecutionReport | OutboundAccountPosition | EventStreamTerminated | ServerShutdown | UnknownEvent
MarketEvent = BookTickerEvent | DepthUpdate | ServerShutdown | UnknownEvent
