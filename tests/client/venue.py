"""A venue of market streams that does what a test says: it acknowledges, refuses, keeps quiet, tells."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from surefoot.net.listen import Listener, listen
from surefoot.net.websocket import TextSink, WebSocket
from surefoot.spot.environments import Environment, local
from surefoot.wire import Closed, HttpRequest, HttpResponse


class Venue:
    """Counts its connections and keeps what they ask; refuses `unknown` streams, and targets that name one
    of the `refused`; `silent`, says nothing.
    """

    def __init__(self) -> None:
        self.targets: list[str] = []
        self.asked: list[tuple[float, dict[str, Any]]] = []
        self.sockets: list[WebSocket] = []
        self.carried: list[str] = []
        self.unknown: set[str] = set()
        self.refused: set[str] = set()
        self.silent = False
        self.changed = asyncio.Event()

    def respond(self, request: HttpRequest, peer: str) -> HttpResponse:
        return HttpResponse(404, {}, b"")

    def accept(self, request: HttpRequest, peer: str) -> HttpResponse | Callable[[WebSocket], TextSink]:
        self.targets.append(request.target)
        parts = urlsplit(request.target)
        named = parse_qs(parts.query).get("streams", [unquote(parts.path.removeprefix("/ws/"))])[0]
        self.carried = [name for name in named.split("/") if "@" in name]
        if self.refused.intersection(self.carried):
            return HttpResponse(400, {}, b"")
        return self._sink

    def _sink(self, socket: WebSocket) -> TextSink:
        self.sockets.append(socket)
        self._wake()
        return _Sink(self, socket)

    def answer(self, socket: WebSocket, message: dict[str, Any]) -> None:
        self.asked.append((asyncio.get_running_loop().time(), message))
        self._wake()
        if self.silent:
            return
        wrong = self.unknown.intersection(message["params"])
        if wrong:
            self.say({"code": 2, "msg": f"unknown stream {sorted(wrong)[0]}", "id": message["id"]})
            return
        if message["method"] == "SUBSCRIBE":
            self.carried += message["params"]
        else:
            self.carried = [name for name in self.carried if name not in message["params"]]
        self.say({"result": None, "id": message["id"]})

    def say(self, message: Any) -> None:
        """To the newest connection."""
        self.sockets[-1].send(json.dumps(message, separators=(",", ":"), ensure_ascii=False).encode())

    def tell(self, stream: str, data: Any) -> None:
        """An event, wrapped as the exchange wraps it."""
        self.say({"stream": stream, "data": data})

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait until somebody asked, or connected, so that this is true."""
        async with asyncio.timeout(20):
            while not true():
                await self.changed.wait()

    def _wake(self) -> None:
        self.changed.set()
        self.changed = asyncio.Event()


class _Sink:
    def __init__(self, venue: Venue, socket: WebSocket) -> None:
        self._venue, self._socket = venue, socket

    def on_text(self, data: bytes) -> None:
        self._venue.answer(self._socket, json.loads(data))

    def on_closed(self, closed: Closed) -> None:
        pass


@asynccontextmanager
async def opened() -> AsyncIterator[tuple[Venue, Environment]]:
    venue = Venue()
    listener: Listener = await listen(venue)
    at = f"//127.0.0.1:{listener.port}"
    try:
        yield venue, local(f"http:{at}", f"ws:{at}/ws-api/v3", f"ws:{at}")
    finally:
        await listener.close()
