"""The server on real sockets: answers in order, refusals that arrive, patience with an end, a clean close."""

import asyncio
import json
import socket

import pytest

from surefoot.errors import Misuse
from surefoot.net.limits import Limits
from surefoot.net.listen import listen
from tests.net.wires import App, Caller, Loops, Street, get, serving

LIMITS = Limits(max_head_bytes=512, max_body_bytes=1_000)


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
    """The example of RFC 6455, section 1.3, in any pieces; ``Connection`` as browsers say it."""
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
        for port in (99_999, -1):
            with pytest.raises(Misuse, match=rf"127\.0\.0\.1:{port}: ports are 0"):
                await listen(App(), port=port)

    run(story())
