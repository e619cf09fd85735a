"""A stream that lives: connects, subscribes, tells events, reconnects with jitter, replaces its connection in
time, and owns up to its gaps.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import partial
from typing import Self

from surefoot.client.aio.feeds import Callback, Feeds, Route
from surefoot.client.aio.handover import Handover
from surefoot.client.aio.inbox import Inbox
from surefoot.client.aio.line import Carrier, Line, Reading
from surefoot.client.aio.rotator import PASSING, Rotator
from surefoot.client.aio.watchdog import watch
from surefoot.client.desk import Desk
from surefoot.client.merge import Reports
from surefoot.client.rotation import Rotation, Stage
from surefoot.client.streams import State, StreamLife, Turn, asked_to_wait_ms
from surefoot.codec.streams import decode_user_event
from surefoot.errors import Misuse, Refused
from surefoot.spot.events import Event
from surefoot.world import Entropy

Opener = Callable[[Line], Awaitable[Carrier]]
"""Connects, says that the line is `connected`, subscribes; returns once the subscription is acknowledged."""

_CAPACITY = 10_000
_MICROSECONDS = 1000


class EventStream:
    """An asynchronous iterator of events. Enter it before the first order: it is live once entered.

    After every interruption it tells a `Gap` before anything else. It ends only when it is closed, or when
    the exchange refuses the subscription for good; then iterating raises that refusal.

    A connection is replaced by the next one without a gap as its `rotation` says, and when the exchange
    announces that it shuts down. One that is silent is asked for a sign of life, and cut without one.

    With a `callback` the events go there and not to the iteration, which tells only what befell the stream
    itself. `watchers` are called with the state whenever it becomes live, is interrupted, or is closed.
    If the callback raises, it is called no more, and that is told as `SubscriptionEnded`.
    """

    def __init__(
        self,
        name: str,
        opener: Opener,
        *,
        desk: Desk,
        entropy: Entropy,
        capacity: int = _CAPACITY,
        callback: Callback | None = None,
        microseconds: bool = False,
        rotation: Rotation | None = None,
    ) -> None:
        self.name = name
        self._opener, self._desk, self._entropy = opener, desk, entropy
        self._unit = _MICROSECONDS if microseconds else 1
        self._life = StreamLife()
        self.watchers: list[Callable[[State], None]] = []
        self.reading = reading = Reading(desk.now_ms)
        self._reports = Reports()
        self._rotator = Rotator(rotation or Rotation(), desk, entropy)
        self.inbox: Inbox[Event] = Inbox(capacity, on_full=reading.pause, on_drained=reading.resume)
        self.feeds = Feeds(self.inbox)
        if callback is not None:
            self.feeds.call(name, decode_user_event, callback)
        self._tasks = asyncio.TaskGroup()
        self._entered = False
        self._running: asyncio.Task[None] | None = None

    @property
    def state(self) -> State:
        """Where the stream is in its life."""
        return self._life.state

    @property
    def deaf_since_ms(self) -> int | None:
        """Since when (exchange's clock) the stream hears nothing: it is interrupted, or its queue is full.
        None while it hears.
        """
        since = [at for at in (self._life.deaf_since_ms, self.reading.paused_at_ms) if at is not None]
        return min(since, default=None)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name}, {self.state})"

    async def __aenter__(self) -> Self:
        if self._entered:
            raise Misuse("a stream is entered once; make a new one")
        self._entered = True
        await self._tasks.__aenter__()
        try:
            line = await self._dial(lambda: self._life.turn(Turn.CONNECTED))
        except BaseException:
            await self._tasks.__aexit__(None, None, None)  # with the error it would be raised in a group
            raise
        self._begin(line)
        self._running = self._tasks.create_task(self._run(line), name=f"stream {self.name}")
        return self

    async def __aexit__(self, *_: object) -> None:
        self._life.turn(Turn.CLOSE)
        self.inbox.finish(StopAsyncIteration())
        self._rotator.settle(Misuse("the stream is closed"))
        if self._running is not None:
            self._running.cancel()
        if self.reading.line is not None:
            await self.reading.line.socket.close()
        await self._tasks.__aexit__(None, None, None)
        self._turned()

    def __aiter__(self) -> AsyncIterator[Event]:
        return self

    async def __anext__(self) -> Event:
        self.must_be_entered()
        return await self.inbox.get()

    def must_be_entered(self) -> None:
        """Raises `Misuse` when nobody has entered the stream."""
        if self._running is None:
            raise Misuse(f"enter the stream first: async with … as {self.name}")

    async def rotate(self) -> None:
        """Replace the connection now, without a gap; returns when that is done.

        Raises why the next one could not be made: the present one goes on, and it is tried again. Where there
        is no connection at present, this waits for one. Raises `Misuse` when the stream is closed.
        """
        self.must_be_entered()
        if self.state is State.CLOSED or self.reading.line is None:
            raise Misuse("the stream is closed")
        await self._rotator.ask(self.reading.line)

    async def _run(self, line: Line | None) -> None:
        while line is not None:
            handover = Handover(line, lambda: self._dial(_nothing))
            work = (
                watch(line, self._desk.now_ms),
                self._rotator.run(line, handover, partial(self._switch, handover)),
            )
            tasks = [self._tasks.create_task(one, name=f"stream {self.name}: beside") for one in work]
            try:
                reason = await line.over
                await _ended(tasks)
                line = await self._succeed(line, handover, reason)
            except BaseException:
                await _ended(tasks)
                handover.abandon()
                raise

    def _switch(self, handover: Handover) -> None:
        """The next connection can tell all that the old one did not: it delivers from now on."""
        old, line = self.reading.line, handover.take()
        self.reading.line = line
        self._life.turn(Turn.ROTATED)
        line.release()
        if self.inbox.full:
            self.reading.pause()
        self._desk.teller.note(f"{self.name}: the connection was replaced by another, without a gap")
        self._rotator.settle()
        if old is not None:
            self._tasks.create_task(old.socket.close(), name=f"stream {self.name}: close")

    async def _succeed(self, line: Line, handover: Handover, reason: str) -> Line | None:
        """`line` is over: returns what takes its place. If it died while the next one was there already, that
        one, with a gap unless all had been told.
        """
        if handover.stage is Stage.SWITCHED:
            return handover.next
        line.socket.abort()  # where only the subscription ended
        if handover.in_reserve is None:
            return await self._reconnect(line, reason)
        if handover.complete and line.deaf_since_ms is None:
            self._switch(handover)
            return handover.next
        self._life.lost(line.lost_since_ms(_earliest_ms(self._desk), unit=self._unit), reason, 0)
        self._turned()
        self._life.turn(Turn.DUE)
        self._life.turn(Turn.CONNECTED)
        reserve = handover.take()
        self._begin(reserve)
        return reserve

    async def _reconnect(self, line: Line, reason: str) -> Line | None:
        since_ms, wait_ms = line.lost_since_ms(_earliest_ms(self._desk), unit=self._unit), 0.0
        while True:
            delay_ms = self._life.lost(since_ms, reason, self._entropy.uniform(), wait_ms)
            self._turned()
            await asyncio.sleep(delay_ms / 1000)
            self._life.turn(Turn.DUE)
            try:
                again = await self._dial(lambda: self._life.turn(Turn.CONNECTED))
            except PASSING as error:
                reason, wait_ms = str(error), asked_to_wait_ms(error, self._desk.now_ms())
            except Refused as error:
                self._life.turn(Turn.CLOSE)
                self.inbox.finish(error)
                self._rotator.settle(error)
                self._turned()
                return None
            else:
                self._begin(again)
                return again

    async def _dial(self, connected: Callable[[], None]) -> Line:
        """A connection whose subscription is acknowledged. Every connection of a stream is made here."""
        telling = self._desk.teller.hears_events()
        line = Line(self._deliver, connected, asked_ms=_earliest_ms(self._desk), telling=telling)
        line.carrier = await self._opener(line)
        return line

    def _begin(self, line: Line) -> None:
        """Be live on `line`, after telling the gap before it."""
        self.reading.line = line
        gap = self._life.live(self._desk.now_ms() + self._desk.clock.error_ms)
        if gap is not None:
            self._desk.teller.gap(self.name, gap.since_ms, gap.until_ms, gap.reason)
            self.feeds.announce(gap)
        self._turned()
        line.release()
        if self.inbox.full:
            self.reading.pause()  # the connection that was told before is gone
        self._rotator.settle()

    def _turned(self) -> None:
        for call in tuple(self.watchers):
            call(self.state)

    def _deliver(self, _: Route | None, event: Event) -> None:
        if self._reports.repeats(event):
            return
        self._desk.teller.event(event)
        route = self.feeds.routes.get(self.name.encode())
        if route is None:
            self.inbox.put(event)
        else:
            self.feeds.deliver(route, event)


async def _ended(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _nothing() -> None:
    """The next connection is made beside the one that is live."""


def _earliest_ms(desk: Desk) -> int:
    """It is that late at the exchange, or later: a gap may be told too long, never too short."""
    return desk.now_ms() - desk.clock.error_ms
