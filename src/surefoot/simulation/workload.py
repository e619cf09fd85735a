"""The story `orders`: traders with the shipped client against the shipped exchange, each on its own host.

Safety phase: they place, cancel and read while the network misbehaves. Then everything heals; they resolve
what is unknown, cancel what is open, and what they believe must equal the exchange's truth.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import TypeVar

import msgspec

from surefoot.client.aio import AsyncClient
from surefoot.credentials import Credentials
from surefoot.exchange.accounts import Account, ample_balances, default_accounts
from surefoot.exchange.engine import Engine
from surefoot.exchange.hub import UserListener
from surefoot.exchange.listing import SCALE, default_exchange_info, listing_from_exchange_info
from surefoot.exchange.render import MILLISECONDS
from surefoot.exchange.server import Binding, ExchangeServer
from surefoot.simulation import invariants
from surefoot.simulation.faults import ClockStep, Cut, Fault, Moment, Outage, Silence
from surefoot.simulation.network import Connection, Tap
from surefoot.simulation.readable import readable
from surefoot.simulation.runner import Report, Simulation
from surefoot.simulation.trader import Prices, Resent, Style, Trader
from surefoot.simulation.transport import Transport
from surefoot.simulation.wire import Weather
from surefoot.spot.environments import local
from surefoot.values import Secret
from surefoot.world import Entropy, SeededEntropy

_T = TypeVar("_T")

EXCHANGE = "exchange"
NAMES = ("alice", "bob")
SYMBOLS = ("BTCUSDT", "ETHUSDT")
_PRICES = {"BTCUSDT": 60_000, "ETHUSDT": 3_000}
_QUIET_S = 90.0
_NAMED = re.compile(rb'newClientOrderId(?:=|":")([A-Za-z0-9_-]+)')

_WORDS = (
    b"POST /api/v3/order", b"DELETE /api/v3/order", b"GET /api/v3/openOrders", b"GET /api/v3/time",
    b"GET /api/v3/account", b'"order.place"', b'"order.cancel"', b'"session.logon"', b'"userDataStream.subscribe',
    b"executionReport", b"outboundAccountPosition", b"GET /ws-api/v3", b"HTTP/1.1 200", b"HTTP/1.1 101",
)  # fmt: skip


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a run of this story depends on; drawn from a seed, or written down for a named run."""

    weather: Weather = Weather()
    plan: tuple[Fault, ...] = ()
    styles: tuple[Style, ...]
    offsets_ms: tuple[int, ...] = (0, 0)
    pause_s: float = 0.5


def draw_options(seed: int) -> Options:
    """The options of a seed."""
    dice = SeededEntropy(f"{seed}/options")
    return Options(
        weather=Weather(
            latency_ms=_pick(dice, 0.2, 1.0, 5.0, 40.0),
            jitter_ms=_pick(dice, 0.0, 0.5, 20.0),
            split=_pick(dice, 0.0, 0.0, 0.2),
            join=_pick(dice, 0.0, 0.1, 0.3),
        ),
        plan=tuple(_draw_fault(dice) for _ in range(int(dice.uniform() * 7))),
        styles=tuple(_draw_style(dice) for _ in NAMES),
        offsets_ms=tuple(_pick(dice, 0, 0, 300, -5_000, 3_600_000) for _ in NAMES),
        pause_s=_pick(dice, 0.01, 0.2, 1.0),
    )


def _draw_style(dice: Entropy) -> Style:
    return Style(
        ed25519=dice.uniform() < 0.5,
        door=_pick(dice, "rest", "session", "signed"),
        actions=10 + int(dice.uniform() * 20),
        symbols=SYMBOLS[: _pick(dice, 1, 2)],
    )


def _draw_fault(dice: Entropy) -> Fault:
    one, other = (_pick(dice, *NAMES), EXCHANGE) if dice.uniform() < 0.5 else (EXCHANGE, _pick(dice, *NAMES))
    at_s, for_s = dice.uniform() * 15, _pick(dice, 0.05, 1.0, 4.0, 20.0, 90.0)
    roll = dice.uniform()
    if roll < 0.6:
        return Cut(
            words=_pick(dice, *_WORDS), nth=1 + int(dice.uniform() ** 2 * 12), moment=_pick(dice, *Moment)
        )
    if roll < 0.75:
        return Outage(at_s=at_s, for_s=for_s, between=(one, other))
    if roll < 0.95:
        return Silence(at_s=at_s, for_s=for_s, source=one, target=other, forget=dice.uniform() < 0.5)
    return ClockStep(
        at_s=at_s, host=_pick(dice, EXCHANGE, *NAMES), by_ms=_pick(dice, -30_000, -900, 900, 30_000)
    )


def _pick(dice: Entropy, *choices: _T) -> _T:
    return choices[int(dice.uniform() * len(choices))]


class Orders:
    """The story of one set of options. Afterwards `server`, `traders` and `crossed` may be looked at."""

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
        running = sim.host(EXCHANGE).start(self._serve(sim, ready, over))
        server = await ready
        await self._trade(sim, server)
        over.set()
        await running

    async def _serve(
        self, sim: Simulation, ready: asyncio.Future[ExchangeServer], over: asyncio.Event
    ) -> None:
        async with _exchange(sim) as server:
            ready.set_result(server)
            await over.wait()

    async def _trade(self, sim: Simulation, server: ExchangeServer) -> None:
        healed, judged = asyncio.Event(), asyncio.Event()
        lives = [
            sim.host(trader.name).start(trader.live(healed, judged))
            for trader in self._open_traders(sim, server)
        ]
        sim.faults.start()
        await _all(lives, [trader.done for trader in self.traders])
        sim.heal()
        healed.set()
        await _all(lives, [trader.settled for trader in self.traders])
        await asyncio.sleep(_QUIET_S)
        sim.failures += self._judgement(server)
        judged.set()
        await asyncio.gather(*lives)

    def _open_traders(self, sim: Simulation, server: ExchangeServer) -> list[Trader]:
        prices = Prices(middle=_PRICES, tick=10, quantity=Decimal("0.01"), pause_s=self.options.pause_s)
        for account, style, offset_ms in zip(
            server.accounts, self.options.styles, self.options.offsets_ms, strict=True
        ):
            sim.host(account.name).clock.step(offset_ms)
            witness = self._witnesses[account.name] = invariants.Witness()
            server.front.hub.follow(UserListener(account.name, 0, witness, MILLISECONDS))
            self.traders.append(
                Trader(sim, account.name, style, ClientMaker(sim, server, account, style), prices)
            )
        return self.traders

    def _judgement(self, server: ExchangeServer) -> Iterator[str]:
        yield from invariants.conservation(server.engine)
        yield from invariants.resending(self.crossed, [id for one in self.traders for id in one.resent.ids])
        for trader in self.traders:
            yield from invariants.orders(trader.view, self._witnesses[trader.name].entered)
            yield from invariants.fills(trader.view, server.engine, trader.name)
            yield from invariants.balances(trader.view, server.engine, trader.name)
            yield from invariants.rest(server.engine, trader.name)

    def _counting(self, tap: Tap) -> Tap:
        """Count how often each order is written, before any fault."""

        def count(connection: Connection, sender: Transport, data: bytes) -> bool:
            if sender.outgoing.link.target == EXCHANGE:
                self.crossed.update(id.decode() for id in _NAMED.findall(readable(data)))
            return tap(connection, sender, data)

        return count


async def _all(lives: list[asyncio.Task[None]], events: list[asyncio.Event]) -> None:
    """Wait for every event, or for the first life that ends early, which it must not."""
    for event in events:
        waiting = asyncio.ensure_future(event.wait())
        await asyncio.wait([waiting, *lives], return_when=asyncio.FIRST_COMPLETED)
        if not waiting.done():
            waiting.cancel()
            await asyncio.gather(*lives)


def _exchange(sim: Simulation) -> ExchangeServer:
    world = sim.host(EXCHANGE).world
    info = default_exchange_info()
    listings = [listing_from_exchange_info(row) for row in info["symbols"] if row["symbol"] in SYMBOLS]
    last_prices = {symbol: price * SCALE for symbol, price in _PRICES.items()}
    accounts = default_accounts(world.entropy, NAMES)
    now_us = int(world.clock.wall_ms() * 1000)
    engine = Engine(listings, entropy=world.entropy, now_us=now_us, last_prices=last_prices)
    for account in accounts:
        engine.open_account(account.name, ample_balances(listings))
    return ExchangeServer(engine, accounts, world, info=info, binding=Binding(host=EXCHANGE))


class ClientMaker:
    """Makes the client of one account."""

    def __init__(self, sim: Simulation, server: ExchangeServer, account: Account, style: Style) -> None:
        self._environment = local(server.rest_url, server.ws_api_url, server.ws_url)
        self._world = sim.host(account.name).world
        secret = {"private_key": account.ed25519_private_key} if style.ed25519 else {"secret": account.secret}
        key = account.ed25519_api_key if style.ed25519 else account.api_key
        self._credentials = Credentials(environment="local", api_key=Secret(key), **secret)

    def __call__(self, sink: Resent) -> AsyncClient:
        return AsyncClient(self._environment, self._credentials, world=self._world, sink=sink)


def simulate(seed: int) -> Report:
    """One seed of this story; raises `SimulationFailed`."""
    options = draw_options(seed)
    sim = Simulation(seed, weather=options.weather, plan=options.plan)
    return sim.run(Orders(options))
