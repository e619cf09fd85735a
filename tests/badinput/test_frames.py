"""Frames that nobody may send, on the WebSocket API and on the streams: the connection ends with a code that
says whose fault it is, and nobody else is disturbed.
"""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.badinput.frames import ANY_FRAMES, API, PATHS, must_be_documented, speak, text
from tests.badinput.grounds import grounds, story
from tests.net.frames import CLOSE, CONTINUATION, PING, PONG, TEXT, close_frame, frame

ASKED = b'{"id":1,"method":"ping"}'
PROTOCOL_ERROR, TOO_BIG = 1002, 1009
# name: the frames, and the close codes they may be answered with
BAD: dict[str, tuple[list[bytes], set[int]]] = {
    "a reserved bit": ([b"\xc1\x80" + bytes(4)], {PROTOCOL_ERROR}),
    "all reserved bits": ([b"\xf1\x80" + bytes(4)], {PROTOCOL_ERROR}),
    "a reserved kind": ([b"\x83\x80" + bytes(4)], {PROTOCOL_ERROR}),
    "a reserved control": ([b"\x8b\x80" + bytes(4)], {PROTOCOL_ERROR}),
    "not masked": ([frame(TEXT, ASKED)], {PROTOCOL_ERROR}),
    "a ping not masked": ([frame(PING, b"x")], {PROTOCOL_ERROR}),
    "a ping in fragments": ([frame(PING, b"x", fin=False, masked=True)], {PROTOCOL_ERROR}),
    "a long ping": ([frame(PING, bytes(126), masked=True)], {PROTOCOL_ERROR}),
    "a long pong": ([frame(PONG, bytes(126), masked=True)], {PROTOCOL_ERROR}),
    "a long good-bye": ([close_frame(1000, bytes(124), masked=True)], {PROTOCOL_ERROR}),
    "a fragment of nothing": ([frame(CONTINUATION, b"x", masked=True)], {PROTOCOL_ERROR}),
    "two beginnings": ([frame(TEXT, b"a", fin=False, masked=True)] * 2, {PROTOCOL_ERROR}),
    "too long": ([frame(TEXT, bytes(20_000), masked=True)], {TOO_BIG}),
    "a length beyond all": ([b"\x81\xff" + b"\x7f" + b"\xff" * 7 + bytes(4)], {TOO_BIG}),
    "a length of 64 bits": ([b"\x81\xff" + b"\xff" * 8 + bytes(4)], {TOO_BIG, PROTOCOL_ERROR}),
    "too many fragments": (
        [frame(TEXT, bytes(4_000), fin=False, masked=True)]
        + [frame(CONTINUATION, bytes(4_000), fin=False, masked=True)] * 5,
        {TOO_BIG},
    ),
    "half a code": ([frame(CLOSE, b"x", masked=True)], {PROTOCOL_ERROR}),
    "a code below": ([close_frame(999, masked=True)], {PROTOCOL_ERROR}),
    "a code that is none": ([close_frame(1006, masked=True)], {PROTOCOL_ERROR}),
    "a code beyond": ([close_frame(5000, masked=True)], {PROTOCOL_ERROR}),
    "a reason that is not UTF-8": ([close_frame(1000, b"\xff", masked=True)], {PROTOCOL_ERROR, 1007}),
    "HTTP again": ([b"GET /api/v3/ping HTTP/1.1\r\nHost: h\r\n\r\n"], {PROTOCOL_ERROR}),
    "noise": ([b"\xff" * 60], {PROTOCOL_ERROR}),
}


@pytest.mark.parametrize(("frames", "codes"), BAD.values(), ids=BAD)
@pytest.mark.parametrize("path", [API, "/ws/btcusdt@trade"])
def test_bad_frames(path: str, frames: list[bytes], codes: set[int]) -> None:
    async def told() -> None:
        async with grounds() as here:
            said = await speak(here.port, path, frames)
            assert said.code in codes
            assert said.messages == []
            await here.undisturbed()

    story(told())


def test_a_question_before_a_violation_is_answered() -> None:
    async def told() -> None:
        async with grounds() as here:
            said = await speak(here.port, API, [text(ASKED), b"\xc1\x80" + bytes(4), text(ASKED)])
            assert [message["id"] for message in said.messages] == [1]
            assert said.code == PROTOCOL_ERROR
            await here.undisturbed()

    story(told())


@settings(max_examples=80)
@given(peers=st.lists(st.tuples(st.sampled_from(PATHS), ANY_FRAMES), min_size=1, max_size=8))
def test_any_frames(peers: list[tuple[str, list[bytes]]]) -> None:
    """Several strangers at once, each with its own nonsense."""

    async def told() -> None:
        async with grounds() as here:
            for said in await asyncio.gather(*(speak(here.port, *peer) for peer in peers)):
                must_be_documented(said)
            await here.undisturbed()

    story(told())
