"""A server for one application: HTTP/1.1 and WebSocket on one port, and a clean end."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from typing import Protocol

from surefoot.errors import Misuse
from surefoot.net.limits import Limits, Timeouts
from surefoot.net.serving import Serving
from surefoot.net.websocket import TextSink, WebSocket
from surefoot.wire import HttpRequest, HttpResponse


class Application(Protocol):
    """What a server serves. `peer` is the other side's address without its port."""

    def respond(self, request: HttpRequest, peer: str) -> HttpResponse | Awaitable[HttpResponse]:
        """Answer one request, at once or later."""
        ...

    def accept(self, request: HttpRequest, peer: str) -> HttpResponse | Callable[[WebSocket], TextSink]:
        """Refuse a WebSocket with an answer, or take it: the callable is given the open connection."""
        ...


class Listener:
    """A listening server. `port` is the real one when 0 was asked for."""

    def __init__(self, server: asyncio.Server, serving: Serving) -> None:
        self._server, self._serving = server, serving
        self.port: int = server.sockets[0].getsockname()[1]

    async def close(self, grace_ms: float = 1_000) -> None:
        """Stop accepting, finish what is being answered (up to `grace_ms`), say good-bye to WebSockets
        (1001).
        """
        self._server.close()
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
    """Serve `app`; raises `Misuse` when the address cannot be had."""
    serving = Serving(app, limits, timeouts, ping_every_ms, pong_timeout_ms)
    try:
        server = await asyncio.get_running_loop().create_server(serving.connection, host, port, ssl=tls)
    except OSError as error:
        text = f"cannot listen on {host}:{port}: {error.strerror or error}"
        raise Misuse(f"{text}; choose another port, or 0 for any free one") from None
    return Listener(server, serving)
