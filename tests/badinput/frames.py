"""Frames of every kind, also of those that nobody may send, and what the exchange says to them."""

import asyncio
import contextlib
import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from hypothesis import strategies as st

from tests.badinput.grounds import CODES
from tests.net.frames import CLOSE, PONG, TEXT, caller

API = "/ws-api/v3"
PATHS = (API, "/ws", "/ws/btcusdt@trade", "/stream?streams=btcusdt@depth@100ms")


class Said(NamedTuple):
    """What came: the messages, the close code (None where the connection was cut without one)."""

    messages: list[Any]
    code: int | None


def any_frame(draw: st.DrawFn) -> bytes:
    """One frame with whatever first bytes, lengths and masks there can be; its length may lie."""
    payload = draw(
        st.binary(max_size=12) | st.sampled_from([b"\x03\xe8", b"\x03\xe9bye", b"\xff\xff", b"{}"])
    )
    payload += bytes(draw(st.sampled_from([0, 0, 0, 113, 114, 126, 300, 20_000])))
    first = draw(st.sampled_from([0x81, 0x82, 0x88, 0x89, 0x8A, 0x01, 0x80, 0x00]) | st.integers(0, 255))
    masked = draw(st.sampled_from([True, True, True, False]))
    said = draw(st.sampled_from([len(payload)] * 4 + [0, 125, 65_535, 1 << 20, 1 << 62, (1 << 64) - 1]))
    form = draw(st.sampled_from(["short", "short", "16 bits", "64 bits"]))
    return bytes([first]) + _length(said, form, masked) + (bytes(4) if masked else b"") + payload


def _length(said: int, form: str, masked: bool) -> bytes:
    bit = 0x80 if masked else 0
    if form == "short" and said < 126:
        return bytes([bit | said])
    if form != "64 bits" and said < 65_536:
        return bytes([bit | 126]) + said.to_bytes(2, "big")
    return bytes([bit | 127]) + said.to_bytes(8, "big")


ANY_FRAMES = st.lists(st.composite(any_frame)() | st.binary(max_size=10), min_size=1, max_size=6)


def text(data: bytes) -> bytes:
    """A good frame with perhaps bad text."""
    return b"\x81" + _length(len(data), "short", masked=True) + bytes(4) + data


async def speak(port: int, path: str, frames: Sequence[bytes]) -> Said:
    """Shake hands, say these frames, then nothing more; returns what was said until the connection ended."""
    reader, writer = await caller(port, path)
    heard = bytearray()
    try:
        with contextlib.suppress(OSError):
            for frame in frames:
                writer.write(frame)
                await asyncio.sleep(0)
            writer.write_eof()
        async with asyncio.timeout(10):
            with contextlib.suppress(OSError):
                while data := await reader.read(65_536):
                    heard += data
    finally:
        writer.transport.abort()
    return taken_apart(bytes(heard))


def taken_apart(heard: bytes) -> Said:
    """The exchange's own frames, which must be good ones."""
    messages: list[Any] = []
    code: int | None = None
    while heard:
        first, size = heard[0], heard[1]
        assert size < 128, "a server masks nothing"
        start = {126: 4, 127: 10}.get(size, 2)
        length = int.from_bytes(heard[2:start], "big") if start > 2 else size
        payload, heard = heard[start : start + length], heard[start + length :]
        assert len(payload) == length, "a frame was cut short"
        if first == 0x80 | TEXT:
            messages.append(json.loads(payload))
        elif first == 0x80 | CLOSE:
            code = int.from_bytes(payload[:2], "big")
        else:
            assert first == 0x80 | PONG, first
    return Said(messages, code)


def must_be_documented(said: Said) -> None:
    """Answers in the documented form with documented codes, events, and closes that blame the other side."""
    assert said.code in {None, 1000, 1001, 1002, 1003, 1005, 1007, 1008, 1009} or said.code >= 3000, said
    for message in said.messages:
        if "status" in message:
            assert ("result" in message) != ("error" in message), message
            assert message["status"] == 200 or message["error"]["code"] in CODES - {-1000}, message
        elif "code" in message:
            assert message["code"] in {0, 1, 2, 3}, message
        else:
            assert message.keys() & {"result", "stream", "e", "event", "lastUpdateId"}, message
