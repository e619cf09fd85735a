"""Measures the exchange's clock every few minutes, so that no caller has to wait for it (AUTH-3)."""

import asyncio
from collections.abc import Awaitable, Callable

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
    """A task that measures over the way that `way` finds; `close` ends it."""

    def __init__(self, desk: Desk, clock: Clock, way: Callable[[], Awaitable[Wire]]) -> None:
        self._desk, self._clock, self._way = desk, clock, way
        self._task = asyncio.create_task(self._keep(), name="timekeeper")

    async def close(self) -> None:
        """Measure no more."""
        self._task.cancel()
        await asyncio.wait([self._task])

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(max(self._due_in_ms(), _AGAIN_MS) / 1000)
            if self._due_in_ms() <= 0:
                try:
                    await refreshed(await self._way(), self._desk, "the last measurement is old")
                except SurefootError as error:
                    self._desk.teller.note(f"there is no way to measure the clock: {error}")

    def _due_in_ms(self) -> float:
        known = self._desk.clock.measurement
        if known is None:
            return REFRESH_MS
        return known.measured_ms + REFRESH_MS - _AHEAD_MS - self._clock.monotonic_ms()
