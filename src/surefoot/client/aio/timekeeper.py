"""Measures the exchange's clock every few minutes, so that no caller has to wait for it (AUTH-3)."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Self

from surefoot.client.call import Wire
from surefoot.client.desk import Desk
from surefoot.client.doubts import REFRESH_MS
from surefoot.client.timekeeping import refreshed
from surefoot.errors import SurefootError
from surefoot.world import Clock

_AHEAD_MS = 20_000.0
"""So long before a caller would have to measure."""

_AGAIN_MS = 10_000.0


class Timekeeper:
    """Measures over the way that `way` finds, from its entering to its leaving: when it is time, and when
    somebody is in doubt.
    """

    def __init__(self, desk: Desk, clock: Clock, way: Callable[[], Awaitable[Wire]]) -> None:
        self._desk, self._clock, self._way = desk, clock, way
        self._tasks = asyncio.TaskGroup()
        self._keeping: asyncio.Task[None] | None = None
        self._woken = asyncio.Event()

    async def __aenter__(self) -> Self:
        await self._tasks.__aenter__()
        self._keeping = self._tasks.create_task(self._keep(), name="timekeeper")
        self._desk.clock.doubts.wake = self._woken.set
        return self

    async def __aexit__(self, *_: object) -> None:
        self._desk.clock.doubts.wake = None
        if self._keeping is not None:
            self._keeping.cancel()
        await self._tasks.__aexit__(None, None, None)

    async def _keep(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(self._due_in_ms(), _AGAIN_MS) / 1000):
                    await self._woken.wait()
            self._woken.clear()
            doubt = self._desk.doubt() or ("it is time" if self._due_in_ms() <= 0 else None)
            if doubt is not None:
                await self._measure(doubt)

    async def _measure(self, doubt: str) -> None:
        try:
            await refreshed(await self._way(), self._desk, doubt)
        except SurefootError as error:
            self._desk.put_off_measuring()
            self._desk.teller.note(f"{doubt}, and there is no way to measure the clock: {error}")

    def _due_in_ms(self) -> float:
        known = self._desk.clock.measurement
        if known is None:
            return REFRESH_MS
        return known.measured_ms + REFRESH_MS - _AHEAD_MS - self._clock.monotonic_ms()
