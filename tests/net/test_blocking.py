"""The blocking connection: the pool's behaviours on one socket, against the same servers."""

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator

import pytest

from surefoot.errors import CannotConnect, Misuse
from surefoot.net.blocking import BlockingHttp
from surefoot.net.limits import Timeouts
from surefoot.wire import HttpResponse, Lost, Origin
from tests.net.wires import App, Street, get, serving

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"
Play = Callable[[socket.socket, int], None]


@contextlib.contextmanager
def peer(play: Play, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """A server in a thread that plays one connection after the other; gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            for number in range(1, 10):
                with contextlib.suppress(OSError):
                    connected, _ = server.accept()
                    with tls.wrap_socket(connected, server_side=True) if tls else connected as one:
                        play(one, number)
                if server.fileno() == -1:
                    return

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def hear(one: socket.socket) -> None:
    data = b""
    while not data.endswith(b"\r\n\r\n"):
        piece = one.recv(4096)
        if not piece:
            raise ConnectionError
        data += piece


def body(heard: HttpResponse | Lost) -> bytes:
    assert isinstance(heard, HttpResponse), heard
    return heard.body


def test_one_connection_for_many_requests(street: Street) -> None:
    def play(one: socket.socket, number: int) -> None:
        for count in range(1, 9):
            hear(one)
            one.sendall(OK + b"%d%d" % (number, count))

    with peer(play, street.server) as port:
        http = BlockingHttp(street.http(port), tls=street.client)
        assert [body(http.exchange(get())) for _ in range(3)] == [b"11", b"12", b"13"]
        http.close()
        assert body(http.exchange(get())) == b"21"
        http.close()
        http.close()


@pytest.mark.parametrize("surplus", [b"", b"x"])
def test_a_connection_that_the_server_ended_or_dirtied_is_not_used_again(
    street: Street, surplus: bytes
) -> None:
    over = threading.Event()

    def play(one: socket.socket, number: int) -> None:
        hear(one)
        one.sendall(OK + b"%02d" % number + surplus)
        one.close()
        over.set()

    with peer(play, street.server) as port:
        http = BlockingHttp(street.http(port), tls=street.client)
        assert body(http.exchange(get())) == b"01"
        over.wait(5)
        assert body(http.exchange(get())) == b"02"
        http.close()


def test_an_old_connection_is_not_used_again() -> None:
    def play(one: socket.socket, number: int) -> None:
        for _ in range(2):
            hear(one)
            one.sendall(OK + b"%02d" % number)

    with peer(play) as port:
        http = BlockingHttp(Origin("http", "127.0.0.1", port), timeouts=Timeouts(idle_ms=0))
        assert [body(http.exchange(get())) for _ in range(2)] == [b"01", b"02"]
        http.close()


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200 OK\r\n", OK + b"x", b"nonsense\r\n\r\n"])
def test_a_connection_lost_after_sending(street: Street, said: bytes) -> None:
    def play(one: socket.socket, _: int) -> None:
        hear(one)
        one.sendall(said)

    with peer(play, street.server) as port:
        http = BlockingHttp(street.http(port), tls=street.client)
        heard = http.exchange(get())
        assert isinstance(heard, Lost)
        assert heard.delivered
        http.close()


def test_a_body_that_lasts_until_the_end() -> None:
    def play(one: socket.socket, _: int) -> None:
        hear(one)
        one.sendall(b"HTTP/1.1 200 OK\r\n\r\nuntil the end")

    with peer(play) as port:
        http = BlockingHttp(Origin("http", "127.0.0.1", port))
        assert body(http.exchange(get())) == b"until the end"
        assert http._socket is None


@pytest.mark.parametrize(("read_ms", "total_ms"), [(10, 2000), (2000, 40)])
def test_time_outs(street: Street, read_ms: float, total_ms: float) -> None:
    """ENV-3: between bytes, and in all."""
    over = threading.Event()

    def play(one: socket.socket, number: int) -> None:
        hear(one)
        if number == 1:
            over.wait(5)
        else:
            one.sendall(OK + b"%02d" % number)

    with peer(play, street.server) as port:
        http = BlockingHttp(street.http(port), tls=street.client)
        http._connect()
        assert http.exchange(get(), read_ms=read_ms, total_ms=total_ms) == Lost(True, "no answer in time")
        over.set()
        assert body(http.exchange(get())) == b"02"
        http.close()


def test_no_time_left_to_send() -> None:
    with peer(lambda one, _: hear(one)) as port:
        http = BlockingHttp(Origin("http", "127.0.0.1", port))
        heard = http.exchange(get(), total_ms=0)
        assert isinstance(heard, Lost)
        assert not heard.delivered
        http.close()


def test_connect_refused_and_connect_time_out(street: Street) -> None:
    """ENV-3: nobody listens; and somebody listens who never shakes hands for TLS."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        http = BlockingHttp(street.http(taken.getsockname()[1]), tls=street.client)
        with pytest.raises(CannotConnect, match="is the network up"):
            http.exchange(get())
    if street.client is None:
        return
    with socket.create_server(("127.0.0.1", 0)) as mute:
        timeouts = Timeouts(connect_ms=10)
        http = BlockingHttp(street.http(mute.getsockname()[1]), tls=street.client, timeouts=timeouts)
        with pytest.raises(CannotConnect, match="timed out"):
            http.exchange(get())


def test_with_the_real_server(street: Street) -> None:
    """HEAD, 204 and a body, all on one connection."""
    app = App()

    async def story() -> None:
        async with serving(app, tls=street.server) as listener:
            http = BlockingHttp(street.http(listener.port), tls=street.client)
            asked = [get("/x", "HEAD"), get("/204"), get("/y", "POST", b"!")]
            heard = [await asyncio.to_thread(http.exchange, data) for data in asked]
            assert [body(one) for one in heard] == [b"", b"", b"/y!"]
            assert len(listener._serving.connections) == 1
            http.close()

    asyncio.run(story())


def test_tls_needs_a_context() -> None:
    with pytest.raises(Misuse, match="TLS context"):
        BlockingHttp(Origin("https", "h", 443))
