"""A bounded queue between a socket's callbacks and its readers (law 5: a full queue stops reading, it never
drops).
"""

import asyncio
from collections import deque
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class _Newest(Generic[T]):
    """A place in the queue whose item is renewed until it is read."""

    __slots__ = ("item", "key")

    def __init__(self, key: Hashable, item: T) -> None:
        self.key, self.item = key, item


class Inbox(Generic[T]):
    """Holds what came until it is read, each item once, by whoever waits. `on_full` and `on_drained` are told
    when to stop and resume the source.
    """

    def __init__(self, capacity: int, *, on_full: Callable[[], None], on_drained: Callable[[], None]) -> None:
        self._held: deque[T | _Newest[T]] = deque()
        self._newest: dict[Hashable, _Newest[T]] = {}
        self._capacity = capacity
        self._on_full, self._on_drained = on_full, on_drained
        self._full = False
        self._readers: list[asyncio.Future[None]] = []
        self._end: BaseException | None = None

    @property
    def full(self) -> bool:
        """Whether the source should rest."""
        return self._full

    def put(self, item: "T | _Newest[T]") -> None:
        """Hold `item`; tell the source to stop when there is no more room."""
        self._held.append(item)
        if not self._full and len(self._held) >= self._capacity:
            self._full = True
            self._on_full()
        self._wake()

    def put_newest(self, key: Hashable, item: T, merge: Callable[[T, T], T] | None = None) -> None:
        """Hold `item` in the place of an unread one with the same `key`, or of both merged."""
        place = self._newest.get(key)
        if place is not None:
            place.item = merge(place.item, item) if merge else item
            return
        place = self._newest[key] = _Newest(key, item)
        self.put(place)

    def put_joined(self, item: T, join: Callable[[T, T], T | None]) -> None:
        """Hold `item`, or in the place of the last unread one what `join` makes of both."""
        last = self._held[-1] if self._held else None
        joined = None if last is None or isinstance(last, _Newest) else join(last, item)
        if joined is None:
            self.put(item)
        else:
            self._held[-1] = joined

    def seal(self, key: Hashable | None = None) -> None:
        """What is held under `key`, or under any, is renewed no more: what comes next is later than it."""
        if key is None:
            self._newest.clear()
        else:
            self._newest.pop(key, None)

    def finish(self, end: BaseException) -> None:
        """Nothing more will come: the reader gets what is held, then `end` is raised."""
        self._end = self._end or end
        self._wake()

    async def get(self) -> T:
        """The oldest item; waits for one."""
        await self._something()
        item = self._take()
        self._made_room()
        return item

    async def get_all(self) -> list[T]:
        """Everything held; waits for one item at least."""
        await self._something()
        items = [self._take() for _ in range(len(self._held))]
        self._made_room()
        return items

    async def _something(self) -> None:
        while not self._held:
            if self._end is not None:
                raise self._end
            reader: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._readers.append(reader)
            try:
                await reader
            finally:
                if reader in self._readers:  # it was cancelled
                    self._readers.remove(reader)

    def _take(self) -> T:
        item = self._held.popleft()
        if not isinstance(item, _Newest):
            return item
        if self._newest.get(item.key) is item:
            del self._newest[item.key]
        newest: T = item.item
        return newest

    def _made_room(self) -> None:
        if self._full and len(self._held) <= self._capacity // 2:
            self._full = False
            self._on_drained()

    def _wake(self) -> None:
        if self._readers:
            for reader in self._readers:
                if not reader.done():
                    reader.set_result(None)
            self._readers.clear()
