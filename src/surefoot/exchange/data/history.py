"""The public trades of one symbol, and their aggregates, as far back as memory is given to them.

Memory is bounded: the newest 10,000 to 12,500 trades and as many aggregates; older ones are forgotten.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

import msgspec

from surefoot.exchange.core.commands import TradeTick
from surefoot.exchange.core.listing import SCALE

KEPT = 10_000
_SLACK = KEPT // 4


class AggregateTrade(msgspec.Struct, frozen=True, gc=False):
    """Trades that one taker order made at one price and one time. Amounts at 1e-8, `id` counts from 0."""

    id: int
    price: int
    qty: int
    quote_qty: int
    first_id: int
    last_id: int
    time_us: int
    buyer_is_maker: bool


class History:
    """Trades oldest first; their ids only grow."""

    __slots__ = ("_aggregates", "_next_id", "_taker_id", "_trades")

    def __init__(self) -> None:
        self._trades: list[TradeTick] = []
        self._aggregates: list[AggregateTrade] = []
        self._next_id = 0
        self._taker_id = -1

    def add(self, tick: TradeTick) -> None:
        """Remember a trade: it joins the last aggregate or begins one."""
        self._trades.append(tick)
        if len(self._trades) > KEPT + _SLACK:
            del self._trades[:_SLACK]
        taker_id = tick.seller_order_id if tick.buyer_is_maker else tick.buyer_order_id
        last = self._aggregates[-1] if self._aggregates else None
        if last and (self._taker_id, last.price, last.time_us) == (taker_id, tick.price, tick.time_us):
            self._aggregates[-1] = _joined(last, tick)
        else:
            self._taker_id = taker_id
            self._begin(tick)

    @property
    def last(self) -> TradeTick | None:
        """The newest trade."""
        return self._trades[-1] if self._trades else None

    @property
    def last_aggregate(self) -> AggregateTrade | None:
        """The newest aggregate; while its taker is being matched it still grows."""
        return self._aggregates[-1] if self._aggregates else None

    def recent(self, limit: int) -> list[TradeTick]:
        """The newest trades, oldest first."""
        return self._trades[-limit:]

    def from_id(self, trade_id: int, limit: int) -> list[TradeTick]:
        """Trades from `trade_id` on, oldest first."""
        first = bisect_left(self._trades, trade_id, key=_trade_id)
        return self._trades[first : first + limit]

    def aggregates_from_id(self, aggregate_id: int, limit: int) -> Sequence[AggregateTrade]:
        """Aggregates from that id on, oldest first."""
        first = bisect_left(self._aggregates, aggregate_id, key=_aggregate_id)
        return self._aggregates[first : first + limit]

    def aggregates(self, start_us: int | None, end_us: int | None, limit: int) -> Sequence[AggregateTrade]:
        """Aggregates of a time, oldest first: the oldest when it has a start, otherwise the newest."""
        found = self._aggregates
        first = 0 if start_us is None else bisect_left(found, start_us, key=_time)
        last = len(found) if end_us is None else bisect_right(found, end_us, key=_time)
        if start_us is None:
            return found[max(last - limit, 0) : last]
        return found[first : min(first + limit, last)]

    def _begin(self, tick: TradeTick) -> None:
        quote = tick.price * tick.qty // SCALE
        self._aggregates.append(
            AggregateTrade(
                self._next_id,
                tick.price,
                tick.qty,
                quote,
                tick.trade_id,
                tick.trade_id,
                tick.time_us,
                tick.buyer_is_maker,
            )
        )
        self._next_id += 1
        if len(self._aggregates) > KEPT + _SLACK:
            del self._aggregates[:_SLACK]


def _joined(last: AggregateTrade, tick: TradeTick) -> AggregateTrade:
    return msgspec.structs.replace(
        last,
        qty=last.qty + tick.qty,
        quote_qty=last.quote_qty + tick.price * tick.qty // SCALE,
        last_id=tick.trade_id,
    )


def _trade_id(tick: TradeTick) -> int:
    return tick.trade_id


def _aggregate_id(aggregate: AggregateTrade) -> int:
    return aggregate.id


def _time(aggregate: AggregateTrade) -> int:
    return aggregate.time_us
