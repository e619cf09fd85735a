"""Content codings: who is given gzip, and what a bomb costs."""

import asyncio
import gzip
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surefoot.errors import ProtocolViolation
from surefoot.net.coding import LARGE_BYTES, TooLarge, compressed, inflated, takes_gzip
from surefoot.net.http1 import encode_response
from surefoot.net.listen import listen
from surefoot.net.pool import HttpPool
from surefoot.wire import HttpRequest, HttpResponse
from tests.net.wires import App, Caller, Loops, Street, body_of, get

LONG = b'{"a":' + b"1" * LARGE_BYTES + b"}"


@pytest.mark.parametrize(
    ("asked", "given_gzip"),
    [
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("x-gzip", True),
        ("gzip;q=1.0, identity", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("gzip;q=0.001", True),
        ("identity", False),
        ("gzipped", False),
        ("", False),
    ],
)
def test_who_takes_gzip(asked: str, given_gzip: bool) -> None:
    """RFC 9110, section 12.5.3."""
    assert takes_gzip({"accept-encoding": asked}) is given_gzip
    request = HttpRequest("GET", "/", {"accept-encoding": asked})
    answer = compressed(HttpResponse(200, {"X": "y"}, LONG), request)
    assert (answer.body == LONG) is not given_gzip
    assert answer.headers["X"] == "y"
    if given_gzip:
        assert gzip.decompress(answer.body) == LONG
        assert answer.headers["Content-Encoding"] == "gzip"


def test_small_answers_and_errors_stay_as_they_are() -> None:
    request = HttpRequest("GET", "/", {"accept-encoding": "gzip"})
    for response in (HttpResponse(200, {}, LONG[: LARGE_BYTES - 1]), HttpResponse(400, {}, LONG)):
        assert compressed(response, request) is response


def test_a_bomb_costs_no_more_than_the_limit() -> None:
    """A megabyte of compressed noughts would be a gigabyte."""
    bomb = gzip.compress(bytes(200_000_000), compresslevel=1)
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge, match="decompressed body"):
            inflated(bomb, 100_000)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 2_000_000 + len(bomb)


@given(st.binary(max_size=2_000), st.binary(max_size=8))
def test_both_codings_come_back_whole_or_not_at_all(body: bytes, more: bytes) -> None:
    for coded in (gzip.compress(body, mtime=0), zlib.compress(body)):
        assert inflated(coded, 2_000) == body
        with pytest.raises(ProtocolViolation):
            inflated(coded[:-1], 2_000)
        if more:
            with pytest.raises(ProtocolViolation):
                inflated(coded + more, 2_000)


class Long(App):
    """Says something long."""

    def respond(self, request: HttpRequest, peer: str) -> HttpResponse:
        return HttpResponse(200, {"Content-Type": "application/json"}, LONG)


def test_over_the_wire(run: Loops, street: Street) -> None:
    async def story() -> None:
        listener = await listen(Long(), tls=street.server)
        caller = await Caller.call(listener.port, street)
        caller.writer.write(get(**{"Accept-Encoding": "gzip"}))
        packed = await caller.answer()
        assert packed.headers["content-encoding"] == "gzip"
        assert int(packed.headers["content-length"]) < LARGE_BYTES
        assert packed.body == LONG
        caller.writer.write(get())
        assert "content-encoding" not in (await caller.answer()).headers
        await caller.hang_up()
        pool = HttpPool(street.http(listener.port), tls=street.client)
        assert body_of(await pool.exchange(get(**{"Accept-Encoding": "gzip"}))) == LONG
        await pool.close()
        await listener.close(grace_ms=0)
        await asyncio.sleep(0)

    run(story())


def test_a_head_says_what_the_answer_would() -> None:
    request = HttpRequest("HEAD", "/", {"accept-encoding": "gzip"})
    bare = encode_response(compressed(HttpResponse(200, {}, LONG), request), head_only=True)
    assert b"Content-Encoding: gzip" in bare
    assert bare.endswith(b"\r\n\r\n")
