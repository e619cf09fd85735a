"""Real sockets on asyncio's loop and on uvloop, in the plain and over TLS; peers that say what they must."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from typing import Any, NamedTuple

import pytest

from surefoot.net.http1 import ResponseParser, header_block, request_bytes
from surefoot.net.listen import Listener, listen
from surefoot.net.tls import client_context, server_context
from surefoot.net.websocket import WebSocket
from surefoot.wire import Closed, HttpRequest, HttpResponse, Lost, Origin

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"

Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def eventually(done: Callable[[], object]) -> None:
    """Wait for what no event tells: the state of something that a test looks at from outside."""
    while not done():  # noqa: ASYNC110 - the test's own time-out ends it
        await asyncio.sleep(0.001)


class Loops:
    """Runs a story on one kind of loop; `told` is what the loop's exception handler was told."""

    def __init__(self, factory: Callable[[], asyncio.AbstractEventLoop]) -> None:
        self._factory = factory
        self.told: list[dict[str, Any]] = []

    def __call__(self, story: Coroutine[Any, Any, None], *, told: int = 0) -> None:
        with asyncio.Runner(loop_factory=self._factory) as runner:
            runner.get_loop().set_exception_handler(lambda _, context: self.told.append(context))
            runner.run(story)
        assert len(self.told) == told, self.told


@pytest.fixture(params=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Loops:
    if request.param == "asyncio":
        return Loops(asyncio.new_event_loop)
    return Loops(pytest.importorskip("uvloop").new_event_loop)


class Street(NamedTuple):
    """Plain or TLS: what a server and a client need for it."""

    server: ssl.SSLContext | None
    client: ssl.SSLContext | None

    def http(self, port: int) -> Origin:
        return Origin("https" if self.client else "http", "127.0.0.1", port)

    def ws(self, port: int) -> Origin:
        return Origin("wss" if self.client else "ws", "127.0.0.1", port)


@pytest.fixture(params=["plain", "tls"])
def street(request: pytest.FixtureRequest) -> Street:
    if request.param == "plain":
        return Street(None, None)
    files = request.getfixturevalue("certificates")
    return Street(server_context(files.cert, files.key), client_context(files.ca))


class Sink:
    """Remembers what it hears."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.ends: list[Closed] = []
        self._news = asyncio.Event()

    def on_text(self, data: bytes) -> None:
        self.heard.append(data)
        self._news.set()

    def on_closed(self, closed: Closed) -> None:
        self.ends.append(closed)
        self._news.set()

    async def until(self, count: int) -> list[bytes]:
        await self._wait(lambda: len(self.heard) >= count)
        return self.heard

    async def end(self) -> Closed:
        await self._wait(lambda: bool(self.ends))
        await asyncio.sleep(0)  # a second end would come now
        (closed,) = self.ends
        return closed

    async def _wait(self, done: Callable[[], bool]) -> None:
        while not done():
            self._news.clear()
            await self._news.wait()


class Echo(Sink):
    """A server's sink that says everything again."""

    def __init__(self, socket: WebSocket) -> None:
        super().__init__()
        self.socket = socket

    def on_text(self, data: bytes) -> None:
        super().on_text(data)
        self.socket.send(data)


class App:
    """Counts connections by nothing but their requests; `/slow` waits for `gate`, `/boom` fails."""

    def __init__(self) -> None:
        self.asked: list[HttpRequest] = []
        self.echoes: list[Echo] = []
        self.gate = asyncio.Event()
        self.arrived = asyncio.Event()
        self.at_once = self.most_at_once = 0

    def respond(self, request: HttpRequest, peer: str) -> HttpResponse | Awaitable[HttpResponse]:
        assert peer == "127.0.0.1"
        self.asked.append(request)
        if request.target.startswith("/slow"):
            return self._later(request)
        if request.target == "/boom":
            raise ValueError("the application fell over")
        if request.target == "/split":
            return HttpResponse(200, {"X": "a\r\nSet-Cookie: b"}, b"")
        return HttpResponse(
            204 if request.target == "/204" else 200, {}, request.target.encode() + request.body
        )

    async def _later(self, request: HttpRequest) -> HttpResponse:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.arrived.set()
        try:
            await self.gate.wait()
        finally:
            self.at_once -= 1
        if request.target == "/slow/boom":
            raise ValueError("the application fell over, later")
        return HttpResponse(200, {}, request.target.encode())

    def accept(self, request: HttpRequest, peer: str) -> HttpResponse | Callable[[WebSocket], Sink]:
        if request.target == "/no":
            return HttpResponse(403, {"Retry-After": "7"}, b"no")
        if request.target == "/boom":
            raise ValueError("the application fell over")
        return self._echo

    def _echo(self, socket: WebSocket) -> Echo:
        self.echoes.append(Echo(socket))
        return self.echoes[-1]


@contextlib.asynccontextmanager
async def serving(app: App, **options: Any) -> AsyncIterator[Listener]:
    listener = await listen(app, **options)
    try:
        yield listener
    finally:
        await listener.close(grace_ms=0)


@contextlib.asynccontextmanager
async def peer(script: Script, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """A server that follows `script` with every connection; gives its port."""
    playing: list[tuple[asyncio.Task[None] | None, asyncio.StreamWriter]] = []

    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        playing.append((asyncio.current_task(), writer))
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await script(reader, writer)

    server = await asyncio.start_server(play, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task, writer in playing:
            writer.transport.abort()
            if task is not None:
                task.cancel()
        await asyncio.sleep(0.005)


def get(target: str = "/a", method: str = "GET", body: bytes = b"", **headers: str) -> bytes:
    return request_bytes(method, target, header_block({"Host": "h", **headers}), body)


class Caller:
    """A raw client that reads responses one by one."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self._rest = b""

    @classmethod
    async def call(cls, port: int, street: Street | None = None) -> "Caller":
        tls = street.client if street else None
        return cls(*await asyncio.open_connection("127.0.0.1", port, ssl=tls))

    async def answer(self) -> HttpResponse:
        """The next response: the head's length tells where the next begins."""
        while b"\r\n\r\n" not in self._rest:
            self._rest += await self._more()
        head, _, rest = self._rest.partition(b"\r\n\r\n")
        length = next((int(line[15:]) for line in head.split(b"\r\n") if line[:15] == b"Content-Length:"), 0)
        while len(rest) < length:
            rest += await self._more()
        self._rest = rest[length:]
        heard = ResponseParser().feed(head + b"\r\n\r\n" + rest[:length])
        assert heard is not None
        return heard

    async def _more(self) -> bytes:
        data = await self.reader.read(65_536)
        assert data, "the server closed the connection"
        return data

    async def ended(self) -> bool:
        return self._rest + await self.reader.read() == b""

    async def hang_up(self) -> None:
        self.writer.transport.abort()
        await asyncio.sleep(0)


def body_of(heard: HttpResponse | Lost) -> bytes:
    assert isinstance(heard, HttpResponse), heard
    return heard.body
