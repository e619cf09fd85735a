"""WebSockets on real sockets, our client and our server, and peers that break the rules."""

import asyncio
import base64
import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surefoot.errors import CannotConnect, NotDelivered, ProtocolViolation
from surefoot.net.limits import Limits, Timeouts
from surefoot.net.websocket import WebSocket, dial_websocket
from surefoot.wire import Closed, HttpRequest, Origin
from tests.net.wires import App, Echo, Loops, Sink, Street, get, peer, serving

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
SMALL = Limits(max_message_bytes=1_000)
TEXT, CONTINUATION, CLOSE, PING, PONG = 1, 0, 8, 9, 10


def frame(kind: int, payload: bytes = b"", *, fin: bool = True, masked: bool = False) -> bytes:
    """One frame by the book (RFC 6455, section 5.2); the mask is zero."""
    size, bit = len(payload), 0x80 if masked else 0
    if size < 126:
        length = bytes([bit | size])
    elif size < 65_536:
        length = bytes([bit | 126]) + size.to_bytes(2, "big")
    else:
        length = bytes([bit | 127]) + size.to_bytes(8, "big")
    return bytes([0x80 * fin | kind]) + length + (b"\0\0\0\0" if masked else b"") + payload


def close_frame(code: int, reason: bytes = b"", *, masked: bool = False) -> bytes:
    return frame(CLOSE, code.to_bytes(2, "big") + reason, masked=masked)


def ws_peer(talk: Talk) -> Any:
    """A server that shakes hands and then follows `talk`."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        key = next(line[19:] for line in head.split(b"\r\n") if line.lower().startswith(b"sec-websocket-key"))
        proof = base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
        writer.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + proof + b"\r\n\r\n"
        )
        await talk(reader, writer)

    return peer(script)


async def ignore(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    while await reader.read(65_536):
        pass


def saying(*frames: bytes) -> Talk:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for one in frames:
            writer.write(one)
            await asyncio.sleep(0)
        await ignore(reader, writer)

    return talk


async def dial(port: int, sink: Sink, **options: Any) -> WebSocket:
    return await dial_websocket(Origin("ws", "127.0.0.1", port), "/ws", sink, **options)


async def caller(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A raw client after its handshake."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    key = base64.b64encode(bytes(16)).decode()
    asked = {"Connection": "Upgrade", "Upgrade": "websocket"}
    writer.write(get("/ws", **asked, **{"Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": key}))
    assert b" 101 " in await reader.readuntil(b"\r\n\r\n")
    return reader, writer


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536, 3_000_000])
def test_messages_of_every_length_come_back(run: Loops, street: Street, size: int) -> None:
    app, sink = App(), Sink()

    async def story() -> None:
        async with serving(app, tls=street.server) as listener:
            socket = await dial_websocket(street.ws(listener.port), "/ws?a=b", sink, tls=street.client)
            for count in range(1, 4):
                socket.send(b"x" * size + b"%d" % count)
            assert await sink.until(3) == [b"x" * size + b"%d" % count for count in (1, 2, 3)]
            await socket.close()
            assert await sink.end() == Closed(1000, "") == socket.closed
            assert (await app.echoes[0].end()).code == 1000

    run(story())


def test_the_handshake_carries_target_and_headers(run: Loops) -> None:
    seen: list[HttpRequest] = []

    class Nosy(App):
        def accept(self, request: HttpRequest, peer: str) -> Any:
            seen.append(request)
            return super().accept(request, peer)

    async def story() -> None:
        async with serving(Nosy()) as listener:
            origin = Origin("ws", "127.0.0.1", listener.port)
            socket = await dial_websocket(origin, "/a/b?c=d", Sink(), headers={"X-Key": "k"})
            await socket.close()
            assert seen[0].target == "/a/b?c=d"
            assert seen[0].headers["x-key"] == "k"
            assert seen[0].headers["host"] == origin.authority

    run(story())


def test_the_server_may_speak_first(run: Loops, street: Street) -> None:
    """The socket is open when the application is given it."""
    sink = Sink()

    class Talkative(App):
        def _echo(self, socket: WebSocket) -> Echo:
            socket.send(b"welcome")
            return super()._echo(socket)

    async def story() -> None:
        async with serving(Talkative(), tls=street.server) as listener:
            socket = await dial_websocket(street.ws(listener.port), "/", sink, tls=street.client)
            assert await sink.until(1) == [b"welcome"]
            await socket.close()

    run(story())


def test_fragments_are_put_together_with_pings_between_them(run: Loops) -> None:
    pongs: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(frame(TEXT, b"one ", fin=False) + frame(PING, b"still there?"))
        writer.write(
            frame(CONTINUATION, b"", fin=False) + frame(CONTINUATION, b"message") + frame(TEXT, b"next")
        )
        pongs.append((await reader.readexactly(18))[:2])
        await ignore(reader, writer)

    sink = Sink()

    async def story() -> None:
        async with ws_peer(talk) as port:
            socket = await dial(port, sink)
            assert await sink.until(2) == [b"one message", b"next"]
            while not pongs:
                await asyncio.sleep(0.001)
            assert pongs == [bytes([0x80 | PONG, 0x80 | 12])]
            socket.abort()
            await sink.end()

    run(story())


def test_a_peer_that_answers_no_ping_is_cut_off(run: Loops) -> None:
    sink = Sink()

    async def story() -> None:
        async with ws_peer(ignore) as port:
            socket = await dial(port, sink, ping_every_ms=4, pong_timeout_ms=6)
            assert (await sink.end()).code == 1006
            assert socket.closed is not None

    run(story())


def test_the_server_pings_and_our_client_answers(run: Loops, street: Street) -> None:
    app, sink = App(), Sink()

    async def story() -> None:
        options = {"ping_every_ms": 4, "pong_timeout_ms": 1_000}
        async with serving(app, tls=street.server, **options) as listener:
            socket = await dial_websocket(street.ws(listener.port), "/", sink, tls=street.client)
            opened_at = app.echoes[0].socket.heard_at
            while app.echoes[0].socket.heard_at == opened_at:  # nothing but pongs is heard
                await asyncio.sleep(0.002)
            assert socket.closed is None
            await socket.close()

    run(story())


def test_the_other_side_says_good_bye(run: Loops) -> None:
    answers: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(close_frame(4001, "müde".encode()) + frame(TEXT, b"too late"))
        answers.append(await reader.read())

    sink = Sink()

    async def story() -> None:
        async with ws_peer(talk) as port:
            socket = await dial(port, sink)
            assert await sink.end() == Closed(4001, "müde")
            await asyncio.sleep(0.01)
            (answer,) = answers
            assert answer[:2] == b"\x88\x82"
            assert sink.heard == []
            await socket.close()

    run(story())


def test_a_good_bye_without_a_code(run: Loops) -> None:
    sink = Sink()

    async def story() -> None:
        async with ws_peer(saying(frame(CLOSE))) as port:
            await dial(port, sink)
            assert await sink.end() == Closed(1005, "")

    run(story())


def test_a_good_bye_that_nobody_answers_ends_by_itself(run: Loops, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("surefoot.net.websocket._CLOSING_MS", 5)
    sink = Sink()

    async def story() -> None:
        async with ws_peer(ignore) as port:
            socket = await dial(port, sink)
            await socket.close(4000, "ü" * 100)
            assert await sink.end() == socket.closed
            assert socket.closed is not None
            assert socket.closed.code == 1006
            assert "4000" in socket.closed.reason

    run(story())


def test_two_who_close_at_once(run: Loops) -> None:
    sink = Sink()

    async def story() -> None:
        async with serving(App()) as listener:
            socket = await dial(listener.port, sink)
            await asyncio.gather(socket.close(), socket.close(4000))
            assert await sink.end() == Closed(1000, "")

    run(story())


def test_abort(run: Loops, street: Street) -> None:
    app, sink = App(), Sink()

    async def story() -> None:
        async with serving(app, tls=street.server) as listener:
            socket = await dial_websocket(street.ws(listener.port), "/", sink, tls=street.client)
            socket.abort()
            assert await sink.end() == Closed(1006, "the connection was cut")
            assert (await app.echoes[0].end()).code == 1006
            socket.abort()
            await socket.close()

    run(story())


def test_nothing_is_sent_once_it_is_over(run: Loops, street: Street) -> None:
    app, sink = App(), Sink()

    async def story() -> None:
        async with serving(app, tls=street.server) as listener:
            socket = await dial_websocket(street.ws(listener.port), "/", sink, tls=street.client)
            socket.dismiss(1000)
            with pytest.raises(NotDelivered):
                socket.send(b"while closing")
            await sink.end()
            with pytest.raises(NotDelivered):
                socket.send(b"after closing")
            for harmless in (socket.pause, socket.resume):
                harmless()
            assert socket.unsent_bytes == 0
            assert app.echoes[0].heard == []

    run(story())


@pytest.mark.parametrize(
    "frames",
    [
        [frame(TEXT, bytes(1_001))],
        [frame(TEXT, bytes(1_001))[:3], frame(TEXT, bytes(1_001))[3:]],
        [frame(TEXT, bytes(100_000))],
        [frame(TEXT, bytes(600), fin=False), frame(CONTINUATION, bytes(600)), frame(TEXT, b"after")],
        [frame(TEXT, bytes(600), fin=False), *[frame(CONTINUATION, bytes(1), fin=False)] * 500],
    ],
    ids=["frame", "frame in pieces", "large frame", "two fragments", "many fragments"],
)
def test_a_message_that_is_too_big(run: Loops, frames: list[bytes]) -> None:
    """It is never delivered, and the other side is told 1009."""
    sink, said = Sink(), bytearray()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(frame(TEXT, bytes(1_000)))
        await asyncio.sleep(0.01)  # picows drops what shares a read with a violation
        for one in frames:
            writer.write(one)
            await asyncio.sleep(0.001)
        said.extend(await reader.readexactly(8))
        writer.close()

    async def story() -> None:
        async with ws_peer(talk) as port:
            socket = await dial(port, sink, limits=SMALL)
            assert (await sink.end()).code == 1006
            assert "1009" in (await sink.end()).reason
            assert sink.heard == [bytes(1_000)]
            mask = said[2:6]
            assert bytes(a ^ b for a, b in zip(said[6:8], mask, strict=False)) == (1009).to_bytes(2, "big")
            with pytest.raises(NotDelivered):
                socket.send(b"x")

    run(story())


@pytest.mark.parametrize(
    "data",
    [
        frame(TEXT, b"masked by a server", masked=True),
        frame(3, b"unknown kind"),
        frame(PING, b"in pieces", fin=False),
        frame(PING, bytes(126)),
        frame(CONTINUATION, b"of nothing"),
        frame(TEXT, b"a", fin=False) + frame(TEXT, b"b"),
        frame(CLOSE, b"x"),
        close_frame(999),
        close_frame(1000, b"\xff"),
        b"\x81\x7f" + b"\xff" * 8,
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
    ],
)
def test_a_server_that_breaks_the_rules(run: Loops, data: bytes) -> None:
    sink = Sink()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await reader.read(1)  # we are told off
        writer.close()

    async def story() -> None:
        async with ws_peer(talk) as port:
            await dial(port, sink)
            closed = await sink.end()
            assert closed.code == 1006
            assert "after we said 100" in closed.reason
            assert sink.heard == []

    run(story())


@pytest.mark.parametrize(
    "data", [frame(TEXT, b"unmasked"), b"\xff" * 40, frame(CONTINUATION, b"x", masked=True)]
)
def test_a_client_that_breaks_the_rules(run: Loops, data: bytes) -> None:
    app = App()

    async def story() -> None:
        async with serving(app) as listener:
            reader, writer = await caller(listener.port)
            writer.write(data)
            assert (await reader.readexactly(4))[2:] == (1002).to_bytes(2, "big")
            writer.close()
            assert (await app.echoes[0].end()).code == 1006
            assert app.echoes[0].heard == []

    run(story())


@given(st.binary(min_size=1, max_size=60))
def test_garbage_ends_a_connection_once_at_most(data: bytes) -> None:
    app = App()

    async def story() -> None:
        async with serving(app) as listener:
            reader, writer = await caller(listener.port)
            writer.write(data)
            writer.write_eof()
            await reader.read()
            writer.close()
            await app.echoes[0].end()

    asyncio.run(story())


def test_a_sink_that_fails_ends_the_connection(run: Loops, street: Street) -> None:
    """On either side: the loop is told, the other side hears 1011, each sink hears of the end once."""
    app = App()

    class Clumsy(Sink):
        def on_text(self, data: bytes) -> None:
            raise ValueError("dropped it")

    class ClumsyApp(App):
        def _echo(self, socket: WebSocket) -> Any:
            self.sink = Clumsy()
            return self.sink

    clumsy, sink, clumsy_app = Clumsy(), Sink(), ClumsyApp()

    async def story() -> None:
        async with serving(app, tls=street.server) as listener:
            socket = await dial_websocket(street.ws(listener.port), "/", clumsy, tls=street.client)
            socket.send(b"x")
            assert (await clumsy.end()).code == 1011
            assert (await app.echoes[0].end()).code == 1011
        async with serving(clumsy_app, tls=street.server) as listener:
            socket = await dial_websocket(street.ws(listener.port), "/", sink, tls=street.client)
            socket.send(b"x")
            assert (await sink.end()).code == 1011
            assert (await clumsy_app.sink.end()).code == 1011

    run(story(), told=2)
    assert all(isinstance(told["exception"], ValueError) for told in run.told)


def test_an_application_that_fails_to_listen(run: Loops) -> None:
    class Absent(App):
        def _echo(self, socket: WebSocket) -> Any:
            raise ValueError("nobody home")

    sink = Sink()

    async def story() -> None:
        async with serving(Absent()) as listener:
            await dial(listener.port, sink)
            assert (await sink.end()).code == 1011

    run(story(), told=1)


def test_a_sink_that_fails_at_the_end(run: Loops) -> None:
    class Sulking(Sink):
        def on_closed(self, closed: Closed) -> None:
            super().on_closed(closed)
            raise ValueError("no good-bye")

    async def story() -> None:
        async with serving(App()) as listener:
            socket = await dial(listener.port, Sulking())
            await socket.close()
            assert socket.closed == Closed(1000, "")

    run(story(), told=1)


def test_pausing_holds_the_sender_back(run: Loops, street: Street) -> None:
    app, sink = App(), Sink()

    async def story() -> None:
        async with serving(app, tls=street.server) as listener:
            socket = await dial_websocket(street.ws(listener.port), "/", sink, tls=street.client)
            socket.send(b"hello")
            await sink.until(1)
            socket.pause()
            server = app.echoes[0].socket
            message = bytes(100_000)
            for _ in range(200):
                server.send(message)
            await asyncio.sleep(0.02)
            assert server.unsent_bytes > 1_000_000
            assert len(sink.heard) < 100
            socket.resume()
            assert len(await sink.until(201)) == 201
            assert server.unsent_bytes == 0
            await socket.close()

    run(story())


def test_our_own_pause_is_not_the_other_sides_silence(run: Loops) -> None:
    sink = Sink()

    async def story() -> None:
        async with serving(App()) as listener:
            socket = await dial(listener.port, sink, ping_every_ms=2, pong_timeout_ms=1_000)
            socket.pause()
            socket.heard_at -= 1_000
            await asyncio.sleep(0.01)
            assert socket.closed is None
            socket.resume()
            await asyncio.sleep(0.01)
            assert socket.closed is None
            await socket.close()

    run(story())


def test_closing_while_paused_hears_the_answer(run: Loops, street: Street) -> None:
    app, sink = App(), Sink()

    async def story() -> None:
        async with serving(app, tls=street.server) as listener:
            socket = await dial_websocket(street.ws(listener.port), "/", sink, tls=street.client)
            socket.pause()
            await socket.close()
            assert await sink.end() == Closed(1000, "")

    run(story())


def test_a_refused_handshake(run: Loops, street: Street) -> None:
    sink = Sink()

    async def story() -> None:
        async with serving(App(), tls=street.server) as listener:
            with pytest.raises(CannotConnect, match="refused") as caught:
                await dial_websocket(street.ws(listener.port), "/no", sink, tls=street.client)
            assert caught.value.facts.status == 403
            assert caught.value.facts.headers["retry-after"] == "7"
            assert sink.ends == []

    run(story())


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 101 Swit", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_a_handshake_that_is_lost(run: Loops, said: bytes) -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(said)
        writer.close()

    async def story() -> None:
        async with peer(script) as port:
            with pytest.raises(CannotConnect):
                await dial(port, Sink())

    run(story())


def test_a_handshake_without_an_answer(run: Loops) -> None:
    """ENV-3: it has an end, and nothing is left of it."""
    lost = asyncio.Event()

    async def script(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        try:
            await ignore(reader, _)
        finally:
            lost.set()

    async def story() -> None:
        async with peer(script) as port:
            with pytest.raises(CannotConnect, match="within 10 ms"):
                await dial(port, Sink(), timeouts=Timeouts(connect_ms=10))
            await lost.wait()

    run(story())


def test_a_cancelled_dial_leaves_nothing_behind(run: Loops) -> None:
    """A handshake that would have succeeded later must not feed a sink that nobody owns."""
    asked, lost, sink = asyncio.Event(), asyncio.Event(), Sink()

    async def script(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        asked.set()
        try:
            await ignore(reader, _)
        finally:
            lost.set()

    async def story() -> None:
        async with peer(script) as port:
            task = asyncio.ensure_future(dial(port, sink))
            await asked.wait()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            assert task.cancelled()
            await lost.wait()
            assert sink.ends == []

    run(story())


def test_nobody_listens(run: Loops) -> None:
    async def story() -> None:
        async with serving(App()) as listener:
            port = listener.port
        with pytest.raises(CannotConnect, match=str(port)):
            await dial(port, Sink())

    run(story())


def test_handshakes_cannot_be_made_into_something_else(run: Loops) -> None:
    async def story() -> None:
        origin = Origin("ws", "127.0.0.1", 1)
        with pytest.raises(ProtocolViolation):
            await dial_websocket(origin, "/", Sink(), headers={"X": "a\r\nY: b"})
        with pytest.raises(ProtocolViolation):
            await dial_websocket(origin, "/ HTTP/1.1\r\nX: y", Sink())

    run(story())
