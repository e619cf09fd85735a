"""A run fails when something does not hold, is left behind or never ends; and repeats itself exactly."""

import asyncio
import re

import pytest

from surefoot.simulation.runner import Simulation, SimulationFailed
from surefoot.simulation.wire import Weather


async def nothing(_sim: Simulation) -> None:
    return


def failures(story, **options) -> str:
    with pytest.raises(SimulationFailed) as caught:
        Simulation(7, **options).run(story)
    assert str(caught.value).endswith("python -m surefoot.simulation --seed 7")
    return "\n".join(caught.value.report.failures)


def test_a_quiet_run_passes() -> None:
    report = Simulation(7).run(nothing)
    assert report.failures == ()
    assert report.crossings == 0


def test_what_does_not_hold_fails_the_run() -> None:
    async def story(sim: Simulation) -> None:
        sim.require(1 + 1 == 2, "sums hold")
        sim.require(1 + 1 == 3, "one and one are three")

    assert failures(story) == "one and one are three"


def test_an_exception_fails_the_run_with_its_traceback() -> None:
    async def story(_sim: Simulation) -> None:
        raise ValueError("broken")

    assert "in story" in failures(story)


def test_a_stall_fails_the_run() -> None:
    async def story(_sim: Simulation) -> None:
        await asyncio.get_running_loop().create_future()

    assert re.search(
        r"Stalled: no timer is set .*\(_play > story, .*test_runner.py:\d+\) wait for ever", failures(story)
    )


def test_a_story_without_end_fails_the_run() -> None:
    async def story(_sim: Simulation) -> None:
        while True:  # noqa: ASYNC110
            await asyncio.sleep(1)

    assert "Stalled: not done within 60 s" in failures(story, limit_s=60)


def test_tasks_and_connections_left_behind_fail_the_run() -> None:
    async def hang(sim: Simulation) -> None:
        await sim.loop.create_connection(asyncio.Protocol, "b", 80)
        await asyncio.sleep(10**6)

    async def story(sim: Simulation) -> None:
        listener = await sim.host("b").start(sim.loop.create_server(asyncio.Protocol, None, 80))
        sim.host("a").start(hang(sim))
        await asyncio.sleep(1)
        listener.close()

    text = failures(story)
    assert "a leaves behind a/1: hang" in text
    assert "a leaves behind connection #1 to b" in text
    assert "b leaves behind connection #1 to a" in text


def test_an_error_in_a_callback_fails_the_run() -> None:
    async def story(sim: Simulation) -> None:
        sim.loop.call_soon(lambda: 1 / 0)
        await asyncio.sleep(1)

    assert "ZeroDivisionError" in failures(story)


def test_an_exception_of_a_forgotten_task_fails_the_run() -> None:
    async def fail() -> None:
        raise ValueError("nobody listened")

    async def story(sim: Simulation) -> None:
        sim.host("a").start(fail())
        await asyncio.sleep(1)

    assert "nobody listened" in failures(story)


def chat(seed: int) -> str:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(100):
            writer.write(data)
        writer.close()

    async def talk() -> None:
        reader, writer = await asyncio.open_connection("b", 80)
        for _ in range(50):
            writer.write(b"hello")
            await reader.readexactly(5)
        writer.close()

    async def story(sim: Simulation) -> None:
        listener = await sim.host("b").start(asyncio.start_server(echo, None, 80))
        await sim.host("a").start(talk())
        listener.close()

    return Simulation(seed, weather=Weather(split=0.3, join=0.2)).run(story).trace_hash


def test_the_same_seed_gives_the_same_trace_and_another_another() -> None:
    assert chat(1) == chat(1)
    assert chat(1) != chat(2)
