"""A server on a thread of its own, with its own event loop."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeVar

from surefoot.errors import Misuse

T = TypeVar("T")

_PATIENCE_S = 10.0


class ServerThread:
    """Runs `server` until it is told to stop. Calls reach it from any other thread."""

    def __init__(self, server: AbstractAsyncContextManager[Any], name: str = "exchange") -> None:
        self._server, self._name = server, name
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop = asyncio.Event()
        self._ready: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, name=f"surefoot {name}", daemon=True)

    def start(self) -> None:
        """Return once connections are accepted; raises what kept the server from starting."""
        self._thread.start()
        self._ready.result(_PATIENCE_S)

    def call(self, work: Callable[[], T]) -> T:
        """Do `work` on the server's loop; raises what it raises, and `Misuse` when it is closed."""
        loop = self._loop
        if loop is None:
            raise Misuse(f"this {self._name} is closed")
        done: Future[T] = Future()
        loop.call_soon_threadsafe(_settle, done, work)
        return done.result(_PATIENCE_S)

    def stop(self) -> None:
        """End every connection and wait for the thread; does nothing the second time."""
        loop, self._loop = self._loop, None
        if loop is not None:
            loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            if self._ready.done():
                raise
            self._ready.set_exception(error)

    async def _serve(self) -> None:
        async with self._server:
            self._loop = asyncio.get_running_loop()
            self._ready.set_result(None)
            await self._stop.wait()


def _settle(done: "Future[T]", work: Callable[[], T]) -> None:
    try:
        done.set_result(work())
    except Exception as error:
        done.set_exception(error)
