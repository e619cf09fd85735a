"""A bounded queue between a socket's callbacks and one reader (law 5: a full queue stops reading, it
never drops).
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Inbox(Generic[T]):
    """Holds what came until it is read. `on_full` and `on_drained` are told when to stop and resume
    the source.
    """

    def __init__(self, capacity: int, *, on_full: Callable[[], None], on_drained: Callable[[], None]) -> None:
        self._held: deque[T] = deque()
        self._capacity = capacity
        self._on_full, self._on_drained = on_full, on_drained
        self._full = False
        self._reader: asyncio.Future[None] | None = None
        self._end: BaseException | None = None

    def put(self, item: T) -> None:
        """Hold `item`; tell the source to stop when there is no more room."""
        self._held.append(item)
        if not self._full and len(self._held) >= self._capacity:
            self._full = True
            self._on_full()
        self._wake()

    def finish(self, end: BaseException) -> None:
        """Nothing more will come: the reader gets what is held, then `end` is raised."""
        self._end = self._end or end
        self._wake()

    async def get(self) -> T:
        """The oldest item; waits for one."""
        while not self._held:
            if self._end is not None:
                raise self._end
            self._reader = asyncio.get_running_loop().create_future()
            await self._reader
        item = self._held.popleft()
        if self._full and len(self._held) <= self._capacity // 2:
            self._full = False
            self._on_drained()
        return item

    def _wake(self) -> None:
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)
