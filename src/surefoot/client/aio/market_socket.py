"""One connection of market streams: what comes is read by the name of its stream; control messages are
paced and acknowledged.
"""

import asyncio
import ssl
from itertools import count

from surefoot.client.aio.dialling import dial_any
from surefoot.client.aio.feeds import RAISED, Feeds, Route
from surefoot.client.aio.line import Line
from surefoot.client.desk import Desk
from surefoot.client.subscriptions import CONTROL_EVERY_MS, Change
from surefoot.codec import stream_messages
from surefoot.codec.answers import UNREADABLE
from surefoot.codec.stream_messages import Acknowledged, Wrapped
from surefoot.codec.streams import decode_stranger
from surefoot.errors import NoAnswer, NotDelivered, ProtocolViolation
from surefoot.net.websocket import WebSocket
from surefoot.wire import Closed

_ACKNOWLEDGED_MS = 10_000
_HEAD, _BETWEEN = len('{"stream":"'), len('","data":')


class MarketSocket:
    """A connection. What it says of the streams of `feeds` goes to `line`, or straight to its route."""

    def __init__(self, desk: Desk, feeds: Feeds, line: Line, *, raw: str | None = None) -> None:
        self._desk, self._feeds, self._line = desk, feeds, line
        self._routes, self._raw = feeds.routes, raw.encode() if raw else None
        self._ids = count(1)
        self._asked: dict[int | str | None, asyncio.Future[Acknowledged]] = {}
        self._free_at = 0.0
        self._socket: WebSocket | None = None

    @property
    def socket(self) -> WebSocket:
        """The open connection."""
        if self._socket is None:
            raise AssertionError("used before open()")
        return self._socket

    async def open(self, target: str, tls: ssl.SSLContext | None) -> WebSocket:
        """Connect; raises `CannotConnect`."""
        urls = self._desk.environment.urls("streams")
        self._socket = await dial_any(self._desk, urls, target, self, tls)
        return self._socket

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
        except RAISED as error:
            self._failed(route, error)
            return
        line = self._line
        if not line.plain:
            line.heard(event, route, data[end + _BETWEEN : -1] if route.own else None)
            return
        line.last = event
        try:
            route.deliver(event)  # as the line does: here every call counts
        except RAISED as error:
            self._feeds.failed(route, error)

    def on_closed(self, closed: Closed) -> None:
        """The connection is over."""
        reason = f"the WebSocket was closed: {closed.code} {closed.reason}".rstrip()
        for answer in self._asked.values():
            if not answer.done():
                answer.set_exception(NoAnswer(f"nobody acknowledged the subscription: {reason}"))
        self._line.lost(reason)

    async def ask(self, change: Change) -> Acknowledged:
        """Send a control message once there is room for it, and wait for its answer; raises `NoAnswer`."""
        loop = asyncio.get_running_loop()
        turn_at = max(loop.time(), self._free_at)
        self._free_at = turn_at + CONTROL_EVERY_MS / 1000
        if turn_at > loop.time():
            await asyncio.sleep(turn_at - loop.time())
        id = next(self._ids)
        answer: asyncio.Future[Acknowledged] = loop.create_future()
        self._asked[id] = answer
        try:
            self.socket.send(stream_messages.control(change.method, change.names, id))
            async with asyncio.timeout(_ACKNOWLEDGED_MS / 1000):
                return await answer
        except NotDelivered as error:
            raise NoAnswer(str(error)) from None
        except TimeoutError:
            raise NoAnswer(f"no answer to a subscription within {_ACKNOWLEDGED_MS} ms") from None
        finally:
            del self._asked[id]

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
                self._line.heard(decode_stranger(data, ValueError("without its stream")))
        except ProtocolViolation as error:
            self._desk.teller.nonsense(str(error))
            raise

    def _read(self, name: bytes, data: bytes) -> None:
        route = self._routes.get(name)
        try:
            if route is not None:
                self._line.heard(route.decode(data), route, data if route.own else None)
            elif name == b"!serverShutdown":
                self._line.heard(decode_stranger(data, ValueError("no such event")))
        except UNREADABLE as error:
            self._stranger(route, data, error)
        except RAISED as error:
            self._failed(route, error)

    def _stranger(self, route: Route | None, data: bytes, error: Exception) -> None:
        try:
            event = decode_stranger(data, error)
        except ProtocolViolation:
            if route is None or not route.own:
                raise
            self._feeds.unread(route, error)  # the exchange is not to blame
        else:
            self._line.heard(event)

    def _failed(self, route: Route | None, error: BaseException) -> None:
        if route is None or not route.own:
            raise error
        self._feeds.unread(route, error)

    def _settle(self, answer: Acknowledged) -> None:
        waiting = self._asked.get(answer.id)
        if waiting is not None and not waiting.done():
            waiting.set_result(answer)
