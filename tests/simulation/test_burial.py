"""What the dead had planned is laid to rest, also what had not begun: nobody hears of it later."""

import asyncio
import inspect
from collections.abc import Coroutine
from typing import Any

from surefoot.simulation.runner import Simulation


def test_what_had_not_begun_is_laid_to_rest_too() -> None:
    given: list[Coroutine[Any, Any, None]] = []

    async def inner() -> None:
        raise AssertionError("it never begins")

    async def outer(_: object) -> None:
        raise AssertionError("nor does this")

    async def story(sim: Simulation) -> None:
        host = sim.host("home")

        async def life() -> None:
            given.append(inner())
            asyncio.get_running_loop().create_task(outer(given[0]))
            host.kill()
            await asyncio.sleep(0)

        host.start(life())
        await asyncio.sleep(1)

    Simulation(1).run(story)
    assert inspect.getcoroutinestate(given[0]) == inspect.CORO_CLOSED
