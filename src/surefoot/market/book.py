"""A local order book by the official recipe (page *WebSocket Streams*, How to manage a local order book
correctly): right, or known not to be.
"""

from collections import deque
from collections.abc import Iterable
from enum import StrEnum

import msgspec

from surefoot.errors import ProtocolViolation
from surefoot.market.ladder import Ladder
from surefoot.spot.enums import Side
from surefoot.spot.events import Event
from surefoot.spot.market import Depth

MOST_LEVELS = 5_000
"""Levels a side that a snapshot can have."""

_MOST_HELD = 10_000


class BookState(StrEnum):
    """Whether a book can be trusted."""

    SYNCING = "syncing"
    LIVE = "live"
    STALE = "stale"


class BookChange(
    Event,
    frozen=True,
    tag_field="e",
    tag="depthUpdate",
    rename={"event_time": "E", "first_update_id": "U", "final_update_id": "u", "bids": "b", "asks": "a"},
    gc=False,
):
    """A diff as a book reads it: prices and quantities are text, as most are never looked at."""

    event_time: int
    first_update_id: int
    final_update_id: int
    bids: tuple[tuple[str, str], ...]
    asks: tuple[tuple[str, str], ...]


decode_change = msgspec.json.Decoder(BookChange).decode


class Book:
    """One symbol's book. It buffers diffs, begins with a snapshot, and applies what follows it without a gap.

    While it `wants_snapshot` somebody has to `take` one. A book that has been live and lost its way is
    `stale` since `since_ms`: it shows what it last knew.
    """

    def __init__(self, limit: int = MOST_LEVELS) -> None:
        self.bids, self.asks = Ladder(Side.BUY), Ladder(Side.SELL)
        self.state = BookState.SYNCING
        self.since_ms: int | None = None
        self.update_id = 0
        self.wants_snapshot = True
        self.epoch = 0  # grows with every interruption: a snapshot from before one is of no use
        self._limit, self._few = limit, limit // 4
        self._held: deque[BookChange] = deque(maxlen=_MOST_HELD)

    def hear(self, change: BookChange, now_ms: int) -> bool:
        """The next diff of the stream; says whether the book changed. Raises `ProtocolViolation` for one that
        cannot be read, after which the book is stale.
        """
        if self.wants_snapshot:
            self._hold(change)
        if self.state is not BookState.LIVE or change.final_update_id <= self.update_id:
            return False
        if change.first_update_id > self.update_id + 1:
            self.interrupt(now_ms)
            self._hold(change)
            return False
        self._apply((change,), now_ms)
        if self.bids.runs_low(self._few) or self.asks.runs_low(self._few):
            self.wants_snapshot = True
        return True

    def take(self, snapshot: Depth, now_ms: int) -> bool:
        """Begin with `snapshot`, or go on with it; False when it is too old, so that another has to be
        fetched.
        """
        last = snapshot.last_update_id
        later = [change for change in self._held if change.final_update_id > last]
        if later and later[0].first_update_id > last + 1:
            return False
        if not later and self.state is BookState.LIVE and last < self.update_id:
            return False
        self.bids.replace(snapshot.bids, whole=len(snapshot.bids) < self._limit)
        self.asks.replace(snapshot.asks, whole=len(snapshot.asks) < self._limit)
        self.update_id, self.since_ms, self.state = last, None, BookState.LIVE
        self.wants_snapshot = False
        self._held.clear()
        self._apply(later, now_ms)
        return True

    def interrupt(self, since_ms: int) -> None:
        """Diffs were lost since then: what is shown is old, and a new snapshot is wanted."""
        self.epoch += 1
        self._held.clear()
        self.wants_snapshot = True
        if self.state is BookState.LIVE:
            self.state, self.since_ms = BookState.STALE, since_ms

    def _apply(self, changes: Iterable[BookChange], now_ms: int) -> None:
        try:
            for change in changes:
                self.bids.change(change.bids)
                self.asks.change(change.asks)
                self.update_id = change.final_update_id
        except ProtocolViolation:
            self.interrupt(now_ms)
            raise

    def _hold(self, change: BookChange) -> None:
        """Keep what has to be applied after the snapshot; behind a gap only what follows it can be."""
        if self._held:
            last = self._held[-1].final_update_id
            if change.final_update_id <= last:
                return
            if change.first_update_id > last + 1:
                self._held.clear()
        self._held.append(change)
