"""An exchange and a home on virtual time: what a client's story needs around it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from surefoot.exchange.assembly import assemble
from surefoot.exchange.liquidity.synthetic import Liquidity
from surefoot.exchange.server import Binding, ExchangeServer
from surefoot.simulation.runner import Simulation
from surefoot.world import World

AtHome = Callable[[World, ExchangeServer], Awaitable[None]]


def played(at_home: AtHome, **options: Any) -> None:
    """Run `at_home` on a host of its own, beside an exchange that is assembled with these options."""
    sim = Simulation(7)

    async def run(_: Simulation) -> None:
        venue, home = sim.host("exchange"), sim.host("home")
        ready: asyncio.Future[ExchangeServer] = sim.loop.create_future()
        over = asyncio.Event()
        running = venue.start(serve(venue.world, ready, over))
        server = await ready
        await home.start(at_home(home.world, server))
        over.set()
        await running

    async def serve(world: World, ready: asyncio.Future[ExchangeServer], over: asyncio.Event) -> None:
        binding = Binding(host="exchange")
        async with assemble(world, liquidity=Liquidity.NONE, binding=binding, **options) as server:
            ready.set_result(server)
            await over.wait()

    sim.run(run)
