"""REST, blocking REST and WebSockets through proxies on real sockets; and what proxies do wrong."""

import asyncio

import pytest

from surefoot.errors import CannotConnect
from surefoot.net.blocking import BlockingHttp
from surefoot.net.limits import Timeouts
from surefoot.net.pool import HttpPool
from surefoot.net.proxy import parse_proxy
from surefoot.net.websocket import dial_websocket
from surefoot.wire import Origin
from tests.net.frames import ignore
from tests.net.proxies import Gate, opened
from tests.net.wires import App, Loops, Sink, Street, body_of, get, peer, serving

NOWHERE = Origin("http", "exchange.invalid", 80)


@pytest.mark.parametrize("locked", [False, True], ids=["open", "locked"])
@pytest.mark.parametrize("kind", ["http", "socks5"])
def test_everything_goes_through(kind: str, locked: bool, run: Loops, street: Street) -> None:
    """All three ways, in the plain and over TLS; the proxy looks the name up."""
    gate = Gate(kind, locked=locked)

    async def story() -> None:
        async with serving(App(), tls=street.server) as listener, opened(gate) as port:
            proxy = parse_proxy(gate.url(port))
            host = "localhost" if street.client else NOWHERE.host
            origin = Origin(street.http(0).scheme, host, listener.port)
            pool = HttpPool(origin, tls=street.client, proxy=proxy)
            assert body_of(await pool.exchange(get("/a"))) == b"/a"
            assert body_of(await pool.exchange(get("/b"))) == b"/b"
            await pool.close()
            blocking = BlockingHttp(origin, tls=street.client, proxy=proxy)
            assert body_of(await asyncio.to_thread(blocking.exchange, get("/c"))) == b"/c"
            blocking.close()
            sink = Sink()
            ws = Origin(street.ws(0).scheme, "127.0.0.1", listener.port)
            socket = await dial_websocket(ws, "/", sink, tls=street.client, proxy=proxy)
            socket.send(b"hello")
            assert await sink.until(1) == [b"hello"]
            await socket.close()
            asked = [f"{host}:{listener.port}"] * 2 + [f"127.0.0.1:{listener.port}"]
            assert gate.asked == asked

    run(story())


async def refused_thrice(url: str, origin: Origin = NOWHERE, **times: float) -> set[str]:
    """What each of the three ways says; they agree."""
    proxy, timeouts = parse_proxy(url), Timeouts(**times)
    pool = HttpPool(origin, proxy=proxy, timeouts=timeouts)
    with pytest.raises(CannotConnect) as one:
        await pool.exchange(get())
    await pool.close()
    blocking = BlockingHttp(origin, proxy=proxy, timeouts=timeouts)
    with pytest.raises(CannotConnect) as two:
        await asyncio.to_thread(blocking.exchange, get())
    ws = Origin("ws", origin.host, origin.port)
    with pytest.raises(CannotConnect) as three:
        await dial_websocket(ws, "/", Sink(), proxy=proxy, timeouts=timeouts)
    return {str(caught.value) for caught in (one, two, three)}


@pytest.mark.parametrize("kind", ["http", "socks5"])
def test_a_wrong_password_and_none(kind: str, run: Loops) -> None:
    gate = Gate(kind, locked=True)

    async def story() -> None:
        async with opened(gate) as port:
            wrong, *others = await refused_thrice(gate.url(port, password="hush"))
            missing, *more = await refused_thrice(gate.bare(port))
        assert not others
        assert not more
        if kind == "http":
            assert "refused to connect to exchange.invalid:80: 407" in wrong
            assert missing.endswith("407 Proxy Authentication Required; give user and password")
        else:
            assert "refused user and password" in wrong
            assert missing.endswith("no way to log on that was offered; give user and password")
        assert f"{kind}://127.0.0.1:{port}" in wrong
        assert "hush" not in wrong
        assert "ann" not in wrong

    run(story())


@pytest.mark.parametrize(
    ("kind", "said", "named"),
    [
        ("http", b"HTTP/1.1 502 Bad\x07 Gateway\r\n\r\n", "exchange.invalid:80: 502 Bad Gateway"),
        ("http", b"HTTP/1.1 200 OK\r\n\r\nsurplus", "said more than was asked for"),
        ("http", b"hello\r\n", "not HTTP/1.1"),
        ("http", b"", "closed the connection"),
        ("http", b"HTTP/1.1 200 OK\r\nX: ", "closed the connection"),
        ("socks5", b"HTTP/1.1 400 Bad Request\r\n\r\n", "not SOCKS5"),
        ("socks5", b"\5\0\5\0", "said more than was asked for"),
        ("socks5", b"", "closed the connection"),
        ("socks5", b"\5", "closed the connection"),
    ],
)
def test_what_a_proxy_can_do_wrong(kind: str, said: bytes, named: str, run: Loops) -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(said)
        await writer.drain()
        writer.write_eof()
        await reader.read(-1)

    async def story() -> None:
        async with peer(script) as port:
            heard = await refused_thrice(f"{kind}://127.0.0.1:{port}")
        assert len(heard) == 1
        assert named in heard.pop()

    run(story())


@pytest.mark.parametrize(("reply", "named"), [(5, "connection refused"), (99, "reply 99")])
def test_socks5_says_why_it_could_not(reply: int, named: str, run: Loops) -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(3)
        writer.write(b"\5\0")
        await reader.readexactly(4)
        writer.write(bytes([5, reply, 0, 1, 0, 0, 0, 0, 0, 0]))
        await reader.read(-1)

    async def story() -> None:
        async with peer(script) as port:
            heard = await refused_thrice(f"socks5://127.0.0.1:{port}")
        assert len(heard) == 1
        assert f"could not connect to exchange.invalid:80: {named}" in heard.pop()

    run(story())


@pytest.mark.parametrize("kind", ["http", "socks5"])
def test_a_silent_proxy_until_the_deadline(kind: str, run: Loops) -> None:
    """ENV-3: the time to connect includes the proxy's."""

    async def story() -> None:
        async with peer(ignore) as port:
            url = f"{kind}://127.0.0.1:{port}"
            for text in await refused_thrice(url, connect_ms=30):
                assert f"through the proxy {url}" in text

    run(story())


def test_nobody_is_the_proxy(run: Loops) -> None:
    async def story() -> None:
        async with peer(ignore) as port:
            pass
        for text in await refused_thrice(f"http://ann:hush@127.0.0.1:{port}"):
            assert f"through the proxy http://127.0.0.1:{port}" in text
            assert "hush" not in text

    run(story())


def test_a_certificate_is_checked_through_the_proxy(run: Loops, street: Street) -> None:
    """The proxy could be anybody: another name than the certificate's is refused."""
    if street.client is None:
        return
    gate = Gate("http")

    async def story() -> None:
        async with serving(App(), tls=street.server) as listener, opened(gate) as port:
            proxy = parse_proxy(gate.url(port))
            origin = Origin("https", "127.0.0.2", listener.port)
            pool = HttpPool(origin, tls=street.client, proxy=proxy)
            with pytest.raises(CannotConnect, match="certificate"):
                await pool.exchange(get())
            await pool.close()
            blocking = BlockingHttp(origin, tls=street.client, proxy=proxy)
            with pytest.raises(CannotConnect, match="certificate"):
                await asyncio.to_thread(blocking.exchange, get())
            ws = Origin("wss", "127.0.0.2", listener.port)
            with pytest.raises(CannotConnect, match="certificate"):
                await dial_websocket(ws, "/", Sink(), tls=street.client, proxy=proxy)

    run(story())
