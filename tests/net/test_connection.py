"""Where an answer ends, and what one answer costs the connection it came on."""

import asyncio

import pytest

from surefoot.net.limits import Limits
from surefoot.net.pool import HttpPool
from surefoot.wire import HttpResponse, Lost, Origin
from tests.net.wires import OK, App, Loops, body_of, get, peer, serving


@pytest.mark.parametrize(("data", "whole"), [(b"until the end", True), (b"\x1f\x8b\x08broken", False)])
def test_a_body_that_lasts_until_the_end(run: Loops, data: bytes, whole: bool) -> None:
    coding = b"" if whole else b"Content-Encoding: gzip\r\n"

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n" + coding + b"\r\n" + data)
        writer.close()

    async def story() -> None:
        async with peer(script) as port:
            pool = HttpPool(Origin("http", "127.0.0.1", port))
            heard = await pool.exchange(get())
            assert body_of(heard) == data if whole else isinstance(heard, Lost) and heard.delivered
            await pool.close()

    run(story())


def test_a_word_ahead_of_the_answer_is_no_answer(run: Loops) -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        writer.close()

    async def story() -> None:
        async with peer(script) as port:
            pool = HttpPool(Origin("http", "127.0.0.1", port))
            assert isinstance(await pool.exchange(get()), Lost)
            await pool.close()

    run(story())


def test_head_and_no_content(run: Loops) -> None:
    async def story() -> None:
        async with serving(App()) as listener:
            pool = HttpPool(Origin("http", "127.0.0.1", listener.port))
            heads = [await pool.exchange(get("/abc", "HEAD")) for _ in range(2)]
            assert [body_of(one) for one in heads] == [b"", b""]
            assert isinstance(heads[0], HttpResponse)
            assert heads[0].headers["content-length"] == "4"
            none = await pool.exchange(get("/204"))
            assert isinstance(none, HttpResponse)
            assert (none.status, none.body) == (204, b"")
            assert len(listener._serving.connections) == 1
            await pool.close()

    run(story())


def test_an_answer_beyond_the_limits(run: Loops) -> None:
    async def story() -> None:
        async with serving(App()) as listener:
            pool = HttpPool(Origin("http", "127.0.0.1", listener.port), limits=Limits(max_body_bytes=10))
            heard = await pool.exchange(get("/more-than-ten"))
            assert isinstance(heard, Lost)
            assert "larger than allowed" in heard.reason
            await pool.close()

    run(story())


def test_an_answer_ahead_of_its_request_costs_the_connection(run: Loops) -> None:
    """What is still unsent would stand in front of the next request."""
    connections = 0

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await reader.readuntil(b"\r\n\r\n")
        writer.write(OK + b"%02d" % connections)
        await asyncio.sleep(10)

    async def story() -> None:
        async with peer(script) as port:
            pool = HttpPool(Origin("http", "127.0.0.1", port))
            assert body_of(await pool.exchange(get(method="POST", body=bytes(20_000_000)))) == b"01"
            assert body_of(await pool.exchange(get())) == b"02"
            await pool.close()

    run(story())
