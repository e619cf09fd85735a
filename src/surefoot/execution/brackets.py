"""The fold of what the journal says of brackets (pure)."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Self

import msgspec

from surefoot.execution import entries
from surefoot.execution.bracket import BRACKET_LIFE, OVER, BracketState, Plan
from surefoot.execution.bracket_orders import ENTRY
from surefoot.execution.entries import Entry
from surefoot.execution.fills import Fill
from surefoot.rules.quantise import EXACT, ZERO
from surefoot.spot.enums import Side

MOST_OVER = 256
"""So many brackets that are over are still known."""

_SAFE = OVER | {BracketState.PROTECTED}


class BracketRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One bracket. `life` is the trader's life in which it was meant, `at_ms` when it came where it is.

    `bought` is what the entry left after commission, `left` what was owned of it when the orders of `ids`
    were chosen. It is unprotected since `exposed_since_ms`, if it is; `unprotected_ms` was the longest time.
    """

    id: str
    plan: Plan
    state: BracketState
    life: int
    at_ms: int
    ids: dict[str, str]
    bought: Decimal | None = None
    left: Decimal | None = None
    exposed_since_ms: int | None = None
    unprotected_ms: int = 0
    close: bool = False
    text: str = ""

    @property
    def is_over(self) -> bool:
        """Whether nothing happens to it any more."""
        return self.state in OVER


class BracketsState(msgspec.Struct, frozen=True):
    """For a checkpoint."""

    known: tuple[BracketRecord, ...] = ()
    life: int = 0


class Brackets:
    """All brackets that are not over, and the newest of those that are. `life` counts the traders so far."""

    def __init__(self) -> None:
        self.life = 0
        self._known: dict[str, BracketRecord] = {}

    @classmethod
    def restored(cls, state: BracketsState) -> Self:
        """As it was when `state` was taken."""
        brackets = cls()
        brackets.life = state.life
        brackets._known = {record.id: record for record in state.known}
        return brackets

    def state(self) -> BracketsState:
        """For a checkpoint."""
        return BracketsState(tuple(self._known.values()), self.life)

    def apply(self, entry: Entry) -> str | None:
        """Fold one entry; returns the id of the bracket that it moved. What cannot follow is no move."""
        if isinstance(entry, entries.Opened):
            self.life = entry.life
        if not isinstance(entry, entries.BracketMoved):
            return None
        known = self._known.get(entry.id)
        after = self._begun(entry) if known is None else _moved(known, entry)
        if after is None:
            return None
        self._put(after)
        return entry.id

    def get(self, id: str) -> BracketRecord | None:
        """The bracket of that id."""
        return self._known.get(id)

    def unfinished(self) -> list[BracketRecord]:
        """Those that are not over, oldest first."""
        return [record for record in self._known.values() if not record.is_over]

    def _begun(self, entry: entries.BracketMoved) -> BracketRecord | None:
        if entry.plan is None:
            return None
        return BracketRecord(
            id=entry.id,
            plan=entry.plan,
            state=entry.state,
            life=self.life,
            at_ms=entry.at_ms,
            ids=entry.ids,
            text=entry.text,
        )

    def _put(self, record: BracketRecord) -> None:
        self._known[record.id] = record
        over = [one.id for one in self._known.values() if one.is_over] if record.is_over else []
        for id in over[:-MOST_OVER]:
            del self._known[id]


def _moved(known: BracketRecord, entry: entries.BracketMoved) -> BracketRecord | None:
    if entry.state not in BRACKET_LIFE[known.state]:
        return None
    since_ms = known.exposed_since_ms if entry.exposed_since_ms is None else entry.exposed_since_ms
    longest_ms = known.unprotected_ms
    if since_ms is not None and entry.state in _SAFE:
        until_ms = entry.at_ms if entry.exposed_until_ms is None else entry.exposed_until_ms
        longest_ms = max(longest_ms, until_ms - since_ms)
        since_ms = None
    entry_ids = {role: id for role, id in known.ids.items() if role == ENTRY}
    return msgspec.structs.replace(
        known,
        state=entry.state,
        at_ms=entry.at_ms,
        ids=entry_ids | entry.ids if entry.ids else known.ids,
        bought=entry.left if known.bought is None else known.bought,
        left=known.left if entry.left is None else entry.left,
        exposed_since_ms=since_ms,
        unprotected_ms=longest_ms,
        close=known.close or entry.close,
        text=entry.text,
    )


def kept(fills: Sequence[Fill], base: str) -> Decimal:
    """What executions bought of the base asset and did not sell, less the commission that was paid in it."""
    total = ZERO
    for fill in fills:
        total = EXACT.add(total, fill.qty if fill.side == Side.BUY else EXACT.minus(fill.qty))
        if fill.commission_asset == base:
            total = EXACT.subtract(total, fill.commission)
    return total


def exposure_ms(record: BracketRecord, fills: Callable[[str], Sequence[Fill]], now_ms: int) -> int:
    """The longest time that what was bought was unprotected, the time until now included."""
    since_ms = record.exposed_since_ms
    if since_ms is None and record.state is BracketState.ENTERING:
        since_ms = min((fill.time_ms for fill in fills(record.ids[ENTRY])), default=None)
    return record.unprotected_ms if since_ms is None else max(record.unprotected_ms, now_ms - since_ms)
