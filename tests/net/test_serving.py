"""A server's patience with silence and drops, and its clean close, on real sockets."""

import asyncio
from typing import Any

import pytest

from surefoot.net.limits import Timeouts
from surefoot.net.listen import listen
from surefoot.net.websocket import dial_websocket
from surefoot.wire import Closed
from tests.net.wires import App, Caller, Loops, Sink, Street, eventually, get, serving


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
            await eventually(lambda: not serving_.connections and not serving_._sockets)

    run(story())
