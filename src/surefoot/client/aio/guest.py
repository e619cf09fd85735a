"""What lives on the loop thread and is used from another: opened, read, asked, closed."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, TypeVar

from surefoot.client.aio.inbox import Inbox
from surefoot.client.aio.loop_thread import SHARED, LoopThread
from surefoot.errors import Misuse
from surefoot.spot.events import Event

R = TypeVar("R")


class Closable(Protocol):
    """What can be closed."""

    def close(self) -> None: ...


class Guest:
    """Keeps `life` entered on the loop thread, and takes events from its `inbox`, many at a time. `name` is
    what it is called when it cannot be used.
    """

    def __init__(self, name: str, life: AbstractAsyncContextManager[Any], inbox: Inbox[Event]) -> None:
        self._name, self._life, self._inbox = name, life, inbox
        self._thread: LoopThread | None = None
        self._over: Future[None] | None = None
        self._closing = asyncio.Event()
        self._taken: deque[Event] = deque()
        self._asked: Future[list[Event]] | None = None

    @property
    def is_open(self) -> bool:
        """Whether it was opened and not closed."""
        return self._thread is not None

    @property
    def is_over(self) -> bool:
        """Whether it was closed, or could not be opened."""
        return self._thread is None and self._over is not None

    def open(self) -> None:
        """Enter it, and return once it is live; raises what entering raises."""
        if self.is_open:
            raise Misuse(f"the {self._name} is open already")
        if self._over is not None:
            raise Misuse(f"the {self._name} was closed: make a new one")
        self._thread = SHARED.join()
        try:
            entered: Future[None] = Future()
            self._over = self._thread.start(self._live(entered))
            self._over.add_done_callback(lambda over: _pass_on(over, entered))
            entered.result()
        except BaseException:
            self._leave()
            raise

    def close(self) -> None:
        """Leave it, and wait until it is left; does nothing when it is not open, and in a forked process.

        Raises `Misuse` on the loop thread, which cannot wait for itself; then nothing has changed.
        """
        if self._thread is not None and not self._thread.forked:
            self._thread.must_be_usable()
        self._leave()

    def _leave(self) -> None:
        thread, self._thread = self._thread, None
        if thread is None or thread.forked:
            return
        try:
            thread.call(self._closing.set)
            if self._over is not None:
                self._over.exception()  # whoever opened it was told
        finally:
            SHARED.leave()

    def call(self, function: Callable[[], R]) -> R:
        """What `function` returns, called on the loop thread, where nothing changes meanwhile."""
        return self._opened().call(function)

    def wait(self, work: Coroutine[Any, Any, R]) -> R:
        """Run `work` on the loop thread, to its end."""
        if self._thread is None:
            work.close()
        return self._opened().start(work).result()

    def next(self, timeout_ms: float | None) -> Event | None:
        """The next event, or None when none came in time. Raises `StopAsyncIteration` after the last one."""
        if not self._taken:
            if self._asked is None:
                self._asked = self._opened().start(self._inbox.get_all())
            try:
                taken = self._asked.result(None if timeout_ms is None else timeout_ms / 1000)
            except TimeoutError:
                return None  # what was asked for is waited for again, so that nothing is lost
            self._asked = None
            self._taken.extend(taken)
        return self._taken.popleft()

    async def _live(self, entered: Future[None]) -> None:
        async with self._life:
            entered.set_result(None)
            await self._closing.wait()

    def _opened(self) -> LoopThread:
        if self._thread is None:
            raise Misuse(f"the {self._name} is not open: use it inside `with`")
        return self._thread


def _pass_on(over: Future[None], entered: Future[None]) -> None:
    error = over.exception()
    if error is not None and not entered.done():
        entered.set_exception(error)
