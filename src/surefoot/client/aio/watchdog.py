"""Asks the exchange, while a connection is quiet, whether its subscription is still there."""

import asyncio
from collections.abc import Callable

from surefoot.client.aio.line import GONE, Line, Reading
from surefoot.errors import NoAnswer, NotDelivered, ProtocolViolation

_QUIET_S = 20
_LONGEST_UNPROVEN_MS = 60_000
"""A connection of many streams may have lost one while the others speak."""


async def watch(line: Line, now_ms: Callable[[], int]) -> None:
    """Ends `line` when the exchange does not answer in time, or does not know of its subscription. Asks after
    20 s without an event, and every minute otherwise.
    """
    while not line.over.done():
        last = line.last
        await asyncio.sleep(_QUIET_S)
        if line.last is last or now_ms() - line.proven_ms >= _LONGEST_UNPROVEN_MS:
            await _look(line, now_ms)


async def _look(line: Line, now_ms: Callable[[], int]) -> None:
    carrier, asked_ms, asked_at = line.carrier, now_ms(), asyncio.get_running_loop().time()
    if carrier is None or carrier.socket.pulse.resting:
        return  # what it answers would not be read
    try:
        carried = await carrier.prove()
    except NoAnswer as silence:
        if carrier.socket.pulse.listened_since(asked_at):
            line.lost(f"the exchange was asked for a sign of life: {silence}")
    except NotDelivered:
        return  # the question never left: the connection is about to be over
    except ProtocolViolation as nonsense:
        line.lost(str(nonsense))
    else:
        if carried:
            line.proven_ms = asked_ms
        else:
            line.lost(GONE, deaf_since_ms=line.proven_ms)


async def heard_all(reading: Reading) -> bool:
    """Whether all that the exchange said until now has been heard, and was read or waits to be: asks it for a
    sign of life. False without a connection that carries; raises `NoAnswer` and `NotDelivered`.
    """
    line = reading.line
    if line is None or line.carrier is None or line.over.done() or reading.paused_at_ms is not None:
        return False
    carried = await line.carrier.prove()
    return carried and line is reading.line and not line.over.done() and reading.paused_at_ms is None
