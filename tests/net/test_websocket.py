"""WebSockets on real sockets, our client and our server: messages, pings, good-byes, pauses."""

import asyncio
from typing import Any

import pytest

from surefoot.errors import NotDelivered
from surefoot.net.websocket import WebSocket, dial_websocket
from surefoot.wire import Closed, HttpRequest, Origin
from tests.net.frames import (
    CLOSE,
    CONTINUATION,
    PING,
    PONG,
    TEXT,
    close_frame,
    dial,
    frame,
    ignore,
    saying,
    ws_peer,
)
from tests.net.wires import App, Echo, Loops, Sink, Street, eventually, serving


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
            await eventually(lambda: pongs)
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
            opened_at = app.echoes[0].socket.pulse.heard_at
            await eventually(lambda: app.echoes[0].socket.pulse.heard_at != opened_at)  # only pongs are heard
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


def test_a_line_that_goes_dead_while_it_says_good_bye_can_be_closed(run: Loops, street: Street) -> None:
    app, sink = App(), Sink()

    async def story() -> None:
        async with serving(app, tls=street.server) as listener:
            socket = await dial_websocket(street.ws(listener.port), "/", sink, tls=street.client)
            app.echoes[0].socket.pause(for_ever=True)
            socket.dismiss(1000)
            socket.pause(for_ever=True)
            await socket.close()
            assert (await sink.end()).code == 1006

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
            socket.pulse.heard_at -= 1_000
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
