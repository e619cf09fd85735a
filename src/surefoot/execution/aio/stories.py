"""Runs stories: each to its own end, whoever waits for it, and whether or not somebody still does."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Self, TypeVar

from surefoot.errors import LeftOpen

R = TypeVar("R")


class Stories:
    """Stories end with a result or an error for their caller. Chores run beside them until all is over; one
    that fails is a defect, and ends everything.
    """

    def __init__(self) -> None:
        self._group = asyncio.TaskGroup()
        self._stories: set[asyncio.Task[None]] = set()
        self._chores: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        await self._group.__aenter__()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *error: Any) -> None:
        for task in (*self._stories, *self._chores):
            task.cancel()
        if kind is not None and not issubclass(kind, asyncio.CancelledError):
            kind, error = None, (None, None)  # not of the group: it goes on as it is
        await self._group.__aexit__(kind, *error)

    async def told(self, story: Coroutine[Any, Any, R], name: str) -> R:
        """Run it, and return its result or raise its error. To be cancelled here does not cancel it."""
        return await asyncio.shield(self.begin(story, name))

    def begin(self, story: Coroutine[Any, Any, R], name: str) -> asyncio.Future[R]:
        """Run it; returns what its end will be."""
        return self._run(story, name, self._stories)

    def carry(self, story: Coroutine[Any, Any, R], name: str) -> asyncio.Future[R]:
        """As `begin`, but it may take days: nobody waits for it when all is over."""
        return self._run(story, name, self._chores)

    def _run(
        self, story: Coroutine[Any, Any, R], name: str, among: set[asyncio.Task[None]]
    ) -> asyncio.Future[R]:
        end: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        end.add_done_callback(_looked_at)
        task = self._group.create_task(_run(story, end), name=f"trader: {name}")
        among.add(task)
        task.add_done_callback(among.discard)
        task.add_done_callback(lambda _: _broken_off(story, end, name))
        return end

    def beside(self, chore: Coroutine[Any, Any, None], name: str) -> None:
        """Run it until all is over."""
        task = self._group.create_task(chore, name=f"trader: {name}")
        self._chores.add(task)
        task.add_done_callback(self._chores.discard)

    async def settle(self, within_ms: int) -> None:
        """Wait so long for the stories that run; those that are not over then are broken off."""
        if self._stories:
            await asyncio.wait(self._stories, timeout=within_ms / 1000)


async def _run(story: Coroutine[Any, Any, R], end: asyncio.Future[R]) -> None:
    try:
        result = await story
    except Exception as error:
        if not end.done():
            end.set_exception(error)
    else:
        if not end.done():
            end.set_result(result)


def _broken_off(story: Coroutine[Any, Any, R], end: asyncio.Future[R], name: str) -> None:
    """A story that did not come to its end, or not even to its beginning."""
    story.close()
    if not end.done():
        end.set_exception(
            LeftOpen(f"{name}: the trader was closed before that was over; its next start finds out")
        )


def _looked_at(end: asyncio.Future[Any]) -> None:
    """Nobody has to wait for a story: the journal knows how it ended."""
    if not end.cancelled():
        end.exception()
