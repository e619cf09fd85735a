"""Two hosts, `client` and `server`, and small protocols to put on them."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from surefoot.simulation.runner import Report, Simulation

Play = Callable[..., Report]


class Ear(asyncio.Protocol):
    """Remembers what it hears: data, "end" and how the connection was lost; `say` answers each piece."""

    def __init__(self, say: Callable[[bytes], bytes] | None = None) -> None:
        self.heard = b""
        self.pieces: list[bytes] = []
        self.events: list[object] = []
        self.transport: asyncio.Transport = None  # type: ignore[assignment]
        self.lost = asyncio.get_running_loop().create_future()
        self.say = say

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.events.append("made")

    def data_received(self, data: bytes) -> None:
        self.heard += data
        self.pieces.append(data)
        if self.say is not None:
            self.transport.write(self.say(data))

    def eof_received(self) -> None:
        self.events.append("end")

    def pause_writing(self) -> None:
        self.events.append("pause")

    def resume_writing(self) -> None:
        self.events.append("resume")

    def connection_lost(self, exc: Exception | None) -> None:
        self.events.append(type(exc))
        self.lost.set_result(exc)


class Scene:
    """A server that listens on port 80 of host `server`; what is played runs on host `client`."""

    def __init__(self, sim: Simulation, say: Callable[[bytes], bytes] | None) -> None:
        self.sim = sim
        self.say = say
        self.accepted: list[Ear] = []

    def accept(self) -> Ear:
        self.accepted.append(Ear(self.say))
        return self.accepted[-1]

    async def listen(self) -> asyncio.AbstractServer:
        return await self.sim.loop.create_server(self.accept, "0.0.0.0", 80)

    async def dial(self) -> Ear:
        _, ear = await self.sim.loop.create_connection(Ear, "server", 80)
        assert isinstance(ear, Ear)
        return ear

    @property
    def server(self) -> Ear:
        return self.accepted[-1]


@pytest.fixture
def play() -> Play:
    """Runs ``async def scene(scene)`` on host `client` while host `server` listens."""

    def run(
        story: Callable[[Scene], Awaitable[None]],
        sim: Simulation | None = None,
        say: Callable[[bytes], bytes] | None = None,
    ) -> Report:
        sim = sim or Simulation(0)
        scene = Scene(sim, say)

        async def main() -> None:
            await story(scene)

        async def whole(sim: Simulation) -> None:
            sim.faults.start()
            listener = await sim.host("server").start(scene.listen())
            await sim.host("client").start(main())
            listener.close()

        return sim.run(whole)

    return run
