"""One symbol's book: price-time priority in integer ticks and steps, and nothing else.

Both sides are the same machine: a level's key is its price in ticks on the bid side and the negated price on
the ask side, so that a greater key is always the better price and the best level is always the last one.
Orders of a level are a doubly linked list: joining, leaving and filling are O(1) whatever the level holds.
"""

from bisect import bisect_left, insort
from typing import Generic, TypeVar

from surefoot.spot.enums import Side

WORST = -(1 << 62)
"""The limit key of an order that takes any price."""


class Entry:
    """An order in the book: its key, the steps left, its place in the queue. Orders inherit from it."""

    __slots__ = ("after", "before", "key", "left", "level")

    def __init__(self, key: int, left: int) -> None:
        self.key = key
        self.left = left
        self.level: Level | None = None
        self.before: Entry | None = None
        self.after: Entry | None = None


class Level:
    """One price: the queue, oldest first, and the sum of what is left in it (in steps)."""

    __slots__ = ("first", "last", "total")

    def __init__(self) -> None:
        self.total = 0
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
        """Queue an entry at the end of its level."""
        key = entry.key
        level = self.levels.get(key)
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
        level.total = self.touched[key] = level.total + entry.left

    def remove(self, entry: E) -> None:
        """Take a queued entry out; its `left` stays as it is."""
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
        if level.first is None:
            self._drop(entry.key)

    def take(self, limit_key: int, steps: int) -> list[tuple[E, int]]:
        """Fill up to `steps` from levels at `limit_key` or better: who was hit, and how much, in order.

        Entries filled whole leave the book with `left` 0.
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

    def available(self, limit_key: int, wanted: int) -> int:
        """Steps that could be taken at `limit_key` or better, counting no further than `wanted`."""
        found = 0
        for key in reversed(self.keys):
            if key < limit_key or found >= wanted:
                break
            found += self.levels[key].total
        return min(found, wanted)

    def cost(self, steps: int) -> tuple[int, int]:
        """What taking `steps` would come to: (steps that are there, sum of ticks times steps)."""
        found = value = 0
        for key in reversed(self.keys):
            if found == steps:
                break
            took = min(self.levels[key].total, steps - found)
            found += took
            value += abs(key) * took
        return found, value

    def affordable(self, value: int) -> tuple[int, bool]:
        """Whole steps that a budget of ticks times steps pays for, and whether the side ran out."""
        found = price = 0
        for key in reversed(self.keys):
            price, total = abs(key), self.levels[key].total
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
    level.first = entry
    if entry is None:
        level.last = None
    else:
        entry.before = None
    level.total -= taken
    return steps
