"""The server's side of a connection: requests answered in order, WebSockets handed over."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, cast

from surefoot.errors import ProtocolViolation
from surefoot.net.coding import TooLarge, compressed
from surefoot.net.endings import Broken, Ending
from surefoot.net.frames import Frames
from surefoot.net.handover import hand_over, handshake_fault
from surefoot.net.http1 import Arrival, RequestParser, encode_response
from surefoot.net.line import Line
from surefoot.wire import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from surefoot.net.listen import Serving
    from surefoot.net.websocket import TextSink, WebSocket

_JSON = {"Content-Type": "application/json"}
_UNKNOWN = b'{"code":-1000,"msg":"An unknown error occurred while processing the request."}'
_CROWD = 32  # so many requests may wait for their answers before no more are read


class HttpServerConnection(asyncio.Protocol):
    """One accepted connection, until it ends or becomes a WebSocket. Answers leave in the order of their
    requests.
    """

    def __init__(self, serving: "Serving") -> None:
        self._serving = serving
        self._parser = RequestParser(serving.limits)
        self._waiting: deque[Arrival | HttpResponse] = deque()  # a response here refuses, and is the last
        self._answering = self._stuffed = self._forsaken = False
        self._peer = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's are transports by behaviour only
        self.line = Line(cast("asyncio.Transport", transport), self._out_of_patience)
        peer = transport.get_extra_info("peername")
        self._peer = str(peer[0]) if peer else ""
        self._serving.connections.add(self)
        self.line.expect(self._serving.timeouts.idle_ms)
        if self._serving.closing:
            self.line.abort()

    def data_received(self, data: bytes) -> None:
        if self.line.ending:
            return
        was_midway = self._parser.midway
        refusal = None
        try:
            arrived = self._parser.feed(data)
        except ProtocolViolation as error:
            arrived = self._parser.taken()
            refusal = HttpResponse(
                error.status if isinstance(error, TooLarge) else 400, {}, str(error).encode()
            )
        if arrived and arrived[-1].upgrade:
            upgrade = arrived.pop()
            if not (arrived or self._waiting or self._answering):
                self._upgrade(upgrade.request)
                return
            refusal = HttpResponse(400, {}, b"a WebSocket handshake cannot be pipelined")
        self._waiting += arrived
        if refusal is not None:
            self._waiting.append(refusal)
        if arrived or not was_midway:  # a request that comes in drops is given no more time by each of them
            timeouts = self._serving.timeouts
            self.line.expect(timeouts.total_ms if self._parser.midway else timeouts.idle_ms)
        self._answer_next()

    def pause_writing(self) -> None:
        self._stuffed = True

    def resume_writing(self) -> None:
        self._stuffed = False
        self._answer_next()

    def connection_lost(self, exc: Exception | None) -> None:
        self.line.released()
        self._waiting.clear()
        self._serving.forget(self)

    def close(self) -> None:
        """End the connection after the answer that is under way, if there is one."""
        if self._forsaken:
            self.line.abort()
        elif not self._answering:
            self.line.end()

    def _answer_next(self) -> None:
        while self._waiting and not (self._answering or self._stuffed or self.line.ending):
            arrival = self._waiting.popleft()
            if isinstance(arrival, HttpResponse):
                self.line.refuse(encode_response(arrival, keep_alive=False))
                return
            try:
                answer = self._serving.app.respond(arrival.request, self._peer)
            except Exception as error:
                answer = _failed(error)
            if isinstance(answer, HttpResponse | Broken):
                self._write(answer, arrival)
            else:
                self._answering = True
                self._serving.start(self._answer_later(answer, arrival))
        self.line.hold(self._stuffed or len(self._waiting) >= _CROWD)

    async def _answer_later(self, answer: Awaitable[HttpResponse | Broken], arrival: Arrival) -> None:
        response: HttpResponse | Broken
        try:
            response = await answer
        except Exception as error:
            response = _failed(error)
        self._answering = False
        self._write(response, arrival)
        self._answer_next()

    def _write(self, response: HttpResponse | Broken, arrival: Arrival) -> None:
        if isinstance(response, Broken):
            self._leave(response)
            return
        head_only, keep = arrival.request.method == "HEAD", arrival.keep_alive and not self._serving.closing
        try:
            data = encode_response(compressed(response, arrival.request), keep, head_only=head_only)
        except Exception as error:
            data = encode_response(_failed(error), keep, head_only=head_only)
        self.line.write(data, last=not keep)

    def _leave(self, broken: Broken) -> None:
        """No proper answer: what is to be said, and the end that was asked for."""
        if broken.data:
            self.line.write(broken.data, last=False)
        match broken.ending:
            case Ending.CLOSE:
                self.line.end()
            case Ending.RESET:
                self.line.abort(reset=True)
            case _:
                self._answering = self._forsaken = True
                if broken.ending is Ending.HALF_OPEN:
                    self.line.freeze()

    def _upgrade(self, request: HttpRequest) -> None:
        answer: HttpResponse | Broken | Callable[[WebSocket], TextSink]
        fault = handshake_fault(request)
        try:
            answer = fault or self._serving.app.accept(request, self._peer)
        except Exception as error:
            answer = _failed(error)
        if isinstance(answer, HttpResponse | Broken):
            self._write(answer, Arrival(request, keep_alive=False))
            return
        serving, transport = self._serving, self.line.released()
        serving.forget(self)
        frames = Frames(serving.websocket(), answer, serving.limits)
        hand_over(transport, request, self._parser.tail, frames, serving.limits)

    def _out_of_patience(self) -> None:
        if self._answering:
            self.line.expect(self._serving.timeouts.idle_ms)
        elif self._parser.midway:
            refusal = HttpResponse(408, {}, b"the request took too long to arrive")
            self.line.refuse(encode_response(refusal, keep_alive=False))
        else:
            self.line.end()


def _failed(error: Exception) -> HttpResponse:
    """A defect of the application: told to the loop, and to the peer as an unknown outcome."""
    asyncio.get_running_loop().call_exception_handler({"message": "an answer failed", "exception": error})
    return HttpResponse(500, _JSON, _UNKNOWN)
