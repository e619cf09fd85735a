"""One measurement of the clock for however many callers ask at once."""

import asyncio

from surefoot.client.call import Wire, measure
from surefoot.client.desk import Desk
from surefoot.client.timesync import Measurement


class Resync:
    """Lets the first caller measure and the others wait for its result (AUTH-3)."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._turn = asyncio.Lock()

    async def newer_than(self, known: Measurement | None, wire: Wire) -> None:
        """Return once there is a measurement other than `known`."""
        async with self._turn:
            if self._desk.clock.measurement is known:
                await measure(wire, self._desk)
