"""The server's side of connections: requests answered in order, WebSockets handed to picows."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable
from typing import TYPE_CHECKING, cast

import picows
from picows.picows import WSProtocol  # type: ignore[attr-defined]

from surefoot.errors import ProtocolViolation
from surefoot.net.http1 import Arrival, RequestParser, TooLarge, encode_response
from surefoot.net.limits import Limits, Timeouts
from surefoot.net.websocket import Frames, WebSocket
from surefoot.wire import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from surefoot.net.listen import Application

_GOING_AWAY = 1001
_JSON = {"Content-Type": "application/json"}
_UNKNOWN = b'{"code":-1000,"msg":"An unknown error occurred while processing the request."}'
_LOGGER = logging.getLogger("surefoot.net")


class Serving:
    """All connections of one listener."""

    def __init__(
        self,
        app: "Application",
        limits: Limits,
        timeouts: Timeouts,
        ping_every_ms: float | None,
        pong_timeout_ms: float,
    ) -> None:
        self.app, self.limits, self.timeouts = app, limits, timeouts
        self._ping_every_ms, self._pong_timeout_ms = ping_every_ms, pong_timeout_ms
        self.connections: set[HttpServerConnection] = set()
        self.sockets: set[WebSocket] = set()
        self.tasks: set[asyncio.Task[None]] = set()

    def connection(self) -> "HttpServerConnection":
        """A protocol for one accepted connection."""
        return HttpServerConnection(self)

    def websocket(self) -> WebSocket:
        """The server's end of a WebSocket, forgotten once it is over."""
        socket = WebSocket(self.limits, self._ping_every_ms, self._pong_timeout_ms)
        self.sockets.add(socket)
        socket.on_over(lambda: self.sockets.discard(socket))
        return socket

    async def close(self, grace_ms: float) -> None:
        """Finish what is being answered, then end every connection."""
        if self.tasks:
            _, late = await asyncio.wait(self.tasks, timeout=grace_ms / 1000)
            for task in late:
                task.cancel()
        for connection in list(self.connections):
            connection.close()
        farewells = [socket.close(_GOING_AWAY, "going away") for socket in list(self.sockets)]
        await asyncio.gather(*farewells)
        await asyncio.sleep(0)


class HttpServerConnection(asyncio.Protocol):
    """One accepted connection, until it ends or becomes a WebSocket."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving
        self._loop = asyncio.get_running_loop()
        self._parser = RequestParser(serving.limits)
        self._waiting: deque[Arrival] = deque()
        self._answering = False
        self._raw = b""
        self._active_at = self._loop.time()
        self._timer: asyncio.TimerHandle | None = None
        self._transport: asyncio.Transport | None = None
        self._peer = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are transports by behaviour only
        peer = self._transport.get_extra_info("peername")
        self._peer = str(peer[0]) if peer else ""
        self._serving.connections.add(self)
        self._watch()

    def _watch(self) -> None:
        """Close the connection once it has been silent for too long."""
        idle_s = self._serving.timeouts.idle_ms / 1000
        due = self._active_at + idle_s
        if self._loop.time() >= due and not self._answering:
            self.close()
            return
        self._timer = self._loop.call_at(max(due, self._loop.time() + idle_s / 10), self._watch)

    def data_received(self, data: bytes) -> None:
        self._active_at = self._loop.time()
        self._raw += data
        try:
            arrived = self._parser.feed(data)
        except TooLarge as error:
            self._refuse(error.status, str(error))
            return
        except ProtocolViolation as error:
            self._refuse(400, str(error))
            return
        if arrived and arrived[-1].upgrade:
            self._upgrade(arrived)
            return
        if arrived:
            self._raw = b""
            self._waiting.extend(arrived)
            self._answer_next()

    def _answer_next(self) -> None:
        while self._waiting and not self._answering:
            arrival = self._waiting.popleft()
            try:
                answer = self._serving.app.respond(arrival.request, self._peer)
            except Exception as error:
                answer = self._failed(error)
            if isinstance(answer, HttpResponse):
                self._write(answer, arrival)
            else:
                self._answering = True
                task = self._loop.create_task(self._answer_later(answer, arrival))
                self._serving.tasks.add(task)
                task.add_done_callback(self._serving.tasks.discard)

    async def _answer_later(self, answer: Awaitable[HttpResponse], arrival: Arrival) -> None:
        try:
            response = await answer
        except Exception as error:
            response = self._failed(error)
        self._answering = False
        self._write(response, arrival)
        self._answer_next()

    def _failed(self, error: Exception) -> HttpResponse:
        """A defect of the application: told to the loop, and to the peer as an unknown outcome."""
        self._loop.call_exception_handler({"message": "an answer failed", "exception": error})
        return HttpResponse(500, _JSON, _UNKNOWN)

    def _write(self, response: HttpResponse, arrival: Arrival) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        head_only = arrival.request.method == "HEAD"
        self._transport.write(encode_response(response, arrival.keep_alive, head_only=head_only))
        if not arrival.keep_alive:
            self._transport.close()

    def _refuse(self, status: int, text: str) -> None:
        if self._transport is not None:
            body = text.encode()
            self._transport.write(encode_response(HttpResponse(status, {}, body), keep_alive=False))
            self._transport.close()

    def _upgrade(self, arrived: list[Arrival]) -> None:
        request = arrived[-1].request
        if len(arrived) > 1 or self._waiting or self._answering:
            self._refuse(400, "a WebSocket handshake cannot be pipelined")
        elif request.headers.get("upgrade", "").lower() != "websocket":
            self._refuse(400, f"cannot upgrade to {request.headers.get('upgrade')!r}")
        else:
            self._accept(request)

    def _accept(self, request: HttpRequest) -> None:
        answer = self._serving.app.accept(request, self._peer)
        if isinstance(answer, HttpResponse):
            self._write(answer, Arrival(request, keep_alive=False))
            return
        transport, self._transport = self._transport, None
        assert transport is not None
        self._leave()
        socket = self._serving.websocket()
        frames = Frames(socket, answer, self._serving.limits)
        protocol = _server_protocol(frames, self._serving)
        transport.set_protocol(protocol)
        protocol.connection_made(transport)
        _replay(protocol, self._raw)

    def _leave(self) -> None:
        self._serving.connections.discard(self)
        if self._timer is not None:
            self._timer.cancel()

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._leave()

    def close(self) -> None:
        """End the connection once what is written has left."""
        if self._transport is not None:
            self._transport.close()


def _server_protocol(frames: Frames, serving: Serving) -> WSProtocol:
    """picows' server role, as its own `ws_create_server` builds it."""
    return WSProtocol(
        None,
        None,
        False,  # not the client's side
        lambda _request: frames,
        _LOGGER,
        True,  # a defect in a callback ends the connection
        serving.timeouts.connect_ms / 1000,
        False,  # pings are ours: picows wants the pong sooner than the next ping
        10,
        10,
        picows.WSAutoPingStrategy.PING_PERIODICALLY,
        True,  # answers pings
        serving.limits.max_message_bytes,
        None,
        16_384,
    )


def _replay(protocol: WSProtocol, data: bytes) -> None:
    """Hand over what had been read before the protocol changed."""
    view = memoryview(data)
    while view:
        buffer = protocol.get_buffer(len(view))
        size = min(len(buffer), len(view))
        buffer[:size] = view[:size]
        protocol.buffer_updated(size)
        view = view[size:]
