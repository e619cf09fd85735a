"""Every fault happens when its rule says, and never after healing."""

import asyncio

import pytest

from surefoot.simulation.faults import ClockStep, Cut, Fault, Moment, Outage, Silence
from surefoot.simulation.runner import Simulation
from surefoot.simulation.world import EPOCH_MS


def order_cut(moment: Moment, nth: int = 1) -> Simulation:
    return Simulation(0, plan=(Cut(words=b"order", nth=nth, moment=moment),))


@pytest.mark.parametrize(
    ("moment", "arrived", "answered"),
    [
        (Moment.REQUEST_LOST, b"ping", b"PING"),
        (Moment.REQUEST_TORN, b"pingPOST /api", b"PING"),
        (Moment.ANSWER_IMPOSSIBLE, b"pingPOST /api/v3/order", b"PING"),
        (Moment.ANSWER_LOST, b"pingPOST /api/v3/order", b"PING"),
    ],
)
def test_a_cut_in_the_middle_of_an_order(play, moment: Moment, arrived: bytes, answered: bytes) -> None:
    async def story(scene) -> None:
        ear = await scene.dial()
        ear.transport.write(b"ping")
        await asyncio.sleep(1)
        ear.transport.write(b"POST /api/v3/order")
        assert isinstance(await ear.lost, ConnectionResetError)
        await asyncio.sleep(1)
        assert scene.server.heard == arrived
        assert ear.heard == answered
        assert len(scene.sim.faults.happened) == 1
        again = await scene.dial()
        again.transport.write(b"order")
        await asyncio.sleep(1)
        assert again.heard == b"ORDER"
        again.transport.close()

    play(story, order_cut(moment), say=lambda data: b"" if data == b"POST /api" else bytes.upper(data))


def test_the_nth_write_is_counted_over_all_connections(play) -> None:
    async def story(scene) -> None:
        for number in range(1, 4):
            ear = await scene.dial()
            ear.transport.write(b"order")
            await asyncio.sleep(1)
            assert ear.lost.done() is (number == 3)
            ear.transport.close()

    play(story, order_cut(Moment.REQUEST_LOST, nth=3))


def test_silence_in_the_middle_of_an_order_lasts_until_healed(play) -> None:
    async def story(scene) -> None:
        ear = await scene.dial()
        ear.transport.write(b"order")
        await asyncio.sleep(3000)
        assert scene.server.heard == b""
        scene.sim.heal()
        await asyncio.sleep(1)
        assert ear.heard == b"ORDER"
        ear.transport.close()

    play(story, order_cut(Moment.SILENCE), say=bytes.upper)


def test_an_outage_resets_and_refuses_for_its_time(play) -> None:
    async def story(scene) -> None:
        ear = await scene.dial()
        assert isinstance(await ear.lost, ConnectionResetError)
        assert scene.sim.loop.time() == pytest.approx(5, abs=0.1)
        with pytest.raises(ConnectionRefusedError):
            await scene.dial()
        await asyncio.sleep(10)
        (await scene.dial()).transport.close()

    play(story, Simulation(0, plan=(Outage(at_s=5, for_s=10, between=("client", "server")),)))


def test_a_silence_ends_by_itself(play) -> None:
    async def story(scene) -> None:
        ear = await scene.dial()
        await asyncio.sleep(6)
        ear.transport.write(b"order")
        await asyncio.sleep(8)
        assert scene.server.heard == b""
        await asyncio.sleep(2)
        assert scene.server.heard == b"order"
        ear.transport.close()

    play(story, Simulation(0, plan=(Silence(at_s=5, for_s=10, source="client", target="server"),)))


def test_a_clock_steps(play) -> None:
    async def story(scene) -> None:
        await asyncio.sleep(6)
        assert scene.sim.host("client").clock.wall_ms() - EPOCH_MS == pytest.approx(6000 - 2500, abs=10)

    play(story, Simulation(0, plan=(ClockStep(at_s=5, host="client", by_ms=-2500),)))


def test_nothing_happens_after_healing(play) -> None:
    plan: tuple[Fault, ...] = (
        Cut(words=b"order", nth=1, moment=Moment.REQUEST_LOST),
        Outage(at_s=5, for_s=10, between=("client", "server")),
    )

    async def story(scene) -> None:
        scene.sim.heal()
        ear = await scene.dial()
        ear.transport.write(b"order")
        await asyncio.sleep(20)
        assert ear.heard == b"ORDER"
        assert scene.sim.faults.happened == []
        ear.transport.close()

    play(story, Simulation(0, plan=plan), say=bytes.upper)
