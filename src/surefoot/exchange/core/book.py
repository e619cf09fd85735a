"""One symbol's book: price-time priority in integer ticks and steps, and nothing else.

Both sides are the same machine: a level's key is its price in ticks on the bid side and the negated price on
the ask side, so that a greater key is always the better price and the best level is always the last one.
Orders of a level are a doubly linked list: joining, leaving and filling are O(1) whatever the level holds.
"""

from bisect import bisect_left, insort
from collections.abc import Mapping
from types import MappingProxyType
from typing import Generic, TypeVar

from surefoot.spot.enums import Side

WORST = -(1 << 62)
"""The limit key of an order that takes any price."""

NOTHING: Mapping[int, int] = MappingProxyType({})


class Entry:
    """An order in the book: its key, the steps left, its place in the queue. Orders inherit from it.

    An iceberg shows `peak` steps at a time (0: everything); in the book `left` is what it shows and `hidden`
    the rest of it.
    """

    __slots__ = ("after", "before", "hidden", "key", "left", "level", "peak")

    def __init__(self, key: int, left: int, peak: int = 0) -> None:
        self.key = key
        self.left = left
        self.peak = peak
        self.hidden = 0
        self.level: Level | None = None
        self.before: Entry | None = None
        self.after: Entry | None = None


class Level:
    """One price: the queue, oldest first, and the sums of what it shows and what it hides (in steps)."""

    __slots__ = ("first", "hidden", "last", "total")

    def __init__(self) -> None:
        self.total = self.hidden = 0
        self.first: Entry | None = None
        self.last: Entry | None = None


E = TypeVar("E", bound=Entry)


class BookSide(Generic[E]):
    """Bids or asks. `touched` maps the keys changed since it was last cleared to the steps there now."""

    __slots__ = ("keys", "levels", "sign", "touched")

    def __init__(self, sign: int) -> None:
        self.sign = sign
        self.keys: list[int] = []
        self.levels: dict[int, Level] = {}
        self.touched: dict[int, int] = {}

    def add(self, entry: E) -> None:
        """Queue an entry at the end of its level; of an iceberg only the peak is shown."""
        key = entry.key
        level = self.levels.get(key)
        if entry.peak and entry.left > entry.peak:
            entry.hidden, entry.left = entry.left - entry.peak, entry.peak
        if level is None:
            level = self.levels[key] = Level()
            insort(self.keys, key)
            level.first = entry
        else:
            last = level.last
            entry.before = last
            last.after = entry  # type: ignore[union-attr]  # a level in the book is never empty
        level.last = entry
        entry.level = level
        level.hidden += entry.hidden
        level.total = self.touched[key] = level.total + entry.left

    def remove(self, entry: E) -> None:
        """Take a queued entry out; what it hid is `left` again."""
        level, before, after = entry.level, entry.before, entry.after
        assert level is not None, "the entry is not in the book"
        if before is None:
            level.first = after
        else:
            before.after = after
        if after is None:
            level.last = before
        else:
            after.before = before
        entry.level = entry.before = entry.after = None
        level.total = self.touched[entry.key] = level.total - entry.left
        level.hidden -= entry.hidden
        entry.left, entry.hidden = entry.left + entry.hidden, 0
        if level.first is None:
            self._drop(entry.key)

    def shrink(self, entry: E, steps: int) -> None:
        """Make a queued entry smaller where it stands; what it hides goes first."""
        level = entry.level
        assert level is not None, "the entry is not in the book"
        from_hidden = min(steps, entry.hidden)
        entry.hidden -= from_hidden
        level.hidden -= from_hidden
        entry.left -= steps - from_hidden
        level.total = self.touched[entry.key] = level.total - steps + from_hidden

    def take(self, limit_key: int, steps: int) -> list[tuple[E, int]]:
        """Fill up to `steps` from levels at `limit_key` or better: who was hit, and how much, in order.

        Entries filled whole leave the book with `left` 0; an iceberg's next peak queues at the end.
        """
        hits: list[tuple[E, int]] = []
        keys, levels = self.keys, self.levels
        while steps and keys and (key := keys[-1]) >= limit_key:
            level = levels[key]
            steps = _take_level(level, steps, hits)
            self.touched[key] = level.total
            if level.first is None:
                keys.pop()
                del levels[key]
        return hits

    def available(self, limit_key: int, wanted: int, own: Mapping[int, int] = NOTHING) -> int:
        """Steps that could be taken at `limit_key` or better, counting no further than `wanted`.

        `own` are steps by key that are not to be counted, here as in the next two.
        """
        found = 0
        for key in reversed(self.keys):
            if key < limit_key or found >= wanted:
                break
            found += self._size(key, own)
        return min(found, wanted)

    def cost(self, steps: int, own: Mapping[int, int] = NOTHING) -> tuple[int, int]:
        """What taking `steps` would come to: (steps that are there, sum of ticks times steps)."""
        found = value = 0
        for key in reversed(self.keys):
            if found == steps:
                break
            took = min(self._size(key, own), steps - found)
            found += took
            value += abs(key) * took
        return found, value

    def affordable(self, value: int, own: Mapping[int, int] = NOTHING) -> tuple[int, bool]:
        """Whole steps that a budget of ticks times steps pays for, and whether the side ran out."""
        found = price = 0
        for key in reversed(self.keys):
            price, total = abs(key), self._size(key, own)
            most = value // price
            if most < total:
                return found + most, False
            found += total
            value -= total * price
        return found, value >= price  # a rest too small for another step at the last price is no shortage

    def top(self) -> tuple[int, int]:
        """(ticks, steps) of the best level; (0, 0) when there is none."""
        if not self.keys:
            return 0, 0
        key = self.keys[-1]
        return key * self.sign, self.levels[key].total

    def ladder(self, limit: int) -> list[tuple[int, int]]:
        """The best `limit` levels as (ticks, steps), best first."""
        return [(key * self.sign, self.levels[key].total) for key in self.keys[: -limit - 1 : -1]]

    def _size(self, key: int, own: Mapping[int, int]) -> int:
        level = self.levels[key]
        return level.total + level.hidden - own.get(key, 0)

    def _drop(self, key: int) -> None:
        keys = self.keys
        if keys[-1] == key:
            keys.pop()
        else:
            del keys[bisect_left(keys, key)]
        del self.levels[key]


class Book(Generic[E]):
    """Bids and asks of one symbol."""

    __slots__ = ("asks", "bids")

    def __init__(self) -> None:
        self.bids: BookSide[E] = BookSide(1)
        self.asks: BookSide[E] = BookSide(-1)

    def own(self, side: Side) -> BookSide[E]:
        """Where an order of `side` rests."""
        return self.bids if side is Side.BUY else self.asks

    def other(self, side: Side) -> BookSide[E]:
        """What an order of `side` takes from."""
        return self.asks if side is Side.BUY else self.bids


def _take_level(level: Level, steps: int, hits: list[tuple[E, int]]) -> int:
    """Fill from one level; returns the steps still wanted."""
    taken = 0
    entry = level.first
    while entry is not None and steps:
        left = entry.left
        if left > steps:
            entry.left = left - steps
            taken += steps
            hits.append((entry, steps))  # type: ignore[arg-type]  # only E ever joins this side
            steps = 0
            break
        entry.left = 0
        steps -= left
        taken += left
        hits.append((entry, left))  # type: ignore[arg-type]
        gone, entry = entry, entry.after
        gone.level = gone.before = gone.after = None
        if gone.hidden:
            entry = _refill(level, gone, entry)
    level.first = entry
    if entry is None:
        level.last = None
    else:
        entry.before = None
    level.total -= taken
    return steps


def _refill(level: Level, iceberg: Entry, following: Entry | None) -> Entry:
    """Queue the next peak of an iceberg at the end of its level; who is first now."""
    iceberg.left = min(iceberg.peak, iceberg.hidden)
    iceberg.hidden -= iceberg.left
    level.hidden -= iceberg.left
    level.total += iceberg.left
    iceberg.level = level
    if following is None:
        level.last = iceberg
        return iceberg
    last = level.last
    assert last is not None, "a level with a first entry has a last one"
    last.after, iceberg.before, level.last = iceberg, last, iceberg
    return following
