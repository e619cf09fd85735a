"""One execution of one of the account's orders, whichever way it was learnt: event, answer, read (pure)."""

from collections.abc import Iterator
from decimal import Decimal

import msgspec

from surefoot.rules.quantise import EXACT
from surefoot.spot.account import Trade
from surefoot.spot.enums import ExecutionType, Side
from surefoot.spot.events.user import ExecutionReport
from surefoot.spot.orders import OrderAnswer
from surefoot.values import UNSET

NO_TRADE = -1


class Fill(msgspec.Struct, frozen=True, gc=False):
    """An execution: one by (symbol, trade_id). `commission` is what was paid of `commission_asset`, which may
    be the base, the quote, or a third asset. `is_maker` is None where the source does not say it.
    """

    symbol: str
    trade_id: int
    order_id: int
    side: Side
    price: Decimal
    qty: Decimal
    commission: Decimal
    commission_asset: str
    time_ms: int
    is_maker: bool | None = None

    @property
    def quote_qty(self) -> Decimal:
        """What it was worth."""
        return EXACT.multiply(self.price, self.qty)


def fill_of_report(event: ExecutionReport) -> Fill | None:
    """The execution that a report tells of, if it does."""
    if event.execution_type is not ExecutionType.TRADE or event.trade_id == NO_TRADE:
        return None
    return Fill(
        event.symbol,
        event.trade_id,
        event.order_id,
        event.side,
        event.last_price,
        event.last_qty,
        event.commission,
        event.commission_asset or "",
        event.transact_time,
        event.is_maker,
    )


def fills_of_answer(answer: OrderAnswer) -> Iterator[Fill]:
    """The executions in the answer to a placement: it took them all, so none is a maker's."""
    if answer.fills is UNSET or answer.side is UNSET:
        return
    for one in answer.fills:
        if one.trade_id != NO_TRADE:
            yield Fill(
                answer.symbol,
                one.trade_id,
                answer.order_id,
                answer.side,
                one.price,
                one.qty,
                one.commission,
                one.commission_asset,
                answer.transact_time,
                False,
            )


def fill_of_trade(trade: Trade) -> Fill:
    """The execution that was read."""
    return Fill(
        trade.symbol,
        trade.id,
        trade.order_id,
        Side.BUY if trade.is_buyer else Side.SELL,
        trade.price,
        trade.qty,
        trade.commission,
        trade.commission_asset,
        trade.time,
        trade.is_maker,
    )
