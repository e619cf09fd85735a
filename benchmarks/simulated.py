"""How fast the simulation is: messages that its network delivers, and what a whole story costs."""

import asyncio
from time import process_time

from benchmarks.figures import Row, Table
from benchmarks.processes import Run
from surefoot.simulation.runner import Simulation
from surefoot.simulation.seeds import seeds_of
from surefoot.simulation.trading.running import attempt

_MESSAGES, _SEEDS, _ROUNDS = 20_000, 10, 5
_GOAL, _PORT = 10_000, 9_000
_LINE = b"x" * 200 + b"\n"


async def _echo(sim: Simulation, count: int) -> None:
    """A client and a server on two hosts, one line there and back after the other."""
    asker, server = sim.host("asker"), sim.host("server")
    ready, over = sim.loop.create_future(), asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            writer.write(line)
        writer.close()

    async def serve() -> None:
        listening = await asyncio.start_server(answer, "server", _PORT)
        ready.set_result(None)
        await over.wait()
        listening.close()

    async def ask() -> None:
        reader, writer = await asyncio.open_connection("server", _PORT)
        for _ in range(count):
            writer.write(_LINE)
            await reader.readline()
        writer.close()

    serving = server.start(serve())
    await ready
    await asker.start(ask())
    over.set()
    await serving


def _delivered(count: int) -> float:
    """Messages a second of one core."""
    sim = Simulation(1, limit_s=1e9)
    began = process_time()
    report = sim.run(lambda one: _echo(one, count))
    return report.crossings / (process_time() - began)


def _stories(base: str) -> tuple[float, float]:
    """CPU seconds of a story, and messages a second of it."""
    began, crossings = process_time(), 0
    for seed in seeds_of(base, _SEEDS):
        crossings += attempt(seed, "heavy").crossings
    took = process_time() - began
    return took / _SEEDS, crossings / took


def measure(run: Run) -> list[Table]:
    """One process, one core."""
    rounds = 2 if run.quick else _ROUNDS
    run.tell("simulation: messages")
    delivered = tuple(_delivered(_MESSAGES) for _ in range(rounds))
    run.tell("simulation: stories")
    stories = [_stories(f"benchmark {number}") for number in range(rounds)]
    rows = (
        Row(name="messages delivered", figures=delivered, unit="1/s", goal=_GOAL, at_least=True),
        Row(name="a story of traders, all of it", figures=tuple(s for s, _ in stories), unit="s CPU"),
        Row(name="messages in such stories", figures=tuple(rate for _, rate in stories), unit="1/s"),
    )
    notes = ("a story: exchange, up to three traders, their journals, every judge; most of it is theirs",)
    return [Table(title="simulation: one core", rows=rows, notes=notes)]
