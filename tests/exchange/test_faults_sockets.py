"""Faults on real sockets, where resets are the kernel's: plain, TLS, uvloop; and by `surefoot.testing`."""

import asyncio
import json
import socket
import ssl
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import surefoot
import surefoot.testing
from surefoot import OrderType, Side, TimeInForce, errors
from surefoot.exchange.faults import Answer, LostAnswer, LostRequest, Mute, Rule, SlowEngine, Where
from surefoot.exchange.server import Binding, ExchangeServer
from surefoot.net.endings import Ending
from surefoot.net.tls import server_context
from surefoot.testing import EmbeddedExchange
from tests.exchange.test_server_sockets import dial, make
from tests.net.wires import eventually

PING = b"GET /api/v3/ping HTTP/1.1\r\nhost: x\r\n\r\n"
HEARD = {Ending.CLOSE: "end", Ending.RESET: "reset", Ending.SILENCE: "silence", Ending.HALF_OPEN: "silence"}


async def heard_of(server: ExchangeServer, tls: ssl.SSLContext | None = None, *, silent: bool = False) -> str:
    """How a request ends; `silent`: nothing is expected to come."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port, ssl=tls)
    try:
        writer.write(PING)
        async with asyncio.timeout(0.05 if silent else 5):
            return "answer" if await reader.read(1) else "end"
    except ConnectionResetError:
        return "reset"
    except TimeoutError:
        return "silence"
    finally:
        writer.transport.abort()


async def every_ending(tls: ssl.SSLContext | None = None, client: ssl.SSLContext | None = None) -> None:
    async with make(binding=Binding(tls=tls)) as server:
        for how, heard in HEARD.items():
            server.faults.add(Rule(LostRequest(how), times=1))
            assert await heard_of(server, client, silent=heard == "silence") == heard, how
        assert await heard_of(server, client) == "answer"
        assert list(server.faults.struck.values()) == [1] * len(HEARD)


async def test_how_connections_end() -> None:
    await every_ending()


async def test_how_connections_end_under_tls(certificates) -> None:
    tls = server_context(str(certificates.cert), str(certificates.key))
    await every_ending(tls, ssl._create_unverified_context())


def test_how_connections_end_on_uvloop(run_on_uvloop) -> None:
    run_on_uvloop(every_ending())


async def refused_and_welcome() -> None:
    async with make() as server:
        messages, api = await dial(server.ws_api_url)
        server.refuse_connections(50)
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", server.port)
        api.send(b'{"id":1,"method":"ping"}')
        assert (await messages.next())["id"] == 1
        await eventually(lambda: server._listener and server._listener._server)
        assert await heard_of(server) == "answer"


async def test_connections_are_refused_and_welcome_again() -> None:
    await refused_and_welcome()


def test_connections_are_refused_on_uvloop(run_on_uvloop) -> None:
    run_on_uvloop(refused_and_welcome())


async def test_an_exchange_ends_in_time_whatever_it_left_behind() -> None:
    """Dead and silent connections, and engines that are still busy, keep nobody waiting."""
    async with make() as server:
        server.faults.add(Rule(LostRequest(Ending.HALF_OPEN), where=Where("ping", on="ws_api"), times=1))
        server.faults.add(Rule(LostRequest(Ending.SILENCE), where="GET *", times=1))
        server.faults.add(Rule(LostRequest(Ending.HALF_OPEN), where="GET *", times=1))
        server.faults.add(Rule(SlowEngine(), where="GET *", times=1))
        messages, api = await dial(server.ws_api_url)
        api.send(b'{"id":1,"method":"ping"}')
        writers = []
        for _ in range(3):
            _, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(PING)
            writers.append(writer)
        await eventually(lambda: sum(server.faults.struck.values()) == 4)
    assert (await messages.closed).code == 1006
    for writer in writers:
        writer.transport.abort()


def buy(client: surefoot.Client, price: str = "50000") -> Any:
    return client.new_order(
        "BTCUSDT",
        Side.BUY,
        OrderType.LIMIT,
        time_in_force=TimeInForce.GTC,
        quantity=Decimal("0.001"),
        price=price,
    )


def test_the_client_meets_faults(exchange: EmbeddedExchange) -> None:
    """RETRY-3: what is unknown is said to be unknown, whichever way it was lost."""
    key = exchange.open_account(USDT=10_000)
    with surefoot.Client(exchange.environment, key) as client:
        for fault, executed in (
            (LostAnswer("reset"), True),
            (LostRequest(), False),
            (Answer(code=-1006, executed=True), True),
            (Answer(503, body="html"), False),
        ):
            number = exchange.faults.add(Rule(fault, where="order.place", times=1))
            before = len(client.open_orders())
            with pytest.raises(errors.OutcomeUnknown):
                buy(client)
            assert exchange.faults.struck[number] == 1
            assert len(client.open_orders()) - before == executed
        exchange.faults.add(Rule(Answer(429, retry_after_s=7), where="order.place", times=1))
        assert exchange.faults.strikes[-1].name == "POST /api/v3/order"


def test_the_door_of_the_embedded_exchange(exchange: EmbeddedExchange) -> None:
    number = exchange.faults.add({"kind": "mute"})
    assert exchange.faults.rules[number] == Rule(Mute())
    exchange.faults.remove(number)
    with pytest.raises(errors.Misuse, match="no rule of faults has the number"):
        exchange.faults.remove(number)
    exchange.faults.add(Mute())
    exchange.faults.clear()
    assert exchange.faults.rules == {}
    exchange.faults.weigh("ping", cost=9)
    exchange.clock.set(5_000)
    exchange.clock.step(-2_000)
    exchange.clock.drift(100)
    assert 2_900 < exchange.clock.skew_ms < 3_100
    exchange.outages.maintenance()
    with surefoot.Client(exchange.environment) as client:
        with pytest.raises(errors.SurefootError):
            client.ping()
        exchange.outages.reopen()
        client.ping()
        exchange.turn("BTCUSDT", "CANCEL_ONLY")
        assert client.exchange_info(symbol="BTCUSDT").symbols[0].status == "CANCEL_ONLY"
    with pytest.raises(errors.Misuse, match="status 'SLEEPING': TRADING, HALT, BREAK, CANCEL_ONLY"):
        exchange.turn("BTCUSDT", "SLEEPING")
    assert exchange.outages.cut() == exchange.outages.mute("ws_api") == exchange.outages.shut_down() == 0
    with pytest.raises(errors.Misuse, match="for_ms -1"):
        exchange.outages.refuse_connections(-1)


@pytest.mark.process
def test_the_command_begins_with_rules(tmp_path: Path) -> None:
    rules = tmp_path / "rules.json"
    rules.write_text('[{"fault":{"kind":"answer","status":451}},{"kind":"mute"}]')
    words = [
        "exchange",
        "--port",
        "0",
        "--json",
        "--parent-watch",
        "--liquidity",
        "storm",
        "--fault",
        str(rules),
    ]
    words += ["--fault", '{"fault":{"kind":"latency","ms":5},"where":"GET *"}']
    command = [sys.executable, "-c", "from surefoot.cli import main; main()", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE) as process:
        assert process.stdout is not None
        port = int(json.loads(process.stdout.readline())["rest"].rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), 10) as wire:
            wire.sendall(PING.replace(b"/api/v3/ping", b"/admin/faults") + PING)
            said = b""
            while b"451" not in said.partition(b"\r\n\r\n")[2].partition(b"HTTP/1.1")[2]:
                said += wire.recv(65_536)
        process.communicate(b"", timeout=20)
    told = json.loads(said.partition(b"\r\n\r\n")[2].partition(b"HTTP/1.1")[0])
    assert [row["rule"]["fault"]["kind"] for row in told["rules"]] == ["answer", "mute", "latency"]
