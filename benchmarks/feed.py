"""The other side of the stream benchmarks: as much of the market as a client takes, and its snapshot.

A connection that names a stream, or subscribes to one, is sent block after block of frames made beforehand;
only the update ids are written into them. Nothing is lost and nothing waits but for the client: what its core
reads is what is measured.
"""

import base64
import hashlib
import json
import socket
from collections import deque
from collections.abc import Callable, Iterator
from threading import Thread
from typing import BinaryIO

from benchmarks import answers, market

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_TEXT, _CLOSE = 0x81, 0x88
_SHORT, _MEDIUM = 126, 2**16
_SEND_BUFFER = 262_144
_REPEATED = 4


def frame(payload: bytes, opcode: int = _TEXT) -> bytes:
    """A server's frame."""
    if len(payload) < _SHORT:
        return bytes((opcode, len(payload))) + payload
    if len(payload) >= _MEDIUM:
        raise AssertionError(f"{len(payload)} bytes in a frame")
    return bytes((opcode, _SHORT)) + len(payload).to_bytes(2) + payload


def _wrapped(payload: bytes, stream: str, *, combined: bool) -> bytes:
    return b'{"stream":"%b","data":%b}' % (stream.encode(), payload) if combined else payload


def _tickers(*, combined: bool) -> Iterator[tuple[bytes, int]]:
    made = market.tickers()
    frames = [frame(_wrapped(each, market.TICKER_STREAM, combined=combined)) for each in made]
    block = b"".join(frames) * _REPEATED
    while True:
        yield block, len(frames) * _REPEATED


class Market:
    """What was told so far: a snapshot is of that moment."""

    told = market.FIRST_ID - 1
    events = 0

    @classmethod
    def diffs(cls, *, combined: bool) -> Iterator[tuple[bytes, int]]:
        """Cycle after cycle, as blocks of frames."""
        forms = [_wrapped(each, market.DEPTH_STREAM, combined=combined) for each in market.diff_forms()]
        lengths = [len(form % (market.FIRST_ID, market.FIRST_ID)) for form in forms]
        heads = [frame(bytes(length))[:-length].replace(b"%", b"%%") for length in lengths]
        block = b"".join(head + form for head, form in zip(heads, forms, strict=True))
        while True:
            ids = range(cls.told + 1, cls.told + 1 + market.CYCLE)
            yield block % tuple(id for id in ids for _ in range(2)), market.CYCLE
            cls.told = ids[-1]


class StreamPeer:
    """One connection, with a thread that reads, and one that sends the stream once there is one."""

    def __init__(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
        self._connection, self._reader = connection, connection.makefile("rb")
        self._said: deque[bytes] = deque()  # between two blocks
        self._sending: Thread | None = None

    def run(self) -> None:
        """Until the other side goes."""
        try:
            while head := _head(self._reader):
                target = head.split(b" ", 2)[1].decode()
                if b"upgrade: websocket" in head.lower():
                    self._upgrade(head)
                    self._hear(target)
                    return
                self._connection.sendall(_answer(head, target))
        except (ConnectionError, ValueError):
            return
        finally:
            self._connection.close()

    def _upgrade(self, head: bytes) -> None:
        key = next(line for line in head.split(b"\r\n") if line.lower().startswith(b"sec-websocket-key:"))
        digest = hashlib.sha1(key.split(b":", 1)[1].strip() + _GUID, usedforsecurity=False).digest()
        self._connection.sendall(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: %b\r\n\r\n" % base64.b64encode(digest)
        )

    def _hear(self, target: str) -> None:
        combined = target.startswith("/stream")
        self._stream(target, combined=combined)
        while (heard := _heard(self._reader)) is not None:
            opcode, payload = heard
            if opcode == _CLOSE:
                self._say(frame(payload, _CLOSE))
                return
            if opcode == _TEXT:
                question = json.loads(payload)
                self._say(frame(b'{"result":null,"id":%b}' % json.dumps(question["id"]).encode()))
                self._stream(" ".join(question.get("params", ())), combined=combined)

    def _say(self, data: bytes) -> None:
        if self._sending is None:
            self._connection.sendall(data)
        else:
            self._said.append(data)

    def _stream(self, named: str, *, combined: bool) -> None:
        blocks = _blocks(named)
        if blocks is not None and self._sending is None:
            self._sending = Thread(target=self._send, args=(blocks(combined=combined),), daemon=True)
            self._sending.start()

    def _send(self, blocks: Iterator[tuple[bytes, int]]) -> None:
        try:
            for block, events in blocks:
                self._connection.sendall(block)
                Market.events += events
                while self._said:
                    self._connection.sendall(self._said.popleft())
        except OSError:
            return  # the client has read enough


def _blocks(named: str) -> Callable[..., Iterator[tuple[bytes, int]]] | None:
    if market.TICKER_STREAM in named:
        return _tickers
    return Market.diffs if "@depth" in named else None


def _answer(head: bytes, target: str) -> bytes:
    if target.startswith("/api/v3/depth"):
        return answers.response(market.snapshot(Market.told))
    return answers.http(head)


def _head(reader: BinaryIO) -> bytes:
    """The head of the next request, which has no body; empty at the end."""
    lines: list[bytes] = []
    while (line := reader.readline()) not in {b"", b"\r\n"}:
        lines.append(line)
    return b"".join(lines)


def _heard(reader: BinaryIO) -> tuple[int, bytes] | None:
    """The next frame of a client: its first byte, and what it says; None at the end."""
    start = reader.read(2)
    if len(start) < 2:
        return None
    length = start[1] & 0x7F
    if length == _SHORT:
        length = int.from_bytes(reader.read(2))
    mask, masked = reader.read(4), reader.read(length)
    return start[0], bytes(byte ^ mask[at % 4] for at, byte in enumerate(masked))


def serve(announce: Callable[[int], None], ended: Callable[[], object]) -> int:
    """Serve until `ended` returns; returns how many events were sent."""
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        while True:
            connection, _ = listener.accept()
            Thread(target=StreamPeer(connection).run, daemon=True).start()

    Thread(target=accept, daemon=True).start()
    announce(listener.getsockname()[1])
    ended()
    return Market.events
