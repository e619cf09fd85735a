"""The exchange in the box, a process of its own on its own core: signed orders a second over HTTP."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from benchmarks import machine
from benchmarks.crowd import BATCH, CONNECTIONS
from benchmarks.figures import Row, Table, Worked, cpu_us, rates
from benchmarks.processes import Run, work
from surefoot.exchange.core.listing import default_exchange_info

_GOAL = 4_000
_LOAD, _COST = "crowd.orders", "exchange"
_ROUNDS, _SECONDS = 5, 1.2
_UNLIMITED = 10**9


class Exchange:
    """`surefoot exchange` under way: where, and whose keys it knows."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.pid = process.pid
        self.announced = process.stdout.readline() if process.stdout is not None else ""
        self.port = int(msgspec.json.decode(self.announced)["rest"].rsplit(":", 1)[1])


@contextmanager
def running() -> Iterator[Exchange]:
    """The default symbols and filters without markets of their own; rate limits that nobody reaches."""
    info = default_exchange_info()
    info["rateLimits"] = [limit | {"limit": _UNLIMITED} for limit in info["rateLimits"]]
    with TemporaryDirectory() as folder:
        file = Path(folder) / "exchangeInfo.json"
        file.write_bytes(msgspec.json.encode(info))
        command = [
            *(sys.executable, "-m", "surefoot", "exchange", "--json", "--parent-watch", "--port", "0"),
            *("--liquidity", "none", "--exchange-info", str(file)),
        ]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=machine.ROOT
        ) as process:
            machine.pin(machine.split()[1], process.pid)
            try:
                yield Exchange(process)
            finally:
                process.terminate()


def _round(exchange: Exchange, seconds: float) -> dict[str, Worked]:
    """What the load measured, and the exchange's own CPU for an order of it."""
    before_s = machine.cpu_s(exchange.pid)
    loaded = work(_LOAD, seconds, exchange.port, said=exchange.announced)
    cost_us = (machine.cpu_s(exchange.pid) - before_s) * 1e6 / (loaded.operations + BATCH)  # the first: warm
    return {_LOAD: loaded, _COST: msgspec.structs.replace(loaded, cpu_us=cost_us)}


def measure(run: Run) -> list[Table]:
    """Orders a second from many connections, and what one costs the exchange."""
    count, seconds = run.size(_ROUNDS, _SECONDS)
    rounds = []
    with running() as exchange:
        for number in range(count):
            run.tell(f"round {number + 1} of {count}: {_LOAD}")
            rounds.append(_round(exchange, seconds))
    rows = [
        Row(name="orders", figures=rates(rounds, _LOAD), unit="orders/s", goal=_GOAL, at_least=True),
        Row(name="the load: CPU an order", figures=cpu_us(rounds, _LOAD), unit="µs"),
    ]
    if all(cpu_us(rounds, _COST)):
        rows.insert(1, Row(name="the exchange: CPU an order", figures=cpu_us(rounds, _COST), unit="µs"))
    notes = ("every other order trades with one that rests; absolute rates depend on the machine",)
    title = f"exchange: signed orders over HTTP from {CONNECTIONS} connections"
    return [Table(title=title, rows=tuple(rows), notes=notes)]
