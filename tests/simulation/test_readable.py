"""Unmasking what a WebSocket client writes."""

import os

import pytest

from surefoot.simulation.readable import readable


def masked(payload: bytes) -> bytes:
    mask = os.urandom(4)
    if len(payload) < 126:
        head = bytes([0x81, 0x80 | len(payload)])
    elif len(payload) < 65_536:
        head = bytes([0x81, 0xFE]) + len(payload).to_bytes(2, "big")
    else:
        head = bytes([0x81, 0xFF]) + len(payload).to_bytes(8, "big")
    return head + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))


@pytest.mark.parametrize("size", [1, 125, 126, 65_535, 65_536])
def test_masked_text_is_read_at_every_length_encoding(size: int) -> None:
    payload = (b"order.place" * (size // 11 + 1))[:size]
    assert readable(masked(payload)) == payload


@pytest.mark.parametrize(
    "data", [b"", b"\x81", b"\x81\x80mask", b"POST /api/v3/order HTTP/1.1", b"\x81\x05hello"]
)
def test_everything_else_stays_as_it_is(data: bytes) -> None:
    assert readable(data) == data
