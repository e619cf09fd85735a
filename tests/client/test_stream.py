"""A stream over openers of the test's: what ends it, and what it comes back from."""

import asyncio
from collections.abc import Callable

import pytest

from surefoot import errors
from surefoot.client.aio.line import Line
from surefoot.client.aio.stream import EventStream
from surefoot.client.desk import Desk
from surefoot.client.streams import Gap, State
from surefoot.net.pulse import Pulse
from surefoot.spot.environments import local
from surefoot.spot.events import EventStreamTerminated, UnknownEvent
from surefoot.wire import Closed
from surefoot.world import system_world
from tests.client.test_call import Tape

ENDED = EventStreamTerminated(event_time=1)
HELLO = UnknownEvent(name="hello", raw=b"")


class Socket:
    """A connection that can only be counted and cut; it carries what it was opened for."""

    settled = True
    paused = False
    sendable = True

    def __init__(self) -> None:
        self.closed: Closed | None = None
        self.pulse = Pulse(None, 0)
        self.pulse.heard_at = asyncio.get_running_loop().time()
        self.socket = self

    async def settle(self) -> None:
        pass

    async def prove(self) -> bool:
        return True

    def resume(self) -> None:
        pass

    def abort(self) -> None:
        self.closed = Closed(1006)

    async def close(self) -> None:
        self.closed = Closed(1000)


class Openers:
    """Opens a connection, or fails, as the script says; keeps the ears that listened."""

    def __init__(self, *script: errors.SurefootError | None) -> None:
        self._script = list(script)
        self.ears: list[Line] = []
        self.sockets: list[Socket] = []

    async def __call__(self, ear: Line) -> Socket:
        await asyncio.sleep(0)
        ear.connected()
        if self._script and (error := self._script.pop(0)) is not None:
            raise error
        self.ears.append(ear)
        self.sockets.append(Socket())
        return self.sockets[-1]


def stream(opener: Openers) -> EventStream:
    world = system_world()
    desk = Desk(local("http://h", "ws://h", "ws://h"), None, world=world, sink=Tape())
    return EventStream("test", opener, desk=desk, entropy=Jitterless())  # type: ignore[arg-type]


class Jitterless:
    def uniform(self) -> float:
        return 0.0

    def token(self, length: int) -> str:
        raise AssertionError(length)


async def test_a_subscription_that_the_exchange_ended_is_made_again() -> None:
    """TRACK-2: a stream never goes quiet silently."""
    opener = Openers()
    async with stream(opener) as events:
        opener.ears[0].heard(ENDED)
        assert await anext(events) == ENDED
        gap = await anext(events)
        assert isinstance(gap, Gap)
        assert "ended the subscription" in gap.reason
        assert opener.sockets[0].closed is not None
        opener.ears[1].heard(HELLO)
        assert await anext(events) == HELLO


@pytest.mark.parametrize("kind", [errors.RateLimited, errors.Banned, errors.StaleTimestamp, errors.NoAnswer])
async def test_what_passes_does_not_end_a_stream(kind: Callable[[str], errors.SurefootError]) -> None:
    opener = Openers(None, kind("not now"))
    async with stream(opener) as events:
        opener.ears[0].lost("reset")
        assert isinstance(await anext(events), Gap)
        assert events.state is State.LIVE


async def test_a_refusal_for_good_ends_a_stream() -> None:
    opener = Openers(None, errors.NotAuthorized("the key is gone"))
    async with stream(opener) as events:
        opener.ears[0].lost("reset")
        with pytest.raises(errors.NotAuthorized, match="the key is gone"):
            await anext(events)
        assert events.state is State.CLOSED
