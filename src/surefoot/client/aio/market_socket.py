"""One connection of market streams: what comes is read by the name of its stream; control messages are
paced and acknowledged.
"""

import asyncio
import ssl
from collections.abc import Callable
from itertools import count

import msgspec

from surefoot.client.aio.dialling import dial_any
from surefoot.client.aio.feeds import Feeds, Route
from surefoot.client.desk import Desk
from surefoot.client.subscriptions import CONTROL_EVERY_MS, Change
from surefoot.codec import stream_messages
from surefoot.codec.answers import UNREADABLE
from surefoot.codec.stream_messages import Acknowledged, Wrapped
from surefoot.codec.streams import decode_stranger
from surefoot.errors import NoAnswer, NotDelivered, ProtocolViolation
from surefoot.net.websocket import WebSocket
from surefoot.spot.events import Event
from surefoot.wire import Closed

_ACKNOWLEDGED_MS = 10_000
_HEAD, _BETWEEN = len('{"stream":"'), len('","data":')


class Switchboard(msgspec.Struct, frozen=True):
    """Who is told: the `feeds` of events, and `lost` of the end."""

    feeds: Feeds
    lost: Callable[[str], None]


class MarketSocket:
    """A connection. Its events wait until `release`; `last` is the newest that was delivered."""

    def __init__(self, desk: Desk, told: Switchboard, *, raw: str | None = None) -> None:
        self._desk, self._told = desk, told
        self._routes, self._raw = told.feeds.routes, raw.encode() if raw else None
        self._held: list[tuple[Route, Event]] | None = []
        self._telling = desk.teller.hears_events()
        self._ids = count(1)
        self._asked: dict[int | str | None, asyncio.Future[Acknowledged]] = {}
        self._free_at = 0.0
        self._socket: WebSocket | None = None
        self.last: Event | None = None

    async def open(self, target: str, tls: ssl.SSLContext | None) -> WebSocket:
        """Connect; raises `CannotConnect`."""
        urls = self._desk.environment.urls("streams")
        self._socket = await dial_any(self._desk, urls, target, self, tls)
        return self._socket

    def release(self) -> None:
        """The stream is live: deliver what waited, and whatever comes from now on."""
        held, self._held = self._held or [], None
        for route, event in held:
            self._deliver(route, event)

    def on_text(self, data: bytes) -> None:
        """Something came. Nearly always it is an event of a stream, wrapped as the exchange wraps it."""
        end = data.find(b'"', _HEAD)
        route = self._routes.get(data[_HEAD:end])
        if route is None:
            self._on_rare(data)
            return
        try:
            event = route.decode(data[end + _BETWEEN : -1])
        except UNREADABLE:
            self._on_rare(data)
            return
        if self._held is not None or self._telling:
            self._deliver(route, event)
            return
        self.last = event
        try:
            route.deliver(event)  # as `_deliver` does: here every call counts
        except Exception as error:
            self._told.feeds.failed(route, error)

    def on_closed(self, closed: Closed) -> None:
        """The connection is over."""
        reason = f"the WebSocket was closed: {closed.code} {closed.reason}".rstrip()
        for answer in self._asked.values():
            if not answer.done():
                answer.set_exception(NoAnswer(f"nobody acknowledged the subscription: {reason}"))
        self._told.lost(reason)

    async def ask(self, change: Change) -> Acknowledged:
        """Send a control message once there is room for it, and wait for its answer; raises `NoAnswer`."""
        loop = asyncio.get_running_loop()
        wait_s = self._free_at - loop.time()
        if wait_s > 0:
            await asyncio.sleep(wait_s)
        self._free_at = loop.time() + CONTROL_EVERY_MS / 1000
        id = next(self._ids)
        answer: asyncio.Future[Acknowledged] = loop.create_future()
        self._asked[id] = answer
        try:
            if self._socket is None:
                raise AssertionError("asked before open()")
            self._socket.send(stream_messages.control(change.method, change.names, id))
            async with asyncio.timeout(_ACKNOWLEDGED_MS / 1000):
                return await answer
        except NotDelivered as error:
            raise NoAnswer(str(error)) from None
        except TimeoutError:
            raise NoAnswer(f"no answer to a subscription within {_ACKNOWLEDGED_MS} ms") from None
        finally:
            del self._asked[id]

    def _deliver(self, route: Route, event: Event) -> None:
        if self._held is not None:
            self._held.append((route, event))
            return
        if self._telling:
            self._desk.teller.event(event)
        self.last = event
        self._told.feeds.deliver(route, event)

    def _on_rare(self, data: bytes) -> None:
        """An answer, an event of the connection itself, one whose form is unusual, or nonsense."""
        try:
            message = None if self._raw and not self._asked else stream_messages.decode(data)
            if isinstance(message, Acknowledged):
                self._settle(message)
            elif isinstance(message, Wrapped):
                self._read(message.stream.encode(), message.data)
            elif self._raw is not None:
                self._read(self._raw, data)
            else:
                self._told.feeds.announce(decode_stranger(data, ValueError("without its stream")))
        except ProtocolViolation as error:
            self._desk.teller.nonsense(str(error))
            raise

    def _read(self, name: bytes, data: bytes) -> None:
        route = self._routes.get(name)
        try:
            if route is not None:
                self._deliver(route, route.decode(data))
            elif name == b"!serverShutdown":
                self._told.feeds.announce(decode_stranger(data, ValueError("no such event")))
        except UNREADABLE as error:
            self._told.feeds.announce(decode_stranger(data, error))

    def _settle(self, answer: Acknowledged) -> None:
        waiting = self._asked.get(answer.id)
        if waiting is not None and not waiting.done():
            waiting.set_result(answer)
