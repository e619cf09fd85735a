"""Peers of WebSockets that say what they must, frame by frame."""

import asyncio
import base64
import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

from surefoot.net.limits import Limits
from surefoot.net.websocket import WebSocket, dial_websocket
from surefoot.wire import Origin
from tests.net.wires import Sink, get, peer

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
SMALL = Limits(max_message_bytes=1_000)
TEXT, CONTINUATION, CLOSE, PING, PONG = 1, 0, 8, 9, 10


def frame(kind: int, payload: bytes = b"", *, fin: bool = True, masked: bool = False) -> bytes:
    """One frame by the book (RFC 6455, section 5.2); the mask is zero."""
    size, bit = len(payload), 0x80 if masked else 0
    if size < 126:
        length = bytes([bit | size])
    elif size < 65_536:
        length = bytes([bit | 126]) + size.to_bytes(2, "big")
    else:
        length = bytes([bit | 127]) + size.to_bytes(8, "big")
    return bytes([0x80 * fin | kind]) + length + (b"\0\0\0\0" if masked else b"") + payload


def close_frame(code: int, reason: bytes = b"", *, masked: bool = False) -> bytes:
    return frame(CLOSE, code.to_bytes(2, "big") + reason, masked=masked)


def ws_peer(talk: Talk) -> Any:
    """A server that shakes hands and then follows `talk`."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        key = next(line[19:] for line in head.split(b"\r\n") if line.lower().startswith(b"sec-websocket-key"))
        proof = base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
        writer.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + proof + b"\r\n\r\n"
        )
        await talk(reader, writer)

    return peer(script)


async def ignore(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    while await reader.read(65_536):
        pass


def saying(*frames: bytes) -> Talk:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for one in frames:
            writer.write(one)
            await asyncio.sleep(0)
        await ignore(reader, writer)

    return talk


async def dial(port: int, sink: Sink, **options: Any) -> WebSocket:
    return await dial_websocket(Origin("ws", "127.0.0.1", port), "/ws", sink, **options)


async def caller(port: int, path: str = "/ws") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A raw client after its handshake."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    key = base64.b64encode(bytes(16)).decode()
    asked = {"Connection": "Upgrade", "Upgrade": "websocket"}
    writer.write(get(path, **asked, **{"Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": key}))
    assert b" 101 " in await reader.readuntil(b"\r\n\r\n")
    return reader, writer
