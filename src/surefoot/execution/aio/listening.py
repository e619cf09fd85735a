"""Hears the user stream: every event is written down once, in order; a gap is read up before what follows."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from surefoot.client.aio import EventStream
from surefoot.client.streams import Gap
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

Reading = Callable[[], Awaitable[None]]


async def listen(stream: EventStream, port: ClientPort, read_up: Reading) -> None:
    """Until the stream is closed. After a `Gap` events wait while `read_up` reads what it may have hidden."""
    async with asyncio.TaskGroup() as readers:
        while True:
            try:
                told = deque(await stream.inbox.get_all())
            except StopAsyncIteration:
                return
            while told:
                event = told.popleft()
                if isinstance(event, Gap):
                    await _bridge(event, port, read_up, readers)
                elif (entry := entry_of(event, port.now_ms())) is not None:
                    port.note(entry)


async def _bridge(gap: Gap, port: ClientPort, read_up: Reading, readers: asyncio.TaskGroup) -> None:
    """Read what the gap may have hidden; go on after five seconds, and read on besides."""
    port.hold(True)
    port.note(
        entries.GapSeen(at_ms=port.now_ms(), since_ms=gap.since_ms, until_ms=gap.until_ms, reason=gap.reason)
    )
    task = readers.create_task(_read(read_up), name="trader: read up")
    try:
        await asyncio.wait({task}, timeout=_HELD_S)
    finally:
        port.hold(False)


async def _read(read_up: Reading) -> None:
    await read_up()


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
