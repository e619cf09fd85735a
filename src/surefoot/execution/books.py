"""The account's books as a fold: ledger and audit hear of every execution, balance, transfer once (pure)."""

from collections import deque
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import msgspec

from surefoot.execution import entries
from surefoot.execution.audit import Audit, AuditState
from surefoot.execution.entries import Entry
from surefoot.execution.fills import Fill
from surefoot.execution.ledger import Ledger, LedgerState
from surefoot.execution.records import OrderRecord
from surefoot.spot.events.user import BalanceUpdate, ExternalLockUpdate

_MOST_MOVES = 256


class BooksState(msgspec.Struct, frozen=True):
    """For a checkpoint. `unlisted` are executions of symbols of which it is not known yet what they trade,
    `moves` the newest transfers and locks.
    """

    ledger: LedgerState = LedgerState()
    audit: AuditState = AuditState()
    unlisted: tuple[Fill, ...] = ()
    moves: tuple[BalanceUpdate | ExternalLockUpdate, ...] = ()


class Books:
    """Ledger and audit of one account. Executions of `unlisted` symbols wait until somebody says what these
    trade.
    """

    def __init__(self, state: BooksState = BooksState()) -> None:  # noqa: B008 - frozen
        self.ledger = Ledger.restored(state.ledger)
        self.audit = Audit.restored(state.audit)
        self._unlisted = list(state.unlisted)
        self._moves: deque[BalanceUpdate | ExternalLockUpdate] = deque(state.moves, _MOST_MOVES)

    @property
    def unlisted(self) -> set[str]:
        """Symbols that were traded, and nobody said what they trade."""
        return {fill.symbol for fill in self._unlisted}

    def state(self) -> BooksState:
        """For a checkpoint."""
        return BooksState(self.ledger.state(), self.audit.state(), tuple(self._unlisted), tuple(self._moves))

    def apply(self, entry: Entry) -> None:
        """Fold what says something of balances and symbols."""
        fold = _FOLDS.get(type(entry))
        if fold is not None:
            fold(self, entry)

    def filled(self, fill: Fill) -> None:
        """An execution, given once."""
        if fill.symbol not in self.ledger:
            self._unlisted.append(fill)
            return
        self.ledger.filled(fill)
        self.audit.filled(fill)

    def executed(self, order: OrderRecord) -> None:
        """What is known of an order now."""
        if order.order_id is not None:
            self.audit.executed(
                order.symbol, order.order_id, order.executed_qty, order.as_of_ms, final=order.is_final
            )

    def _positioned(self, entry: entries.Positioned) -> None:
        for held in entry.event.balances:
            self._told(held.asset, held.free, held.locked, entry.event.last_update)

    def _moved(self, entry: entries.Moved) -> None:
        event = entry.event
        if self._is_new(event):
            self.ledger.moved(event.asset, event.balance_delta, event.clear_time)
            self.audit.moved(event.asset, event.balance_delta, event.clear_time)

    def _locked(self, entry: entries.Locked) -> None:
        event = entry.event
        if self._is_new(event):
            self.ledger.locked(event.asset, event.balance_delta, event.transact_time)

    def _listed(self, entry: entries.Listed) -> None:
        self.ledger.listed(entry.symbol, entry.base, entry.quote)
        self.audit.listed(entry.symbol, entry.base, entry.quote)
        waiting, self._unlisted = self._unlisted, []
        for fill in waiting:
            self.filled(fill)

    def _read(self, entry: entries.AccountRead) -> None:
        account, known = entry.account, self.ledger.balances
        for held in account.balances:
            if held.free or held.locked or held.asset in known:
                self._told(held.asset, held.free, held.locked, account.update_time)

    def _told(self, asset: str, free: Decimal, locked: Decimal, as_of_ms: int) -> None:
        self.ledger.told(asset, free, locked, as_of_ms)
        self.audit.told(asset, free, locked, as_of_ms)

    def _is_new(self, moved: BalanceUpdate | ExternalLockUpdate) -> bool:
        """Whether this transfer is told for the first time: an event may come twice."""
        if moved in self._moves:
            return False
        self._moves.append(moved)
        return True


_FOLDS: Mapping[type[Entry], Callable[[Books, Any], None]] = MappingProxyType(
    {
        entries.Positioned: Books._positioned,
        entries.AccountRead: Books._read,
        entries.Listed: Books._listed,
        entries.Moved: Books._moved,
        entries.Locked: Books._locked,
    }
)
