"""What the trader is measured by: itself, the bare client with the same orders, a bare commit of SQLite."""

import asyncio
import sqlite3
import sys
from collections.abc import Awaitable, Callable, Coroutine
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import uvloop

from benchmarks.chunks import awaited_one_by_one, in_flight, one_by_one
from benchmarks.figures import Worked
from surefoot.client.aio import AsyncClient
from surefoot.credentials import Credentials
from surefoot.execution.aio import Trader
from surefoot.execution.intent import LimitOrder, request_of
from surefoot.execution.policy import Policy
from surefoot.spot.enums import Side, TimeInForce
from surefoot.spot.environments import Environment, local
from surefoot.values import Secret

LANES = 64
_ROW_BYTES = 700
_SYMBOL = "BTCUSDT"
Measure = Callable[[Callable[[], Awaitable[object]]], Awaitable[Worked]]


def _venue() -> tuple[Environment, Credentials]:
    """Where the exchange is and a key of its first account, as its announcement on standard input says."""
    said = msgspec.json.decode(sys.stdin.buffer.read())
    account = said["accounts"][0]
    credentials = Credentials(
        environment="local", api_key=Secret(account["api_key"]), secret=Secret(account["secret"])
    )
    return local(said["rest"], said["ws_api"], said["ws"]), credentials


def _order(number: int) -> LimitOrder:
    """One that ends at once, so that nothing heaps up."""
    return LimitOrder(_SYMBOL, Side.BUY, "0.001", str(30_000 + number % 1_000), TimeInForce.IOC)


async def _through_the_trader(measure: Measure) -> Worked:
    environment, credentials = _venue()
    numbers = count()
    with TemporaryDirectory() as folder:
        journal = Path(folder) / "journal.db"
        policy = Policy(symbols={_SYMBOL})
        async with Trader(environment, credentials, journal=journal, policy=policy) as trader:
            return await measure(lambda: trader.place(_order(next(numbers))))


async def _through_the_client(measure: Measure) -> Worked:
    environment, credentials = _venue()
    numbers = count()
    async with AsyncClient(environment, credentials) as client:
        return await measure(lambda: client.send(request_of(_order(next(numbers)))))


def _run(flow: Coroutine[Any, Any, Worked]) -> Worked:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(flow)


def trader(seconds: float, port: int) -> Worked:
    """One order after the other."""
    return _run(_through_the_trader(lambda once: awaited_one_by_one(once, seconds)))


def trader_in_flight(seconds: float, port: int) -> Worked:
    """Many at once."""
    return _run(_through_the_trader(lambda once: in_flight(once, LANES, seconds)))


def client(seconds: float, port: int) -> Worked:
    """The bare client: nothing is written down."""
    return _run(_through_the_client(lambda once: awaited_one_by_one(once, seconds)))


def client_in_flight(seconds: float, port: int) -> Worked:
    """The same with many at once."""
    return _run(_through_the_client(lambda once: in_flight(once, LANES, seconds)))


def commit(seconds: float, port: int) -> Worked:
    """One row of the same size, committed with WAL and synchronous FULL, by the standard library alone."""
    with TemporaryDirectory() as folder:
        connection = sqlite3.connect(Path(folder) / "bare.db", isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE entries (seq INTEGER PRIMARY KEY, body TEXT)")
        body = "x" * _ROW_BYTES

        def once() -> None:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO entries (body) VALUES (?)", (body,))
            connection.execute("COMMIT")

        worked = one_by_one(once, seconds)
        connection.close()
        return worked
