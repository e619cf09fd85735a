"""What became of what was submitted: who was told what, and how long nobody knew."""

from collections.abc import Iterator
from decimal import Decimal

from surefoot.exchange.faults import ReadLag, Withhold
from surefoot.execution import entries
from surefoot.execution.resolution import OFFICIAL
from surefoot.simulation.trading.actions import Action
from surefoot.simulation.trading.courts import Court, Law
from surefoot.simulation.trading.disturbances import Span
from surefoot.simulation.trading.gates import Entering, Entry
from surefoot.simulation.trading.journals import Folded
from surefoot.simulation.trading.machine import Machine
from surefoot.simulation.trading.program import Answer
from surefoot.simulation.trading.records import Records, ids_of
from surefoot.simulation.upset import Upset
from surefoot.simulation.world import EPOCH_MS
from surefoot.spot.enums import OrderType, Side

_ROUND_TRIPS_MS = 4_000
"""What looking itself may take, the last time."""

_NOBODYS = 0
_REPLACING = frozenset({"CancelReplace", "AmendOrder"})
_ENDS = (entries.Placed, entries.ListPlaced, entries.Amended, entries.NotPlaced, entries.Resolved)


class Doubts:
    """Those of one trader, judged after the run."""

    def __init__(
        self, machine: Machine, folded: Folded, entering: Entering, records: Records, upset: Upset
    ) -> None:
        self._machine, self._name = machine, machine.name
        self._folded, self._entering, self._records = folded, entering, records
        self._there = {entry.id for entry in entering.orders.values()}
        self._late = {
            one.id
            for one in folded.entries
            if isinstance(one, entries.Anomaly) and one.what == "late" and one.id is not None
        }
        self.hidden = _hid_everything(upset, self._name)

    def judge(self, court: Court, spans: list[Span], *, right_clocks: bool) -> None:
        """All that concerns them."""
        gone = [one for one in self._folded.entries if isinstance(one, entries.NotPlaced)]
        court.hear(Law.ABSENT, len(gone), self._absent(gone))
        numbers = self._numbers()
        court.hear(Law.ONCE, len(numbers), self._twice(numbers))
        told = self._machine.program.told
        court.hear(Law.TRUTH, len(told), self._told(numbers))
        court.hear(Law.TRUTH, 0, self._machine.program.unknown)
        open_ends = self._folded.views.orders.submissions
        court.hear(
            Law.CERTAIN,
            len(self._records.all),
            (f"{self._name} does not know what became of {id}" for id in open_ends),
        )
        if right_clocks:
            self._bounds(court, spans)

    def _excused(self, id: str | None) -> bool:
        """Nobody could know: what happened was neither told nor shown; it was found late, and noted."""
        return self.hidden and id in self._late

    def _absent(self, gone: list[entries.NotPlaced]) -> Iterator[str]:
        by_id = self._records.by_id
        for one in gone:
            ids = list(ids_of(by_id[one.id])) if one.id in by_id else [one.id]
            for id in ids:
                if id in self._there and not self._excused(id):
                    yield f"{self._name} holds {one.id} for not placed ({one.text}), and {id} exists"

    def _numbers(self) -> dict[int, set[tuple[str, int]]]:
        """By the number of each placement, what exists of it: orders, and lists as one."""
        placing = [action for action in self._machine.role.actions if action.places]
        found: dict[int, set[tuple[str, int]]] = {action.number: set() for action in placing}
        sizes = {action.size: action for action in placing}
        for entry in self._entering.orders.values():
            if self._replaces(entry.id):
                continue
            by_quote = Decimal(entry.quote_qty) > 0
            size = entry.symbol, Decimal(0 if by_quote else entry.qty), Decimal(entry.quote_qty)
            action, listed = sizes.get(size), entry.list_id >= 0
            meant = action is not None and (listed or _as_meant(action, entry))
            number = action.number if action is not None and meant else _NOBODYS
            which = ("list", entry.list_id) if listed else (entry.symbol, entry.order_id)
            known = found.setdefault(number, set()) if number != _NOBODYS else set()
            if not self._may_close(entry):
                found.setdefault(number, set()).add(which)
            elif not known:  # else it may well be what closed the position, and happens to be of that size
                known.add(which)
        return found

    def _may_close(self, entry: Entry) -> bool:
        """Whether it may have been placed to close a position: then its size says little."""
        sells = entry.type == OrderType.MARKET and entry.side == Side.SELL
        return sells and entry.symbol in self._machine.program.closed

    def _replaces(self, id: str) -> bool:
        """Whether that order came instead of another one, so that its size says nothing."""
        submitted = self._records.by_id.get(id)
        return submitted is not None and submitted.name in _REPLACING

    def _twice(self, numbers: dict[int, set[tuple[str, int]]]) -> Iterator[str]:
        for number, found in numbers.items():
            if number == _NOBODYS:
                yield f"{self._name} has orders that nobody asked for: {sorted(found)}"
            elif len(found) > 1 and not (self.hidden and self._late):
                yield f"{self._name}'s placement {number} exists {len(found)} times: {sorted(found)}"

    def _told(self, numbers: dict[int, set[tuple[str, int]]]) -> Iterator[str]:
        for told in self._machine.program.told:
            exists = bool(numbers.get(told.number))
            if told.answer is Answer.PLACED and not exists:
                yield f"{self._name} was told that placement {told.number} exists ({told.id}): it does not"
            if told.answer is Answer.NO and exists and not (self.hidden and self._late):
                yield f"{self._name} was told no to placement {told.number} ({told.text}), and it exists"

    def _bounds(self, court: Court, spans: list[Span]) -> None:
        ends: dict[str, int] = {}
        fences: dict[str, int] = {}
        for entry in self._folded.entries:
            if isinstance(entry, _ENDS):
                ends.setdefault(entry.id, entry.at_ms)
            elif isinstance(entry, entries.InDoubt):
                fences[entry.id] = entry.too_late_after_ms
        for id, fence_ms in fences.items():
            end_ms = ends.get(id)
            at_s = (fence_ms - EPOCH_MS + OFFICIAL.engine_ms) / 1000
            by_s = at_s + (OFFICIAL.bound_ms + _ROUND_TRIPS_MS) / 1000
            if end_ms is None or any(span.since_s < by_s and span.until_s > at_s for span in spans):
                continue
            text = f"{self._name}'s doubt about {id} was past its fence at {fence_ms}, and ended at {end_ms}"
            court.check(Law.BOUND, end_ms <= fence_ms + OFFICIAL.bound_ms + _ROUND_TRIPS_MS, text)


def _as_meant(action: Action, entry: Entry) -> bool:
    """Whether an order of that size is also of the side and of the kind that was meant."""
    at_market = action.kind in {"market", "quote"}
    return action.side == entry.side and at_market == (entry.type == OrderType.MARKET)


def _hid_everything(upset: Upset, account: str) -> bool:
    """Whether events were withheld for good on connections that went on, and reads lagged past the fence."""
    struck = [one.fault for one in upset.strikes if one.account in {account, ""}]
    withheld = any(isinstance(fault, Withhold) and fault.ms is None for fault in struck)
    return withheld and any(isinstance(fault, ReadLag) and fault.ms > OFFICIAL.engine_ms for fault in struck)
