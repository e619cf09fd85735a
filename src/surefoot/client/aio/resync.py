"""One measurement of the clock for however many callers ask at once."""

import asyncio

from surefoot.client.call import Wire, measure
from surefoot.client.desk import Desk
from surefoot.client.timesync import FIRST, QUICK, Measurement
from surefoot.errors import NoAnswer, SurefootError


class Resync:
    """Lets the first caller measure and the others wait for its result, or for its failure (AUTH-3)."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._turn = asyncio.Lock()
        self._failures = 0
        self._why = ""

    async def newer_than(self, known: Measurement | None, wire: Wire) -> None:
        """Return once there is a measurement other than `known`; raises when there could be none."""
        failures = self._failures
        async with self._turn:
            if self._desk.clock.measurement is not known:
                return
            if self._failures != failures:
                raise NoAnswer(self._why)
            try:
                await measure(wire, self._desk, FIRST if known is None else QUICK)
            except SurefootError as error:
                self._failures, self._why = self._failures + 1, str(error)
                raise
