"""A running exchange with two bystanders, and whoever comes to trouble it."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Coroutine, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

import pytest

from surefoot import AsyncClient
from surefoot.client.aio import EventStream
from surefoot.exchange.liquidity.synthetic import Liquidity
from surefoot.exchange.server import ExchangeServer, Reception
from surefoot.net.http1 import ResponseParser
from surefoot.net.limits import Limits, Timeouts
from surefoot.net.listen import Listener, listen
from surefoot.rules.retries import ONCE
from surefoot.spot.enums import OrderType, Side, TimeInForce
from surefoot.spot.environments import local
from surefoot.spot.events import BookTickerEvent, ExecutionReport
from surefoot.wire import HttpResponse
from tests.client.street import running
from tests.net.wires import eventually

FACTS = json.loads((Path(__file__).parents[1] / "facts" / "errors.json").read_text())
CODES = {row["code"] for row in FACTS["codes"]}
STATUSES = {row["status"] for row in FACTS["http_status"]}
FRAMING = {400, 408, 413, 426, 431}
"""What the server says, in plain text, of bytes that are no request (RFC 9110)."""

SMALL = Limits(max_head_bytes=4_096, max_body_bytes=65_536, max_message_bytes=16_384)


def story(told: Coroutine[Any, Any, None]) -> None:
    """Run it; nothing may reach the loop's own handler of exceptions.

    A budget may outlive its story, and the system may give its port away again: nobody inherits that rain.
    """
    unhandled: list[dict[str, Any]] = []
    with pytest.MonkeyPatch.context() as patch, asyncio.Runner() as runner:
        patch.setattr("surefoot.budget.local._KNOWN", WeakValueDictionary())
        runner.get_loop().set_exception_handler(lambda _, context: unhandled.append(context))
        runner.run(told)
    assert not unhandled, [(one["message"], repr(one.get("exception"))) for one in unhandled]


class Grounds:
    """The exchange behind `port`, with one client on REST and on its user and market streams."""

    def __init__(self, server: ExchangeServer, listener: Listener, spot: AsyncClient) -> None:
        self.server, self.spot, self.port = server, spot, listener.port
        self.serving = listener._serving
        self.user: EventStream | None = None
        self.market: EventStream | None = None
        self._asked = 0

    async def undisturbed(self) -> None:
        """The bystanders get the right answers, and nothing is left of anybody else."""
        assert self.user is not None
        assert self.market is not None
        self._asked += 1
        price = Decimal(50_000 + self._asked)
        order = {"time_in_force": TimeInForce.GTC, "quantity": Decimal("0.001"), "price": price}
        async with asyncio.timeout(10):
            placed = await self.spot.new_order("BTCUSDT", Side.BUY, OrderType.LIMIT, **order)
            told = await _next(self.user, ExecutionReport)
            assert (told.order_id, told.price) == (placed.order_id, price)
            assert (await _next(self.market, BookTickerEvent)).bid_price == price
            # the pool's connection, the user stream and the market stream
            await eventually(lambda: len(self.serving.connections) <= 1 and len(self.serving._sockets) == 2)
        assert len(self.server.attendance.present) == 2
        assert self.server.front.hub.streams == ("btcusdt@bookTicker",)


async def _next(stream: EventStream, kind: type[Any]) -> Any:
    while not isinstance(event := await anext(stream), kind):
        pass
    return event


@contextlib.asynccontextmanager
async def grounds(limits: Limits = SMALL, timeouts: Timeouts | None = None) -> AsyncIterator[Grounds]:
    """An exchange with small limits, so that little is much."""
    async with running(liquidity=Liquidity.NONE) as place:
        app = Reception(place.server)
        listener = await listen(app, limits=limits, timeouts=timeouts or Timeouts())
        at = f"//127.0.0.1:{listener.port}"
        environment = local(f"http:{at}", f"ws:{at}/ws-api/v3", f"ws:{at}")
        try:
            async with AsyncClient(environment, place.hmac, retries=ONCE) as spot:
                found = Grounds(place.server, listener, spot)
                async with spot.user_data() as found.user, spot.stream("btcusdt@bookTicker") as found.market:
                    yield found
        finally:
            await listener.close()


async def say(port: int, pieces: Sequence[bytes]) -> bytes:
    """Say it piece by piece, then nothing more; returns all that was answered until the connection ended."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        with contextlib.suppress(OSError):  # it may be cut in the middle of a word
            for piece in pieces:
                writer.write(piece)
                await asyncio.sleep(0)
            writer.write_eof()
        heard = bytearray()
        async with asyncio.timeout(10):
            with contextlib.suppress(OSError):
                while data := await reader.read(65_536):
                    heard += data
        return bytes(heard)
    finally:
        writer.transport.abort()


def answers(heard: bytes) -> tuple[list[HttpResponse], bytes]:
    """The HTTP answers in `heard`, and what follows a handshake that was accepted."""
    found: list[HttpResponse] = []
    while heard:
        head, _, rest = heard.partition(b"\r\n\r\n")
        if head.startswith(b"HTTP/1.1 101"):
            return found, rest
        length = next((int(line[15:]) for line in head.split(b"\r\n") if line[:15] == b"Content-Length:"), 0)
        answer = ResponseParser().feed(head + b"\r\n\r\n" + rest[:length])
        assert answer is not None, "the last answer was cut short"
        found.append(answer)
        heard = rest[length:]
    return found, b""


def must_be_documented(answer: HttpResponse) -> None:
    """A success, a refusal with a documented code, or the plain words for bytes that are no request."""
    assert answer.status in STATUSES | FRAMING, answer
    if answer.status == 200:
        json.loads(answer.body or b"{}")
    elif answer.headers.get("content-type", "").startswith("application/json"):
        said = json.loads(answer.body)
        assert said["code"] in CODES - {-1000}, said
        assert isinstance(said["msg"], str)
    else:
        assert answer.status in FRAMING | {404}, answer
