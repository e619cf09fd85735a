"""Hosts: their clocks, dice and storage; what a kill does."""

import asyncio

import pytest

from surefoot.simulation.runner import Simulation
from surefoot.simulation.world import EPOCH_MS, SimulatedClock


def test_clocks_run_at_their_own_rate_and_step() -> None:
    async def story(sim: Simulation) -> None:
        clock = SimulatedClock(sim.loop, rate=1.001, offset_ms=-5000)
        assert clock.wall_ms() == EPOCH_MS - 5000
        await asyncio.sleep(1000)
        assert clock.monotonic_ms() == pytest.approx(1_001_000)
        assert clock.wall_ms() == pytest.approx(EPOCH_MS + 996_000)
        clock.step(7000)
        assert clock.wall_ms() == pytest.approx(EPOCH_MS + 1_003_000)
        assert clock.monotonic_ms() == pytest.approx(1_001_000)

    Simulation(0).run(story)


def test_a_clock_begins_to_drift_where_it_is() -> None:
    async def story(sim: Simulation) -> None:
        clock = SimulatedClock(sim.loop)
        await asyncio.sleep(100)
        clock.drift(200)
        assert clock.monotonic_ms() == pytest.approx(100_000)
        await asyncio.sleep(1000)
        assert clock.monotonic_ms() == pytest.approx(1_100_200)
        assert clock.wall_ms() - EPOCH_MS == pytest.approx(1_100_200)

    Simulation(0).run(story)


def test_a_suspended_machine_loses_monotonic_time_only() -> None:
    async def story(sim: Simulation) -> None:
        clock = SimulatedClock(sim.loop)
        await asyncio.sleep(100)
        clock.suspended(60_000)
        assert clock.monotonic_ms() == pytest.approx(40_000)
        assert clock.wall_ms() - EPOCH_MS == pytest.approx(100_000)

    Simulation(0).run(story)


def test_dice_are_seeded_by_run_host_and_life() -> None:
    tokens = [Simulation(seed).host(name).world.entropy.token(20) for seed in (1, 2) for name in "ab"]
    assert len(set(tokens)) == 4
    sim = Simulation(1)
    assert sim.host("a").world.entropy.token(20) == tokens[0]
    sim.host("a").kill()
    assert sim.host("a").world.entropy.token(20) not in tokens


def test_storage_survives_a_kill_and_memory_does_not() -> None:
    async def live(sim: Simulation, notes: list[str]) -> None:
        storage = sim.host("bot").world.storage
        storage.write("position", b"1 BTC")
        try:
            await asyncio.sleep(1000)
            storage.write("position", b"never")
        finally:
            notes.append("the dead spoke")

    notes: list[str] = []

    async def story(sim: Simulation) -> None:
        sim.host("bot").start(live(sim, notes))
        await asyncio.sleep(1)
        sim.host("bot").kill()
        await asyncio.sleep(2000)
        assert sim.host("bot").world.storage.read("position") == b"1 BTC"
        assert sim.host("bot").world.storage.read("other") is None
        assert notes == []

    Simulation(0).run(story)


@pytest.mark.parametrize("power_loss", [False, True])
def test_peers_of_a_killed_host_are_reset_or_hear_nothing(play, power_loss: bool) -> None:
    async def story(scene) -> None:
        ear = await scene.dial()
        scene.sim.host("server").kill(power_loss=power_loss)
        ear.transport.write(b"anyone?")
        await asyncio.sleep(60)
        assert ear.lost.done() is not power_loss
        with pytest.raises(ConnectionRefusedError):
            await scene.dial()
        ear.transport.close()

    play(story)


def test_a_host_lives_again_under_a_new_number() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async def listen() -> asyncio.AbstractServer:
        return await asyncio.start_server(answer, None, 80)

    async def story(sim: Simulation) -> None:
        await sim.host("server").start(listen())
        sim.host("server").kill()
        listener = await sim.host("server").start(listen())
        listener.close()

    Simulation(0).run(story)
