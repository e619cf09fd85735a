"""Who never ends, and who never reads: both are cut off, and cost the exchange little memory."""

import asyncio
import contextlib
import itertools
import tracemalloc
from collections import deque
from collections.abc import Iterable, Iterator

import pytest

from surefoot.net.coding import TooLarge
from surefoot.net.http1 import RequestParser
from surefoot.net.limits import Limits, Timeouts
from tests.badinput.frames import API, text
from tests.badinput.grounds import SMALL, Grounds, grounds, story
from tests.badinput.test_requests import CHUNKED, post
from tests.net.frames import CONTINUATION, PING, TEXT, caller, frame
from tests.net.wires import eventually

LITTLE, MUCH = 16 * 1024 * 1024, 64 * 1024 * 1024
"""More than the limits and the buffers of a connection; and what is said to it at most."""

BEGUN = post(CHUNKED)
ENDLESS: dict[str, tuple[bytes, bytes]] = {
    "a target": (b"GET /", b"a" * 65_536),
    "a header": (b"GET / HTTP/1.1\r\nA: ", b"a" * 65_536),
    "headers": (b"GET / HTTP/1.1\r\n", b"A: a\r\n" * 10_000),
    "line ends": (b"", b"\r\n" * 30_000),
    "a method": (b"", b"G" * 65_536),
    "a body": (post(b"Content-Length: 99999999999"), b"a" * 65_536),
    "chunks": (BEGUN, (b"ffff\r\n" + b"a" * 65_535 + b"\r\n")),
    "chunks of a byte": (BEGUN, b"1\r\na\r\n" * 10_000),
    "a chunk's extension": (BEGUN + b"3;", b"a" * 65_536),
    "extensions": (BEGUN, (b"1;" + b"a" * 60_000 + b"\r\na\r\n")),
    "trailers": (BEGUN + b"0\r\n", b"A: a\r\n" * 10_000),
}  # fmt: skip
FRAMES: dict[str, tuple[bytes, bytes]] = {
    "empty fragments": (
        frame(TEXT, fin=False, masked=True),
        frame(CONTINUATION, fin=False, masked=True) * 10_000,
    ),
    "fragments": (
        frame(TEXT, b"a", fin=False, masked=True),
        frame(CONTINUATION, b"ab", fin=False, masked=True) * 10_000,
    ),
}  # fmt: skip


@contextlib.contextmanager
def little_memory(most: int = LITTLE) -> Iterator[None]:
    """What happens inside needs less than `most` bytes at any time."""
    tracemalloc.start(1)
    try:
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        yield
        _, peak = tracemalloc.get_traced_memory()
        assert peak - before < most
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("piece", [b"1\r\na\r\n", b"2\r\nab\r\n"])
def test_a_body_in_small_pieces_needs_what_it_holds(piece: bytes) -> None:
    """A piece of two bytes is an object of 35, and its place in a list."""
    parser, pieces = RequestParser(Limits(max_body_bytes=1 << 18)), piece * 1_000
    parser.feed(BEGUN)
    with little_memory(1 << 20), pytest.raises(TooLarge):
        deque(map(parser.feed, itertools.repeat(pieces)), maxlen=0)


async def flood(writer: asyncio.StreamWriter, pieces: Iterable[bytes]) -> None:
    """Say it until the connection is cut."""
    said = 0
    with contextlib.suppress(OSError):
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            said += len(piece)
            if writer.is_closing() or said > MUCH:
                break


async def _until_cut(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, first: bytes, rest: bytes
) -> None:
    hearing = asyncio.ensure_future(_to_the_end(reader, writer))
    await flood(writer, itertools.chain([first], itertools.repeat(rest)))
    await hearing


async def _to_the_end(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while await reader.read(65_536):
            pass
    writer.transport.abort()


@pytest.mark.parametrize(("first", "rest"), ENDLESS.values(), ids=ENDLESS)
def test_an_endless_request(first: bytes, rest: bytes) -> None:
    async def told() -> None:
        async with grounds(timeouts=Timeouts(total_ms=300)) as here:
            reader, writer = await asyncio.open_connection("127.0.0.1", here.port)
            with little_memory():
                await _until_cut(reader, writer, first, rest)
            await here.undisturbed()

    story(told())


@pytest.mark.parametrize(("first", "rest"), FRAMES.values(), ids=FRAMES)
@pytest.mark.parametrize("path", [API, "/ws"])
def test_an_endless_message(path: str, first: bytes, rest: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty fragment costs little to say, and counts all the same."""
    monkeypatch.setattr("surefoot.net.websocket._CLOSING_MS", 100)  # so long a good-bye is waited for

    async def told() -> None:
        async with grounds() as here:
            reader, writer = await caller(here.port, path)
            with little_memory():
                await _until_cut(reader, writer, first, rest)
            await here.undisturbed()

    story(told())


MUCH_ASKED = b"GET /api/v3/exchangeInfo HTTP/1.1\r\nHost: h\r\n\r\n" * 20


def _unlimited(here: Grounds) -> None:
    """All come from one address, and the flood would use up the weight of the bystanders too."""
    here.server.operations.limits.change("generous")


def test_who_asks_and_never_reads() -> None:
    """What it is owed waits, and nothing more is read from it."""

    async def told() -> None:
        async with grounds() as here:
            _unlimited(here)
            _, writer = await asyncio.open_connection("127.0.0.1", here.port)
            writer.transport.pause_reading()
            with little_memory():
                flooding = asyncio.ensure_future(flood(writer, itertools.repeat(MUCH_ASKED)))
                await eventually(lambda: any(one.line._held for one in here.serving.connections))
                await here.spot.ping()
            assert not flooding.done()
            writer.transport.abort()
            await flooding
            await here.undisturbed()

    story(told())


@pytest.mark.parametrize(
    "said",
    [
        frame(PING, bytes(125), masked=True) * 500,
        text(b'{"id":1,"method":"exchangeInfo"}') * 20,
    ],
    ids=["pings", "questions"],
)
def test_who_speaks_over_a_websocket_and_never_reads(
    said: bytes, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What waits to be read is bounded; then the connection is cut, and what was read of it not answered."""
    monkeypatch.setattr("surefoot.exchange.door.sockets.MAX_UNSENT_BYTES", 1 << 18)
    limits = Limits(max_message_bytes=SMALL.max_message_bytes, max_unsent_bytes=1 << 18)

    async def told() -> None:
        async with grounds(limits) as here:
            _unlimited(here)
            _, writer = await caller(here.port, API)
            writer.transport.pause_reading()
            with little_memory():
                await flood(writer, itertools.repeat(said))
            await here.undisturbed()

    story(told())
    assert "socket.send() raised exception" not in caplog.text
