"""The private thread of a process that runs the loop of blocking streams: there while there are any."""

import asyncio
import os
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

from surefoot.errors import Misuse

R = TypeVar("R")


class LoopThread:
    """An event loop on a thread of its own. It is not there in a process forked from this one."""

    def __init__(self) -> None:
        self._pid = os.getpid()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="surefoot streams", daemon=True)
        self._thread.start()

    @property
    def forked(self) -> bool:
        """Whether this process is a fork of the one that the thread belongs to."""
        return os.getpid() != self._pid

    def start(self, work: Coroutine[Any, Any, R]) -> Future[R]:
        """Run `work` on the loop; raises `Misuse` in a forked process, and on the thread itself."""
        try:
            self.must_be_usable()
        except Misuse:
            work.close()
            raise
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def call(self, function: Callable[[], R]) -> R:
        """Call `function` between two turns of the loop, and return what it returns."""
        return self.start(_called(function)).result()

    def end(self) -> None:
        """Stop the loop and wait for the thread."""
        asyncio.run_coroutine_threadsafe(self._loop.shutdown_default_executor(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def must_be_usable(self) -> None:
        """Raises `Misuse` in a forked process, and on the thread itself."""
        if self.forked:
            raise Misuse(
                "this process was forked while blocking streams were open, and their thread is not in it:"
                " open them after the fork, or start the process by 'spawn'"
            )
        if threading.current_thread() is self._thread:
            raise Misuse("a callback cannot wait for the stream that calls it")


async def _called(function: Callable[[], R]) -> R:
    return function()


class _Shared:
    """The one thread of this process, and how many use it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: LoopThread | None = None
        self._users = 0

    def join(self) -> LoopThread:
        """Begin to use the thread; the first user starts it. Raises `Misuse` in a fork of its process."""
        with self._lock:
            if self._thread is None:
                self._thread = LoopThread()
            elif self._thread.forked:
                self._thread.call(int)  # says why not
            self._users += 1
            return self._thread

    def leave(self) -> None:
        """Use it no more; the last user ends it."""
        with self._lock:
            self._users -= 1
            if self._users == 0 and self._thread is not None:
                thread, self._thread = self._thread, None
                thread.end()


SHARED = _Shared()
