"""What is known of one order, of one list, and of one submission: values of the fold (pure)."""

from abc import ABC, abstractmethod
from decimal import Context, Decimal
from typing import Any

import msgspec

from surefoot.execution.entries import Submitted
from surefoot.execution.lives import FINAL, IN_FLIGHT, OPEN, ListState, OrderState
from surefoot.rules.legs import Leg
from surefoot.rules.quantise import EXACT, ZERO
from surefoot.spot.enums import OrderType, Side, TimeInForce
from surefoot.values import UNSET

_ROUNDED = Context(prec=28)
"""An average has no end; 28 digits are enough of it."""


class OrderRecord(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One order. `id` is the client order id that it was placed with, and keeps here, whatever renames it.

    `known_qty` is the sum of the executions that are known; it reaches `executed_qty`, as the exchange says.
    `at_ms` is when it was meant (or first seen, of one that is not `own`), `as_of_ms` the age of the news.
    `list` is the client order id of its list, in which it may be `pending` until another one is filled.
    `price`, `qty` are zero where there is none.
    """

    id: str
    symbol: str
    state: OrderState
    at_ms: int
    own: bool = True
    side: Side | None = None
    type: OrderType | None = None
    price: Decimal = ZERO
    stop_price: Decimal = ZERO
    qty: Decimal = ZERO
    quote_order_qty: Decimal = ZERO
    time_in_force: TimeInForce | None = None
    iceberg_qty: Decimal = ZERO
    trailing_delta: int | None = None
    executed_qty: Decimal = ZERO
    quote_qty: Decimal = ZERO
    known_qty: Decimal = ZERO
    order_id: int | None = None
    list: str | None = None
    pending: bool = False
    as_of_ms: int = 0
    text: str = ""
    code: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether it exists and may still fill."""
        return self.state in OPEN

    @property
    def is_final(self) -> bool:
        """Whether the exchange will never change it again."""
        return self.state in FINAL

    @property
    def in_flight(self) -> bool:
        """Whether nobody knows yet that it exists."""
        return self.state in IN_FLIGHT

    @property
    def is_settled(self) -> bool:
        """Whether it is over: final, with all its executions known (of another's order: as far as they were
        told; some may be from before anything that is remembered here); or never placed.
        """
        whole = not self.own or self.known_qty >= self.executed_qty
        return self.state is OrderState.NOT_PLACED or (self.is_final and whole)

    @property
    def unfilled(self) -> Decimal:
        """What may still fill, in the base asset; zero where only the book knows."""
        if self.is_final or self.state is OrderState.NOT_PLACED:
            return ZERO
        return max(ZERO, EXACT.subtract(self.qty, self.executed_qty))

    @property
    def average_price(self) -> Decimal | None:
        """Of what was executed, by the exchange's own sums."""
        if not self.executed_qty:
            return None
        return _ROUNDED.divide(self.quote_qty, self.executed_qty)


class OfOrder(ABC):
    """What is asked most of an order's `record`, said once for all who hold the order."""

    @property
    @abstractmethod
    def record(self) -> OrderRecord:
        """All that is known of it now."""

    @property
    def state(self) -> OrderState:
        """Where it is in its life."""
        return self.record.state

    @property
    def order_id(self) -> int | None:
        """The exchange's number for it, once it is known."""
        return self.record.order_id

    @property
    def executed_qty(self) -> Decimal:
        """What was executed so far, in the base asset."""
        return self.record.executed_qty

    @property
    def average_price(self) -> Decimal | None:
        """Of what was executed."""
        return self.record.average_price


def meant(leg: Leg, submitted: Submitted, list: str | None) -> OrderRecord:
    """The order that a request would place, before anything is known of it."""
    ticket = leg.order
    return OrderRecord(
        id=submitted.id if ticket.new_client_order_id is UNSET else ticket.new_client_order_id,
        symbol=submitted.symbol,
        state=OrderState.SUBMITTED,
        at_ms=submitted.at_ms,
        side=ticket.side,
        type=ticket.type,
        price=_number(ticket.price),
        stop_price=_number(ticket.stop_price),
        qty=_number(ticket.quantity),
        quote_order_qty=_number(ticket.quote_order_qty),
        time_in_force=ticket.time_in_force or None,
        iceberg_qty=_number(ticket.iceberg_qty),
        trailing_delta=ticket.trailing_delta or None,
        list=list,
        pending=leg.pending,
    )


def _number(given: object) -> Decimal:
    return given if isinstance(given, Decimal) else ZERO


class ListRecord(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One order list: `id` is its client order id, `orders` those of its orders."""

    id: str
    symbol: str
    state: ListState
    at_ms: int
    orders: tuple[str, ...] = ()
    list_id: int | None = None


class Submission(msgspec.Struct, frozen=True, kw_only=True):
    """A request that was written down and whose end is not: in flight, or (`doubt`) unknown since.

    `orders` are the client order ids that it would place.
    """

    entry: Submitted
    request: Any
    orders: tuple[str, ...] = ()
    too_late_after_ms: int | None = None

    @property
    def id(self) -> str:
        """The client order id that it is known by."""
        return self.entry.id

    @property
    def fence_ms(self) -> int:
        """After this moment the exchange must refuse whatever was signed: the fuse of the doubt."""
        if self.too_late_after_ms is not None:
            return self.too_late_after_ms
        return self.entry.sign_before_ms + self.entry.recv_window_ms
