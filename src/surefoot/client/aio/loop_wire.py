"""What all ways to the exchange have in common on a loop: clocks, waits, one measurement for everybody."""

import asyncio
from collections.abc import Callable

from surefoot.client.aio.resync import Resync
from surefoot.client.call import Wire
from surefoot.client.desk import Desk
from surefoot.client.timesync import Measurement
from surefoot.world import Clock


class LoopWire(Wire):
    """A way that others can wait beside."""

    def __init__(self, desk: Desk, clock: Clock) -> None:
        self._desk, self._clock = desk, clock
        self._resync = Resync(desk)

    async def resync(self, known: Measurement | None) -> None:
        await self._resync.newer_than(known, self)

    async def sleep_until(self, moment_ms: float) -> None:
        await asyncio.sleep(max(0.0, moment_ms - self._desk.now_ms()) / 1000)

    def now_ms(self) -> float:
        return self._clock.monotonic_ms()

    def later(self, work: Callable[[], None]) -> None:
        asyncio.get_running_loop().call_soon(work)
