"""Bytes that are no request, or no good one, on the exchange's port: an answer in documented words or a
closed connection, and nobody else is disturbed.
"""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surefoot.net.limits import Timeouts
from tests.badinput.grounds import Grounds, answers, grounds, must_be_documented, say, story

HOST = b"Host: h\r\n"
PING = b"GET /api/v3/ping HTTP/1.1\r\n" + HOST + b"\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"


def post(*lines: bytes, body: bytes = b"") -> bytes:
    return (
        b"POST /api/v3/order HTTP/1.1\r\n"
        + HOST
        + b"".join(line + b"\r\n" for line in lines)
        + b"\r\n"
        + body
    )


CHUNKED = b"Transfer-Encoding: chunked"
# name: the bytes, and the statuses that come back before the connection ends
BAD: dict[str, tuple[bytes, list[int]]] = {
    "nothing": (b"", []),
    "line ends alone": (b"\r\n" * 40, []),
    "too many line ends": (b"\r\n" * 4_000, [431]),
    "a word": (b"hello\r\n\r\n", [400]),
    "HTTP/0.9": (b"GET /api/v3/ping\r\n", []),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [400]),
    "TLS": (bytes.fromhex("160301020001000001fc0303") + bytes(60), [400]),
    "another version": (b"GET / HTTP/9.9\r\n\r\n", [400]),
    "an unknown method": (b"BREW /api/v3/ping HTTP/1.1\r\n\r\n", [400]),
    "a blank in the target": (b"GET /api v3 HTTP/1.1\r\n\r\n", [400]),
    "no target": (b"GET  HTTP/1.1\r\n\r\n", [400]),
    "a target that is not ASCII": (b"GET /\xc3\xa9 HTTP/1.1\r\n\r\n", [400]),
    "a NUL in the target": (b"GET /\0 HTTP/1.1\r\n\r\n", [400]),
    "a NUL in a name": (b"GET / HTTP/1.1\r\nA\0: b\r\n\r\n", [400]),
    "a NUL in a value": (b"GET / HTTP/1.1\r\nA: b\0\r\n\r\n", [400]),
    "no colon": (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", [400]),
    "a folded header": (b"GET / HTTP/1.1\r\nA: b\r\n c: d\r\n\r\n", [400]),
    "a blank before the colon": (b"GET / HTTP/1.1\r\nContent-Length : 3\r\n\r\nabc", [400]),
    "bare line feeds": (b"GET /api/v3/ping HTTP/1.1\nHost: h\n\n", [400]),
    "a long header": (b"GET / HTTP/1.1\r\nA: " + b"a" * 5_000 + b"\r\n\r\n", [431]),
    "many headers": (b"GET / HTTP/1.1\r\n" + b"A: a\r\n" * 1_000 + b"\r\n", [431]),
    "a long target": (b"GET /" + b"a" * 5_000 + b" HTTP/1.1\r\n\r\n", [431]),
    "two lengths": (post(b"Content-Length: 3", b"Content-Length: 4", body=b"abcd"), [400]),
    "a length in words": (post(b"Content-Length: three", body=b"abc"), [400]),
    "a negative length": (post(b"Content-Length: -3", body=b"abc"), [400]),
    "a length with a sign": (post(b"Content-Length: +3", body=b"abc"), [400]),
    "a length beyond 64 bits": (post(b"Content-Length: " + b"9" * 30, body=b"abc"), [400]),
    "a length that lies below": (post(FORM[:-2], b"Content-Length: 3", body=b"a=bcdef"), [401, 400]),
    "a length that lies above": (post(b"Content-Length: 30", body=b"abc"), []),
    "a large body": (post(b"Content-Length: 70000", body=b"a" * 70_000), [413]),
    "length and chunks": (post(CHUNKED, b"Content-Length: 3", body=b"0\r\n\r\n"), [400]),
    "chunks that are not last": (post(b"Transfer-Encoding: chunked, gzip", body=b"0\r\n\r\n"), [400]),
    "a chunk of no size": (post(CHUNKED, body=b"\r\nabc\r\n0\r\n\r\n"), [400]),
    "a chunk of words": (post(CHUNKED, body=b"xyz\r\nabc\r\n0\r\n\r\n"), [400]),
    "a chunk beyond 64 bits": (post(CHUNKED, body=b"f" * 20 + b"\r\nabc"), [400]),
    "a chunk that is longer": (post(CHUNKED, body=b"3\r\nabcdef\r\n0\r\n\r\n"), [400]),
    "chunks without end": (post(CHUNKED, body=b"3\r\nabc\r\n"), []),
    "a large body in chunks": (post(CHUNKED, body=(b"ff\r\n" + b"a" * 255 + b"\r\n") * 300), [413]),
    "good, then nonsense": (PING + b"nonsense\r\n\r\n", [200, 400]),
    "nonsense, then good": (b"nonsense\r\n\r\n" + PING, [400]),
    "a body of JSON": (post(b"Content-Type: application/json", b"Content-Length: 2", body=b"{}"), [400]),
    "a body that is not UTF-8": (post(FORM[:-2], b"Content-Length: 3", body=b"a=\xff"), [400]),
    "a GET with a body": (b"GET /api/v3/ping HTTP/1.1\r\nContent-Length: 3\r\n\r\na=b", [400]),
    "CONNECT": (b"CONNECT h:443 HTTP/1.1\r\n\r\n", [400]),
    "another protocol": (PING[:-2] + b"Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n", [400]),
}  # fmt: skip


@pytest.mark.parametrize(("data", "statuses"), BAD.values(), ids=BAD)
@pytest.mark.parametrize("step", [1 << 20, 7], ids=["at once", "in pieces"])
def test_bad_requests(data: bytes, statuses: list[int], step: int) -> None:
    async def told() -> None:
        async with grounds() as here:
            heard, _ = answers(
                await say(here.port, [data[at : at + step] for at in range(0, len(data), step)])
            )
            assert [answer.status for answer in heard] == statuses
            for answer in heard:
                must_be_documented(answer)
            await here.undisturbed()

    story(told())


LINES = st.sampled_from(
    [
        *(b"GET /api/v3/%b HTTP/1.1\r\n" % path for path in (b"ping", b"depth?symbol=BTCUSDT", b"order")),
        b"POST /api/v3/order HTTP/1.1\r\n",
        b"HEAD /api/v3/ping HTTP/1.0\r\n",
        HOST,
        FORM,
        b"Content-Length: 9\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"Connection: close\r\n",
        b"Expect: 100-continue\r\n",
        b"X-MBX-APIKEY: \xff\r\n",
        b"Accept-Encoding: gzip\r\n",
        b"\r\n",
        b"symbol=%FF",
        b"3\r\nabc\r\n",
        b"0\r\n\r\n",
        b"\0",
    ]
)  # fmt: skip
PIECES = st.lists(LINES | st.binary(max_size=20), max_size=9)


@st.composite
def spoilt(draw: st.DrawFn) -> list[bytes]:
    """A good request with a few of its bytes changed, left out or put in, and cut in two somewhere."""
    data = bytearray(draw(st.sampled_from([PING, post(FORM[:-2], b"Content-Length: 3", body=b"a=b") + PING])))
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(data)))
        data[at : at + draw(st.integers(0, 2))] = draw(st.binary(max_size=2))
    cut = draw(st.integers(0, len(data)))
    return [bytes(data[:cut]), bytes(data[cut:])]


@settings(max_examples=60)
@given(peers=st.lists(PIECES | spoilt(), min_size=1, max_size=8))
def test_any_bytes(peers: list[list[bytes]]) -> None:
    """Several strangers at once, each with its own nonsense."""

    async def told() -> None:
        async with grounds() as here:
            for heard in await asyncio.gather(*(say(here.port, pieces) for pieces in peers)):
                for answer in answers(heard)[0]:
                    must_be_documented(answer)
            await here.undisturbed()

    story(told())


async def _in_drops(here: Grounds, data: bytes) -> bytes:
    """Say the beginning of a request, a byte at a time, for as long as somebody listens."""
    reader, writer = await asyncio.open_connection("127.0.0.1", here.port)
    hearing = asyncio.ensure_future(reader.read())
    for at in range(len(data)):
        if hearing.done():
            break
        writer.write(data[at : at + 1])
        await asyncio.sleep(0.005)
    assert hearing.done(), "a request in drops is listened to without end"
    writer.transport.abort()
    return hearing.result()


def test_requests_in_drops() -> None:
    """Fifty slow ones hold nobody up, and are given up in their turn."""

    async def told() -> None:
        async with grounds(timeouts=Timeouts(total_ms=50)) as here:
            data = b"POST /api/v3/order HTTP/1.1\r\nX: " + b"a" * 4_000
            slow = [asyncio.ensure_future(_in_drops(here, data)) for _ in range(50)]
            await here.spot.ping()
            for heard in await asyncio.gather(*slow):
                assert [answer.status for answer in answers(heard)[0]] == [408]
            await here.undisturbed()

    story(told())
