"""Self-trade prevention: what happens instead of a trade of an account with itself (official STP FAQ).

The taker's mode decides. TRANSFER moves something only between accounts of one trade group; accounts here
are in none, so that it acts as DECREMENT.
"""

from surefoot.exchange.core.book import Book
from surefoot.exchange.core.commands import Prevented, PreventedMatch
from surefoot.exchange.core.listing import Listing
from surefoot.exchange.core.orders import OrderState
from surefoot.exchange.core.publication import Publication
from surefoot.exchange.core.settlement import Settlement
from surefoot.spot.enums import ExecutionType, OrderStatus, SelfTradePreventionMode

_Mode = SelfTradePreventionMode
_TAKER_GOES = frozenset({_Mode.EXPIRE_TAKER, _Mode.EXPIRE_BOTH})
_MAKER_GOES = frozenset({_Mode.EXPIRE_MAKER, _Mode.EXPIRE_BOTH})


class Prevention:
    """Prevents matches at one symbol and numbers them from 0."""

    def __init__(
        self, listing: Listing, book: Book[OrderState], settlement: Settlement, publication: Publication
    ) -> None:
        self._listing = listing
        self._book = book
        self._settlement = settlement
        self._publication = publication
        self._next_id = 0

    def prevent(self, now_us: int, taker: OrderState, maker: OrderState) -> PreventedMatch:
        """Take from each what its mode says; who has nothing left expires."""
        steps = min(taker.left, maker.rest)
        from_taker, from_maker = _taken(taker, maker, steps)
        match = self._record(now_us, taker, maker, from_taker, from_maker)
        if from_maker:
            if from_maker == maker.rest:
                self._book.own(maker.side).remove(maker)
                maker.left = 0
            else:
                self._book.own(maker.side).shrink(maker, from_maker)
            self._tell(now_us, maker, match, (from_maker, steps), taker)
        if from_taker:
            taker.left -= from_taker
            self._tell(now_us, taker, match, (from_taker, steps), maker)
        return match

    def _record(
        self, now_us: int, taker: OrderState, maker: OrderState, from_taker: int, from_maker: int
    ) -> PreventedMatch:
        step = self._listing.step
        match = PreventedMatch(
            self._listing.symbol,
            self._next_id,
            taker.order_id,
            maker.order_id,
            taker.prevention,
            maker.price,
            from_taker * step or None,
            from_maker * step or None,
            now_us,
            self._listing.digits,
        )
        self._next_id += 1
        taker.seat.remember(match)
        return match

    def _tell(
        self, now_us: int, order: OrderState, match: PreventedMatch, took: tuple[int, int], other: OrderState
    ) -> None:
        """Settle what was taken from `order`; `took` is that and the size of the match, in steps."""
        qty, match_qty = (steps * self._listing.step for steps in took)
        special = order.particular()
        special.prevented_qty += qty
        special.match_id = match.match_id
        order.update_us = now_us
        if order.rest:
            self._settlement.release(order)
        else:
            self._settlement.close(now_us, order, OrderStatus.EXPIRED_IN_MATCH)
        said = Prevented(match, qty, other.order_id, match_qty)
        self._publication.report(now_us, order, ExecutionType.TRADE_PREVENTION, prevented=said)


def _taken(taker: OrderState, maker: OrderState, steps: int) -> tuple[int, int]:
    """Steps that go from the taker and from the maker."""
    mode = taker.prevention
    if mode in _TAKER_GOES or mode in _MAKER_GOES:
        return (taker.left if mode in _TAKER_GOES else 0), (maker.rest if mode in _MAKER_GOES else 0)
    return steps, steps
