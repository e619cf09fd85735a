"""The fault proxy, on real sockets and in virtual time: what passes, what does not, and who is told."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

import surefoot
from surefoot import OrderType, Side, TimeInForce
from surefoot.errors import Misuse, OutcomeUnknown
from surefoot.simulation.runner import Simulation
from surefoot.testing import EmbeddedExchange, Street
from surefoot.testing.proxy import Cut, Delay, FaultProxy, Rule, Split, Swallow, Throttle

Scene = Callable[["Wire"], Awaitable[None]]


class Wire:
    """A proxy before a server that answers every line in capitals; `heard` is what it heard."""

    def __init__(self, proxy: FaultProxy, host: str) -> None:
        self.proxy, self.host = proxy, host
        self.heard: list[bytes] = []
        self.writers: list[asyncio.StreamWriter] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)
        try:
            while line := await reader.readline():
                self.heard.append(line)
                writer.write(line.upper())
        except ConnectionError:
            self.heard.append(b"reset")
        writer.close()

    async def dial(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection(self.host, self.proxy.port)
        self.writers.append(writer)
        return reader, writer

    async def say(self, *lines: bytes) -> list[bytes | str]:
        """What is answered to these lines on a connection of their own, until it ends or a second passes."""
        reader, writer = await self.dial()
        writer.write(b"".join(lines))
        answers: list[bytes | str] = []
        try:
            async with asyncio.timeout(1):
                while len(answers) < len(lines):
                    line = await reader.readline()
                    if not line:
                        return [*answers, "end"]
                    answers.append(line)
        except TimeoutError:
            return [*answers, "silence"]
        except ConnectionError:
            return [*answers, "reset"]
        return answers


def on_sockets(scene: Scene) -> None:
    async def main() -> None:
        wire = Wire(FaultProxy("127.0.0.1", 0), "127.0.0.1")
        server = await asyncio.start_server(wire.serve, "127.0.0.1", 0)
        wire.proxy = FaultProxy("127.0.0.1", server.sockets[0].getsockname()[1])
        async with wire.proxy:
            await scene(wire)
            for writer in wire.writers:
                writer.transport.abort()
        server.close()

    asyncio.run(main())


def in_virtual_time(scene: Scene) -> None:
    async def play(sim: Simulation) -> None:
        wire = Wire(FaultProxy("server", 80, host="street", port=90), "street")
        over = asyncio.Event()

        async def between() -> None:
            async with wire.proxy:
                await over.wait()

        async def serve() -> asyncio.AbstractServer:
            return await asyncio.start_server(wire.serve, "server", 80)

        async def main() -> None:
            await scene(wire)

        for host in ("server", "street", "client"):
            sim.host(host)
        server = await sim.host("server").start(serve())
        running = sim.host("street").start(between())
        await asyncio.sleep(0.1)
        await sim.host("client").start(main())
        over.set()
        await running
        for writer in wire.writers:
            writer.transport.abort()
        server.close()

    Simulation(1).run(play)


@pytest.fixture(params=[on_sockets, in_virtual_time], ids=["sockets", "virtual"])
def play(request: pytest.FixtureRequest) -> Callable[[Scene], None]:
    played: Callable[[Scene], None] = request.param
    return played


Play = Callable[[Scene], None]


def test_without_rules_everything_passes(play: Play) -> None:
    async def scene(wire: Wire) -> None:
        long = b"x" * 60_000 + b"\n"
        assert await wire.say(b"one\n", long, b"two\n") == [b"ONE\n", long.upper(), b"TWO\n"]

    play(scene)


@pytest.mark.parametrize("how", ["reset", "close"])
def test_a_connection_ends_before_the_words_are_passed_on(play: Play, how: str) -> None:
    async def scene(wire: Wire) -> None:
        wire.proxy.add(Rule(harm=Cut("before", how), words=b"order"))  # type: ignore[arg-type]
        assert await wire.say(b"order\n") == ["reset" if how == "reset" else "end"]
        assert b"order\n" not in wire.heard
        assert await wire.say(b"order\n") == [b"ORDER\n"], "a rule strikes once"

    play(scene)


@pytest.mark.parametrize("when", ["after", "answer"])
def test_a_connection_ends_after_the_words_were_heard(play: Play, when: str) -> None:
    async def scene(wire: Wire) -> None:
        wire.proxy.add(Rule(harm=Cut(when), words=b"order", skip=1))  # type: ignore[arg-type]
        assert await wire.say(b"order 1\n") == [b"ORDER 1\n"]
        assert await wire.say(b"order 2\n") == ["reset"]
        await asyncio.sleep(0.1)
        assert wire.heard[:2] == [b"order 1\n", b"order 2\n"]

    play(scene)


def test_words_are_found_where_they_come_in_pieces(play: Play) -> None:
    async def scene(wire: Wire) -> None:
        wire.proxy.add(Rule(harm=Delay(), words=b"order", times=None))
        wire.proxy.add(Rule(harm=Delay(), words=b"r", times=None))
        reader, writer = await wire.dial()
        for piece in (b"an or", b"d", b"er\n"):
            writer.write(piece)
            await asyncio.sleep(0.05)
        assert await reader.readline() == b"AN ORDER\n"
        assert [strike.rule.words for strike in wire.proxy.strikes] == [b"r", b"order", b"r"]

    play(scene)


@pytest.mark.parametrize(("way", "heard"), [("there", []), ("back", [b"order\n"]), ("both", [])])
def test_half_open_nothing_comes_and_nobody_is_told(play: Play, way: str, heard: list[bytes]) -> None:
    async def scene(wire: Wire) -> None:
        wire.proxy.add(Rule(harm=Swallow(way), words=b"order"))  # type: ignore[arg-type]
        assert await wire.say(b"order\n") == ["silence"]
        assert wire.heard == heard

    play(scene)


def test_bytes_come_late_slowly_and_in_pieces(play: Play) -> None:
    async def scene(wire: Wire) -> None:
        loop = asyncio.get_running_loop()
        for harm, least_s in ((Delay(100), 0.2), (Throttle(1_000), 0.4), (Split(10, 5), 0.1)):
            wire.proxy.add(Rule(harm=harm))
            began_s = loop.time()
            assert await wire.say(b"y" * 200 + b"\n") == [b"Y" * 200 + b"\n"]
            assert loop.time() - began_s >= least_s, harm

    play(scene)


def test_connections_are_chosen_refused_and_cut(play: Play) -> None:
    async def scene(wire: Wire) -> None:
        told: list[int] = []
        wire.proxy.told = lambda strike: told.append(strike.connection)
        wire.proxy.add(Rule(harm=Cut(), connection=2))
        assert await wire.say(b"a\n") == [b"A\n"]
        assert await wire.say(b"a\n") == ["reset"]
        assert told == [2]
        wire.proxy.refusing = True
        assert await wire.say(b"a\n") == ["reset"]
        wire.proxy.refusing = False
        reader, _ = await wire.dial()
        await asyncio.sleep(0.1)
        assert wire.proxy.cut() == 1 + 1, "the first one is open still"
        with pytest.raises(ConnectionError):
            await reader.read()

    play(scene)


@pytest.mark.parametrize("harm", [Throttle(0), Split(0)])
def test_a_harm_that_could_never_end_is_misuse(harm: Throttle | Split) -> None:
    with pytest.raises(Misuse, match="above 0"):
        FaultProxy("127.0.0.1", 1).add(Rule(harm=harm))


def test_a_server_that_is_not_there_is_a_reset(play: Play) -> None:
    async def scene(wire: Wire) -> None:
        async with FaultProxy(wire.host, 1, host=wire.host, port=0) as proxy:
            wire.proxy = proxy
            assert await wire.say(b"a\n") == ["reset"]

    on_sockets(scene)


def test_a_street_between_a_client_and_the_exchange(exchange: EmbeddedExchange) -> None:
    key = exchange.open_account(USDT=10_000)
    with Street(exchange) as street, surefoot.Client(street.environment, key) as client:
        street.add(Rule(harm=Cut("answer"), words=b"POST /api/v3/order"))
        with pytest.raises(OutcomeUnknown):
            client.new_order(
                "BTCUSDT",
                Side.BUY,
                OrderType.LIMIT,
                time_in_force=TimeInForce.GTC,
                quantity="0.01",
                price=60_000,
            )
        assert len(street.strikes) == 1
        assert len(client.open_orders(symbol="BTCUSDT")) == 1
        street.refuse()
        street.cut()
        with pytest.raises(surefoot.SurefootError):
            client.new_order("BTCUSDT", Side.BUY, OrderType.MARKET, quantity="0.01")
        street.refuse(False)
        street.clear()
        assert client.open_orders(symbol="BTCUSDT")
    street.close()
