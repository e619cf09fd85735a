"""A long life of a trader, as its journal holds it: orders that filled or were cancelled, the last open."""

from collections.abc import Iterator
from decimal import Decimal

import msgspec

from surefoot.execution import entries
from surefoot.execution.entries import Entry
from surefoot.execution.intent import LimitOrder, request_of
from surefoot.execution.requests import spelled
from surefoot.spot.enums import (
    ExecutionType,
    OrderRejectReason,
    OrderStatus,
    OrderType,
    Side,
    TimeInForce,
)
from surefoot.spot.events.user import ExecutionReport, OutboundAccountPosition, PositionBalance
from surefoot.spot.orders import OrderAnswer

SYMBOL = "BTCUSDT"
A_LIFE = 5
"""Entries of an order from its intent to its end."""
_BEGAN_MS, _STEP_MS = 1_767_225_600_000, 30
_ZERO, _QTY, _PRICE = Decimal("0.00000000"), Decimal("0.00100000"), Decimal("50000.12000000")


def told(entry_count: int, open_count: int) -> Iterator[Entry]:
    """So many entries, after which `open_count` orders are open."""
    yield entries.Opened(at_ms=_BEGAN_MS, version="1", life=1)
    yield entries.Listed(at_ms=_BEGAN_MS, symbol=SYMBOL, base="BTC", quote="USDT")
    yield entries.Baseline(at_ms=_BEGAN_MS, symbol=SYMBOL, trade_id=0)
    orders = entry_count // A_LIFE
    for number in range(orders):
        yield from _life(number, ends=number < orders - open_count)


def _life(number: int, *, ends: bool) -> Iterator[Entry]:
    at_ms, id = _BEGAN_MS + _STEP_MS * number, f"sf-{number:019d}"
    side = Side.BUY if number % 4 < 2 else Side.SELL
    intent = LimitOrder(SYMBOL, side, _QTY, _PRICE)
    request = msgspec.structs.replace(request_of(intent), new_client_order_id=id)
    yield entries.Submitted(
        at_ms=at_ms,
        id=id,
        name="NewOrder",
        symbol=SYMBOL,
        request=spelled(request),
        sign_before_ms=at_ms + 5_000,
        recv_window_ms=1_000,
        notional="50.00012",
    )
    yield _reported(number, side, ExecutionType.NEW, OrderStatus.NEW)
    yield entries.Placed(at_ms=at_ms, id=id, answer=_answer(number, side))
    if ends and number % 2:
        yield _reported(number, side, ExecutionType.CANCELED, OrderStatus.CANCELED)
    elif ends:
        yield _reported(number, side, ExecutionType.TRADE, OrderStatus.FILLED)
    yield entries.Positioned(at_ms=at_ms, event=_position(at_ms))


def _answer(number: int, side: Side) -> OrderAnswer:
    return OrderAnswer(
        symbol=SYMBOL,
        order_id=10_000 + number,
        order_list_id=-1,
        client_order_id=f"sf-{number:019d}",
        transact_time=_BEGAN_MS + _STEP_MS * number,
        price=_PRICE,
        orig_qty=_QTY,
        executed_qty=_ZERO,
        orig_quote_order_qty=_ZERO,
        cummulative_quote_qty=_ZERO,
        status=OrderStatus.NEW,
        time_in_force=TimeInForce.GTC,
        type=OrderType.LIMIT,
        side=side,
        working_time=_BEGAN_MS + _STEP_MS * number,
        fills=(),
    )


def _position(at_ms: int) -> OutboundAccountPosition:
    held = (PositionBalance("BTC", Decimal("1.00000000"), _ZERO), PositionBalance("USDT", _PRICE, _ZERO))
    return OutboundAccountPosition(event_time=at_ms, last_update=at_ms, balances=held)


def _reported(number: int, side: Side, kind: ExecutionType, status: OrderStatus) -> entries.Reported:
    at_ms, fills = _BEGAN_MS + _STEP_MS * number, kind is ExecutionType.TRADE
    event = ExecutionReport(
        event_time=at_ms,
        symbol=SYMBOL,
        client_order_id=f"sf-{number:019d}",
        side=side,
        type=OrderType.LIMIT,
        time_in_force=TimeInForce.GTC,
        quantity=_QTY,
        price=_PRICE,
        stop_price=_ZERO,
        iceberg_qty=_ZERO,
        order_list_id=-1,
        orig_client_order_id="",
        execution_type=kind,
        status=status,
        reject_reason=OrderRejectReason.NONE,
        order_id=10_000 + number,
        last_qty=_QTY if fills else _ZERO,
        executed_qty=_QTY if fills else _ZERO,
        last_price=_PRICE if fills else _ZERO,
        commission=Decimal("0.05000012") if fills else _ZERO,
        commission_asset="USDT" if fills else None,
        transact_time=at_ms,
        trade_id=1 + number if fills else -1,
        execution_id=3 * number + (kind is not ExecutionType.NEW),
        is_on_book=not fills,
        is_maker=fills,
        order_time=at_ms,
        cummulative_quote_qty=_QTY * _PRICE if fills else _ZERO,
        last_quote_qty=_QTY * _PRICE if fills else _ZERO,
        quote_order_qty=_ZERO,
    )
    return entries.Reported(at_ms=at_ms, event=event)
