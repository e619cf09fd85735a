"""Fetches the snapshots that a book wants, patiently."""

import asyncio
from collections.abc import Callable

from surefoot.client.aio import AsyncClient
from surefoot.client.streams import asked_to_wait_ms, back_off_ms
from surefoot.errors import (
    Banned,
    CannotConnect,
    HeldBack,
    NoAnswer,
    ProtocolViolation,
    RateLimited,
    SurefootError,
)
from surefoot.market.book import Book

_PASSING = (CannotConnect, NoAnswer, ProtocolViolation, RateLimited, Banned, HeldBack)
_CALM_S = 60


class Snapshots:
    """Runs beside a book. `wanted` wakes it; it fetches while the book wants a snapshot and `listening()`.

    The first try is made at once, others after a jittered back-off, which is forgotten after a calm minute.
    `settled` is called after each snapshot that the book took, `failed` when the exchange refuses for good.
    """

    def __init__(
        self,
        client: AsyncClient,
        book: Book,
        symbol: str,
        limit: int,
        *,
        listening: Callable[[], bool],
        settled: Callable[[], None],
        failed: Callable[[SurefootError], None],
    ) -> None:
        self._client, self._book = client, book
        self._symbol, self._limit = symbol, limit
        self._listening, self._settled, self._failed = listening, settled, failed
        self._tries = 0
        self._took_at = 0.0
        self.wanted = asyncio.Event()

    async def run(self) -> None:
        """Serve the book until it is cancelled, or the exchange refuses."""
        while True:
            await self.wanted.wait()
            self.wanted.clear()
            self._forget_old_tries()
            at_least_ms = 0.0
            while self._book.wants_snapshot and self._listening():
                await self._back_off(at_least_ms)
                try:
                    at_least_ms = await self._fetch()
                except SurefootError as error:
                    self._failed(error)
                    return

    def _forget_old_tries(self) -> None:
        if asyncio.get_running_loop().time() - self._took_at > _CALM_S:
            self._tries = 0

    async def _back_off(self, at_least_ms: float) -> None:
        if self._tries:
            dice = self._client.desk.entropy.uniform()
            await asyncio.sleep((at_least_ms + back_off_ms(self._tries - 1, dice)) / 1000)
        self._tries += 1

    async def _fetch(self) -> float:
        """Try once; returns how long the exchange asks to be left alone."""
        epoch = self._book.epoch
        try:
            snapshot = await self._client.depth(self._symbol, limit=self._limit)
        except _PASSING as error:
            return asked_to_wait_ms(error, self._client.desk.now_ms())
        if epoch == self._book.epoch and self._book.take(snapshot, self._client.desk.now_ms()):
            self._took_at = asyncio.get_running_loop().time()
            self._settled()
        return 0
