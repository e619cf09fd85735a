"""The floor: sockets that send bytes signed beforehand, and read the answer without looking at it."""

import selectors
import socket

from benchmarks.chunks import SIZE, one_by_one, together
from benchmarks.desk import HMAC, desk, ed25519, order, order_bytes
from benchmarks.figures import Worked
from surefoot.codec import wsapi

LANES = 32
_RECEIVE = 65_536


def connected(port: int) -> socket.socket:
    """A connection that does not wait to fill its packets."""
    connection = socket.create_connection(("127.0.0.1", port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _answer_size(connection: socket.socket, request: bytes) -> int:
    """How long the answer is, which is the same every time."""
    connection.sendall(request)
    connection.settimeout(0.2)
    size = 0
    try:
        while True:
            size += len(connection.recv(_RECEIVE))
    except TimeoutError:
        connection.settimeout(None)
        return size


def _ping_pong(connection: socket.socket, request: bytes, seconds: float) -> Worked:
    size = _answer_size(connection, request)
    send, receive = connection.sendall, connection.recv

    def once() -> None:
        send(request)
        got = len(receive(_RECEIVE))
        while got < size:
            got += len(receive(_RECEIVE))

    return one_by_one(once, seconds)


def http(seconds: float, port: int) -> Worked:
    """A signed order over HTTP, one after the other."""
    with connected(port) as connection:
        return _ping_pong(connection, order_bytes(HMAC, port), seconds)


def http_in_flight(seconds: float, port: int) -> Worked:
    """The same on many sockets at once."""
    request = order_bytes(HMAC, port)
    connections = [connected(port) for _ in range(LANES)]
    size = _answer_size(connections[0], request)
    selector = selectors.DefaultSelector()
    for connection in connections:
        selector.register(connection, selectors.EVENT_READ, connection)

    def many() -> int:
        open_requests, left = LANES, LANES * SIZE // 2
        missing = dict.fromkeys(connections, size)
        for connection in connections:
            connection.sendall(request)
        while open_requests:
            for key, _ in selector.select():
                connection = key.data
                missing[connection] -= len(connection.recv(_RECEIVE))
                if missing[connection] == 0:
                    left -= 1
                    if left >= LANES:
                        missing[connection] = size
                        connection.sendall(request)
                    else:
                        open_requests -= 1
        return LANES * SIZE // 2

    return together(many, seconds)


def _frame(payload: bytes) -> bytes:
    """A client's text frame whose mask is zero, so that masking changes nothing."""
    return b"\x81" + (0x80 | 126).to_bytes() + len(payload).to_bytes(2) + b"\0\0\0\0" + payload


def _opened(port: int) -> socket.socket:
    """A connection that has become a WebSocket."""
    connection = connected(port)
    connection.sendall(
        b"GET /ws-api/v3 HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: c3VyZWZvb3QtYmVuY2ghIQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    head = connection.recv(_RECEIVE)
    if b" 101 " not in head:
        raise AssertionError(head)
    return connection


def websocket(seconds: float, port: int) -> Worked:
    """An order over an open WebSocket that is logged on."""
    spelled = wsapi.logged_on(order(), 1_000, ed25519(port).now_ms(), 5_000)
    with _opened(port) as connection:
        return _ping_pong(connection, _frame(spelled.body), seconds)


def websocket_signed(seconds: float, port: int) -> Worked:
    """The same where the order carries its own signature (HMAC), made beforehand."""
    here = desk(HMAC, port)
    key = here.signing_key(order())
    spelled = wsapi.signed(
        order(),
        1_000,
        api_key=key.api_key,
        signer=key.signer,
        timestamp_ms=here.now_ms(),
        recv_window_ms=5_000,
    )
    with _opened(port) as connection:
        return _ping_pong(connection, _frame(spelled.body), seconds)
