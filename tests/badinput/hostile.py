"""An exchange that answers what it must not: bytes by a table, over real sockets."""

import asyncio
import contextlib
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any, NamedTuple

from surefoot.credentials import Credentials
from surefoot.errors import NoAnswer, OutcomeUnknown, PartlyDone, ProtocolViolation, Refused, SurefootError
from surefoot.net.limits import Limits
from surefoot.spot.account import GetAccount
from surefoot.spot.enums import KlineInterval, OrderType, Side, TimeInForce
from surefoot.spot.environments import Environment, local
from surefoot.spot.general import GetExchangeInfo, GetTime, ServerTime
from surefoot.spot.market import GetDepth
from surefoot.spot.market_klines import GetKlines
from surefoot.spot.request import Request
from surefoot.spot.trade import CancelOrder, NewOrder
from surefoot.values import Secret
from surefoot.world import system_world
from tests.net.wires import peer

KEY = Credentials(environment="local", api_key=Secret("k" * 64), secret=Secret("s" * 64))
LIMITS = Limits(max_body_bytes=1 << 20, max_message_bytes=1 << 20)
_ORDER: dict[str, Any] = {"type": OrderType.LIMIT, "time_in_force": TimeInForce.GTC, "quantity": Decimal(1)}
READS: tuple[Request[Any], ...] = (
    GetDepth(symbol="BTCUSDT"),
    GetKlines(symbol="BTCUSDT", interval=KlineInterval.ONE_HOUR),
    GetExchangeInfo(),
    GetAccount(),
)
WRITES: tuple[Request[Any], ...] = (
    NewOrder(symbol="BTCUSDT", side=Side.BUY, price=Decimal(1), **_ORDER),
    CancelOrder(symbol="BTCUSDT", order_id=1),
)


def must_answer_did_it_happen(request: Request[Any], error: SurefootError, *, refuses: bool = False) -> None:
    """A typed error; of a write that perhaps happened nobody says that it did not."""
    if refuses:
        assert isinstance(error, Refused), error
    elif request.endpoint.mutates:
        assert isinstance(error, OutcomeUnknown | PartlyDone), error
        assert error.request == request or error.client_order_id, error
    else:
        assert isinstance(error, NoAnswer | ProtocolViolation | PartlyDone), error


JSON = b"Content-Type: application/json\r\n"
GOOD_TIME = b'{"serverTime":%d}'
DEEP = b"[" * 100_000
BOMB_BYTES = 64 * 1024 * 1024


def http(body: bytes, status: bytes = b"200 OK", *lines: bytes, length: int | None = None) -> bytes:
    """A whole answer; its length may lie."""
    said = b"Content-Length: %d\r\n" % (len(body) if length is None else length)
    return (
        b"HTTP/1.1 "
        + status
        + b"\r\n"
        + JSON
        + b"".join(line + b"\r\n" for line in lines)
        + said
        + b"\r\n"
        + body
    )


def _bomb(wbits: int) -> bytes:
    deflate = zlib.compressobj(9, wbits=wbits)
    piece = bytes(1 << 20)
    return b"".join(deflate.compress(piece) for _ in range(BOMB_BYTES >> 20)) + deflate.flush()


GZIP_BOMB, DEFLATE_BOMB = _bomb(31), _bomb(15)
CHUNKED = b"HTTP/1.1 200 OK\r\n" + JSON + b"Transfer-Encoding: chunked\r\n\r\n"
ENCODED = b"Content-Encoding: gzip"


async def goes_on(send: Callable[[Request[Any]], Awaitable[Any]]) -> None:
    """The next one is answered, or else the one after it: a kept connection may be found to be over."""
    with contextlib.suppress(NoAnswer):
        await send(GetTime())
    assert isinstance(await send(GetTime()), ServerTime)


class Answer(NamedTuple):
    """`data` is said, then `again` until the connection is cut; then it is ended, where it `ends`.

    It `refuses` where nobody may take it for something that perhaps happened.
    """

    data: bytes
    again: bytes = b""
    ends: bool = False
    refuses: bool = False


PAGE = b"<html><body><h1>Bad Gateway</h1></body></html>"
ANSWERS: dict[str, Answer] = {
    "nothing, and the end": Answer(b"", ends=True),
    "an empty body": Answer(http(b"")),
    "no content": Answer(b"HTTP/1.1 204 No Content\r\n\r\n"),
    "JSON cut short": Answer(http(b'{"symbol":"BTCUSDT","orderId":12')),
    "a page with 200": Answer(http(PAGE)),
    "a page with 502": Answer(http(PAGE, b"502 Bad Gateway")),
    "a page with 503": Answer(http(PAGE, b"503 Service Unavailable", b"Retry-After: \xb2")),
    "a page with 403": Answer(http(PAGE, b"403 Forbidden"), refuses=True),
    "a page with 429": Answer(http(PAGE, b"429 Too Many Requests", b"Retry-After: soon"), refuses=True),
    "a page with 418": Answer(http(PAGE, b"418 I'm a teapot", b"Retry-After: " + b"9" * 5_000), refuses=True),
    "a page with 400": Answer(http(PAGE, b"400 Bad Request")),
    "a redirection": Answer(http(b"", b"302 Found", b"Location: http://192.0.2.1/")),
    "a refusal without a code": Answer(http(b'{"msg":"no"}', b"400 Bad Request")),
    "a code in words": Answer(http(b'{"code":"-1013","msg":"no"}', b"400 Bad Request")),
    "a refusal nested too deeply": Answer(http(b'{"code":-1013,"msg":"","data":' + DEEP, b"400 Bad Request")),
    "halves of nothing": Answer(http(b'{"code":-2021,"msg":"","data":[]}', b"409 Conflict")),
    "a list": Answer(http(b"[[[1]]]")),
    "an object": Answer(http(b'{"a":{"b":[1,2]}}')),
    "a number": Answer(http(b"1")),
    "null": Answer(http(b"null")),
    "wrong types": Answer(http(b'{"symbol":1,"orderId":"x","serverTime":"now","bids":{},"balances":0}')),
    "wrong types in a list": Answer(http(b'[{"symbol":[]},{"id":"x"},[{}]]')),
    "numbers beyond all": Answer(http(b'{"serverTime":1e999,"orderId":1e999,"lastUpdateId":1e999}')),
    "a time beyond all": Answer(http(b'{"serverTime":' + b"9" * 400 + b',"orderId":"","lastUpdateId":""}')),
    "nested too deeply": Answer(http(b'{"a":' + DEEP)),
    "not UTF-8": Answer(http(b'{"symbol":"\xff\xfe"}')),
    "a code with 200": Answer(http(b'{"code":-1000,"msg":"An unknown error occurred."}')),
    "gzip that is none": Answer(http(b"\x1f\x8bnot gzip at all", b"200 OK", ENCODED)),
    "gzip cut short": Answer(http(zlib.compress(b"{}" * 99, wbits=31)[:-5], b"200 OK", ENCODED)),
    "a coding that nobody knows": Answer(http(b"\x0b\x01\x80{}\x03", b"200 OK", b"Content-Encoding: br")),
    "a gzip bomb": Answer(http(GZIP_BOMB, b"200 OK", ENCODED)),
    "a deflate bomb": Answer(http(DEFLATE_BOMB, b"200 OK", b"Content-Encoding: deflate")),
    "a length that lies above": Answer(http(b'{"a":1}', length=900), ends=True),
    "a length that lies below": Answer(http(b'{"symbol":"BTCUSDT"}', length=5)),
    "a length of terabytes": Answer(http(b"", length=10**13), again=b"a" * 65_536),
    "two lengths": Answer(http(b"{}", b"200 OK", b"Content-Length: 3")),
    "chunks without end": Answer(CHUNKED, again=(b"ffff\r\n" + b"a" * 65_535 + b"\r\n")),
    "small chunks without end": Answer(CHUNKED, again=b"2\r\n  \r\n" * 10_000),
    "a chunk of no size": Answer(CHUNKED + b"zz\r\n{}\r\n"),
    "chunks cut short": Answer(CHUNKED + b"2\r\n{}\r\n", ends=True),
    "headers without end": Answer(b"HTTP/1.1 200 OK\r\n", again=b"A: a\r\n" * 10_000),
    "a header without end": Answer(b"HTTP/1.1 200 OK\r\nA: ", again=b"a" * 65_536),
    "a body until the end, without one": Answer(b"HTTP/1.1 200 OK\r\n\r\n", again=b"a" * 65_536),
    "first words without end": Answer(b"", again=b"HTTP/1.1 100 Continue\r\n\r\n" * 1_000),
    "another protocol": Answer(b"HTTP/1.1 101 Switching ?\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n{}"),
    "no HTTP": Answer(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "noise": Answer(bytes(range(255, 0, -1))),
    "a header that is none": Answer(b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n"),
    "a NUL in a header": Answer(b"HTTP/1.1 200 OK\r\nA: \0\r\nContent-Length: 2\r\n\r\n{}"),
    "a status that is none": Answer(b"HTTP/1.1 20 OK\r\nContent-Length: 2\r\n\r\n{}"),
    "two answers": Answer(http(b"1") + http(b'{"a":1}')),
}  # fmt: skip


class Hostile:
    """Tells the time rightly, and everything else as `answer` says, once; then it is good again.

    `connections` counts those that were made.
    """

    def __init__(self) -> None:
        self.answer: Answer | None = None
        self.connections = 0

    async def script(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        while head := await reader.readuntil(b"\r\n\r\n"):
            length = next(
                (int(line[16:]) for line in head.split(b"\r\n") if line[:15] == b"Content-Length:"), 0
            )
            await reader.readexactly(length)
            answer, self.answer = self.answer, None
            if answer is None:
                writer.write(http(GOOD_TIME % system_world().clock.wall_ms()))
                continue
            writer.write(answer.data)
            while answer.again:
                writer.write(answer.again)
                await writer.drain()
            if answer.ends:
                writer.close()
                return


@asynccontextmanager
async def hostile(found: Hostile) -> AsyncIterator[Environment]:
    async with peer(found.script) as port:
        at = f"//127.0.0.1:{port}"
        yield local(f"http:{at}", f"ws:{at}/ws-api/v3", f"ws:{at}")
