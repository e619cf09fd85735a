"""An entry of a journal as a sentence for people (pure)."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from surefoot.execution import entries
from surefoot.execution.entries import Entry
from surefoot.execution.requests import remembered
from surefoot.rules.legs import Ticket, is_list, legs_of
from surefoot.spot.account import Order, Trade
from surefoot.spot.enums import ExecutionType
from surefoot.spot.events.user import ExecutionReport
from surefoot.spot.order_replace import AmendOrder, CancelReplace
from surefoot.spot.orders import CancelAnswer, OrderAnswer
from surefoot.values import UNSET, trimmed


def moment(time_ms: int) -> str:
    """Milliseconds since 1970 as the time of day in UTC, to the millisecond."""
    return datetime.fromtimestamp(time_ms / 1000, UTC).strftime("%H:%M:%S.%f")[:-3]


def sentence(entry: Entry) -> str:
    """What `entry` says."""
    say = _SENTENCES.get(type(entry), _others)
    return say(entry)


def _others(entry: Any) -> str:
    """What the fields say that are short."""
    told = ((name, getattr(entry, name)) for name in entry.__struct_fields__ if name != "at_ms")
    return ", ".join(f"{name} {value}" for name, value in told if isinstance(value, str | int))


def _submitted(entry: entries.Submitted) -> str:
    request = remembered(entry.name, entry.request)
    until = f"written down before its first byte leaves; not signed after {moment(entry.sign_before_ms)}"
    if isinstance(request, AmendOrder):
        return f"order {request.order_id or request.orig_client_order_id} down to {request.new_qty}: {until}"
    kind = f"{entry.name} of " if is_list(request) or isinstance(request, CancelReplace) else ""
    return f"{kind}{' and '.join(_ticket(leg.order) for leg in legs_of(request))}: {until}"


def _ticket(order: Ticket) -> str:
    text = f"{order.side} {order.type} {order.symbol}"
    if order.quantity is not UNSET:
        text += f" {trimmed(order.quantity)}"
    if order.quote_order_qty is not UNSET:
        text += f" for {trimmed(order.quote_order_qty)}"
    if order.price is not UNSET:
        text += f" at {trimmed(order.price)}"
    return text


def _standing(order: OrderAnswer | CancelAnswer | Order) -> str:
    if order.executed_qty is UNSET or order.orig_qty is UNSET:
        return str(order.status)
    return f"{order.status}, {trimmed(order.executed_qty)} of {trimmed(order.orig_qty)}"


def _reported(event: ExecutionReport) -> str:
    text = f"{event.status}, {trimmed(event.executed_qty)} of {trimmed(event.quantity)}"
    if event.execution_type is not ExecutionType.TRADE:
        return text
    fee = f"{trimmed(event.commission)} {event.commission_asset}"
    return f"{text}; {trimmed(event.last_qty)} at {trimmed(event.last_price)}, commission {fee}"


def _trade(trade: Trade) -> str:
    fee = f"{trimmed(trade.commission)} {trade.commission_asset}"
    return f"trade {trade.id}, {trimmed(trade.qty)} at {trimmed(trade.price)}, commission {fee}"


_SENTENCES: Mapping[type[Entry], Callable[[Any], str]] = MappingProxyType(
    {
        entries.Opened: lambda entry: f"a trader opened this journal: number {entry.life}",
        entries.Submitted: _submitted,
        entries.Placed: lambda entry: f"taken as order {entry.answer.order_id}: {_standing(entry.answer)}",
        entries.Amended: lambda entry: f"made smaller: {trimmed(entry.answer.amended_order.qty)}",
        entries.NotPlaced: lambda entry: f"it did not happen, {entry.because}: {entry.text}",
        entries.InDoubt: lambda entry: (
            f"nobody knows: {entry.reason}; refused by the exchange after {moment(entry.too_late_after_ms)}"
        ),
        entries.Resolved: lambda entry: f"no doubt any more: {entry.evidence}",
        entries.CancelAsked: lambda _: "to be cancelled",
        entries.Canceled: lambda entry: f"cancelled: {_standing(entry.answer)}",
        entries.CancelRefused: lambda entry: f"not cancelled: {entry.text}",
        entries.Reported: lambda entry: f"heard: {_reported(entry.event)}",
        entries.OrderRead: lambda entry: f"read: {_standing(entry.order)}",
        entries.TradeRead: lambda entry: f"read: {_trade(entry.trade)}",
        entries.GapSeen: lambda entry: (
            f"the user stream was deaf since {moment(entry.since_ms)}: {entry.reason}"
        ),
        entries.Anomaly: lambda entry: f"{entry.what}: {entry.text}",
        entries.Tripped: lambda entry: f"trading was stopped: {entry.reason}",
        entries.Armed: lambda entry: f"trading was allowed again: {entry.reason}",
    }
)
"""Of the kinds that a person looks for; the others say what their fields say."""
