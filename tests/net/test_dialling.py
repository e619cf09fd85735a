"""Handshakes of WebSockets: refused, lost, unanswered, given up."""

import asyncio

import pytest

from surefoot.errors import CannotConnect, ProtocolViolation
from surefoot.net.limits import Timeouts
from surefoot.net.websocket import dial_websocket
from surefoot.wire import Origin
from tests.net.frames import (
    dial,
    ignore,
)
from tests.net.wires import App, Loops, Script, Sink, Street, peer, serving


def ignoring_until(lost: asyncio.Event) -> Script:
    """A peer that answers nothing, and notes when its connection is gone."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await ignore(reader, writer)
        finally:
            lost.set()

    return script


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

    async def story() -> None:
        async with peer(ignoring_until(lost)) as port:
            with pytest.raises(CannotConnect, match="within 10 ms"):
                await dial(port, Sink(), timeouts=Timeouts(connect_ms=10))
            await lost.wait()

    run(story())


def test_a_cancelled_dial_leaves_nothing_behind(run: Loops) -> None:
    """A handshake that would have succeeded later must not feed a sink that nobody owns."""
    asked, lost, sink = asyncio.Event(), asyncio.Event(), Sink()

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        asked.set()
        await ignoring_until(lost)(reader, writer)

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
