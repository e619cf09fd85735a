"""What lives on the loop thread and is used from another: opened, asked, read, closed."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError, Future
from contextlib import AbstractAsyncContextManager
from typing import Any, Generic, Protocol, TypeVar

from surefoot.client.aio.loop_thread import SHARED, LoopThread
from surefoot.errors import Misuse

R = TypeVar("R")
T = TypeVar("T")


class Closable(Protocol):
    """What can be closed."""

    def close(self) -> None: ...


class Source(Protocol[T]):
    """Where events wait for whoever reads them."""

    async def get_all(self) -> list[T]:
        """Everything held; waits for one at least, and raises `StopAsyncIteration` after the last one."""
        ...


class Guest:
    """Keeps `life` entered on the loop thread. `name` is what it is called when it cannot be used.

    Many threads may use it at once. Who still waits for something when it is closed waits no more.
    """

    def __init__(self, name: str, life: AbstractAsyncContextManager[Any]) -> None:
        self._name, self._life = name, life
        self._thread: LoopThread | None = None
        self._over: Future[None] | None = None
        self._closing = asyncio.Event()
        self._lock = threading.RLock()  # a signal's handler may come in the middle
        self._running: set[Future[Any]] = set()

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
        with self._lock:
            thread, self._thread = self._thread, None
        if thread is None or thread.forked:
            return
        try:
            thread.call(self._closing.set)
            if self._over is not None:
                self._over.exception()  # whoever opened it was told
        finally:
            for future in tuple(self._running):
                future.cancel()
            SHARED.leave()

    def call(self, function: Callable[[], R]) -> R:
        """What `function` returns, called on the loop thread, where nothing changes meanwhile."""
        return self._opened().call(function)

    def start(self, work: Coroutine[Any, Any, R]) -> Future[R]:
        """Run `work` on the loop thread; it is broken off where the guest is closed before its end."""
        with self._lock:
            if self._thread is None:
                work.close()
            future = self._opened().start(work)
            self._running.add(future)
        future.add_done_callback(self._running.discard)
        return future

    def wait(self, work: Coroutine[Any, Any, R]) -> R:
        """Run `work` on the loop thread, to its end; raises `Misuse` where it is closed before that."""
        try:
            return self.start(work).result()
        except CancelledError:
            raise Misuse(f"the {self._name} was closed meanwhile") from None

    async def _live(self, entered: Future[None]) -> None:
        async with self._life:
            entered.set_result(None)
            await self._closing.wait()

    def _opened(self) -> LoopThread:
        if self._thread is None:
            raise Misuse(f"the {self._name} is not open: use it inside `with`")
        return self._thread


class Reader(Generic[T]):
    """Takes from a `source` that lives where `guest` does, many at a time."""

    def __init__(self, guest: Guest, source: Source[T]) -> None:
        self._guest, self._source = guest, source
        self._taken: deque[T] = deque()
        self._asked: Future[list[T]] | None = None

    def next(self, timeout_ms: float | None) -> T | None:
        """The next one, or None when none came in time. Raises `StopAsyncIteration` after the last one."""
        if not self._taken:
            if self._asked is None:
                self._asked = self._guest.start(self._source.get_all())
            try:
                taken = self._asked.result(None if timeout_ms is None else timeout_ms / 1000)
            except TimeoutError:
                return None  # what was asked for is waited for again, so that nothing is lost
            except CancelledError:
                raise StopAsyncIteration from None
            self._asked = None
            self._taken.extend(taken)
        return self._taken.popleft()


def _pass_on(over: Future[None], entered: Future[None]) -> None:
    error = over.exception()
    if error is not None and not entered.done():
        entered.set_exception(error)
