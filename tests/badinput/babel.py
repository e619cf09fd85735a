"""A WebSocket API and market streams that say what they must not, once; then they are good again."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from surefoot.net.listen import listen
from surefoot.net.websocket import TextSink, WebSocket
from surefoot.spot.environments import Environment, local
from surefoot.wire import Closed, HttpRequest, HttpResponse
from surefoot.world import system_world
from tests.net.frames import CONTINUATION, PING, TEXT, close_frame, frame

DEEP = b"[" * 100_000
TICKER = b'{"u":1,"s":"BTCUSDT","b":"1","B":"1","a":"2","A":"1"}'

MESSAGES: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"<html></html>",
    "cut short": b'{"id":%d,"status":200,"result":{"order',
    "not UTF-8": b'{"id":%d,"status":200,"result":{"symbol":"\xff"}}',
    "a list": b"[]",
    "a number": b"1",
    "null": b"null",
    "text": b'"%d"',
    "nested too deeply": b'{"id":%d,"status":200,"result":' + DEEP,
    "a status in words": b'{"id":%d,"status":"ok","result":{}}',
    "no status": b'{"id":%d,"result":{}}',
    "no result": b'{"id":%d,"status":200}',
    "a result of another shape": b'{"id":%d,"status":200,"result":[[[1]]]}',
    "a result of wrong types": b'{"id":%d,"status":200,"result":{"symbol":1,"orderId":"","bids":1}}',
    "a number beyond all": b'{"id":%d,"status":200,"result":{"lastUpdateId":1e999,"orderId":1e999}}',
    "an error in words": b'{"id":%d,"status":400,"error":"no"}',
    "an error without a code": b'{"id":%d,"status":400,"error":{"msg":"no"}}',
    "a status without an error": b'{"id":%d,"status":400}',
    "a status of the other side's fault": b'{"id":%d,"status":500,"error":{"code":-1000,"msg":"?"}}',
    "a wait beyond all": b'{"id":%d,"status":503,"error":{"code":-1008,"msg":"","data":{"retryAfter":'
    + b"9" * 400
    + b"}}}",
    "limits of wrong types": b'{"id":%d,"status":200,"result":{},"rateLimits":[{"count":"x"}]}',
    "an event that is none": b'{"subscriptionId":0,"event":{"e":"executionReport","s":1}}',
    "an event nested too deeply": b'{"subscriptionId":0,"event":' + DEEP,
    "two that differ": b'{"id":%d,"status":200,"result":1}',
    "another id": b'{"id":1%d00,"status":200,"result":{}}',
    "an id in words": b'{"id":"x%d","status":200,"result":{}}',
    "no id": b'{"id":null,"status":400,"error":{"code":-1000,"msg":"%d"}}',
}
FRAMES: dict[str, bytes] = {
    "masked": frame(TEXT, b"{}", masked=True),
    "a reserved kind": frame(3, b"{}"),
    "compressed": b"\xc1\x02{}",
    "a fragment of nothing": frame(CONTINUATION, b"{}"),
    "a large frame": b"\x81\x7f" + (1 << 40).to_bytes(8, "big"),
    "a ping in fragments": frame(PING, b"", fin=False),
    "HTTP again": b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    "noise": b"\xff" * 50,
    "a good-bye": close_frame(1001),
    "a good-bye with a code that is none": close_frame(1006),
    "half a good-bye": frame(8, b"x"),
}


GOOD: dict[str, Any] = {
    "session.logon": {
        "apiKey": "k" * 64,
        "authorizedSince": 1,
        "connectedSince": 1,
        "returnRateLimits": False,
        "serverTime": 1,
        "userDataStream": False,
    },
    "userDataStream.subscribe": {"subscriptionId": 0},
    "userDataStream.subscribe.signature": {"subscriptionId": 0},
}


class Babel:
    """Answers a question with `said` once: bytes for the wire, made of the question's id; then it `ends`, or
    not.

    It tells the time rightly, and takes every other question as good after that. `subscribed` are the market
    streams' connections.
    """

    def __init__(self) -> None:
        self.ends = False
        self.said: Callable[[int], bytes] | None = None
        self.sockets: list[WebSocket] = []
        self.news = asyncio.Event()

    def respond(self, request: HttpRequest, peer: str) -> HttpResponse:
        return HttpResponse(404, {}, b"")

    def accept(self, request: HttpRequest, peer: str) -> Callable[[WebSocket], TextSink]:
        return lambda socket: _Sink(self, socket)

    def heard(self, socket: WebSocket, asked: dict[str, Any]) -> None:
        if asked["method"] == "time":
            self.answer(socket, asked["id"], {"serverTime": int(system_world().clock.wall_ms())})
        elif self.said is not None:
            said, self.said = self.said(asked["id"]), None
            say_raw(socket, said, ends=self.ends)
        else:
            self.answer(socket, asked["id"], GOOD.get(asked["method"]))

    def answer(self, socket: WebSocket, id: int, result: Any) -> None:
        socket.send(json.dumps({"id": id, "status": 200, "result": result}).encode())

    async def connection(self, count: int) -> WebSocket:
        """The connection number `count`, once it is there."""
        async with asyncio.timeout(10):
            while len(self.sockets) < count:
                self.news.clear()
                await self.news.wait()
        return self.sockets[count - 1]


def say_raw(socket: WebSocket, data: bytes, *, ends: bool = False) -> None:
    """These bytes, frame or not."""
    assert socket._transport is not None
    socket._transport.underlying_transport.write(data)
    if ends:
        socket._transport.underlying_transport.close()


class _Sink:
    def __init__(self, babel: Babel, socket: WebSocket) -> None:
        self._babel, self._socket = babel, socket
        babel.sockets.append(socket)
        babel.news.set()

    def on_text(self, data: bytes) -> None:
        self._babel.heard(self._socket, json.loads(data))

    def on_closed(self, closed: Closed) -> None:
        pass


@asynccontextmanager
async def babel(found: Babel) -> AsyncIterator[Environment]:
    listener = await listen(found)
    at = f"//127.0.0.1:{listener.port}"
    try:
        yield local(f"http:{at}", f"ws:{at}/ws-api/v3", f"ws:{at}")
    finally:
        await listener.close(grace_ms=0)
