"""WebSockets whose other side breaks the rules, or whose listener fails."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surefoot.errors import NotDelivered
from surefoot.net.websocket import WebSocket, dial_websocket
from surefoot.wire import Closed
from tests.net.frames import (
    CLOSE,
    CONTINUATION,
    PING,
    SMALL,
    TEXT,
    caller,
    close_frame,
    dial,
    frame,
    ws_peer,
)
from tests.net.wires import App, Loops, Sink, Street, serving


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
