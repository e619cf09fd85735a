"""Where the account stands, as the operator's limits look at it: from its orders, books and prices (pure)."""

from decimal import Context, Decimal

from surefoot.errors import Misuse
from surefoot.execution.ledger import Ledger
from surefoot.execution.records import OrderRecord
from surefoot.execution.shelf import Shelf
from surefoot.execution.standing import Top
from surefoot.rules.quantise import EXACT, ONE, TWO, ZERO
from surefoot.spot.enums import Side

_ROUNDED = Context(prec=28)
"""Nothing is traded by what this rounds."""


class Standpoint:
    """See `standing.Standing`. `tops` are the best prices as they were last heard; they are in no journal."""

    def __init__(self, shelf: Shelf, ledger: Ledger) -> None:
        self.tops: dict[str, Top] = {}
        self._shelf, self._ledger = shelf, ledger

    def open_count(self) -> int:
        """The own orders that may still become something."""
        return sum(1 for _ in self._alive())

    def unfilled(self, symbol: str, side: Side) -> Decimal:
        """What they may still buy or sell. Of a list, the largest that works, and the largest that waits for
        it: the others are cancelled by those.
        """
        single, lists = ZERO, dict[tuple[str, bool], Decimal]()
        for order in self._alive():
            if order.symbol != symbol or order.side != side:
                continue
            left = self._left(order)
            if order.list is None:
                single = EXACT.add(single, left)
            else:
                group = order.list, order.pending
                lists[group] = max(left, lists.get(group, ZERO))
        for largest in lists.values():
            single = EXACT.add(single, largest)
        return single

    def held(self, symbol: str) -> Decimal:
        """The position."""
        return self._ledger.position(symbol).qty if symbol in self._ledger else ZERO

    def lost_today(self, quote: str, now_ms: int) -> Decimal:
        """The day's loss, realised and unrealised at the middle of the book."""
        return self._ledger.lost_today(quote, now_ms, self.prices(quote))

    def top(self, symbol: str) -> Top | None:
        """The best prices, where they are known."""
        return self.tops.get(symbol)

    def pair(self, symbol: str) -> tuple[str, str]:
        """Its base and quote assets; raises `Misuse` where nobody said."""
        if symbol not in self._ledger:
            raise Misuse(f"{symbol} was never listed: say what it trades before its first order")
        position = self._ledger.position(symbol)
        return position.base, position.quote

    def prices(self, quote: str) -> dict[str, Decimal]:
        """What assets are worth in `quote`, by the middle of the books that are known."""
        found = {quote: ONE}
        for symbol in self._ledger:
            position, top = self._ledger.position(symbol), self.tops.get(symbol)
            if position.quote == quote and top is not None and top.bid and top.ask:
                found[position.base] = EXACT.divide(EXACT.add(top.bid, top.ask), TWO)
        return found

    def _alive(self) -> list[OrderRecord]:
        return [order for order in self._shelf.active.values() if order.own and not order.is_final]

    def _left(self, order: OrderRecord) -> Decimal:
        """Of an order by amount only the book says how much it is, until it is there: half the price may buy
        twice as much, which is further than a market order goes.
        """
        if order.qty or not order.quote_order_qty:
            return order.unfilled
        top = self.tops.get(order.symbol)
        price = ZERO if top is None else top.bid
        return _ROUNDED.divide(EXACT.multiply(TWO, order.quote_order_qty), price) if price else ZERO
