"""The server on real sockets: answers in order, refusals that arrive, patience with an end, a clean close."""

import asyncio
import json
import socket
from typing import Any

import pytest

from surefoot.errors import Misuse
from surefoot.net.http1 import ResponseParser
from surefoot.net.limits import Limits, Timeouts
from surefoot.net.listen import listen
from surefoot.net.websocket import dial_websocket
from surefoot.wire import Closed, HttpResponse
from tests.net.wires import App, Loops, Sink, Street, get, serving

LIMITS = Limits(max_head_bytes=512, max_body_bytes=1_000)


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


def test_pipelined_requests_are_answered_in_order(run: Loops, street: Street) -> None:
    app = App()

    async def story() -> None:
        async with serving(app, tls=street.server) as listener:
            caller = await Caller.call(listener.port, street)
            caller.writer.write(get("/slow") + get("/b", "POST", b"!") + get("/204") + get("/c"))
            await app.arrived.wait()
            assert [one.target for one in app.asked] == ["/slow"]
            app.gate.set()
            heard = [await caller.answer() for _ in range(4)]
            assert [one.body for one in heard] == [b"/slow", b"/b!", b"", b"/c"]
            await caller.hang_up()

    run(story())


@pytest.mark.parametrize("first", ["/a", "/slow"])
def test_nonsense_is_refused_in_its_turn(run: Loops, first: str) -> None:
    """What stands before the nonsense gets its own answer: a refusal in its place would be a lie."""
    app = App()

    async def story() -> None:
        async with serving(app) as listener:
            caller = await Caller.call(listener.port)
            caller.writer.write(get(first) + b"nonsense\r\n\r\n")
            await asyncio.sleep(0.01)
            app.gate.set()
            assert [(await caller.answer()).status for _ in range(2)] == [200, 400]
            assert await caller.ended()
            await caller.hang_up()

    run(story())


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/9.9\r\n\r\n", 400),
        (get("/", **{"X": "a" * 600}), 431),
        (b"GET /" + b"a" * 600, 431),
        (get("/", "POST", bytes(1_001)), 413),
        (get("/", "POST", bytes(3_000_000)), 413),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + b"200\r\n%b\r\n" % bytes(512) * 9, 413),
        (get("/", Connection="Upgrade", Upgrade="h2c"), 400),
        (get("/a") + get("/", Connection="Upgrade", Upgrade="websocket"), 400),
    ],
)
def test_refusals_arrive(run: Loops, street: Street, data: bytes, status: int) -> None:
    """Even while the other side is still talking; then the connection ends."""
    app = App()

    async def story() -> None:
        async with serving(app, tls=street.server, limits=LIMITS) as listener:
            caller = await Caller.call(listener.port, street)
            caller.writer.write(data)
            heard = await caller.answer()
            if data.startswith(get("/a")):
                heard = await caller.answer()
            assert heard.status == status
            assert heard.headers["connection"] == "close"
            assert heard.body
            if street.client is None:
                assert await caller.ended()
            await caller.hang_up()

    run(story())


@pytest.mark.parametrize("target", ["/boom", "/slow/boom", "/split"])
def test_a_failing_application_is_an_unknown_outcome(run: Loops, target: str) -> None:
    """500 and -1000, the loop is told, and the connection goes on."""
    app = App()
    app.gate.set()

    async def story() -> None:
        async with serving(app) as listener:
            caller = await Caller.call(listener.port)
            caller.writer.write(get(target) + get("/next"))
            heard = await caller.answer()
            assert heard.status == 500
            assert json.loads(heard.body)["code"] == -1000
            assert heard.headers["content-type"] == "application/json"
            assert (await caller.answer()).body == b"/next"
            await caller.hang_up()

    run(story(), told=1)
    assert "an answer failed" in run.told[0]["message"]


def upgrade(target: str = "/ws", method: str = "GET", **more: str) -> bytes:
    headers = {
        "Connection": "keep-alive, Upgrade",
        "Upgrade": "WebSocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    return get(target, method, **headers | more)


def test_a_failing_accept_is_an_unknown_outcome(run: Loops) -> None:
    async def story() -> None:
        async with serving(App()) as listener:
            caller = await Caller.call(listener.port)
            caller.writer.write(upgrade("/boom"))
            heard = await caller.answer()
            assert heard.status == 500
            assert json.loads(heard.body)["code"] == -1000
            assert await caller.ended()
            await caller.hang_up()

    run(story(), told=1)


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"Sec-WebSocket-Version": "8"}, 426),
        ({"Sec-WebSocket-Key": "short"}, 400),
        ({"Sec-WebSocket-Key": ""}, 400),
        ({"method": "DELETE"}, 400),
        ({"target": "/no"}, 403),
    ],
)
def test_handshakes_that_are_refused(run: Loops, street: Street, more: dict[str, str], status: int) -> None:
    app = App()

    async def story() -> None:
        async with serving(app, tls=street.server) as listener:
            caller = await Caller.call(listener.port, street)
            caller.writer.write(upgrade(**more))
            heard = await caller.answer()
            assert heard.status == status
            assert await caller.ended()
            assert app.echoes == []
            assert not listener._serving._sockets
            await caller.hang_up()

    run(story())


@pytest.mark.parametrize("step", [1, 1_000])
def test_a_browsers_handshake_with_a_frame_behind_it(run: Loops, street: Street, step: int) -> None:
    """The example of RFC 6455, section 1.3, in any pieces; ``Connection: keep-alive, Upgrade`` as browsers say."""
    app = App()

    async def story() -> None:
        async with serving(app, tls=street.server) as listener:
            caller = await Caller.call(listener.port, street)
            data = upgrade() + b"\x81\x82\0\0\0\0hi"
            for at in range(0, len(data), step):
                caller.writer.write(data[at : at + step])
                await asyncio.sleep(0)
            heard = await caller.reader.readuntil(b"\r\n\r\n")
            assert b"101 Switching" in heard
            assert b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in heard
            assert await caller.reader.readexactly(4) == b"\x81\x02hi"
            await caller.hang_up()

    run(story())


def test_a_connection_that_asks_to_be_closed(run: Loops, street: Street) -> None:
    async def story() -> None:
        async with serving(App(), tls=street.server) as listener:
            caller = await Caller.call(listener.port, street)
            caller.writer.write(get("/a", Connection="close"))
            assert (await caller.answer()).headers["connection"] == "close"
            assert await caller.ended()
            await caller.hang_up()

    run(story())


def test_a_silent_connection_is_closed(run: Loops, street: Street) -> None:
    async def story() -> None:
        async with serving(App(), tls=street.server, timeouts=Timeouts(idle_ms=10)) as listener:
            caller = await Caller.call(listener.port, street)
            caller.writer.write(get("/a"))
            assert (await caller.answer()).status == 200
            assert await caller.ended()
            await caller.hang_up()

    run(story())


def test_an_answer_may_take_longer_than_silence(run: Loops) -> None:
    app = App()

    async def story() -> None:
        async with serving(app, timeouts=Timeouts(idle_ms=5)) as listener:
            caller = await Caller.call(listener.port)
            caller.writer.write(get("/slow"))
            await asyncio.sleep(0.03)
            app.gate.set()
            assert (await caller.answer()).body == b"/slow"
            await caller.hang_up()

    run(story())


@pytest.mark.parametrize(
    "begin", [b"GET / HTTP/1.1\r\nY: ", b"POST / HTTP/1.1\r\nContent-Length: 9999\r\n\r\n"]
)
def test_a_request_in_drops_is_given_up(run: Loops, begin: bytes) -> None:
    async def story() -> None:
        timeouts = Timeouts(total_ms=20)
        async with serving(App(), timeouts=timeouts) as listener:
            caller = await Caller.call(listener.port)
            caller.writer.write(get("/a") + begin)
            assert (await caller.answer()).status == 200

            async def drip() -> None:
                while True:
                    caller.writer.write(b"X")
                    await asyncio.sleep(0.002)

            drops = asyncio.ensure_future(drip())
            assert (await caller.answer()).status == 408
            drops.cancel()
            await caller.hang_up()

    run(story())


def test_who_does_not_read_is_not_answered_without_end(run: Loops, street: Street) -> None:
    """The server's memory for one peer is bounded, and so are the requests it carries out unread."""
    app = App()

    async def story() -> None:
        async with serving(app, tls=street.server) as listener:
            caller = await Caller.call(listener.port, street)
            caller.writer.transport.pause_reading()
            asked = get("/a", "POST", bytes(100_000))
            for _ in range(400):
                caller.writer.write(asked)
            before = -1
            while before < len(app.asked):
                before = len(app.asked)
                await asyncio.sleep(0.03)
            assert 0 < before < 300
            (connection,) = listener._serving.connections
            assert connection.line._transport.get_write_buffer_size() < 2_000_000
            caller.writer.transport.resume_reading()
            for _ in range(400):
                assert len((await caller.answer()).body) == 100_002
            await caller.hang_up()

    run(story())


def test_a_crowd_of_requests_is_not_read_while_the_first_is_answered(run: Loops) -> None:
    app = App()

    async def story() -> None:
        async with serving(app) as listener:
            caller = await Caller.call(listener.port)
            for _ in range(500):
                caller.writer.write(get("/slow", "POST", bytes(20_000)))
            await app.arrived.wait()
            await asyncio.sleep(0.02)
            (connection,) = listener._serving.connections
            assert len(connection._waiting) < 200
            app.gate.set()
            for _ in range(500):
                assert (await caller.answer()).body == b"/slow"
            await caller.hang_up()

    run(story())


def test_uploads_arrive_whole(run: Loops, street: Street) -> None:
    app = App()

    async def story() -> None:
        async with serving(app, tls=street.server) as listener:
            caller = await Caller.call(listener.port, street)
            body = bytes(range(256)) * 20_000
            caller.writer.write(get("/", "POST", body))
            assert (await caller.answer()).body == b"/" + body
            await caller.hang_up()

    run(story())


def test_a_port_that_is_taken(run: Loops) -> None:
    async def story() -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            with pytest.raises(Misuse, match=rf"127\.0\.0\.1:{port}.*choose another port"):
                await listen(App(), port=port)
        with pytest.raises(Misuse, match="99999"):
            await listen(App(), port=99_999)

    run(story())


def test_closing_finishes_the_answer_under_way(run: Loops, street: Street) -> None:
    """The answer goes out, says that it is the last, and nobody is accepted any more."""
    app = App()

    async def story() -> None:
        listener = await listen(app, tls=street.server)
        idle, busy = [await Caller.call(listener.port, street) for _ in range(2)]
        busy.writer.write(get("/slow") + get("/never"))
        await app.arrived.wait()
        closing = asyncio.ensure_future(listener.close())
        assert await idle.ended()
        assert not closing.done()
        app.gate.set()
        heard = await busy.answer()
        assert heard.body == b"/slow"
        assert heard.headers["connection"] == "close"
        assert await busy.ended()
        for caller in (idle, busy):
            await caller.hang_up()
        await closing
        assert [one.target for one in app.asked] == ["/slow"]
        with pytest.raises(ConnectionError):
            await Caller.call(listener.port, street)
        await listener.close()

    run(story())


def test_closing_does_not_wait_longer_than_its_grace(run: Loops, street: Street) -> None:
    app = App()

    async def story() -> None:
        listener = await listen(app, tls=street.server)
        caller = await Caller.call(listener.port, street)
        caller.writer.write(get("/slow"))
        await app.arrived.wait()
        async with asyncio.timeout(5):
            await listener.close(grace_ms=5)
        assert app.at_once == 0
        with pytest.raises((ConnectionError, AssertionError)):
            await caller.answer()
        await caller.hang_up()

    run(story())


def test_closing_says_good_bye_to_websockets(run: Loops, street: Street) -> None:
    app, sink = App(), Sink()

    async def story() -> None:
        listener = await listen(app, tls=street.server)
        await dial_websocket(street.ws(listener.port), "/ws", sink, tls=street.client)
        await listener.close()
        assert await sink.end() == Closed(1001, "going away")
        assert (await app.echoes[0].end()).code == 1001

    run(story())


def test_nothing_is_left_of_connections_that_are_over(run: Loops, street: Street) -> None:
    async def story() -> None:
        async with serving(App(), tls=street.server) as listener:
            caller = await Caller.call(listener.port, street)
            caller.writer.write(get("/a"))
            await caller.answer()
            socket = await dial_websocket(street.ws(listener.port), "/", Sink(), tls=street.client)
            await socket.close()
            await caller.hang_up()
            serving_: Any = listener._serving
            while serving_.connections or serving_._sockets:
                await asyncio.sleep(0.001)

    run(story())
