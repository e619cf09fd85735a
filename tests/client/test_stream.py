"""A stream over openers of the test's: what ends it, and what it comes back from."""

import asyncio
from collections.abc import Callable

import pytest

from surefoot import errors
from surefoot.client.aio.line import Line
from surefoot.client.aio.socket import ApiSocket
from surefoot.client.aio.stream import EventStream
from surefoot.client.desk import Desk
from surefoot.client.streams import Gap, State
from surefoot.client.timesync import Sample
from surefoot.net.pulse import Pulse
from surefoot.spot.environments import local
from surefoot.spot.events import EventStreamTerminated, ExecutionReport, UnknownEvent
from surefoot.wire import Closed
from surefoot.world import system_world
from tests.client.reports import report
from tests.client.test_call import Tape

ENDED = EventStreamTerminated(event_time=1)
HELLO = UnknownEvent(name="hello", raw=b"")


class Socket:
    """A connection that can only be counted and cut; it carries what it was opened for."""

    settled = True
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
        self._more = asyncio.Event()

    async def opened(self, count: int) -> None:
        """Wait until there were so many connections."""
        async with asyncio.timeout(20):
            while len(self.ears) < count:
                self._more.clear()
                await self._more.wait()

    async def __call__(self, ear: Line) -> Socket:
        await asyncio.sleep(0)
        ear.connected()
        if self._script and (error := self._script.pop(0)) is not None:
            raise error
        self.ears.append(ear)
        self.sockets.append(Socket())
        self._more.set()
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


async def test_a_report_that_comes_again_is_told_once() -> None:
    """TRACK-3: also when it comes again after a gap."""
    opener = Openers()
    async with stream(opener) as events:
        for told in (report(1), report(1), report(2)):
            opener.ears[0].heard(told)
        opener.ears[0].lost("reset")
        await opener.opened(2)
        for told in (report(2), report(3)):
            opener.ears[1].heard(told)
        found = [await anext(events) for _ in range(4)]
        assert [event.execution_id for event in found if isinstance(event, ExecutionReport)] == [1, 2, 3]
        assert isinstance(found[2], Gap)


async def test_the_gap_begins_where_the_last_event_was_said() -> None:
    """What was lost may have been on its way when the last thing that was heard came."""
    opener = Openers()
    async with stream(opener) as events:
        opener.ears[0].heard(report(1, time=4_321))
        opener.ears[0].lost("reset")
        await anext(events)
        gap = await anext(events)
        assert isinstance(gap, Gap)
        assert gap.since_ms == 4_321


async def test_without_an_event_the_gap_begins_with_the_connection() -> None:
    opener = Openers()
    before_ms = round(system_world().clock.wall_ms())
    async with stream(opener) as events:
        opener.ears[0].lost("reset")
        gap = await anext(events)
        assert isinstance(gap, Gap)
        assert before_ms - 50 <= gap.since_ms <= opener.ears[0].asked_ms


async def test_a_gap_is_wider_by_what_the_clock_may_be_wrong() -> None:
    """AUTH-3: the clock was measured by a round trip of six seconds, so it may be wrong by three."""
    opener = Openers()
    async with stream(opener) as events:
        desk = events._desk
        heard_ms = system_world().clock.monotonic_ms()
        now_ms = desk.now_ms()
        desk.settle([Sample(heard_ms - 6_000, heard_ms, now_ms - 3_000)])
        opener.ears[0].lost("reset")
        gap = await anext(events)
        assert isinstance(gap, Gap)
        assert gap.until_ms >= now_ms + 2_999


async def test_a_queue_that_was_full_is_part_of_the_gap() -> None:
    """The socket was not read since: what waited in the network is lost with it."""
    opener = Openers()
    async with stream(opener) as events:
        ear, socket = opener.ears[0], opener.sockets[0]
        ear.heard(HELLO)
        socket.pulse.heard_at -= 100
        socket.pulse.resume(asyncio.get_running_loop().time())  # it was read again just now
        ear.lost("reset")
        await anext(events)
        gap = await anext(events)
        assert isinstance(gap, Gap)
        assert gap.until_ms - gap.since_ms >= 100_000 or gap.since_ms == ear.asked_ms


async def test_a_subscription_that_was_lost_unnoticed_is_a_gap_since_it_was_last_known() -> None:
    opener = Openers()
    async with stream(opener) as events:
        opener.ears[0].heard(report(1, time=9_000))
        opener.ears[0].lost("gone", deaf_since_ms=7_000)
        await anext(events)
        gap = await anext(events)
        assert isinstance(gap, Gap)
        assert gap.since_ms == 7_000


def test_a_session_that_is_revoked_is_told() -> None:
    """The exchange says so without being asked (official page *WebSocket API*, API key revocation)."""
    reasons: list[str] = []
    world = system_world()
    desk = Desk(local("http://h", "ws://h", "ws://h"), None, world=world, sink=Tape())
    socket = ApiSocket(desk, on_event=lambda event: None, on_lost=reasons.append)
    socket.on_text(b'{"id":null,"status":400,"error":{"code":-1000,"msg":"what?"}}')
    assert not reasons
    socket.on_text(b'{"id":null,"status":401,"error":{"code":-2015,"msg":"Invalid API-key, IP."}}')
    assert reasons == ["the exchange revoked the session"]


async def test_rotating_what_is_not_open() -> None:
    events = stream(Openers())
    with pytest.raises(errors.Misuse, match="enter the stream first"):
        await events.rotate()
    async with events:
        asking = asyncio.ensure_future(events.rotate())
        await asyncio.sleep(0)
    with pytest.raises(errors.Misuse, match="closed"):
        await asking
    with pytest.raises(errors.Misuse, match="closed"):
        await events.rotate()


async def test_whoever_asks_for_a_rotation_hears_why_it_failed() -> None:
    opener = Openers(None, errors.NotAuthorized("not this key"))
    async with stream(opener) as events:
        with pytest.raises(errors.NotAuthorized, match="not this key"):
            await events.rotate()
        assert events.state is State.LIVE
        opener.ears[0].heard(HELLO)
        assert await anext(events) == HELLO
