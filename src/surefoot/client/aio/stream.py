"""A stream that lives: connects, subscribes, tells events, reconnects with jitter, and owns up to its
gaps.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Protocol, Self

from surefoot.client.aio.feeds import Callback, Feeds
from surefoot.client.aio.inbox import Inbox
from surefoot.client.desk import Desk
from surefoot.client.streams import State, StreamLife, Turn, asked_to_wait_ms
from surefoot.codec.streams import decode_user_event
from surefoot.errors import (
    Banned,
    CannotConnect,
    Misuse,
    NoAnswer,
    ProtocolViolation,
    RateLimited,
    Refused,
    StaleTimestamp,
)
from surefoot.net.websocket import WebSocket
from surefoot.spot.events import Event, EventStreamTerminated
from surefoot.world import Entropy


class Ear(Protocol):
    """Who listens to one connection. What is heard before the stream is live waits until it is."""

    def heard(self, event: Event) -> None: ...
    def lost(self, reason: str) -> None: ...
    def when_live(self, call: Callable[[], None]) -> None: ...


Opener = Callable[[Ear], Awaitable[WebSocket]]
"""Connects and subscribes; returns once the subscription is acknowledged."""

_CAPACITY = 10_000
_PASSING = (CannotConnect, NoAnswer, ProtocolViolation, RateLimited, Banned, StaleTimestamp)


class _Connection:
    """One life of a stream: holds events back until the stream is live, then hands them on."""

    def __init__(self, deliver: Callable[[Event], None]) -> None:
        self._deliver = deliver
        self._held: list[Event] | None = []
        self._waiting: list[Callable[[], None]] = []
        self.over: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def heard(self, event: Event) -> None:
        if self._held is None:
            self._deliver(event)
        else:
            self._held.append(event)
        if isinstance(event, EventStreamTerminated):
            self.lost("the exchange ended the subscription")

    def lost(self, reason: str) -> None:
        if not self.over.done():
            self.over.set_result(reason)

    def when_live(self, call: Callable[[], None]) -> None:
        self._waiting.append(call)

    def release(self) -> None:
        held, self._held = self._held or [], None
        for event in held:
            self._deliver(event)
        for call in self._waiting:
            call()


class EventStream:
    """An asynchronous iterator of events. Enter it before the first order: it is live once entered.

    After every interruption it tells a `Gap` before anything else. It ends only when it is closed, or when
    the exchange refuses the subscription for good; then iterating raises that refusal.

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
    ) -> None:
        self.name = name
        self._opener, self._desk, self._entropy = opener, desk, entropy
        self._life = StreamLife()
        self.watchers: list[Callable[[State], None]] = []
        self._paused_at_ms: int | None = None
        self._socket: WebSocket | None = None
        self._last_heard_ms = desk.now_ms()
        self.inbox: Inbox[Event] = Inbox(capacity, on_full=self._pause, on_drained=self._resume)
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
        since = [at for at in (self._life.deaf_since_ms, self._paused_at_ms) if at is not None]
        return min(since, default=None)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name}, {self.state})"

    async def __aenter__(self) -> Self:
        if self._entered:
            raise Misuse("a stream is entered once; make a new one")
        self._entered = True
        await self._tasks.__aenter__()
        try:
            connection = await self._connect()
        except BaseException:
            await self._tasks.__aexit__(None, None, None)  # with the error it would be raised in a group
            raise
        self._running = self._tasks.create_task(self._run(connection), name=f"stream {self.name}")
        return self

    async def __aexit__(self, *_: object) -> None:
        self._life.turn(Turn.CLOSE)
        self.inbox.finish(StopAsyncIteration())
        if self._running is not None:
            self._running.cancel()
        if self._socket is not None and self._socket.closed is None:
            await self._socket.close()
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

    async def _connect(self) -> _Connection:
        connection = _Connection(self._deliver)
        self._socket = await self._opener(connection)
        self._life.turn(Turn.CONNECTED)
        self._last_heard_ms = self._desk.now_ms()
        gap = self._life.live(self._last_heard_ms)
        if gap is not None:
            self._desk.teller.gap(self.name, gap.since_ms, gap.until_ms, gap.reason)
            self.feeds.announce(gap)
        self._turned()
        connection.release()
        if self.inbox.full:
            self._pause()  # the connection that was told before is gone
        return connection

    async def _run(self, connection: _Connection) -> None:
        while True:
            reason = await connection.over
            again = await self._reconnect(reason)
            if again is None:
                return
            connection = again

    async def _reconnect(self, reason: str) -> _Connection | None:
        if self._socket is not None:
            self._socket.abort()  # where only the subscription ended
        wait_ms = 0.0
        while True:
            delay_ms = self._life.lost(self._heard_ms(), reason, self._entropy.uniform(), wait_ms)
            self._turned()
            await asyncio.sleep(delay_ms / 1000)
            self._life.turn(Turn.DUE)
            try:
                return await self._connect()
            except _PASSING as error:
                reason, wait_ms = str(error), asked_to_wait_ms(error, self._desk.now_ms())
            except Refused as error:
                self._life.turn(Turn.CLOSE)
                self.inbox.finish(error)
                self._turned()
                return None

    def _heard_ms(self) -> int:
        """When the stream was last known to hear everything."""
        return self._last_heard_ms

    def _turned(self) -> None:
        for call in tuple(self.watchers):
            call(self.state)

    def _deliver(self, event: Event) -> None:
        self._last_heard_ms = self._desk.now_ms()
        self._desk.teller.event(event)
        route = self.feeds.routes.get(self.name.encode())
        if route is None:
            self.inbox.put(event)
        else:
            self.feeds.deliver(route, event)

    def _pause(self) -> None:
        self._paused_at_ms = self._paused_at_ms or self._desk.now_ms()
        if self._socket is not None and self._socket.closed is None:
            self._socket.pause()

    def _resume(self) -> None:
        self._paused_at_ms = None
        if self._socket is not None and self._socket.closed is None:
            self._socket.resume()
