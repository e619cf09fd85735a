"""The pool on real sockets: reuse, what is certain about a lost request, and no answer for the wrong one."""

import asyncio
import socket

import pytest

from surefoot.errors import CannotConnect, Misuse
from surefoot.net.limits import Timeouts
from surefoot.net.pool import HttpPool
from surefoot.wire import Lost, Origin
from tests.net.wires import OK, App, Loops, Street, body_of, get, peer, serving


class Counting:
    """A peer that answers every request with the number of its connection, and how many it served on it."""

    def __init__(self, *, answers: int = 1_000) -> None:
        self.connections = 0
        self.answers = answers

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        number = self.connections
        for count in range(self.answers):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(OK + b"%d%d" % (number, count + 1))
        writer.close()


def test_connections_are_reused(run: Loops, street: Street) -> None:
    async def story() -> None:
        async with peer(Counting(), street.server) as port:
            pool = HttpPool(street.http(port), tls=street.client)
            assert [body_of(await pool.exchange(get())) for _ in range(3)] == [b"11", b"12", b"13"]
            await pool.close()

    run(story())


def test_the_one_used_last_is_used_first(run: Loops) -> None:
    async def story() -> None:
        async with peer(Counting()) as port:
            pool = HttpPool(Origin("http", "127.0.0.1", port))
            await pool.warm(3)
            first = body_of(await pool.exchange(get()))
            assert body_of(await pool.exchange(get()))[:1] == first[:1]
            await pool.close()

    run(story())


def test_a_connection_that_the_server_closed_is_not_used_again(run: Loops, street: Street) -> None:
    async def story() -> None:
        async with peer(Counting(answers=1), street.server) as port:
            pool = HttpPool(street.http(port), tls=street.client)
            assert body_of(await pool.exchange(get())) == b"11"
            await asyncio.sleep(0.02)
            assert body_of(await pool.exchange(get())) == b"21"
            await pool.close()

    run(story())


def test_an_old_connection_is_not_used_again(run: Loops) -> None:
    async def story() -> None:
        async with peer(Counting()) as port:
            pool = HttpPool(Origin("http", "127.0.0.1", port), timeouts=Timeouts(idle_ms=1))
            assert body_of(await pool.exchange(get())) == b"11"
            await asyncio.sleep(0.005)
            assert body_of(await pool.exchange(get())) == b"21"
            await pool.close()

    run(story())


@pytest.mark.parametrize("pause_s", [0, 0.01])
def test_surplus_bytes_cost_the_connection(run: Loops, pause_s: float) -> None:
    """What comes after an answer would be taken for the next one."""
    connections = 0

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await reader.readuntil(b"\r\n\r\n")
        if pause_s:
            writer.write(OK + b"%02d" % connections)
            await asyncio.sleep(pause_s)
            writer.write(OK + b"xx")
        else:
            writer.write(OK + b"%02d" % connections + OK + b"xx")
        await reader.read()

    async def story() -> None:
        async with peer(script) as port:
            pool = HttpPool(Origin("http", "127.0.0.1", port))
            assert body_of(await pool.exchange(get())) == b"01"
            while any(connection.usable for connection in pool._idle):  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(pause_s)
            assert body_of(await pool.exchange(get())) == b"02"
            await pool.close()

    run(story())


def test_a_reset_before_anything_was_sent(run: Loops) -> None:
    """The pool opens another; a request on a dead connection says that nothing was delivered."""

    async def script(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    async def story() -> None:
        async with peer(script) as port:
            pool = HttpPool(Origin("http", "127.0.0.1", port))
            connection = await pool._connect(asyncio.get_running_loop().time() + 1)
            await asyncio.sleep(0.01)
            heard = await connection.exchange(get(), 1, asyncio.get_running_loop().time() + 1)
            assert isinstance(heard, Lost)
            assert not heard.delivered
            await pool.close()

    run(story())


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200 OK\r\nContent-", OK + b"x", b"nonsense\r\n\r\n"])
@pytest.mark.parametrize("hard", [False, True])
def test_a_connection_lost_after_sending(run: Loops, street: Street, said: bytes, hard: bool) -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(said)
        if hard:
            writer.transport.abort()
        else:
            writer.close()

    async def story() -> None:
        async with peer(script, street.server) as port:
            pool = HttpPool(street.http(port), tls=street.client)
            heard = await pool.exchange(get())
            assert isinstance(heard, Lost)
            assert heard.delivered
            await pool.close()

    run(story())


def test_connect_refused(run: Loops) -> None:
    async def story() -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))  # not listening
            port = taken.getsockname()[1]
            pool = HttpPool(Origin("http", "127.0.0.1", port))
            with pytest.raises(CannotConnect, match=f"http://127.0.0.1:{port}"):
                await pool.exchange(get())
            with pytest.raises(CannotConnect):
                await pool.warm(2)
            await pool.close()

    run(story())


async def silence(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read()
    await reader.read()


def test_time_out_while_connecting(run: Loops, request: pytest.FixtureRequest) -> None:
    """ENV-3: a server that never shakes hands for TLS."""
    from surefoot.net.tls import client_context

    context = client_context(request.getfixturevalue("certificates").ca)

    async def story() -> None:
        async with peer(silence) as port:
            origin = Origin("https", "127.0.0.1", port)
            pool = HttpPool(origin, tls=context, timeouts=Timeouts(connect_ms=10))
            with pytest.raises(CannotConnect, match="within 10 ms"):
                await pool.exchange(get())
            await pool.close()

    run(story())


@pytest.mark.parametrize(("read_ms", "total_ms"), [(5, 1000), (1000, 5)])
def test_time_out_while_waiting(run: Loops, street: Street, read_ms: float, total_ms: float) -> None:
    """ENV-3: between bytes, and in all. The connection is not used again."""

    async def story() -> None:
        async with peer(silence, street.server) as port:
            pool = HttpPool(street.http(port), tls=street.client)
            await pool.warm(1)
            heard = await pool.exchange(get(), read_ms=read_ms, total_ms=total_ms)
            assert heard == Lost(delivered=True, reason="no answer in time")
            assert pool._idle == []
            await pool.close()

    run(story())


def test_drops_keep_a_reader_patient_but_not_for_ever(run: Loops) -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        while True:
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            await asyncio.sleep(0.001)

    async def story() -> None:
        async with peer(script) as port:
            pool = HttpPool(Origin("http", "127.0.0.1", port))
            heard = await pool.exchange(get(), read_ms=10_000, total_ms=20)
            assert isinstance(heard, Lost)
            await pool.close()

    run(story())


def test_a_cancelled_exchange_leaves_no_answer_behind(run: Loops) -> None:
    app = App()

    async def story() -> None:
        async with serving(app) as listener:
            pool = HttpPool(Origin("http", "127.0.0.1", listener.port), max_connections=1)
            task = asyncio.ensure_future(pool.exchange(get("/slow/1")))
            await app.arrived.wait()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            assert task.cancelled()
            app.gate.set()
            assert body_of(await pool.exchange(get("/second"))) == b"/second"
            await pool.close()

    run(story())


def test_a_hundred_at_once_through_eight_connections(run: Loops, street: Street) -> None:
    app = App()

    async def story() -> None:
        async with serving(app, tls=street.server) as listener:
            pool = HttpPool(street.http(listener.port), tls=street.client, max_connections=8)
            work = [asyncio.ensure_future(pool.exchange(get(f"/slow/{n}"))) for n in range(100)]
            while app.at_once < 8:
                await app.arrived.wait()
                await asyncio.sleep(0)
            app.gate.set()
            heard = [body_of(one) for one in await asyncio.gather(*work)]
            assert heard == [b"/slow/%d" % n for n in range(100)]
            assert app.most_at_once == 8
            await pool.close()

    run(story())


def test_waiting_for_a_connection_has_an_end(run: Loops) -> None:
    app = App()

    async def story() -> None:
        async with serving(app) as listener:
            pool = HttpPool(Origin("http", "127.0.0.1", listener.port), max_connections=1)
            first = asyncio.ensure_future(pool.exchange(get("/slow")))
            await app.arrived.wait()
            with pytest.raises(CannotConnect, match="none of 1 connections"):
                await pool.exchange(get("/late"), total_ms=5)
            app.gate.set()
            assert body_of(await first) == b"/slow"
            assert [one.target for one in app.asked] == ["/slow"]
            await pool.close()

    run(story())


def test_closing_with_requests_under_way(run: Loops, street: Street) -> None:
    app = App()

    async def story() -> None:
        async with serving(app, tls=street.server) as listener:
            pool = HttpPool(street.http(listener.port), tls=street.client, max_connections=1)
            sent, waits = (asyncio.ensure_future(pool.exchange(get(f"/slow/{n}"))) for n in "12")
            await app.arrived.wait()
            await pool.close()
            heard = await asyncio.gather(sent, waits)
            assert [isinstance(one, Lost) and one.delivered for one in heard] == [True, False]
            assert isinstance(heard[1], Lost)
            for late in (pool.exchange(get()), pool.warm(1)):
                with pytest.raises(Misuse, match="closed"):
                    await late
            await pool.close()
            app.gate.set()

    run(story())


def test_warm(run: Loops, street: Street) -> None:
    counting = Counting()

    async def story() -> None:
        async with peer(counting, street.server) as port:
            pool = HttpPool(street.http(port), tls=street.client, max_connections=3)
            await pool.warm(2)
            await pool.warm(2)
            await asyncio.sleep(0.005)
            assert counting.connections == 2
            await pool.warm(9)
            await asyncio.sleep(0.005)
            assert counting.connections == 3
            assert body_of(await pool.exchange(get()))[1:] == b"1"
            assert counting.connections == 3
            await pool.close()

    run(story())


def test_tls_needs_a_context() -> None:
    with pytest.raises(Misuse, match="TLS context"):
        HttpPool(Origin("https", "h", 443))
