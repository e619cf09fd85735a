"""The story `orders`: traders with the shipped client against the shipped exchange, each on its own host.

Safety phase: they place, cancel and read while the network misbehaves. Then everything heals; they resolve
what is unknown, cancel what is open, and what they believe must equal the exchange's truth.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

from surefoot.client.aio import AsyncClient
from surefoot.credentials import Credentials
from surefoot.exchange.accounts import Account, ample_balances, default_accounts
from surefoot.exchange.core.engine import Engine
from surefoot.exchange.core.listing import SCALE, default_exchange_info, listing_from_exchange_info
from surefoot.exchange.feeds.listeners import UserListener
from surefoot.exchange.render.amounts import MILLISECONDS
from surefoot.exchange.server import Binding, ExchangeServer
from surefoot.simulation import invariants
from surefoot.simulation.network import Connection, Tap
from surefoot.simulation.options import EXCHANGE, NAMES, SYMBOLS, Options, Style
from surefoot.simulation.prices import MIDDLE
from surefoot.simulation.readable import readable
from surefoot.simulation.runner import Simulation
from surefoot.simulation.trader import Resent, Trader
from surefoot.simulation.transport import Transport
from surefoot.spot.environments import local
from surefoot.values import Secret
from surefoot.world import World

_LONGEST_SAFETY_S = 300.0
_QUIET_S = 90.0
_LOOK_S = 0.1
_NAMED = re.compile(rb'newClientOrderId(?:=|":")([A-Za-z0-9_-]+)')


class Orders:
    """The story for one set of options. `traders` and `crossed` (orders seen on the wire) outlive the run."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.crossed: Counter[str] = Counter()
        self.traders: list[Trader] = []
        self._witnesses: dict[str, invariants.Witness] = {}

    async def __call__(self, sim: Simulation) -> None:
        """Play it."""
        sim.network.tap = self._counting(sim.network.tap)
        over = asyncio.Event()
        ready: asyncio.Future[ExchangeServer] = sim.loop.create_future()
        running = sim.host(EXCHANGE).start(serve(sim.host(EXCHANGE).world, ready, over))
        server = await ready
        await self._trade(sim, server)
        over.set()
        await running

    async def _trade(self, sim: Simulation, server: ExchangeServer) -> None:
        healed, judged = asyncio.Event(), asyncio.Event()
        sim.faults.start()
        lives = [
            self._start(sim, server, number, healed, judged) for number in range(len(self.options.styles))
        ]
        with suppress(TimeoutError):  # some faults last until they are healed, and may keep a trader out
            async with asyncio.timeout(_LONGEST_SAFETY_S):
                await _all(lives, [trader.done for trader in self.traders])
        await asyncio.sleep(max(0.0, self.options.safety_s - sim.loop.time()))
        sim.heal()
        healed.set()
        await _all(lives, [trader.settled for trader in self.traders])
        await asyncio.sleep(_QUIET_S)
        sim.failures += self._judgement(server)
        judged.set()
        await asyncio.gather(*lives)

    def _start(
        self,
        sim: Simulation,
        server: ExchangeServer,
        number: int,
        healed: asyncio.Event,
        judged: asyncio.Event,
    ) -> asyncio.Task[None]:
        account, style = server.accounts[number], self.options.styles[number]
        host = sim.host(account.name)
        host.clock.step(self.options.offsets_ms[number])
        witness = self._witnesses[account.name] = invariants.Witness()
        server.front.hub.follow(UserListener(account.name, 0, witness, MILLISECONDS))
        trader = Trader(sim, account.name, style, self.options.pause_s)
        self.traders.append(trader)
        return host.start(trader.live(ClientMaker(server, account, style, host.world), healed, judged))

    def _judgement(self, server: ExchangeServer) -> Iterator[str]:
        yield from invariants.conservation(server.engine)
        yield from invariants.resending(self.crossed, [id for one in self.traders for id in one.resent.ids])
        for trader in self.traders:
            yield from invariants.orders(trader.view, self._witnesses[trader.name].entered)
            yield from invariants.fills(trader.view, server.engine, trader.name)
            yield from invariants.balances(trader.view, server.engine, trader.name)
            yield from invariants.tops(trader.view, server.engine, trader.symbols)
            yield from invariants.rest(server.engine, trader.name)

    def _counting(self, tap: Tap) -> Tap:
        """Count how often each order is written, before any fault."""

        def count(connection: Connection, sender: Transport, data: bytes) -> bool:
            if sender.outgoing.link.target == EXCHANGE:
                self.crossed.update(id.decode() for id in _NAMED.findall(readable(data)))
            return tap(connection, sender, data)

        return count


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


async def serve(world: World, ready: asyncio.Future[ExchangeServer], over: asyncio.Event) -> None:
    """An exchange without a market of its own, until it is `over`."""
    async with _exchange(world) as server:
        ready.set_result(server)
        await over.wait()


def _exchange(world: World) -> ExchangeServer:
    info = default_exchange_info()
    listings = [listing_from_exchange_info(row) for row in info["symbols"] if row["symbol"] in SYMBOLS]
    last_prices = {symbol: price * SCALE for symbol, price in MIDDLE.items()}
    accounts = default_accounts(world.entropy, NAMES)
    now_us = int(world.clock.wall_ms() * 1000)
    engine = Engine(listings, entropy=world.entropy, now_us=now_us, last_prices=last_prices)
    for account in accounts:
        engine.open_account(account.name, ample_balances(listings))
    return ExchangeServer(engine, accounts, world, info=info, binding=Binding(host=EXCHANGE))
