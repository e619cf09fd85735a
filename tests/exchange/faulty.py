"""An exchange that fails on purpose in virtual time, and one who speaks to it in plain bytes."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, NamedTuple
from urllib.parse import urlencode

from surefoot.exchange.accounts import Account
from surefoot.exchange.assembly import assemble
from surefoot.exchange.liquidity.synthetic import Liquidity
from surefoot.exchange.server import Binding, ExchangeServer
from surefoot.net.websocket import WebSocket, dial_websocket
from surefoot.simulation.runner import Report, Simulation
from surefoot.wire import Closed, Origin

LIMIT = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC"}
LIMIT |= {"quantity": "0.001", "price": "50000"}
LONG_S = 40.0
"""Longer than anything that an exchange takes by itself."""


class Heard(NamedTuple):
    """What came of a request: an answer, or how the connection ended (`reset`, `end`, `silence`)."""

    ending: str
    status: int = 0
    headers: dict[str, str] = {}  # noqa: RUF012 - a NamedTuple's default
    body: bytes = b""
    after_s: float = 0

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Socket:
    """A WebSocket to the exchange: what it heard, how it ended."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.raw: list[bytes] = []
        self.closed: Closed | None = None
        self.wire: WebSocket

    def on_text(self, data: bytes) -> None:
        self.raw.append(bytes(data))
        with suppress(ValueError):
            self.heard.append(json.loads(bytes(data)))

    def on_closed(self, closed: Closed) -> None:
        self.closed = closed

    @property
    def events(self) -> list[dict[str, Any]]:
        return [message.get("event", message) for message in self.heard if "id" not in message]

    def answer(self, number: int) -> dict[str, Any] | None:
        return next((message for message in self.heard if message.get("id") == number), None)


class Customer:
    """Speaks to `server` from the loop that runs it, or from another host."""

    def __init__(self, server: ExchangeServer, address: str) -> None:
        self.server, self.address = server, address
        self.number = 0

    @property
    def alice(self) -> Account:
        return self.server.accounts[0]

    def signed(self, **params: Any) -> str:
        text = urlencode({**params, "timestamp": self.server.clock.shown_us() // 1000})
        key = self.alice.secret.reveal().encode()
        return f"{text}&signature={hmac.new(key, text.encode(), hashlib.sha256).hexdigest()}"

    async def ask(self, method: str, path: str, **params: Any) -> Heard:
        """A signed request over a connection of its own."""
        text = self.signed(**params)
        target, body = (f"{path}?{text}", "") if method != "POST" else (path, text)
        head = f"{method} {target} HTTP/1.1\r\nhost: x\r\nx-mbx-apikey: {self.alice.api_key}\r\n"
        head += f"content-type: application/x-www-form-urlencoded\r\ncontent-length: {len(body)}\r\n\r\n"
        return await self.send(f"{head}{body}")

    async def get(self, path: str) -> Heard:
        """An unsigned request."""
        return await self.send(f"GET {path} HTTP/1.1\r\nhost: x\r\n\r\n")

    async def place(self, **params: Any) -> Heard:
        return await self.ask("POST", "/api/v3/order", **(LIMIT | params))

    async def send(self, text: str) -> Heard:
        loop = asyncio.get_running_loop()
        began = loop.time()
        reader, writer = await asyncio.open_connection(self.address, self.server.port)
        try:
            writer.write(text.encode())
            async with asyncio.timeout(LONG_S):
                return (await _read(reader))._replace(after_s=loop.time() - began)
        except ConnectionResetError:
            return Heard("reset", after_s=loop.time() - began)
        except asyncio.IncompleteReadError as error:
            return Heard("end", body=error.partial, after_s=loop.time() - began)
        except TimeoutError:
            return Heard("silence", after_s=loop.time() - began)
        finally:
            writer.transport.abort()

    async def dial(self, target: str) -> Socket:
        socket = Socket()
        origin = Origin("ws", self.address, self.server.port)
        socket.wire = await dial_websocket(origin, target, socket)
        return socket

    async def api(self) -> Socket:
        """A WebSocket API connection that follows alice's events."""
        socket = await self.dial("/ws-api/v3")
        self.request(socket, "userDataStream.subscribe.signature")
        await asyncio.sleep(1)
        assert socket.heard[-1]["status"] == 200, socket.heard
        socket.heard.clear()
        return socket

    def request(self, socket: Socket, method: str, **params: Any) -> int:
        """Send a signed request; returns its id."""
        self.number += 1
        signed = {**params, "apiKey": self.alice.api_key, "timestamp": self.server.clock.shown_us() // 1000}
        payload = "&".join(f"{name}={signed[name]}" for name in sorted(signed))
        key = self.alice.secret.reveal().encode()
        signed["signature"] = hmac.new(key, payload.encode(), hashlib.sha256).hexdigest()
        frame = {"id": self.number, "method": method, "params": signed}
        socket.wire.send(json.dumps(frame).encode())
        return self.number

    @property
    def resting(self) -> int:
        """How many orders of alice are in the book."""
        return len(self.server.engine.open_orders("alice", "BTCUSDT"))


async def _read(reader: asyncio.StreamReader) -> Heard:
    head = await reader.readuntil(b"\r\n\r\n")
    start, *lines = head.decode().split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines if line)
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Heard("answer", int(start.split(" ")[1]), headers, body)


Story = Callable[[Customer], Awaitable[None]]


def play(story: Story, liquidity: Liquidity = Liquidity.NONE, seed: int = 1) -> Report:
    """The story of a customer on a host of its own, in virtual time."""

    async def serve(
        world: Any, binding: Binding, ready: asyncio.Future[ExchangeServer], over: asyncio.Event
    ) -> None:
        server = assemble(world, liquidity=liquidity, symbols=("BTCUSDT",), binding=binding)
        async with server:
            ready.set_result(server)
            await over.wait()

    async def run(simulation: Simulation) -> None:
        over, ready = asyncio.Event(), simulation.loop.create_future()
        exchange, client = simulation.host("exchange"), simulation.host("client")
        running = exchange.start(serve(exchange.world, Binding(exchange.address, 9000), ready, over))
        server = await ready
        try:
            await client.start(story(Customer(server, exchange.address)))  # type: ignore[arg-type]
        finally:
            over.set()
            await running

    return Simulation(seed).run(run)
