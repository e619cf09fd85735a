"""A server for one application: HTTP/1.1 and WebSocket on one port, and a clean end."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Coroutine
from typing import Protocol

from surefoot.errors import Misuse
from surefoot.net.endings import Broken
from surefoot.net.limits import Limits, Timeouts
from surefoot.net.pulse import Pulse
from surefoot.net.serving import HttpServerConnection
from surefoot.net.websocket import TextSink, WebSocket
from surefoot.wire import HttpRequest, HttpResponse

_GOING_AWAY = 1001
_TLS_END_S = 2.0  # so long the other side may take to end TLS
_PORTS = range(65_536)


class Application(Protocol):
    """What a server serves. `peer` is the other side's address without its port."""

    def respond(
        self, request: HttpRequest, peer: str
    ) -> HttpResponse | Broken | Awaitable[HttpResponse | Broken]:
        """Answer one request, at once or later; or leave it without a proper answer."""
        ...

    def accept(
        self, request: HttpRequest, peer: str
    ) -> HttpResponse | Broken | Callable[[WebSocket], TextSink]:
        """Refuse a WebSocket with an answer, or take it: the callable is given the open connection."""
        ...


class Serving:
    """All connections of one listener. `closing` once no more requests are taken."""

    def __init__(
        self,
        app: Application,
        limits: Limits,
        timeouts: Timeouts,
        ping_every_ms: float | None,
        pong_timeout_ms: float,
    ) -> None:
        self.app, self.limits, self.timeouts = app, limits, timeouts
        self._ping_every_ms, self._pong_timeout_ms = ping_every_ms, pong_timeout_ms
        self._loop = asyncio.get_running_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        self._sockets: set[WebSocket] = set()
        self._quiet = asyncio.Event()
        self.connections: set[HttpServerConnection] = set()
        self.closing = False

    def connection(self) -> HttpServerConnection:
        """A protocol for one accepted connection."""
        return HttpServerConnection(self)

    def forget(self, connection: HttpServerConnection) -> None:
        """A connection is over, or became a WebSocket."""
        self.connections.discard(connection)
        self._note_quiet()

    def websocket(self) -> WebSocket:
        """The server's end of a WebSocket, forgotten once it is over."""
        socket = WebSocket(Pulse(self._ping_every_ms, self._pong_timeout_ms, strict=True))
        self._sockets.add(socket)
        socket.on_over(lambda: self._sockets.discard(socket))
        return socket

    def start(self, answering: Coroutine[None, None, None]) -> None:
        """Let an answer be found while others are served."""
        task = self._loop.create_task(answering)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    async def close(self, grace_ms: float) -> None:
        """Finish what is being answered, then end every connection."""
        self.closing = True
        for connection in list(self.connections):
            connection.close()
        self._note_quiet()
        try:
            async with asyncio.timeout(grace_ms / 1000):
                await self._quiet.wait()
        except TimeoutError:
            await self._cut()
        await asyncio.gather(*(socket.close(_GOING_AWAY, "going away") for socket in list(self._sockets)))

    async def _cut(self) -> None:
        for task in self._tasks:
            task.cancel()
        for connection in list(self.connections):
            connection.line.abort()
        await asyncio.sleep(0)  # both tell their end in the next turn of the loop

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._note_quiet()

    def _note_quiet(self) -> None:
        if self.closing and not self.connections and not self._tasks:
            self._quiet.set()


class Listener:
    """A listening server. `port` is the real one when 0 was asked for."""

    def __init__(self, serving: Serving, host: str, port: int, tls: ssl.SSLContext | None) -> None:
        self._serving = serving
        self._host, self._tls = host, tls
        self._server: asyncio.Server | None = None
        self.port = port

    async def accept(self) -> None:
        """Listen, for the first time or again; raises `Misuse` when the address cannot be had."""
        if self._server is not None or self._serving.closing:
            return
        connect_s = self._serving.timeouts.connect_ms / 1000
        try:
            self._server = await asyncio.get_running_loop().create_server(
                self._serving.connection,
                self._host,
                self.port,
                ssl=self._tls,
                ssl_handshake_timeout=None if self._tls is None else connect_s,
                ssl_shutdown_timeout=None if self._tls is None else _TLS_END_S,
            )
        except OSError as error:
            text = f"cannot listen on {self._host}:{self.port}: {error.strerror or error}"
            raise Misuse(f"{text}; choose another port, or 0 for any free one") from None
        self.port = self._server.sockets[0].getsockname()[1]

    def refuse(self) -> None:
        """Let nobody in until `accept`; who is in stays."""
        server, self._server = self._server, None
        if server is not None:
            server.close()

    async def close(self, grace_ms: float = 1_000) -> None:
        """Stop accepting, finish what is being answered (up to `grace_ms`), say good-bye to WebSockets
        (1001).
        """
        self.refuse()
        await self._serving.close(grace_ms)


async def listen(
    app: Application,
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    tls: ssl.SSLContext | None = None,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    timeouts: Timeouts = Timeouts(),  # noqa: B008 - frozen
    ping_every_ms: float | None = 20_000,
    pong_timeout_ms: float = 60_000,
) -> Listener:
    """Serve `app`; raises `Misuse` when the address cannot be had.

    WebSockets are pinged every `ping_every_ms`; only pongs that carry a ping's payload are answers, and
    `pong_timeout_ms` without one is the end.
    """
    if port not in _PORTS:  # uvloop would take its last 16 bits
        raise Misuse(f"cannot listen on {host}:{port}: ports are 0 (any free one) to {_PORTS[-1]}")
    listener = Listener(Serving(app, limits, timeouts, ping_every_ms, pong_timeout_ms), host, port, tls)
    await listener.accept()
    return listener
