"""Replaces the connection of a stream when it is time, the exchange says so, or somebody asks."""

import asyncio
from collections.abc import Callable

from surefoot.client.aio.handover import ECHO_S, Handover
from surefoot.client.aio.line import Line
from surefoot.client.desk import Desk
from surefoot.client.rotation import Rotation
from surefoot.client.streams import asked_to_wait_ms, back_off_ms
from surefoot.errors import (
    Banned,
    NoAnswer,
    NotDelivered,
    ProtocolViolation,
    RateLimited,
    Refused,
    StaleTimestamp,
    SurefootError,
)
from surefoot.world import Entropy

PASSING = (NotDelivered, NoAnswer, ProtocolViolation, RateLimited, Banned, StaleTimestamp)
"""Why a connection could not be made now; it may be possible later."""

_MS = 1000


class Rotator:
    """Replaces one connection after the other. What cannot be made is tried again with jittered back-off, and
    the old one goes on as long as it lives.
    """

    def __init__(self, rotation: Rotation, desk: Desk, entropy: Entropy) -> None:
        self._rotation, self._desk, self._entropy = rotation, desk, entropy
        self._asking: list[asyncio.Future[None]] = []

    async def ask(self, line: Line) -> None:
        """Replace `line` now; returns when that is done, raises why it failed."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._asking.append(done)
        line.leaving.set()
        await done

    def settle(self, error: SurefootError | None = None) -> None:
        """Let those who asked know: there is a new connection, or it failed."""
        asking, self._asking = self._asking, []
        for done in asking:
            if not done.done():
                done.set_result(None) if error is None else done.set_exception(error)

    async def run(self, line: Line, handover: Handover, switch: Callable[[], None]) -> None:
        """Wait until `line` is to be replaced, make what replaces it, and `switch`."""
        await self._until_due(line)
        tries = 0
        while not line.over.done():
            try:
                await handover.make()
            except (*PASSING, Refused) as error:
                if line.over.done():
                    return  # what takes its place now is not our business
                self.settle(error)
                wait_ms = asked_to_wait_ms(error, self._desk.now_ms())
                await asyncio.sleep((wait_ms + back_off_ms(tries, self._entropy.uniform())) / _MS)
                tries += 1
            else:
                switch()

    async def _until_due(self, line: Line) -> None:
        if line.judge is not None and not await _left(line, ECHO_S):
            line.listen(None)
        due_ms = self._rotation.due_ms(line.asked_ms, self._entropy.uniform())
        await _left(line, (due_ms - self._desk.now_ms()) / _MS)


async def _left(line: Line, within_s: float) -> bool:
    """Whether the exchange, or somebody, wants the connection to be left within that time."""
    try:
        async with asyncio.timeout(within_s):
            await line.leaving.wait()
    except TimeoutError:
        return False
    return True
