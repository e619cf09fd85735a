"""A trader on virtual time beside the shipped exchange: what the stories of this folder are played on."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

from surefoot.client.aio import AsyncClient
from surefoot.client.aio.client import Transport
from surefoot.credentials import Credentials
from surefoot.exchange.assembly import assemble
from surefoot.exchange.core.commands import OrderSnapshot
from surefoot.exchange.faults import Rule, Where
from surefoot.exchange.liquidity.synthetic import Liquidity
from surefoot.exchange.server import Binding, ExchangeServer
from surefoot.execution.aio.options import TraderOptions
from surefoot.execution.aio.trader import Trader
from surefoot.execution.entries import AnyEntry
from surefoot.execution.journal import read
from surefoot.execution.policy import Policy
from surefoot.simulation.disk import Platter, SimulatedStore
from surefoot.simulation.runner import Simulation
from surefoot.spot.enums import OrderType, Side, TimeInForce
from surefoot.spot.environments import Environment, local
from surefoot.values import Secret
from surefoot.world import World

D = Decimal
SYMBOL = "BTCUSDT"
POLICY = Policy(symbols={SYMBOL})
_IDS = ("client_order_id", "list_client_order_id", "new_client_order_id")
PLACING = frozenset({"submitted", "placed", "listPlaced", "amended", "notPlaced", "inDoubt", "resolved"})


class Stage:
    """The exchange, a disk, and hosts: `sim.host("home")` is the one that may be killed."""

    def __init__(self, sim: Simulation, server: ExchangeServer, world: World) -> None:
        self.sim, self.server, self.world = sim, server, world
        self.platter = Platter()
        self.home = sim.host("home")
        self.heard_early: list[str] = []
        self._listen_for_what_is_early()

    @property
    def environment(self) -> Environment:
        return local(self.server.rest_url, self.server.ws_api_url, self.server.ws_url)

    def key(self, number: int = 0) -> Credentials:
        account = self.server.accounts[number]
        return Credentials(environment="local", api_key=Secret(account.api_key), secret=account.secret)

    def trader(
        self,
        world: World | None = None,
        number: int = 0,
        transport: Transport = "rest",
        **options: Any,
    ) -> Trader:
        """One more life on the same disk."""
        return Trader(
            self.environment,
            self.key(number),
            world=world or self.world,
            journal=SimulatedStore(self.platter),
            policy=POLICY,
            transport=transport,
            options=TraderOptions(**options),
        )

    @asynccontextmanager
    async def rival(self) -> AsyncIterator["Rival"]:
        """Somebody else at the exchange."""
        async with AsyncClient(self.environment, self.key(1), world=self.world) as client:
            yield Rival(client)

    def fault(self, fault: Any, request: str, **more: Any) -> int:
        """Strike the trader's requests (or events) of that name."""
        where = Where(request=request, account=self.server.accounts[0].name)
        return self.server.faults.add(Rule(fault, where=where, **{"times": 1} | more))

    async def heard(self) -> None:
        """Return once the exchange knows of the next order of the trader's."""
        before = len(self.there())
        by = asyncio.get_running_loop().time() + 60
        while len(self.there()) == before:
            assert asyncio.get_running_loop().time() < by
            await asyncio.sleep(0.0001)

    def there(self) -> tuple[OrderSnapshot, ...]:
        """All orders of the trader's account, as the exchange knows them."""
        return self.server.engine.all_orders(self.server.accounts[0].name, SYMBOL)

    def open_there(self) -> tuple[OrderSnapshot, ...]:
        return self.server.engine.open_orders(self.server.accounts[0].name, SYMBOL)

    def trades_there(self) -> list[int]:
        """Ids of the account's executions."""
        return [fill.trade_id for fill in self.server.engine.trades(self.server.accounts[0].name, SYMBOL)]

    def journal(self) -> list[AnyEntry]:
        """What is safe."""
        return [read(row) for row in self.platter.rows]

    def kinds(self) -> list[str]:
        """The story of what was placed, as the journal tells it."""
        return [row.kind for row in self.platter.rows if row.kind in PLACING]

    def _listen_for_what_is_early(self) -> None:
        """Note every placement that the exchange hears of before it is safe in the journal."""
        engine, owner = self.server.engine, self.server.accounts[0].name

        def heard(command: Any) -> None:
            named = {getattr(command, field, None) for field in _IDS}
            safe = {row.id for row in self.platter.rows if row.kind == "submitted"}
            elsewhere = any(name is not None and name.startswith("web") for name in named)
            if command.account == owner and not named & safe and not elsewhere:
                self.heard_early.append(repr(command))

        for name in ("place", "place_list", "amend"):
            setattr(engine, name, _spied(getattr(engine, name), heard))


def _spied(call: Callable[..., Any], heard: Callable[[Any], None]) -> Callable[..., Any]:
    def spying(now_us: int, command: Any) -> Any:
        heard(command)
        return call(now_us, command)

    return spying


class Rival:
    """The other side of the trades."""

    def __init__(self, client: AsyncClient) -> None:
        self.client = client

    async def sell(self, quantity: str, price: str = "50000") -> None:
        await self._limit(Side.SELL, quantity, price)

    async def buy(self, quantity: str, price: str = "50000") -> None:
        await self._limit(Side.BUY, quantity, price)

    async def _limit(self, side: Side, quantity: str, price: str) -> None:
        await self.client.new_order(
            SYMBOL,
            side,
            OrderType.LIMIT,
            time_in_force=TimeInForce.GTC,
            quantity=D(quantity),
            price=D(price),
        )


def play(story: Callable[[Stage], Awaitable[object]], *, seed: int = 7, **options: Any) -> Stage:
    """Play it to its end, on a host of its own; returns what is left."""
    sim = Simulation(seed)
    stages: list[Stage] = []

    async def run(_: Simulation) -> None:
        venue, host = sim.host("exchange"), sim.host("stage")
        ready: asyncio.Future[ExchangeServer] = sim.loop.create_future()
        over = asyncio.Event()
        running = venue.start(serve(venue.world, ready, over))
        stage = Stage(sim, await ready, host.world)
        stages.append(stage)
        await host.start(_played(story, stage))
        over.set()
        await running

    async def serve(world: World, ready: asyncio.Future[ExchangeServer], over: asyncio.Event) -> None:
        binding = Binding(host="exchange")
        given = {"liquidity": Liquidity.NONE, "binding": binding, "symbols": (SYMBOL,)} | options
        async with assemble(world, **given) as server:
            ready.set_result(server)
            await over.wait()

    sim.run(run)
    assert stages[0].heard_early == []
    return stages[0]


async def _played(story: Callable[[Stage], Awaitable[object]], stage: Stage) -> None:
    await story(stage)
