"""The fold of all that was meant and heard about orders: which there are, where they are, what filled (pure).

News come over several ways (answers, events, reads), in any order and more than once. What is older than what
is known changes nothing; an execution counts once, by its trade id. What cannot be true together is told as a
`Finding`, and nothing is made up.
"""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

import msgspec

from surefoot.execution import entries
from surefoot.execution.entries import Entry
from surefoot.execution.fills import Fill
from surefoot.execution.lives import IN_FLIGHT, ListState, OrderState
from surefoot.execution.progress import contradiction, list_updated, moved, stranger, updated
from surefoot.execution.records import ListRecord, OrderRecord, Submission, meant
from surefoot.execution.requests import remembered
from surefoot.execution.seen import Seen, SeenTrades
from surefoot.execution.shelf import MOST_SETTLED, Shelf, ShelfState
from surefoot.execution.sightings import Concluded, ListSighting, Sighting, facts_of
from surefoot.rules.legs import is_list, legs_of
from surefoot.rules.quantise import EXACT
from surefoot.spot.enums import Side
from surefoot.spot.order_replace import AmendOrder


class Finding(msgspec.Struct, frozen=True):
    """Something that should not be: `what` in a word, and a sentence. `stops`: going on would be guessing."""

    what: str
    text: str
    id: str | None = None
    stops: bool = False


class News(msgspec.Struct, gc=False):
    """What one entry changed: ids of orders, lists and submissions; new executions; findings. `claimed` are
    executions that were new before, and whose order is known now. `strangers` are orders that nobody here
    meant.
    """

    changed: list[str] = []
    strangers: list[str] = []
    fills: list[Fill] = []
    claimed: list[Fill] = []
    findings: list[Finding] = []


class OrdersState(msgspec.Struct, frozen=True):
    """For a checkpoint."""

    shelf: ShelfState
    seen: dict[str, SeenTrades]
    submissions: tuple[tuple[entries.Submitted, int | None], ...] = ()
    unclaimed: tuple[Fill, ...] = ()


class Orders:
    """All orders that are not over, the newest of those that are, and every submission whose end is open.
    `not_placed` are the newest submissions that did not happen.
    """

    def __init__(self) -> None:
        self.shelf = Shelf()
        self.seen = Seen()
        self.submissions: dict[str, Submission] = {}
        self.not_placed: dict[str, entries.NotPlaced] = {}
        self._unclaimed: dict[tuple[str, int], list[Fill]] = {}
        self._news = News()

    def apply(self, entry: Entry) -> News:
        """Fold one entry; returns what it changed."""
        news = self._news = News()
        fold = _FOLDS.get(type(entry))
        if fold is not None:
            fold(self, entry)
            return news
        for fact in facts_of(entry):
            self._told(fact)
        return news

    def state(self) -> OrdersState:
        """For a checkpoint."""
        open_ends = tuple((one.entry, one.too_late_after_ms) for one in self.submissions.values())
        unclaimed = tuple(fill for fills in self._unclaimed.values() for fill in fills)
        return OrdersState(self.shelf.state(), self.seen.state(), open_ends, unclaimed)

    def restore(self, state: OrdersState) -> None:
        """From a checkpoint."""
        for entry, too_late_after_ms in state.submissions:
            self._submitted(entry)
            self.submissions[entry.id] = msgspec.structs.replace(
                self.submissions[entry.id], too_late_after_ms=too_late_after_ms
            )
        self.shelf.restore(state.shelf)
        self.seen.restore(state.seen)
        for fill in state.unclaimed:
            self._unclaimed.setdefault((fill.symbol, fill.order_id), []).append(fill)

    def _submitted(self, entry: entries.Submitted) -> None:
        request = remembered(entry.name, entry.request)
        list = entry.id if is_list(request) else None
        places = not isinstance(request, AmendOrder)
        orders = [meant(leg, entry, list) for leg in legs_of(request)] if places else []
        for order in orders:
            self._put(order)
        ids = tuple(order.id for order in orders)
        if list is not None:
            known = ListRecord(
                id=entry.id, symbol=entry.symbol, state=ListState.SUBMITTED, at_ms=entry.at_ms, orders=ids
            )
            self.shelf.put_list(known)
        self.submissions[entry.id] = Submission(entry=entry, request=request, orders=ids)
        self._news.changed.append(entry.id)

    def _doubted(self, entry: entries.InDoubt) -> None:
        submission = self.submissions.get(entry.id)
        if submission is None:
            return
        self.submissions[entry.id] = msgspec.structs.replace(
            submission, too_late_after_ms=entry.too_late_after_ms
        )
        self._move(submission, lambda order: msgspec.structs.replace(order, state=OrderState.UNKNOWN))
        self._put_list(moved(self.shelf.lists.get(entry.id), ListState.UNKNOWN))

    def _ended(self, entry: entries.NotPlaced) -> None:
        submission = self.submissions.pop(entry.id, None)
        if submission is None:
            return
        self.not_placed[entry.id] = entry
        if len(self.not_placed) > MOST_SETTLED:
            del self.not_placed[next(iter(self.not_placed))]
        over = {"state": OrderState.NOT_PLACED, "text": entry.text, "code": entry.code}
        self._move(submission, lambda order: msgspec.structs.replace(order, **over))
        self._put_list(moved(self.shelf.lists.get(entry.id), ListState.NOT_PLACED))
        self._news.changed.append(entry.id)

    def _move(self, submission: Submission, step: Callable[[OrderRecord], OrderRecord]) -> None:
        for name in submission.orders:
            order = self.shelf.get(name)
            if order is not None and order.state in IN_FLIGHT:
                self._put(step(order))

    def _told(self, fact: Sighting | ListSighting | Fill | Concluded) -> None:
        match fact:
            case Sighting():
                self._sighted(fact)
            case Fill():
                self._filled(fact)
            case ListSighting():
                self._put_list(list_updated(self.shelf.lists.get(fact.id), fact))
            case Concluded():
                if self.submissions.pop(fact.id, None) is not None:
                    self._news.changed.append(fact.id)

    def _sighted(self, seen: Sighting) -> None:
        shelf = self.shelf
        known = shelf.seen_as(seen.symbol, seen.order_id, seen.id)
        known = known or shelf.leg(seen.list_id, seen.side, seen.type)
        if known is None:
            known = stranger(seen)
            self._news.strangers.append(known.id)
        if known.state is OrderState.NOT_PLACED:
            text = f"order {known.id} was taken for not placed, and exists"
            self._news.findings.append(Finding("late", text, known.id))
        if (nonsense := contradiction(known, seen)) is not None:
            self._news.findings.append(Finding("contradiction", nonsense, known.id, stops=True))
            return
        after = updated(known, seen, self.shelf.list_name(seen.list_id))
        claimed = self._unclaimed.pop((seen.symbol, seen.order_id), [])
        for fill in claimed:
            after = _with_fill(after, fill)
        self._news.claimed += claimed
        self._put_list(self.shelf.numbered(after.list, seen.list_id))
        if after is not known:
            self._put(after)

    def _filled(self, fill: Fill) -> None:
        if not self.seen.is_new(fill.symbol, fill.trade_id, sold=fill.side is Side.SELL):
            return
        self._news.fills.append(fill)
        order = self.shelf.by_order_id(fill.symbol, fill.order_id)
        if order is not None:
            self._put(_with_fill(order, fill))
            return
        self._unclaimed.setdefault((fill.symbol, fill.order_id), []).append(fill)
        if len(self._unclaimed) > MOST_SETTLED:
            del self._unclaimed[next(iter(self._unclaimed))]

    def _put(self, order: OrderRecord) -> None:
        self.shelf.put(order)
        self._news.changed.append(order.id)
        if order.is_final and order.list is not None:
            self._put_list(self.shelf.ended(order.list))

    def _put_list(self, list: ListRecord | None) -> None:
        if list is not None:
            self.shelf.put_list(list)
            self._news.changed.append(list.id)


_FOLDS: Mapping[type[Entry], Callable[[Orders, Any], None]] = MappingProxyType(
    {
        entries.Submitted: Orders._submitted,
        entries.InDoubt: Orders._doubted,
        entries.NotPlaced: Orders._ended,
        entries.Baseline: lambda orders, entry: orders.seen.begin(entry.symbol, entry.trade_id),
        entries.Resynced: lambda orders, entry: orders.seen.mark(entry.at_ms),
    }
)
"""What only we say; the others say something of the exchange's orders, lists and executions."""


def _with_fill(order: OrderRecord, fill: Fill) -> OrderRecord:
    return msgspec.structs.replace(order, known_qty=EXACT.add(order.known_qty, fill.qty))


def fold(orders: Orders, told: Iterable[Entry]) -> Orders:
    """`orders` after all of these."""
    for entry in told:
        orders.apply(entry)
    return orders
