"""One symbol's machine: it admits, matches, settles, and says what happened."""

from collections.abc import Iterable, Mapping
from typing import Any

from surefoot.exchange.core.admission import REJECT_REASONS, Admission
from surefoot.exchange.core.aftermath import Aftermath
from surefoot.exchange.core.book import Book
from surefoot.exchange.core.commands import Effect, OrderSnapshot, Place, Placed, Refusal
from surefoot.exchange.core.intake import Intake
from surefoot.exchange.core.ledger import FEES, Ledger
from surefoot.exchange.core.listing import Digits, Listing
from surefoot.exchange.core.market_lists import MarketLists
from surefoot.exchange.core.matching import Matching
from surefoot.exchange.core.order_lists import OrderLists
from surefoot.exchange.core.orders import Holder, Names, OrderState, Seat
from surefoot.exchange.core.parts import Parts
from surefoot.exchange.core.publication import Publication
from surefoot.exchange.core.settlement import Settlement
from surefoot.exchange.core.tape import Tape
from surefoot.exchange.core.triggers import Triggers
from surefoot.exchange.core.view import View
from surefoot.exchange.core.withdrawal import MISMATCH, NO_SUCH_ORDER, Withdrawal, find
from surefoot.spot.enums import ExecutionType, OrderRejectReason, OrderStatus, SymbolStatus
from surefoot.world import Entropy

_AVERAGE_MINUTES = 5  # what GET avgPrice speaks of


class Market:
    """Book, tape, seats and counters of one symbol.

    `withdrawal` takes orders out, `lists` places several at once; both are parts of this machine.
    """

    def __init__(
        self,
        listing: Listing,
        ledger: Ledger,
        lists: OrderLists,
        outbox: list[Effect],
        *,
        entropy: Entropy,
        last_price: int | None = None,
        exchange_filters: Iterable[Mapping[str, Any]] = (),
        asset_filters: Iterable[Mapping[str, Any]] = (),
        places: Digits | None = None,
    ) -> None:
        self.listing = listing
        self.book: Book[OrderState] = Book()
        self._admission = Admission(listing, self.book, exchange_filters, asset_filters)
        self.tape = Tape(max(self._admission.longest_average_minutes, _AVERAGE_MINUTES), last_price)
        self.publication = Publication(listing, self.book, outbox, entropy, places or listing.digits)
        fees = Seat(
            Holder(FEES, 0, 0, house=True),
            ledger.wallet(FEES, listing.base),
            ledger.wallet(FEES, listing.quote),
        )
        settlement = Settlement(listing, self.tape, self.publication, fees, entropy)
        parts = Parts(
            listing=listing,
            book=self.book,
            tape=self.tape,
            triggers=Triggers(),
            admission=self._admission,
            settlement=settlement,
            publication=self.publication,
            lists=lists,
            names=Names(entropy),
        )
        self._matching = Matching(listing, self.book, settlement, self.publication, parts.triggers)
        self._intake = Intake(parts, self._matching, entropy)
        self._aftermath = Aftermath(parts, self._intake, self._matching)
        self.lists = MarketLists(parts, self._intake, self._aftermath)
        self.withdrawal = Withdrawal(parts, self._matching, self._aftermath)
        self._ledger = ledger
        self._seats: dict[str, Seat] = {}

    @property
    def status(self) -> SymbolStatus:
        """Whether it takes orders now."""
        return self._admission.status

    def turn(self, status: SymbolStatus) -> None:
        """From now on the market is in that state."""
        self._admission.status = status

    def seat(self, holder: Holder) -> Seat:
        """The account's place at this market, made when it is first asked for."""
        seat = self._seats.get(holder.name)
        if seat is None:
            base, quote = (
                self._ledger.wallet(holder.name, asset) for asset in (self.listing.base, self.listing.quote)
            )
            seat = self._seats[holder.name] = Seat(holder, base, quote, digits=self.listing.digits)
        return seat

    def test(self, now_us: int, order: Place, seat: Seat) -> Refusal | None:
        """Judge an order without placing it: no look at balances, book or ids."""
        return self._admission.judge(order, View(self.tape, seat, now_us))

    def place(self, now_us: int, order: Place, seat: Seat) -> Placed | Refusal:
        """Admit, match, then rest, wait or expire."""
        view = View(self.tape, seat, now_us)
        if not seat.holder.house and (refusal := self._admission.judge(order, view)) is not None:
            return refusal
        size = self._admission.size(order, view)
        if isinstance(size, Refusal):
            return size
        state = self._intake.accept(now_us, order, size, seat)
        fills = self._intake.start(now_us, state)
        prevented = tuple(self._matching.prevented)
        self._matching.prevented.clear()
        placed = Placed(state.snapshot(), fills, prevented)
        self._aftermath.follow(now_us)
        return placed

    def reject(self, now_us: int, order: Place, seat: Seat, refusal: Refusal) -> None:
        """Tell the owner of an order that was refused after its cancel was done (cancelReplace)."""
        state = self._intake.rejected(now_us, order, seat)
        state.status = OrderStatus.REJECTED
        reason = REJECT_REASONS.get(refusal, OrderRejectReason.NONE)
        self.publication.report(now_us, state, ExecutionType.REJECTED, reject_reason=reason)

    def order(self, seat: Seat, order_id: int | None, client_order_id: str | None) -> OrderSnapshot | Refusal:
        """An order, open or done."""
        order = find(seat, order_id, client_order_id, NO_SUCH_ORDER, MISMATCH)
        return order if isinstance(order, Refusal) else order.snapshot()
