"""What one source says of one order, in one form whatever the source (pure)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import msgspec

from surefoot.execution import entries
from surefoot.execution.entries import Entry
from surefoot.execution.fills import Fill, fill_of_report, fill_of_trade, fills_of_answer
from surefoot.execution.lives import OrderState, state_of
from surefoot.rules.quantise import ZERO
from surefoot.spot.account import Order
from surefoot.spot.enums import ExecutionType, OrderType, Side
from surefoot.spot.events.user import ExecutionReport
from surefoot.spot.order_replace import AmendAnswer
from surefoot.spot.orders import CancelAnswer, CanceledLeg, OrderAnswer, OrderFacts, OrderList
from surefoot.values import UNSET

NO_LIST = -1


class Sighting(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An order as seen at `as_of_ms` (exchange's clock). None is what the source does not say.

    `id` is the client order id that the source calls it by; where that may be the id of a cancel or of an
    amendment, `order_id` alone says which order it is. `resized` is whether `qty` is news.
    """

    symbol: str
    order_id: int
    id: str
    as_of_ms: int
    list_id: int | None = None
    side: Side | None = None
    type: OrderType | None = None
    price: Decimal | None = None
    stop_price: Decimal | None = None
    qty: Decimal | None = None
    executed_qty: Decimal | None = None
    quote_qty: Decimal | None = None
    state: OrderState | None = None
    resized: bool = False


def of_answer(answer: OrderAnswer) -> Sighting:
    """The order that a placement answers; of an ACK only that it exists."""
    said = answer.status is not UNSET
    return Sighting(
        symbol=answer.symbol,
        order_id=answer.order_id,
        id=answer.client_order_id,
        as_of_ms=answer.transact_time,
        list_id=_list_id(answer.order_list_id),
        side=answer.side or None,
        type=answer.type or None,
        price=_given(answer.price),
        stop_price=_given(answer.stop_price),
        qty=_given(answer.orig_qty) or None,
        executed_qty=_given(answer.executed_qty),
        quote_qty=_given(answer.cummulative_quote_qty),
        state=state_of(answer.status) if said else None,  # type: ignore[arg-type]
    )


def of_report(event: ExecutionReport) -> Sighting:
    """The order that a report tells of."""
    return Sighting(
        symbol=event.symbol,
        order_id=event.order_id,
        id=event.placed_as,
        as_of_ms=event.transact_time,
        list_id=_list_id(event.order_list_id),
        side=event.side,
        type=event.type,
        price=event.price,
        stop_price=event.stop_price,
        qty=event.quantity,
        executed_qty=event.executed_qty,
        quote_qty=event.cummulative_quote_qty,
        state=state_of(event.status),
        resized=event.execution_type is ExecutionType.REPLACED,
    )


def of_order(order: Order) -> Sighting:
    """The order that was read."""
    return _of_facts(order, order.client_order_id, order.update_time)


def of_cancel(answer: CancelAnswer) -> Sighting:
    """The order as its cancel left it."""
    return _of_facts(answer, answer.orig_client_order_id, answer.transact_time)


def of_leg(leg: CanceledLeg) -> Sighting:
    """One order of a cancelled list."""
    return _of_facts(leg, leg.orig_client_order_id or leg.client_order_id, leg.transact_time)


def of_amendment(answer: AmendAnswer) -> Sighting:
    """The order after it was made smaller."""
    order = answer.amended_order
    return Sighting(
        symbol=order.symbol,
        order_id=order.order_id,
        id=order.orig_client_order_id,
        as_of_ms=answer.transact_time,
        list_id=_list_id(order.order_list_id),
        side=order.side,
        type=order.type,
        price=order.price,
        qty=order.qty,
        executed_qty=order.executed_qty,
        quote_qty=order.cumulative_quote_qty,
        state=state_of(order.status),
        resized=True,
    )


def _of_facts(order: OrderFacts, id: str, as_of_ms: int) -> Sighting:
    return Sighting(
        symbol=order.symbol,
        order_id=order.order_id,
        id=id,
        as_of_ms=as_of_ms,
        list_id=_list_id(order.order_list_id),
        side=order.side,
        type=order.type,
        price=order.price,
        stop_price=_given(order.stop_price),
        qty=order.orig_qty,
        executed_qty=order.executed_qty,
        quote_qty=order.cummulative_quote_qty if order.cummulative_quote_qty >= ZERO else None,
        state=state_of(order.status),
    )


def _given(value: object) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


def _list_id(given: int) -> int | None:
    return None if given == NO_LIST else given


class ListSighting(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An order list as seen: its own client order id, and those of its orders."""

    symbol: str
    list_id: int
    id: str
    status: str
    orders: tuple[str, ...]


class Concluded(msgspec.Struct, frozen=True, gc=False):
    """It is known that the submission `id` happened."""

    id: str


Fact = Sighting | ListSighting | Fill | Concluded


def facts_of(entry: Entry) -> Iterator[Fact]:
    """What an entry says of orders, lists and executions; nothing for those that only we said."""
    found = _FACTS.get(type(entry))
    if found is not None:
        yield from found(entry)


def _placed(entry: entries.Placed) -> Iterator[Fact]:
    yield of_answer(entry.answer)
    yield from fills_of_answer(entry.answer)
    yield Concluded(entry.id)


def _list_placed(entry: entries.ListPlaced) -> Iterator[Fact]:
    answer = entry.answer
    yield _of_list(answer)
    for report in answer.order_reports:
        yield of_answer(report)
        yield from fills_of_answer(report)
    yield Concluded(entry.id)


def _amended(entry: entries.Amended) -> Iterator[Fact]:
    yield of_amendment(entry.answer)
    yield Concluded(entry.id)


def _list_canceled(entry: entries.ListCanceled) -> Iterator[Fact]:
    for leg in entry.answer.order_reports:
        yield of_leg(leg)
    yield _of_list(entry.answer)


def _reported(entry: entries.Reported) -> Iterator[Fact]:
    yield of_report(entry.event)
    if (fill := fill_of_report(entry.event)) is not None:
        yield fill


def _of_list(list: OrderList) -> ListSighting:
    return ListSighting(
        symbol=list.symbol,
        list_id=list.order_list_id,
        id=list.list_client_order_id,
        status=list.list_order_status,
        orders=tuple(order.client_order_id for order in list.orders),
    )


def _list_reported(entry: entries.ListReported) -> Iterator[Fact]:
    event = entry.event
    yield ListSighting(
        symbol=event.symbol,
        list_id=event.order_list_id,
        id=event.list_client_order_id,
        status=event.list_order_status,
        orders=tuple(order.client_order_id for order in event.orders),
    )


_FACTS: Mapping[type[Entry], Callable[[Any], Iterable[Fact]]] = MappingProxyType(
    {
        entries.Placed: _placed,
        entries.ListPlaced: _list_placed,
        entries.Amended: _amended,
        entries.Resolved: lambda entry: (Concluded(entry.id),),
        entries.Canceled: lambda entry: (of_cancel(entry.answer),),
        entries.ListCanceled: _list_canceled,
        entries.Reported: _reported,
        entries.ListReported: _list_reported,
        entries.OrderRead: lambda entry: (of_order(entry.order),),
        entries.ListRead: lambda entry: (_of_list(entry.list),),
        entries.TradeRead: lambda entry: (fill_of_trade(entry.trade),),
    }
)
