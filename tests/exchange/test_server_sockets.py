"""The exchange over real sockets: one port for REST, WebSocket API and streams; plain, TLS, uvloop."""

import asyncio
import hashlib
import hmac
import http.client
import json
import ssl
from collections.abc import Callable
from typing import Any

import pytest

from surefoot.errors import CannotConnect, Misuse
from surefoot.exchange.assembly import assemble
from surefoot.exchange.core.listing import default_exchange_info
from surefoot.exchange.liquidity.synthetic import Liquidity
from surefoot.exchange.server import Binding, ExchangeServer
from surefoot.net.tls import client_context, server_context
from surefoot.net.websocket import dial_websocket
from surefoot.wire import Closed, parse_url
from surefoot.world import SeededEntropy, World, system_world


def make(**options: Any) -> ExchangeServer:
    world = system_world()
    options.setdefault("liquidity", Liquidity.NONE)
    return assemble(World(world.clock, SeededEntropy("sockets"), world.storage), **options)


class Messages:
    """A WebSocket whose messages are awaited one by one."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.closed: asyncio.Future[Closed] = asyncio.get_running_loop().create_future()

    def on_text(self, data: bytes) -> None:
        self.queue.put_nowait(json.loads(bytes(data)))

    def on_closed(self, closed: Closed) -> None:
        if not self.closed.done():
            self.closed.set_result(closed)

    async def next(self) -> dict[str, Any]:
        async with asyncio.timeout(5):
            return await self.queue.get()


async def dial(url: str, tls: ssl.SSLContext | None = None) -> tuple[Messages, Any]:
    origin, _ = parse_url(url.partition("?")[0])
    target = "/" + url.split("/", 3)[3]
    messages = Messages()
    return messages, await dial_websocket(origin, target, messages, tls=tls)


def rest(server: ExchangeServer, method: str, target: str, body: str | None = None, **headers: str) -> Any:
    """One request by the standard library's client, in a thread; answers (status, headers, JSON)."""

    def ask() -> tuple[int, dict[str, str], Any]:
        if server.binding.tls:
            context = ssl._create_unverified_context()
            connection: http.client.HTTPConnection = http.client.HTTPSConnection(
                "127.0.0.1", server.port, timeout=5, context=context
            )
        else:
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
        try:
            connection.request(method, target, body, {k.replace("_", "-"): v for k, v in headers.items()})
            answer = connection.getresponse()
            names = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, names, json.loads(answer.read())
        finally:
            connection.close()

    return asyncio.to_thread(ask)


def signed(server: ExchangeServer, text: str) -> str:
    account = server.accounts[0]
    text = f"{text}&timestamp={server.now_us() // 1000}".lstrip("&")
    key = account.secret.reveal().encode()
    return f"{text}&signature={hmac.new(key, text.encode(), hashlib.sha256).hexdigest()}"


async def place(server: ExchangeServer, side: str, price: str, quantity: str = "0.001") -> Any:
    text = f"symbol=BTCUSDT&side={side}&type=LIMIT&timeInForce=GTC&price={price}&quantity={quantity}"
    text += "&selfTradePreventionMode=NONE"
    key = server.accounts[0].api_key
    kind = "application/x-www-form-urlencoded"
    return await rest(
        server, "POST", "/api/v3/order", signed(server, text), X_MBX_APIKEY=key, Content_Type=kind
    )


async def ask(socket: Any, messages: Messages, method: str, **params: Any) -> dict[str, Any]:
    socket.send(json.dumps({"id": method, "method": method, "params": params}).encode())
    while True:
        message = await messages.next()
        if message.get("id") == method:
            return message


async def test_an_order_lives_its_whole_life() -> None:
    """TRACK-2: placed over REST, seen on the user stream, in the market streams, cancelled."""
    async with make() as server:
        user, api = await dial(server.ws_api_url)
        market, streams = await dial(f"{server.ws_url}/ws/btcusdt@bookTicker/btcusdt@depth@100ms")
        account = server.accounts[0]
        params: dict[str, Any] = {"apiKey": account.api_key, "timestamp": server.now_us() // 1000}
        payload = f"apiKey={params['apiKey']}&timestamp={params['timestamp']}".encode()
        params["signature"] = hmac.new(account.secret.reveal().encode(), payload, hashlib.sha256).hexdigest()
        subscribed = await ask(api, user, "userDataStream.subscribe.signature", **params)
        assert subscribed["result"] == {"subscriptionId": 0}
        status, headers, order = await place(server, "BUY", "50000")
        assert (status, order["status"]) == (200, "NEW")
        assert headers["x-mbx-order-count-10s"] == "1"
        assert int(headers["x-mbx-used-weight-1m"]) >= 2
        event = (await user.next())["event"]
        assert (event["e"], event["X"], event["i"]) == ("executionReport", "NEW", order["orderId"])
        assert (await user.next())["event"]["e"] == "outboundAccountPosition"
        first, second = await market.next(), await market.next()
        assert first["b"] == "50000.00000000"
        assert (second["e"], second["b"]) == ("depthUpdate", [["50000.00000000", "0.00100000"]])
        target = "/api/v3/order?" + signed(server, f"symbol=BTCUSDT&orderId={order['orderId']}")
        status, _, canceled = await rest(server, "DELETE", target, X_MBX_APIKEY=account.api_key)
        assert (status, canceled["status"]) == (200, "CANCELED")
        assert (await user.next())["event"]["x"] == "CANCELED"
        await api.close()
        await streams.close()


async def test_combined_streams_with_control_messages() -> None:
    async with make() as server:
        messages, socket = await dial(f"{server.ws_url}/stream?streams=btcusdt@trade")
        socket.send(b'{"method":"SUBSCRIBE","params":["btcusdt@depth5@100ms"],"id":1}')
        assert await messages.next() == {"result": None, "id": 1}
        snapshot = await messages.next()
        assert snapshot["stream"] == "btcusdt@depth5@100ms"
        await place(server, "SELL", "60000")
        await place(server, "BUY", "60000")
        while (message := await messages.next())["stream"] != "btcusdt@trade":
            pass
        assert message["data"]["p"] == "60000.00000000"
        await socket.close()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/ws/btcusdt@kline_7m", 400),
        ("/stream?streams=nope@trade", 400),
        ("/ws-api/v2", 404),
        ("/ws-api/v3?responseFormat=sbe", 400),
    ],
)
async def test_handshakes_that_are_refused(path: str, status: int) -> None:
    async with make() as server:
        with pytest.raises(CannotConnect) as caught:
            await dial(server.ws_url + path)
        assert caught.value.facts.status == status


async def test_tls(certificates: Any) -> None:
    """REST and WebSocket on the same encrypted port."""
    binding = Binding(host="127.0.0.1", tls=server_context(certificates.cert, certificates.key))
    async with make(binding=binding) as server:
        assert server.rest_url.startswith("https://127.0.0.1:")
        assert server.ws_api_url.startswith("wss://127.0.0.1:")
        assert (await rest(server, "GET", "/api/v3/ping"))[2] == {}
        messages, socket = await dial(server.ws_api_url, client_context(certificates.ca))
        assert (await ask(socket, messages, "ping"))["result"] == {}
        await socket.close()


async def test_the_clock_can_be_wrong() -> None:
    """AUTH-3: an exchange 5 s ahead says so, and refuses timestamps of this machine's clock."""
    async with make(clock_skew_ms=6000) as server:
        ours = system_world().clock.wall_ms()
        theirs = (await rest(server, "GET", "/api/v3/time"))[2]["serverTime"]
        assert 5000 < theirs - ours < 7000
        key = server.accounts[0].api_key
        text = f"timestamp={int(ours)}"
        secret = server.accounts[0].secret.reveal().encode()
        target = (
            f"/api/v3/account?{text}&signature={hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()}"
        )
        assert (await rest(server, "GET", target, X_MBX_APIKEY=key))[2]["code"] == -1021


async def test_a_quiet_market_is_there_from_the_start() -> None:
    async with make(liquidity=Liquidity.QUIET) as server:
        _, _, book = await rest(server, "GET", "/api/v3/depth?symbol=BTCUSDT&limit=100")
        assert len(book["bids"]) >= 20
        assert len(book["asks"]) >= 20
        _, _, tickers = await rest(server, "GET", "/api/v3/ticker/bookTicker")
        assert all(float(row["bidPrice"]) < float(row["askPrice"]) for row in tickers)


async def test_a_reader_too_slow_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is disconnected; it is never told less than what happened."""
    monkeypatch.setattr("surefoot.exchange.door.sockets.MAX_UNSENT_BYTES", 1 << 16)
    async with make() as server:
        messages, socket = await dial(f"{server.ws_url}/ws/btcusdt@depth5@100ms")
        await messages.next()
        socket.pause()
        [visit] = server.attendance.present
        for _ in range(4000):
            if not server.attendance.present:
                break
            visit.wire.send(b'"' + b"x" * 65_536 + b'"')
            await asyncio.sleep(0)
        assert not server.front.hub.streams
        socket.resume()
        async with asyncio.timeout(5):
            assert (await messages.closed).code in {1006, 1008}


async def test_six_control_messages_in_a_second_end_the_connection() -> None:
    async with make() as server:
        messages, socket = await dial(f"{server.ws_url}/ws")
        for number in range(12):  # twice as many: the second may turn between them
            socket.send(b'{"method":"LIST_SUBSCRIPTIONS","id":%d}' % number)
        async with asyncio.timeout(5):
            assert (await messages.closed).code == 1008


async def test_leaving_closes_connections() -> None:
    async with make() as server:
        messages, _ = await dial(server.ws_api_url)
    async with asyncio.timeout(5):
        assert (await messages.closed).code in {1001, 1006}


async def test_a_taken_port() -> None:
    async with make() as server:
        with pytest.raises(Misuse, match="in use"):
            await make(binding=Binding(port=server.port)).__aenter__()


def test_symbols_can_be_chosen() -> None:
    server = make(symbols=("ETHBTC",))
    assert list(server.engine.listings) == ["ETHBTC"]
    with pytest.raises(Misuse, match="NOPE"):
        make(symbols=("NOPE",))


def test_bad_exchange_information_is_named() -> None:
    info = default_exchange_info()
    del info["symbols"][0]["baseAsset"]
    with pytest.raises(Misuse, match=r"BTCUSDT.*baseAsset"):
        make(info=info)


def test_uvloop(run_on_uvloop: Callable[[Any], Any]) -> None:
    async def story() -> dict[str, Any]:
        async with make() as server:
            messages, socket = await dial(server.ws_api_url)
            answer = await ask(socket, messages, "time")
            await socket.close()
            assert (await rest(server, "GET", "/api/v3/ping"))[2] == {}
            return answer

    assert run_on_uvloop(story())["status"] == 200
