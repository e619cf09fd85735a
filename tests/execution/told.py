"""What the exchange says of one order, in few words: events, answers, reads, all of the same moment."""

from decimal import Decimal
from typing import Any, NamedTuple

from surefoot.execution import entries
from surefoot.execution.entries import Entry
from surefoot.execution.requests import id_of, spelled
from surefoot.spot.account import Order, Trade
from surefoot.spot.enums import (
    ExecutionType,
    OrderRejectReason,
    OrderStatus,
    OrderType,
    SelfTradePreventionMode,
    Side,
    TimeInForce,
)
from surefoot.spot.events.user import ExecutionReport
from surefoot.spot.order_replace import AmendAnswer, AmendedOrder
from surefoot.spot.orders import CancelAnswer, Fill, OrderAnswer
from surefoot.spot.request import Request
from surefoot.spot.trade import NewOrder

D = Decimal
ZERO = D(0)
SYMBOL = "BTCUSDT"
PRICE = D("50000")
START_MS = 1_767_225_600_000


class Deal(NamedTuple):
    """One execution of the order."""

    trade_id: int
    qty: Decimal
    price: Decimal = PRICE


class Moment(NamedTuple):
    """The order `id`, as the exchange knew it from `at_ms` on: `why` says what happened to it then."""

    why: ExecutionType
    status: OrderStatus
    at_ms: int
    qty: Decimal
    deals: tuple[Deal, ...] = ()
    id: str = "sf-1"
    order_id: int = 77
    called: str = "sf-1"
    list_id: int = -1
    side: Side = Side.BUY
    type: OrderType = OrderType.LIMIT

    @property
    def executed(self) -> Decimal:
        return sum((deal.qty for deal in self.deals), ZERO)

    @property
    def quote(self) -> Decimal:
        return sum((deal.qty * deal.price for deal in self.deals), ZERO)


def limit(id: str = "sf-1", qty: str = "1", **facts: Any) -> NewOrder:
    """A BUY at `PRICE`, unless said otherwise."""
    usual: dict[str, Any] = {"side": Side.BUY, "type": OrderType.LIMIT, "time_in_force": TimeInForce.GTC}
    more = usual | {"price": PRICE, "quantity": D(qty), "new_client_order_id": id} | facts
    return NewOrder(symbol=SYMBOL, **more)


def submitted(request: Request[Any] | None = None, at_ms: int = START_MS, **facts: Any) -> entries.Submitted:
    asked = limit() if request is None else request
    usual = {"sign_before_ms": at_ms + 5_000, "recv_window_ms": 5_000}
    more = usual | facts
    return entries.Submitted(
        at_ms=at_ms,
        id=id_of(asked),
        name=type(asked).__name__,
        symbol=SYMBOL,
        request=spelled(asked),
        **more,
    )


def _facts(now: Moment) -> dict[str, Any]:
    return {
        "symbol": SYMBOL,
        "order_id": now.order_id,
        "order_list_id": now.list_id,
        "client_order_id": now.called,
        "price": PRICE,
        "orig_qty": now.qty,
        "executed_qty": now.executed,
        "cummulative_quote_qty": now.quote,
        "status": now.status,
        "time_in_force": TimeInForce.GTC,
        "type": now.type,
        "side": now.side,
    }


def read(now: Moment, at_ms: int = START_MS) -> entries.OrderRead:
    order = Order(**_facts(now), time=START_MS, update_time=now.at_ms, is_working=True)
    return entries.OrderRead(at_ms=at_ms, order=order)


def answer(now: Moment, **facts: Any) -> OrderAnswer:
    fills = tuple(Fill(deal.price, deal.qty, ZERO, "BTC", deal.trade_id) for deal in now.deals)
    return OrderAnswer(**_facts(now) | {"transact_time": now.at_ms, "fills": fills} | facts)


def placed(now: Moment) -> entries.Placed:
    return entries.Placed(at_ms=START_MS, id=now.id, answer=answer(now))


def report(now: Moment, deal: Deal | None = None) -> ExecutionReport:
    renamed = now.why in {ExecutionType.CANCELED, ExecutionType.REPLACED}
    return ExecutionReport(
        event_time=now.at_ms,
        symbol=SYMBOL,
        client_order_id=now.called,
        side=now.side,
        type=now.type,
        time_in_force=TimeInForce.GTC,
        quantity=now.qty,
        price=PRICE,
        stop_price=ZERO,
        iceberg_qty=ZERO,
        order_list_id=now.list_id,
        orig_client_order_id=now.id if renamed else "",
        execution_type=now.why,
        status=now.status,
        reject_reason=OrderRejectReason("NONE"),
        order_id=now.order_id,
        last_qty=deal.qty if deal else ZERO,
        executed_qty=now.executed,
        last_price=deal.price if deal else ZERO,
        commission=ZERO,
        commission_asset="BTC" if deal else None,
        transact_time=now.at_ms,
        trade_id=deal.trade_id if deal else -1,
        execution_id=now.at_ms,
        is_on_book=False,
        is_maker=True,
        order_time=START_MS,
        cummulative_quote_qty=now.quote,
        last_quote_qty=ZERO,
        quote_order_qty=ZERO,
        self_trade_prevention_mode=SelfTradePreventionMode("NONE"),
    )


def reported(now: Moment) -> entries.Reported:
    deal = now.deals[-1] if now.why is ExecutionType.TRADE else None
    return entries.Reported(at_ms=START_MS, event=report(now, deal))


def trade(deal: Deal, order_id: int = 77, side: Side = Side.BUY) -> entries.TradeRead:
    told = Trade(
        symbol=SYMBOL,
        id=deal.trade_id,
        order_id=order_id,
        order_list_id=-1,
        price=deal.price,
        qty=deal.qty,
        quote_qty=deal.qty * deal.price,
        commission=ZERO,
        commission_asset="BTC",
        time=START_MS,
        is_buyer=side is Side.BUY,
        is_maker=True,
        is_best_match=True,
    )
    return entries.TradeRead(at_ms=START_MS, trade=told)


def canceled(now: Moment) -> entries.Canceled:
    told = CancelAnswer(**_facts(now), orig_client_order_id=now.id, transact_time=now.at_ms)
    return entries.Canceled(at_ms=START_MS, answer=told)


def amended(now: Moment) -> entries.Amended:
    order = AmendedOrder(
        symbol=SYMBOL,
        order_id=now.order_id,
        order_list_id=now.list_id,
        orig_client_order_id=now.id,
        client_order_id=now.called,
        price=PRICE,
        qty=now.qty,
        executed_qty=now.executed,
        prevented_qty=ZERO,
        cumulative_quote_qty=now.quote,
        status=now.status,
        time_in_force=TimeInForce.GTC,
        type=now.type,
        side=now.side,
    )
    told = AmendAnswer(transact_time=now.at_ms, execution_id=1, amended_order=order)
    return entries.Amended(at_ms=START_MS, id=now.called, answer=told)


def all_ways(history: list[Moment]) -> list[Entry]:
    """Everything that the exchange may say of this life, each once, in the order in which it happened."""
    told: list[Entry] = []
    for now in history:
        told += [reported(now), read(now)]
        match now.why:
            case ExecutionType.NEW:
                told.append(placed(now))
            case ExecutionType.TRADE:
                told.append(trade(now.deals[-1], now.order_id))
            case ExecutionType.CANCELED:
                told.append(canceled(now))
            case ExecutionType.REPLACED:
                told.append(amended(now))
    return told
