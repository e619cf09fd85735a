"""The story `orders`: traders with the shipped client against the shipped exchange, each on its own host.

Safety phase: they place, cancel and read while the network and the exchange misbehave. Then everything heals;
they resolve what is unknown, cancel what is open, and what they believe must equal the exchange's truth.
"""

import asyncio
from contextlib import suppress

from surefoot.client.aio import AsyncClient
from surefoot.credentials import Credentials
from surefoot.exchange.accounts import Account, ample_balances, default_accounts
from surefoot.exchange.core.engine import Engine
from surefoot.exchange.core.listing import SCALE, default_exchange_info, listing_from_exchange_info
from surefoot.exchange.server import Binding, ExchangeServer
from surefoot.simulation.bystanders import Bystanders
from surefoot.simulation.happenings import limits
from surefoot.simulation.names import EXCHANGE, NAMES, SYMBOLS
from surefoot.simulation.options import Options, Room, Style
from surefoot.simulation.prices import MIDDLE
from surefoot.simulation.runner import Simulation
from surefoot.simulation.trader import Phases, Resent, Trader
from surefoot.simulation.upset import Upset
from surefoot.spot.environments import local
from surefoot.values import Secret
from surefoot.world import World

_LONGEST_SAFETY_S = 300.0
_QUIET_S = 90.0
_LOOK_S = 0.1


class Orders:
    """The story for one set of options. `traders` and `upset` outlive the run."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.traders: list[Trader] = []
        self.upset = Upset(options.rules, options.happens)
        self._phases: Phases
        self._bystanders: Bystanders
        self._sim: Simulation

    async def __call__(self, sim: Simulation) -> None:
        """Play it."""
        self._sim, self._phases = sim, Phases()
        self._bystanders = Bystanders(sim, self.upset, blind=self.options.room != Room())
        over = asyncio.Event()
        ready: asyncio.Future[ExchangeServer] = sim.loop.create_future()
        running = sim.host(EXCHANGE).start(self._serve(sim.host(EXCHANGE).world, ready, over))
        server = await ready
        await self._trade(sim, server)
        over.set()
        await running

    @property
    def pause_s(self) -> float:
        """Seconds between two actions of a trader."""
        return self.options.pause_s

    @property
    def weight(self) -> int:
        """The limit of weight per minute at the beginning."""
        return self.options.room.weight

    @property
    def disturbed(self) -> bool:
        """Whether anything went wrong so far."""
        return bool(self._sim.faults.happened or self.upset.happened or self.upset.strikes)

    def hid_something_from(self, account: str) -> bool:
        """Whether the account was not told something, and nobody could know."""
        return self.upset.hid_something_from(account)

    async def _serve(self, world: World, ready: asyncio.Future[ExchangeServer], over: asyncio.Event) -> None:
        """The exchange, on its own host: so is what it does wrong."""
        async with _exchange(world, self.options) as server:
            server.front.limiter.bans = self._bystanders.refusals
            addresses = {name: self._sim.host(name).address for name in NAMES}
            self.upset.start(server, addresses)
            ready.set_result(server)
            await over.wait()

    async def _trade(self, sim: Simulation, server: ExchangeServer) -> None:
        self._bystanders.watch(sim, server)
        sim.faults.start()
        lives = [self._start(sim, server, number) for number in range(len(self.options.styles))]
        with suppress(TimeoutError):  # some faults last until they are healed, and may keep a trader out
            async with asyncio.timeout(_LONGEST_SAFETY_S):
                await _all(lives, [trader.done for trader in self.traders])
        await asyncio.sleep(max(0.0, self.options.safety_s - sim.loop.time()))
        sim.heal()
        self.upset.stop()
        self._phases.healed.set()
        await _all(lives, [trader.settled for trader in self.traders])
        await asyncio.sleep(_QUIET_S)
        sim.failures += self._bystanders.judgement(server.engine, self.traders)
        sim.counts.update(self.upset.counts)
        self._phases.judged.set()
        await asyncio.gather(*lives)

    def _start(self, sim: Simulation, server: ExchangeServer, number: int) -> asyncio.Task[None]:
        account, style = server.accounts[number], self.options.styles[number]
        host = sim.host(account.name)
        host.clock.step(self.options.offsets_ms[number])
        self._bystanders.follow(server.front.hub, account.name, style.symbols)
        trader = Trader(sim, account.name, style, self)
        self.traders.append(trader)
        return host.start(trader.live(ClientMaker(server, account, style, host.world), self._phases))


class ClientMaker:
    """Makes the client of one account."""

    def __init__(self, server: ExchangeServer, account: Account, style: Style, world: World) -> None:
        self._environment = local(server.rest_url, server.ws_api_url, server.ws_url)
        self._world = world
        self._credentials = Credentials(
            environment="local",
            api_key=Secret(account.ed25519_api_key if style.ed25519 else account.api_key),
            private_key=account.ed25519_private_key if style.ed25519 else None,
            secret=None if style.ed25519 else account.secret,
        )

    def __call__(self, sink: Resent) -> AsyncClient:
        return AsyncClient(self._environment, self._credentials, world=self._world, sink=sink)


async def _all(lives: list[asyncio.Task[None]], events: list[asyncio.Event]) -> None:
    """Wait for every event; a life that ends early, which it must not, ends the run."""
    while not all(event.is_set() for event in events):
        for life in lives:
            if life.done():
                await life
                raise AssertionError(f"{life.get_name()} ended early")
        await asyncio.sleep(_LOOK_S)


async def serve(
    world: World,
    ready: asyncio.Future[ExchangeServer],
    over: asyncio.Event,
    beat_ms: float | None = None,
) -> None:
    """An exchange without a market of its own, until it is `over`; `beat_ms` as `ExchangeServer` has it."""
    async with _exchange(world, Options(), beat_ms) as server:
        ready.set_result(server)
        await over.wait()


def _exchange(world: World, options: Options, beat_ms: float | None = None) -> ExchangeServer:
    info = default_exchange_info()
    listings = [listing_from_exchange_info(row) for row in info["symbols"] if row["symbol"] in SYMBOLS]
    last_prices = {symbol: price * SCALE for symbol, price in MIDDLE.items()}
    accounts = default_accounts(world.entropy, NAMES)
    now_us = int(world.clock.wall_ms() * 1000)
    engine = Engine(listings, entropy=world.entropy, now_us=now_us, last_prices=last_prices)
    for account in accounts:
        engine.open_account(account.name, ample_balances(listings))
    room = limits(options.room.weight, options.room.orders)
    return ExchangeServer(
        engine,
        accounts,
        world,
        info=info,
        binding=Binding(host=EXCHANGE),
        limits=room,
        beat_ms=beat_ms,
    )
