"""The same server in virtual time: it needs nothing but the running loop and its world."""

import asyncio
import json
from itertools import pairwise
from typing import Any

from surefoot.exchange.assembly import assemble
from surefoot.exchange.liquidity.synthetic import Liquidity
from surefoot.exchange.server import Binding
from surefoot.net.websocket import dial_websocket
from surefoot.simulation.runner import Simulation
from surefoot.wire import Closed, Origin


class Heard:
    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.closed: Closed | None = None

    def on_text(self, data: bytes) -> None:
        self.events.append(json.loads(bytes(data)))

    def on_closed(self, closed: Closed) -> None:
        self.closed = closed


def story_of(heard: Heard):
    async def venue(world, binding: Binding, stop: asyncio.Event) -> None:
        async with assemble(world, liquidity=Liquidity.QUIET, symbols=("BTCUSDT",), binding=binding):
            await stop.wait()

    async def listener(address: str) -> None:
        target = "/ws/btcusdt@trade/btcusdt@depth@100ms"
        await asyncio.sleep(0.5)
        socket = await dial_websocket(Origin("ws", address, 9000), target, heard)
        await asyncio.sleep(60)
        await socket.close()

    async def story(simulation: Simulation) -> None:
        stop = asyncio.Event()
        exchange, client = simulation.host("exchange"), simulation.host("client")
        running = exchange.start(venue(exchange.world, Binding(exchange.address, 9000), stop))
        await client.start(listener(exchange.address))
        stop.set()
        await running

    return story


def run(seed: int) -> tuple[Heard, str]:
    heard = Heard()
    report = Simulation(seed).run(story_of(heard))
    return heard, report.trace_hash


def test_a_minute_of_a_quiet_market_in_virtual_time() -> None:
    """SIM-4: one seed, the same run every time; depth ids without a hole."""
    heard, trace = run(3)
    depth = [event for event in heard.events if event["e"] == "depthUpdate"]
    assert len(depth) > 20
    assert all(later["U"] == earlier["u"] + 1 for earlier, later in pairwise(depth))
    assert 20 < sum(event["e"] == "trade" for event in heard.events) < 200
    assert heard.closed
    assert run(3)[1] == trace
    assert run(4)[1] != trace
