"""One client connection: one request at a time, one write each, one future each."""

import asyncio
from typing import cast

from surefoot.errors import ProtocolViolation
from surefoot.net.deadline import Deadline
from surefoot.net.http1 import ResponseParser
from surefoot.net.limits import Limits
from surefoot.wire import HttpResponse, Lost

_HEAD = b"HEAD "


class HttpConnection(asyncio.Protocol):
    """A kept-alive connection. `usable` is False once it must not carry another request."""

    def __init__(self, limits: Limits) -> None:
        self._loop = asyncio.get_running_loop()
        self._limits = limits
        self._transport: asyncio.Transport | None = None
        self._parser: ResponseParser | None = None
        self._answer: asyncio.Future[HttpResponse | Lost] | None = None
        self._patience = Deadline(self._due)
        self._read_s = self._give_up_at = 0.0
        self.usable = False
        self.idle_since = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are transports by behaviour only
        self.usable = True
        self.idle_since = self._loop.time()

    async def exchange(self, data: bytes, read_s: float, give_up_at: float) -> HttpResponse | Lost:
        """Write `data` at once and wait; the connection is closed when no whole answer came in time."""
        if self._transport is None or not self.usable or self._transport.is_closing():
            self.usable = False
            return Lost(delivered=False, reason="the connection was closed before anything was sent")
        self._transport.write(data)
        # everything else can be done while the bytes travel: no answer comes before the loop's next turn
        self._read_s, self._give_up_at = read_s, give_up_at
        self._wait_on()
        self._parser = ResponseParser(self._limits, bodyless=data.startswith(_HEAD))
        self._answer = self._loop.create_future()
        try:
            return await self._answer
        finally:
            self._patience.rest()
            if not self._answer.done() or self._answer.cancelled():
                self.abort()  # the answer may still come, and would be taken for the next one's

    def _wait_on(self) -> None:
        self._patience.move(min(self._loop.time() + self._read_s, self._give_up_at))

    def _due(self) -> None:
        self._lose("no answer in time")

    def data_received(self, data: bytes) -> None:
        parser = self._parser
        if parser is None:
            self._lose("bytes came that nobody asked for")
            return
        try:
            response = parser.feed(data)
        except ProtocolViolation as error:
            self._lose(f"the answer is not HTTP/1.1: {error}")
            return
        if response is None:
            self._wait_on()
        else:
            self._settle(response, parser.keep_alive)

    def _settle(self, answer: HttpResponse | Lost, keep_alive: bool) -> None:
        self._parser = None
        if not keep_alive or (self._transport is not None and self._transport.get_write_buffer_size()):
            self.abort()  # also when the answer came before the request had left
        self.idle_since = self._loop.time()
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(answer)

    def _lose(self, reason: str) -> None:
        self._settle(Lost(delivered=True, reason=reason), keep_alive=False)

    def eof_received(self) -> None:
        self.usable = False

    def connection_lost(self, exc: Exception | None) -> None:
        self.usable = False
        self._patience.cancel()
        reason = f"the connection was lost: {exc}" if exc else "the other side closed the connection"
        whole = None
        if self._parser is not None and exc is None:
            try:
                whole = self._parser.finish()
            except ProtocolViolation as error:
                reason = f"the answer is not HTTP/1.1: {error}"
        self._settle(whole or Lost(delivered=True, reason=reason), keep_alive=False)

    def abort(self) -> None:
        """Close now."""
        self.usable = False
        if self._transport is not None:
            self._transport.abort()
