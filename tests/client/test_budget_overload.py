"""Three times as much as the limits allow, on virtual time: all of the budget is used, and nobody hears 429.

LIMIT-1 … LIMIT-5, against the shipped exchange with small limits.
"""

import asyncio
import copy
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from surefoot.budget.ledger import spending
from surefoot.client.aio import AsyncClient
from surefoot.credentials import Credentials
from surefoot.exchange.assembly import assemble
from surefoot.exchange.core.listing import default_exchange_info
from surefoot.exchange.liquidity.synthetic import Liquidity
from surefoot.exchange.server import Binding, ExchangeServer
from surefoot.simulation.runner import Simulation
from surefoot.spot.environments import local
from surefoot.telemetry.observations import Observation, ResponseHeard

MINUTE_MS = 60_000
LIMIT = 600
Story = Callable[[AsyncClient, ExchangeServer, "Ear"], Awaitable[None]]


class Ear:
    """What the exchange answered: statuses, and the most weight it told in each of its minutes."""

    def __init__(self) -> None:
        self.statuses: Counter[int | None] = Counter()
        self.most: dict[int, int] = {}

    def hears(self, kind: type[Observation]) -> bool:
        return kind is ResponseHeard

    def tell(self, observation: Observation) -> None:
        assert isinstance(observation, ResponseHeard)
        self.statuses[observation.status] += 1
        used = observation.used_weight.get("1m")
        if used is not None:
            minute = observation.time_ms // MINUTE_MS
            self.most[minute] = max(self.most.get(minute, 0), used)

    def shares(self, limit: int = LIMIT) -> list[float]:
        """Of the whole minutes in the middle: which part of the limit was used."""
        minutes = sorted(self.most)[1:-2]
        return [self.most[minute] / limit for minute in minutes]


def info(limit: int) -> dict[str, Any]:
    said = copy.deepcopy(default_exchange_info())
    for row in said["rateLimits"]:
        if row["rateLimitType"] == "REQUEST_WEIGHT":
            row["limit"] = limit
    return said


def play(story: Story, *, limit: int = LIMIT, transport: str = "rest", key: bool = True) -> Ear:
    ear, sim = Ear(), Simulation(7)

    async def run(_: Simulation) -> None:
        venue, home = sim.host("exchange"), sim.host("home")
        ready: asyncio.Future[ExchangeServer] = sim.loop.create_future()
        over = asyncio.Event()
        running = venue.start(serve(venue.world, ready, over, limit))
        server = await ready
        await home.start(use(home.world, server))
        over.set()
        await running

    async def use(world: Any, server: ExchangeServer) -> None:
        environment = local(server.rest_url, server.ws_api_url, server.ws_url)
        account = server.accounts[0]
        from surefoot.values import Secret

        credentials = Credentials(environment="local", api_key=Secret(account.api_key), secret=account.secret)
        client = AsyncClient(
            environment, credentials if key else None, transport=transport, world=world, sink=ear
        )
        async with client:
            await story(client, server, ear)

    sim.run(run)
    return ear


async def serve(world: Any, ready: asyncio.Future[ExchangeServer], over: asyncio.Event, limit: int) -> None:
    server = assemble(world, info=info(limit), liquidity=Liquidity.NONE, binding=Binding(host="exchange"))
    async with server:
        ready.set_result(server)
        await over.wait()


async def ask_for(minutes: float, client: AsyncClient, callers: int = 60) -> None:
    """So many callers, each asking again as soon as it is answered: far more than the limits allow."""
    until_ms = client.desk.now_ms() + minutes * MINUTE_MS

    async def caller() -> None:
        while client.desk.now_ms() < until_ms:
            await client.depth("BTCUSDT", limit=5)

    with spending("flood", patience_ms=60 * MINUTE_MS):
        async with asyncio.TaskGroup() as group:
            for _ in range(callers):
                group.create_task(caller())


@pytest.mark.parametrize("transport", ["rest", "ws_api"])
def test_all_of_the_budget_is_used_and_nobody_hears_429(transport: str) -> None:
    """LIMIT-2: ≥ 95 % of every window."""

    async def flood(client: AsyncClient, server: ExchangeServer, ear: Ear) -> None:
        await ask_for(5.2, client)

    ear = play(flood, transport=transport)
    assert set(ear.statuses) == {200}
    assert len(ear.shares()) >= 3
    assert min(ear.shares()) >= 0.95


def test_without_a_key_the_windows_are_still_the_exchanges() -> None:
    """The clock is measured before anybody waits for a window."""

    async def flood(client: AsyncClient, server: ExchangeServer, ear: Ear) -> None:
        await ask_for(4.2, client)

    ear = play(flood, key=False)
    assert set(ear.statuses) == {200}
    assert min(ear.shares()) >= 0.95


def test_cancels_and_orders_go_through_a_flood_of_reads() -> None:
    """LIMIT-2, LIMIT-4: they never wait for shaping."""
    took_ms: list[float] = []

    async def story(client: AsyncClient, server: ExchangeServer, ear: Ear) -> None:
        flood = asyncio.ensure_future(ask_for(2.5, client, callers=1_000))
        for _ in range(20):
            await asyncio.sleep(6)
            began_ms = client.desk.now_ms()
            order = await client.new_order(
                "BTCUSDT", "BUY", "LIMIT", quantity="0.001", price="20000", time_in_force="GTC"
            )
            await client.cancel_order("BTCUSDT", order_id=order.order_id)
            took_ms.append(client.desk.now_ms() - began_ms)
        flood.cancel()

    ear = play(story)
    assert set(ear.statuses) == {200}
    assert max(took_ms) < 100
