"""The other side of the benchmarks, a process: ``python -m benchmarks.server http|websocket|stream CORE``.

It judges nothing and answers from bytes made beforehand, so that it is never what limits. It prints its port,
and when its standard input closes, how many answers it gave (or events it told) and what one cost it.
"""

import asyncio
import selectors
import socket
import sys
from collections.abc import Callable, Mapping
from time import process_time

import msgspec
import picows
import uvloop

from benchmarks import answers, feed, machine

_LENGTH = b"Content-Length: "


class HttpPeer:
    """One connection: cuts what comes into requests and answers each."""

    answered = 0

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._rest = b""

    def readable(self) -> bool:
        """Answer what is whole; False when the other side has gone."""
        try:
            data = self._connection.recv(65_536)
        except ConnectionError:
            return False
        self._rest += data
        while (size := _request_size(self._rest)) is not None:
            self._connection.sendall(answers.http(self._rest))
            self._rest = self._rest[size:]
            HttpPeer.answered += 1
        return bool(data)


def _request_size(data: bytes) -> int | None:
    """Bytes of the first request in `data`, or None while it is not whole."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return None
    at = data.find(_LENGTH, 0, end + 2)
    length = int(data[at + len(_LENGTH) : data.find(b"\r", at)]) if at >= 0 else 0
    size = end + 4 + length
    return size if len(data) >= size else None


def serve_http() -> int:
    """Answer HTTP until standard input closes; returns how many answers were given."""
    selector = selectors.DefaultSelector()
    listener = socket.create_server(("127.0.0.1", 0))
    selector.register(listener, selectors.EVENT_READ)
    selector.register(sys.stdin, selectors.EVENT_READ)
    _announce(listener.getsockname()[1])
    while True:
        for key, _ in selector.select():
            if key.data is not None:
                if not key.data.readable():
                    selector.unregister(key.fileobj)
                    key.fileobj.close()  # type: ignore[union-attr]  # only sockets carry data
            elif key.fileobj is listener:
                connection, _ = listener.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                selector.register(connection, selectors.EVENT_READ, HttpPeer(connection))
            else:
                return HttpPeer.answered


class _Question(msgspec.Struct):
    id: msgspec.Raw
    method: str


class SocketPeer(picows.WSListener):
    """One WebSocket connection: an answer for each question."""

    answered = 0
    _decoder = msgspec.json.Decoder(_Question)

    def on_ws_frame(self, transport: picows.WSTransport, frame: picows.WSFrame) -> None:
        if frame.msg_type == picows.WSMsgType.TEXT:
            question = self._decoder.decode(frame.get_payload_as_bytes())
            transport.send(picows.WSMsgType.TEXT, answers.message(question.method, bytes(question.id)))
            SocketPeer.answered += 1
        elif frame.msg_type == picows.WSMsgType.CLOSE:
            transport.send_close(picows.WSCloseCode.OK)
            transport.disconnect()


async def serve_websocket() -> int:
    """Answer the WebSocket API until standard input closes; returns how many answers were given."""
    server = await picows.ws_create_server(lambda _: SocketPeer(), "127.0.0.1", 0)
    _announce(server.sockets[0].getsockname()[1])
    loop, over = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(sys.stdin.fileno(), over.set)
    await over.wait()
    return SocketPeer.answered


def _announce(port: int) -> None:
    print(port, flush=True)


_SERVES: Mapping[str, Callable[[], int]] = {
    "http": serve_http,
    "websocket": lambda: uvloop.run(serve_websocket()),
    "stream": lambda: feed.serve(_announce, sys.stdin.read),
}


def main(kind: str, core: str) -> None:
    """Serve, then tell what it cost."""
    machine.pin(None if core == "None" else int(core))
    began = process_time()
    answered = _SERVES[kind]()
    cpu_us = (process_time() - began) * 1e6 / max(answered, 1)
    print(msgspec.json.encode({"answers": answered, "cpu_us": cpu_us}).decode(), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
