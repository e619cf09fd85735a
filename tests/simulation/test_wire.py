"""Silent links: late, never, or reset; always in order."""

import asyncio

import pytest


def test_what_is_written_into_a_silence_arrives_late_and_in_order(play) -> None:
    async def story(scene) -> None:
        ear = await scene.dial()
        ear.transport.write(b"before ")
        link = scene.sim.network.link("client", "server")
        link.silence()
        ear.transport.write(b"during ")
        await asyncio.sleep(600)
        assert scene.server.heard == b"before "
        ear.transport.write(b"still ")
        link.speak()
        ear.transport.write(b"after")
        await asyncio.sleep(1)
        assert scene.server.heard == b"before during still after"
        ear.transport.close()

    play(story)


def test_silence_is_one_way(play) -> None:
    async def story(scene) -> None:
        ear = await scene.dial()
        scene.sim.network.link("client", "server").silence()
        scene.server.transport.write(b"can you hear me?")
        ear.transport.write(b"yes")
        await asyncio.sleep(5)
        assert (ear.heard, scene.server.heard) == (b"can you hear me?", b"")
        ear.transport.close()

    play(story)


@pytest.mark.parametrize("spoke_first", [True, False])
def test_a_forgetful_link_resets_those_who_wrote_into_the_silence(play, spoke_first: bool) -> None:
    async def story(scene) -> None:
        ear = await scene.dial()
        link = scene.sim.network.link("client", "server")
        link.silence()
        if spoke_first:
            ear.transport.write(b"lost")
        link.speak(forget=True)
        await asyncio.sleep(1)
        assert ear.lost.done() is spoke_first
        assert scene.server.heard == b""
        ear.transport.close()

    play(story)


def test_an_end_in_a_silence_is_late_too(play) -> None:
    async def story(scene) -> None:
        ear = await scene.dial()
        scene.sim.network.link("client", "server").silence()
        ear.transport.close()
        await asyncio.sleep(60)
        assert not scene.server.lost.done()
        scene.sim.heal()
        assert await scene.server.lost is None

    play(story)
