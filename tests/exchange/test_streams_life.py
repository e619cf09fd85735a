"""The life of a connection, on virtual time: pings, pongs, the limit of messages, 24 hours, the shutdown."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from surefoot.exchange.assembly import assemble
from surefoot.exchange.door.attendance import LIFE_US, Attendance, Visit
from surefoot.exchange.liquidity.recording import read_recording
from surefoot.exchange.liquidity.synthetic import Liquidity
from surefoot.exchange.server import Binding, ExchangeServer
from surefoot.net.websocket import dial_websocket
from surefoot.simulation.runner import Simulation
from surefoot.wire import Closed, Origin
from tests.exchange.test_replay import REST, STREAMS
from tests.net.frames import CLOSE, PING, PONG, TEXT, frame
from tests.net.wires import get

HOUR_US = 3_600_000_000


class Raw:
    """A client that says and hears frames, and keeps the time of the loop at which it heard them."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.heard: list[tuple[float, int, bytes]] = []
        self.opened_at = asyncio.get_running_loop().time()
        self.answers = True

    def say(self, kind: int, payload: bytes = b"") -> None:
        self.writer.write(frame(kind, payload, masked=True))

    async def next(self) -> tuple[float, int, bytes]:
        """The next frame; an empty one of kind 0 when the connection was cut."""
        try:
            kind, size = await self.reader.readexactly(2)
            if size == 126:
                size = int.from_bytes(await self.reader.readexactly(2), "big")
            payload = await self.reader.readexactly(size)
        except (asyncio.IncompleteReadError, ConnectionError):
            kind, payload = 0, b""
        at_s = asyncio.get_running_loop().time() - self.opened_at
        return at_s, kind & 15, payload

    async def listen(self) -> list[tuple[float, int, bytes]]:
        """Everything until the end; pings are answered while `answers`."""
        while not self.heard or self.heard[-1][1] not in {0, CLOSE}:
            self.heard.append(await self.next())
            if self.heard[-1][1] == PING and self.answers:
                self.say(PONG, self.heard[-1][2])
        return self.heard


@asynccontextmanager
async def shaken(address: str, target: str) -> AsyncIterator[Raw]:
    """A raw client after its handshake; it cuts the connection on leaving."""
    reader, writer = await asyncio.open_connection(address, 9000)
    key = base64.b64encode(bytes(16)).decode()
    asked = {"Connection": "Upgrade", "Upgrade": "websocket"}
    writer.write(get(target, **asked, **{"Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": key}))
    assert b" 101 " in await reader.readuntil(b"\r\n\r\n")
    try:
        yield Raw(reader, writer)
    finally:
        writer.transport.abort()


def play(story: Callable[[str, ExchangeServer], Awaitable[object]], **options: Any) -> None:
    """An exchange on one host, the story on another."""
    options = {"liquidity": Liquidity.NONE, "symbols": ("BTCUSDT",), **options}

    async def venue(
        world: Any, address: str, ready: asyncio.Future[ExchangeServer], stop: asyncio.Event
    ) -> None:
        binding = Binding(address, 9000)
        async with assemble(world, binding=binding, **options) as server:
            ready.set_result(server)
            await stop.wait()

    async def both(simulation: Simulation) -> None:
        ready, stop = asyncio.get_running_loop().create_future(), asyncio.Event()
        exchange, client = simulation.host("exchange"), simulation.host("client")
        running = exchange.start(venue(exchange.world, exchange.address, ready, stop))
        await client.start(story(exchange.address, await ready))
        stop.set()
        await running

    Simulation(5).run(both)


@pytest.mark.parametrize("target", ["/ws", "/stream", "/ws-api/v3"])
def test_a_ping_every_twenty_seconds_with_a_payload(target: str) -> None:
    """A client that answers stays."""

    async def story(address: str, server: ExchangeServer) -> None:
        async with shaken(address, target) as raw:
            async with asyncio.TaskGroup() as group:
                listening = group.create_task(raw.listen())
                await asyncio.sleep(310)
                assert len(server.attendance.present) == 1
                raw.say(CLOSE, (1000).to_bytes(2, "big"))
                await listening
            pings = [(at_s, payload) for at_s, kind, payload in raw.heard if kind == PING]
            assert [round(at_s / 20) for at_s, _ in pings] == list(range(1, 16))
            assert all(abs(at_s - 20 * round(at_s / 20)) < 1 for at_s, _ in pings)
            assert len({payload for _, payload in pings}) == 15
            assert all(payload.isdigit() for _, payload in pings)

    play(story)


@pytest.mark.parametrize(
    "keeps_busy",
    [
        lambda raw: None,
        lambda raw: raw.say(PONG),
        lambda raw: raw.say(PONG, b"not yours"),
        lambda raw: raw.say(PING, b"there?"),
        lambda raw: raw.say(TEXT, b'{"method":"LIST_SUBSCRIPTIONS","id":1}'),
    ],
    ids=["silent", "unsolicited pongs", "pongs of another payload", "pings", "messages"],
)
def test_who_answers_no_ping_for_a_minute_is_cut_off(keeps_busy: Callable[[Raw], None]) -> None:
    """Unsolicited pongs and messages are allowed, but they keep nobody alive."""

    async def story(address: str, server: ExchangeServer) -> None:
        async with shaken(address, "/ws") as raw:
            raw.answers = False
            async with asyncio.TaskGroup() as group:
                listening = group.create_task(raw.listen())
                for _ in range(39):
                    await asyncio.sleep(2)
                    assert not listening.done()
                    keeps_busy(raw)
                await listening
            at_s, kind, _ = raw.heard[-1]
            assert kind == 0
            assert 79 < at_s < 82
            assert server.attendance.present == ()

    play(story)


def test_a_late_pong_counts_for_the_pings_before_it() -> None:
    """Answering the second of three pings leaves one open: the end comes a minute after that one."""

    async def story(address: str, _: ExchangeServer) -> None:
        async with shaken(address, "/ws") as raw:
            pings = [await raw.next() for _ in range(3)]
            raw.say(PONG, pings[1][2])
            raw.answers = False
            [*_, (at_s, kind, _)] = await raw.listen()
            assert kind == 0
            assert 119 < at_s < 122

    play(story)


def test_a_ping_is_answered_with_its_payload() -> None:
    async def story(address: str, _: ExchangeServer) -> None:
        async with shaken(address, "/ws") as raw:
            raw.say(PING, b"hello")
            assert (await raw.next())[1:] == (PONG, b"hello")

    play(story)


@pytest.mark.parametrize("kind", [PING, PONG])
def test_pings_and_pongs_count_as_messages(kind: int) -> None:
    """Five of all kinds within a second are allowed, the sixth ends the connection."""

    async def story(address: str, server: ExchangeServer) -> None:
        async with shaken(address, "/ws") as raw:
            await asyncio.sleep(1 - server.now_us() % 1_000_000 / 1e6)
            for _ in range(4):
                raw.say(kind)
            raw.say(TEXT, b'{"method":"LIST_SUBSCRIPTIONS","id":1}')
            heard = [await raw.next() for _ in range(5 if kind == PING else 1)]
            assert json.loads(heard[-1][2]) == {"result": [], "id": 1}
            raw.say(kind)
            [*_, (_, last, payload)] = await raw.listen()
            assert (last, payload[:2]) == (CLOSE, (1008).to_bytes(2, "big"))

    play(story)


def test_the_websocket_api_counts_weight_not_frames() -> None:
    async def story(address: str, _: ExchangeServer) -> None:
        async with shaken(address, "/ws-api/v3") as raw:
            for _ in range(20):
                raw.say(PONG)
            raw.say(TEXT, b'{"method":"ping","id":1}')
            assert json.loads((await raw.next())[2])["status"] == 200

    play(story)


class Wire:
    def __init__(self) -> None:
        self.said: list[Any] = []

    def send(self, data: bytes) -> None:
        self.said.append(data)

    def close(self, code: int, reason: str) -> None:
        self.said.append(code)


def test_a_connection_is_valid_for_24_hours() -> None:
    attendance, wires = Attendance(), [Wire(), Wire(), Wire()]
    for hours, wire in enumerate(wires):
        attendance.enter(Visit(wire, lambda _: b"", hours * HOUR_US))
    for now_us, ended in ((24 * HOUR_US - 1, 0), (24 * HOUR_US, 1), (25 * HOUR_US, 2), (30 * HOUR_US, 3)):
        attendance.expire(now_us)
        assert sum(wire.said == [1001] for wire in wires) == ended
        assert len(attendance.present) == 3 - ended
    assert LIFE_US == 24 * HOUR_US


@pytest.mark.parametrize("target", ["/ws/btcusdt@trade", "/ws-api/v3"])
def test_an_old_connection_is_ended_by_a_close(target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("surefoot.exchange.door.attendance.LIFE_US", 130_000_000)

    async def story(address: str, server: ExchangeServer) -> None:
        async with shaken(address, target) as raw, asyncio.TaskGroup() as group:
            listening = group.create_task(raw.listen())
            await asyncio.sleep(100)
            async with shaken(address, target):
                at_s, kind, payload = (await listening)[-1]
                assert (kind, payload[:2]) == (CLOSE, (1001).to_bytes(2, "big"))
                assert 129 < at_s < 132
                assert len(server.attendance.present) == 1

    play(story)


class Heard:
    """What our own client hears, with the time of the loop."""

    def __init__(self) -> None:
        self.messages: list[Any] = []
        self.closed: asyncio.Future[tuple[float, Closed]] = asyncio.get_running_loop().create_future()

    def on_text(self, data: bytes) -> None:
        self.messages.append(json.loads(bytes(data)))

    def on_closed(self, closed: Closed) -> None:
        self.closed.set_result((asyncio.get_running_loop().time(), closed))


async def dial(address: str, target: str) -> Heard:
    heard = Heard()
    await dial_websocket(Origin("ws", address, 9000), target, heard)
    return heard


SPOKEN = {
    "/ws": lambda event: event,
    "/stream": lambda event: {"stream": "!serverShutdown", "data": event},
    "/ws-api/v3": lambda event: {"event": event},
}


@pytest.mark.parametrize("unit", ["MILLISECOND", "MICROSECOND"])
def test_a_shutdown_is_announced_on_every_connection(unit: str) -> None:
    """Those who were told are ended after the lead; the exchange welcomes new connections meanwhile."""

    async def story(address: str, server: ExchangeServer) -> None:
        old = {target: await dial(address, f"{target}?timeUnit={unit}") for target in SPOKEN}
        before = asyncio.get_running_loop().time()
        now = server.now_us() // (1 if unit == "MICROSECOND" else 1000)
        async with asyncio.TaskGroup() as group:
            group.create_task(server.shut_down(lead_ms=30_000))
            await asyncio.sleep(10)
            new = await dial(address, "/ws")
            for target, heard in old.items():
                assert heard.messages == [SPOKEN[target]({"e": "serverShutdown", "E": now})]
                at_s, closed = await heard.closed
                assert 29 < at_s - before < 32
                assert (closed.code, closed.reason) == (1001, "the server shuts down")
        assert new.messages == []
        assert not new.closed.done()
        assert len(server.attendance.present) == 1

    play(story)


def test_leaving_announces_itself() -> None:
    """Before the exchange closes its connections it says so."""
    heard: list[Heard] = []

    async def story(address: str, _: ExchangeServer) -> None:
        heard.append(await dial(address, "/stream"))

    play(story)
    [message] = heard[0].messages
    assert message["stream"] == "!serverShutdown"
    assert heard[0].closed.result()[1].code == 1001


def test_a_wire_that_is_cut_in_the_middle_of_a_subscription() -> None:
    """Half a message is no message, and nothing stays behind."""

    async def story(address: str, server: ExchangeServer) -> None:
        async with shaken(address, "/ws/btcusdt@trade") as raw:
            whole = frame(TEXT, b'{"method":"SUBSCRIBE","params":["btcusdt@depth"],"id":1}', masked=True)
            raw.writer.write(whole[:30])
            await asyncio.sleep(1)
            assert server.front.hub.streams == ("btcusdt@trade",)
            raw.writer.transport.abort()
            await asyncio.sleep(1)
            assert server.front.hub.streams == ()
            assert server.attendance.present == ()

    play(story)


def test_every_stream_of_a_lively_minute() -> None:
    """On the real beat: as often as documented, and not a moment off the clock."""
    names = ["trade", "aggTrade", "bookTicker", "kline_1s", "kline_1m", "miniTicker", "ticker", "avgPrice"]
    times: dict[str, list[int]] = {}

    async def story(address: str, _: ExchangeServer) -> None:
        streams = "/".join([*(f"btcusdt@{name}" for name in names), "!miniTicker@arr", "btcusdt@depth@100ms"])
        heard = await dial(address, f"/stream?streams={streams}")
        await asyncio.sleep(60)
        for message in heard.messages:
            data = message["data"]
            first = data[0] if isinstance(data, list) else data
            times.setdefault(message["stream"], []).append(first.get("E", 0))

    play(story, liquidity=Liquidity.LIVELY)
    assert len(times) == 10
    for name, seconds in (
        ("kline_1s", 1),
        ("miniTicker", 1),
        ("ticker", 1),
        ("avgPrice", 1),
        ("kline_1m", 2),
    ):
        told = sorted(set(times[f"btcusdt@{name}"]))
        assert 50 / seconds <= len(told) <= 60 / seconds + 1
        assert all(time % (seconds * 1000) < 10 for time in told)
    assert 300 < len(times["btcusdt@depth@100ms"]) <= 601
    assert len(times["btcusdt@trade"]) >= len(times["btcusdt@aggTrade"]) > 100


def test_a_replayed_market_speaks_too() -> None:
    """Its recorded trade is a candle, an aggregate and a changed ticker."""
    told: dict[str, Any] = {}

    async def story(address: str, _: ExchangeServer) -> None:
        names = "btcusdt@aggTrade/btcusdt@kline_1s/!miniTicker@arr/btcusdt@bookTicker"
        heard = await dial(address, f"/stream?streams={names}")
        await asyncio.sleep(6)
        for message in heard.messages:
            told.setdefault(message["stream"], []).append(message["data"])

    play(story, recording=read_recording(REST, STREAMS))
    [aggregate] = told["btcusdt@aggTrade"]
    assert (aggregate["p"], aggregate["q"], aggregate["m"]) == ("49990.00000000", "0.30000000", True)
    [changed] = told["!miniTicker@arr"]
    assert (changed[0]["s"], changed[0]["c"]) == ("BTCUSDT", "49990.00000000")
    traded = [event["k"] for event in told["btcusdt@kline_1s"] if event["k"]["n"]]
    assert {kline["v"] for kline in traded} == {"0.30000000"}
    assert traded[-1]["x"]
    assert told["btcusdt@bookTicker"]
