"""Hears the user stream: every event is written down once, in order; a gap is read up before what follows."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from surefoot.client.aio import EventStream
from surefoot.client.streams import Gap
from surefoot.errors import SurefootError
from surefoot.execution import entries
from surefoot.execution.aio.port import ClientPort
from surefoot.execution.entries import Entry
from surefoot.spot.events import Event
from surefoot.spot.events.user import (
    BalanceUpdate,
    ExecutionReport,
    ExternalLockUpdate,
    ListStatus,
    OutboundAccountPosition,
)

_HELD_S = 5.0
"""Events wait so long for a resync at most: fills must not be kept from those who wait for them because reads
are not answered. The fold takes them in any order.
"""
_PAUSE_S = 1.0

Reading = Callable[[], Awaitable[None]]


async def listen(stream: EventStream, port: ClientPort, read_up: Reading) -> None:
    """Until the stream is closed. After a `Gap` events wait while `read_up` reads what it may have hidden.
    Where the exchange refuses the stream for good, trading is stopped.
    """
    async with asyncio.TaskGroup() as readers:
        reader = _Reader(read_up, readers)
        while True:
            try:
                told = deque(await stream.inbox.get_all())
            except StopAsyncIteration:
                reader.stop()
                return
            except SurefootError as refusal:
                _deaf_for_good(refusal, port)
                reader.stop()
                return
            while told:
                event = told.popleft()
                if isinstance(event, Gap):
                    await _bridge(event, port, reader)
                elif (entry := entry_of(event, port.now_ms())) is not None:
                    port.note(entry)


def _deaf_for_good(refusal: SurefootError, port: ClientPort) -> None:
    """The exchange refuses the subscription: to trade without hearing would be guessing. Cancels go on."""
    now_ms, text = port.now_ms(), f"the user stream is refused for good: {refusal}"
    port.note(
        entries.Anomaly(at_ms=now_ms, what="deaf", text=text), entries.Tripped(at_ms=now_ms, reason=text)
    )


async def _bridge(gap: Gap, port: ClientPort, reader: "_Reader") -> None:
    """Read what the gap may have hidden; go on after five seconds, and read on besides."""
    port.hold(True)
    port.note(
        entries.GapSeen(at_ms=port.now_ms(), since_ms=gap.since_ms, until_ms=gap.until_ms, reason=gap.reason)
    )
    try:
        await asyncio.wait({reader.begin()}, timeout=_HELD_S)
    finally:
        port.hold(False)


class _Reader:
    """Reads up until it worked, at most once at a time: while the exchange answers nothing (or has banned the
    address), gaps do not heap up readers, and none of them is forgotten.
    """

    def __init__(self, read_up: Reading, group: asyncio.TaskGroup) -> None:
        self._read_up, self._group = read_up, group
        self._task: asyncio.Task[None] | None = None
        self._begun = 0

    def begin(self) -> asyncio.Task[None]:
        """Read everything, from now on; returns the task that is over when that is done."""
        self._begun += 1
        if self._task is None or self._task.done():
            self._task = self._group.create_task(self._run(), name="trader: read up")
        return self._task

    def stop(self) -> None:
        """Nobody waits for it any more."""
        if self._task is not None:
            self._task.cancel()

    async def _run(self) -> None:
        done = 0
        while done < self._begun:
            begun = self._begun
            try:
                await self._read_up()
            except SurefootError:
                await asyncio.sleep(_PAUSE_S)
            else:
                done = begun


def entry_of(event: Event, now_ms: int) -> Entry | None:
    """The entry that an event of the account is; None for what says nothing of the account."""
    match event:
        case ExecutionReport():
            return entries.Reported(at_ms=now_ms, event=event)
        case OutboundAccountPosition():
            return entries.Positioned(at_ms=now_ms, event=event)
        case ListStatus():
            return entries.ListReported(at_ms=now_ms, event=event)
        case BalanceUpdate():
            return entries.Moved(at_ms=now_ms, event=event)
        case ExternalLockUpdate():
            return entries.Locked(at_ms=now_ms, event=event)
    return None
