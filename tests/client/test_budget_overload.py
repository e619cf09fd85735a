"""Three times as much as the limits allow, on virtual time: all of the budget is used, and nobody hears 429.

LIMIT-1 … LIMIT-5, against the shipped exchange with small limits.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from surefoot import errors
from surefoot.budget.ledger import spending
from surefoot.client.aio import AsyncClient
from surefoot.credentials import Credentials
from surefoot.exchange.server import ExchangeServer
from surefoot.spot.environments import local
from surefoot.telemetry.observations import Observation, ResponseHeard
from surefoot.values import Secret
from surefoot.world import World
from tests.client.virtual import played

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


def play(story: Story, *, limit: int = LIMIT, transport: str = "rest", key: bool = True) -> Ear:
    ear = Ear()

    async def use(world: World, server: ExchangeServer) -> None:
        environment = local(server.rest_url, server.ws_api_url, server.ws_url)
        account = server.accounts[0]
        credentials = Credentials(environment="local", api_key=Secret(account.api_key), secret=account.secret)
        client = AsyncClient(
            environment, credentials if key else None, transport=transport, world=world, sink=ear
        )
        async with client:
            await story(client, server, ear)

    played(use, limits={"rateLimits": [weight_limit(limit)]})
    return ear


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


def test_a_weight_that_doubles_in_the_middle_costs_nobody_a_429() -> None:
    """LIMIT-1: what is learnt from the counts is used at once."""

    async def story(client: AsyncClient, server: ExchangeServer, ear: Ear) -> None:
        flood = asyncio.ensure_future(ask_for(5.2, client))
        await asyncio.sleep(100)
        server.front.weights.change("depth", times=3)
        await asyncio.sleep(120)
        server.front.weights.change("depth", times=1)
        await flood

    ear = play(story)
    assert set(ear.statuses) == {200}
    assert min(ear.shares()) >= 0.95


@pytest.mark.parametrize("transport", ["rest", "ws_api"])
def test_limits_that_are_cut_and_raised_in_the_middle_cost_nobody_a_429(transport: str) -> None:
    """LIMIT-1: they are read again where there is not enough for everybody."""

    async def story(client: AsyncClient, server: ExchangeServer, ear: Ear) -> None:
        flood = asyncio.ensure_future(ask_for(6.2, client))
        await asyncio.sleep(59)
        server.operations.limits.change({"rateLimits": [weight_limit(300)]})
        await asyncio.sleep(180)
        server.operations.limits.change({"rateLimits": [weight_limit(1200)]})
        await flood

    ear = play(story, transport=transport)
    assert set(ear.statuses) == {200}
    used = [ear.most[minute] for minute in sorted(ear.most)]
    assert min(used[1:4]) >= 0.95 * 300
    assert max(used[1:4]) <= 300
    assert used[5] >= 0.95 * 1200


def weight_limit(limit: int) -> dict[str, Any]:
    return {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": limit}


def test_what_cannot_leave_in_time_is_held_back_with_a_time() -> None:
    """LIMIT-2: not a hang."""
    told: list[errors.HeldBack] = []

    async def story(client: AsyncClient, server: ExchangeServer, ear: Ear) -> None:
        flood = asyncio.ensure_future(ask_for(1.5, client))
        await asyncio.sleep(20)
        for patience_ms in (0, 1_000):
            began_ms = client.desk.now_ms()
            with pytest.raises(errors.HeldBack) as caught, spending(patience_ms=patience_ms):
                await client.depth("BTCUSDT", limit=5)
            assert client.desk.now_ms() - began_ms <= patience_ms
            told.append(caught.value)
        assert caught.value.retry_at_ms is not None
        await asyncio.sleep((caught.value.retry_at_ms - client.desk.now_ms()) / 1000)
        flood.cancel()
        with spending(patience_ms=1_000):
            await client.depth("BTCUSDT", limit=5)

    play(story)
    assert [error.happened for error in told] == [errors.Happened.NO] * 2


def test_nothing_is_sent_during_a_ban_and_then_slowly() -> None:
    """LIMIT-5."""
    seen: list[int] = []

    async def story(client: AsyncClient, server: ExchangeServer, ear: Ear) -> None:
        await client.ping()
        server.operations.limits.ban(_address_of(server), 300)
        with pytest.raises(errors.Banned) as caught:
            await client.ping()
        before = sum(ear.statuses.values())
        assert caught.value.retry_at_ms is not None
        for ask in (client.ping, client.account, client.sync):
            with pytest.raises(errors.HeldBack) as held:
                await ask()
            assert held.value.retry_at_ms == caught.value.retry_at_ms
        with pytest.raises(errors.HeldBack):
            await client.cancel_order("BTCUSDT", order_id=1)
        with pytest.raises(errors.HeldBack):
            async with client.session():
                pass
        assert sum(ear.statuses.values()) == before
        assert [record.requests_during_bans for record in server.operations.limits.bans()] == [1]
        with spending(patience_ms=301_000):
            await client.ping()
        used, limit = client.budget.used["1m"]
        seen.extend([used, limit])

    play(story)
    assert seen


def _address_of(server: ExchangeServer) -> str:
    return next(iter(server.operations.limits.addresses()))


def test_the_ledger_charges_whoever_asked() -> None:
    """Also where many ask at once, and answers are settled a little later."""

    async def story(client: AsyncClient, server: ExchangeServer, ear: Ear) -> None:
        async def ask(tag: str, count: int) -> None:
            with spending(tag):
                for _ in range(count):
                    await client.depth("BTCUSDT", limit=5)

        await asyncio.gather(ask("one", 3), ask("two", 5), ask("three", 2))
        await asyncio.sleep(0.1)
        spent = {row.tag: row.count for row in client.budget.spent if row.request == "GetDepth"}
        assert spent == {"one": 3, "two": 5, "three": 2}

    play(story)
