"""Entries as a trader writes them."""

from decimal import Decimal

import msgspec

from surefoot.execution.entries import (
    Anomaly,
    Canceled,
    Entry,
    ListPlaced,
    OrderRead,
    Placed,
    Reported,
    TradeRead,
)
from surefoot.execution.journal import Row, written
from surefoot.spot.account import Order, Trade
from surefoot.spot.events.user import ExecutionReport
from surefoot.spot.orders import CancelAnswer, Fill, ListedOrder, OrderAnswer, OrderFacts, OrderListAnswer

DAY_MS = 86_400_000


def told(*entries: Entry) -> list[Row]:
    return [written(seq, entry) for seq, entry in enumerate(entries, 1)]


def report(at_ms: int, id: str, order_id: int, **changes: object) -> Reported:
    """What the user stream says of an order to buy 2 BTC at 100 USDT, unless `changes` say otherwise."""
    facts: dict[str, object] = {
        "event_time": at_ms,
        "symbol": "BTCUSDT",
        "client_order_id": id,
        "side": "BUY",
        "type": "LIMIT",
        "time_in_force": "GTC",
        "quantity": "2.00000000",
        "price": "100.00",
        "stop_price": "0",
        "iceberg_qty": "0",
        "order_list_id": -1,
        "orig_client_order_id": "",
        "execution_type": "NEW",
        "status": "NEW",
        "reject_reason": "NONE",
        "order_id": order_id,
        "last_qty": "0",
        "executed_qty": "0",
        "last_price": "0",
        "commission": "0",
        "commission_asset": None,
        "transact_time": at_ms,
        "trade_id": -1,
        "execution_id": at_ms,
        "is_on_book": True,
        "is_maker": False,
        "order_time": at_ms,
        "cummulative_quote_qty": "0",
        "last_quote_qty": "0",
        "quote_order_qty": "0",
    }
    keys = _keys()
    raw = {"e": "executionReport"} | {keys[name]: value for name, value in (facts | changes).items()}
    return Reported(at_ms=at_ms, event=msgspec.convert(raw, ExecutionReport, strict=False))


def trade(at_ms: int, id: str, order_id: int, trade_id: int, **changes: object) -> Reported:
    facts = {
        "execution_type": "TRADE",
        "status": "PARTIALLY_FILLED",
        "trade_id": trade_id,
        "last_qty": "1.00000000",
        "executed_qty": "1.00000000",
        "last_price": "100.00",
        "commission": "0.00000001",
        "commission_asset": "BNB",
        "is_maker": True,
    }
    return report(at_ms, id, order_id, **(facts | changes))


def _keys() -> dict[str, str]:
    return {field.name: field.encode_name for field in msgspec.structs.fields(ExecutionReport)}


def answer(at_ms: int, id: str, order_id: int, **changes: object) -> OrderAnswer:
    facts = {
        "symbol": "BTCUSDT",
        "order_id": order_id,
        "order_list_id": -1,
        "client_order_id": id,
        "transact_time": at_ms,
        "price": Decimal("100.00"),
        "orig_qty": Decimal("2.00000000"),
        "executed_qty": Decimal("0E-8"),
        "status": "NEW",
        "side": "BUY",
        "type": "LIMIT",
    }
    return OrderAnswer(**(facts | changes))  # type: ignore[arg-type]


def fill(trade_id: int, price: str, qty: str) -> Fill:
    return Fill(
        price=Decimal(price),
        qty=Decimal(qty),
        commission=Decimal("0.5"),
        commission_asset="USDT",
        trade_id=trade_id,
    )


def facts(at_ms: int, id: str, order_id: int, **changes: object) -> dict[str, object]:
    """What a cancel and a query both say."""
    known = {name: getattr(answer(at_ms, id, order_id), name) for name in OrderAnswer.__struct_fields__}
    order = {name: value for name, value in known.items() if name in OrderFacts.__struct_fields__}
    return order | {"cummulative_quote_qty": Decimal(0), "time_in_force": "GTC"} | changes


def canceled(at_ms: int, id: str, order_id: int) -> Canceled:
    given = facts(at_ms, "the cancel", order_id, status="CANCELED", orig_client_order_id=id)
    return Canceled(at_ms=at_ms, answer=CancelAnswer(**given, transact_time=at_ms))  # type: ignore[arg-type]


def order_read(at_ms: int, id: str, order_id: int, **changes: object) -> OrderRead:
    given = facts(at_ms, id, order_id, **changes)
    return OrderRead(at_ms=at_ms, order=Order(**given, time=at_ms, update_time=at_ms, is_working=True))  # type: ignore[arg-type]


def trade_read(at_ms: int, order_id: int, trade_id: int) -> TradeRead:
    told = Trade(
        symbol="BTCUSDT",
        id=trade_id,
        order_id=order_id,
        order_list_id=-1,
        price=Decimal("100.00"),
        qty=Decimal("1.00000000"),
        quote_qty=Decimal("100.00"),
        commission=Decimal("0.00000001"),
        commission_asset="BNB",
        time=at_ms,
        is_buyer=True,
        is_maker=True,
        is_best_match=True,
    )
    return TradeRead(at_ms=at_ms + 5, trade=told)


def list_placed(at_ms: int, id: str, *legs: OrderAnswer) -> ListPlaced:
    told = OrderListAnswer(
        order_list_id=1,
        contingency_type="OTO",
        list_status_type="EXEC_STARTED",
        list_order_status="EXECUTING",
        list_client_order_id=id,
        transaction_time=at_ms,
        symbol="BTCUSDT",
        orders=tuple(ListedOrder(leg.symbol, leg.order_id, leg.client_order_id) for leg in legs),
        order_reports=legs,
    )
    return ListPlaced(at_ms=at_ms, id=id, answer=told)


DAY = [
    Placed(at_ms=1_000, id="a", answer=answer(1_000, "a", 1)),
    report(1_000, "a", 1),
    trade(2_000, "a", 1, 11),
    trade_read(2_000, 1, 11),
    trade(3_000, "a", 1, 12, status="FILLED", executed_qty="2.00000000", commission="0.00000002"),
    Placed(at_ms=3_000, id="a", answer=answer(3_000, "a", 1)),  # an answer that comes late
    Placed(
        at_ms=4_000,
        id="b",
        answer=answer(
            4_000, "b", 2, side="SELL", status="PARTIALLY_FILLED", fills=(fill(13, "101.5", "0.5"),)
        ),
    ),
    trade(4_000, "b", 2, 13, side="SELL", last_price="101.5", last_qty="0.5", commission="0.5",
          commission_asset="USDT", is_maker=False),
    canceled(5_000, "b", 2),
    order_read(5_000, "the cancel", 2, status="CANCELED"),
    order_read(DAY_MS, "c", 3),
    list_placed(DAY_MS, "list", answer(DAY_MS, "leg1", 4, status="FILLED", fills=(fill(14, "99", "2"),)),
                answer(DAY_MS, "leg2", 5, status="PENDING_NEW", side="SELL")),
    trade_read(DAY_MS + 1, 9, 15),
    Anomaly(at_ms=DAY_MS, what="odd", text="quotes ' and \" and \\ and é", id="a"),
]  # fmt: skip
"""Order a rests and is filled in two parts; b is filled in part at once and cancelled; c is read; a list; and
a trade of an order that nobody knows.
"""
