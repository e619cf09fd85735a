"""The story `orders`: traders with the shipped client against the shipped exchange, each on its own host.

Safety phase: they place, cancel and read while the network and the exchange misbehave. Then everything heals;
they resolve what is unknown, cancel what is open, and what they believe must equal the exchange's truth.
"""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import suppress

from surefoot.client.aio import AsyncClient
from surefoot.client.streams import Gap
from surefoot.credentials import Credentials
from surefoot.exchange.accounts import Account, ample_balances, default_accounts
from surefoot.exchange.core.engine import Engine
from surefoot.exchange.core.listing import SCALE, default_exchange_info, listing_from_exchange_info
from surefoot.exchange.feeds.listeners import StreamListener, UserListener
from surefoot.exchange.feeds.stream_names import parse_stream
from surefoot.exchange.render.amounts import MILLISECONDS
from surefoot.exchange.server import Binding, ExchangeServer
from surefoot.simulation import invariants
from surefoot.simulation.crossings import Crossings
from surefoot.simulation.deliveries import Witness
from surefoot.simulation.faults import ClockStep
from surefoot.simulation.happenings import Relimited, Reweighed, WrongClock, limits
from surefoot.simulation.hearing import excuses, hearing
from surefoot.simulation.invariants import Entries
from surefoot.simulation.names import EXCHANGE, NAMES, SYMBOLS
from surefoot.simulation.options import Options, Room, Style
from surefoot.simulation.prices import MIDDLE
from surefoot.simulation.refusals import Refusals, unprovoked
from surefoot.simulation.runner import Simulation
from surefoot.simulation.silence import SilenceWatch
from surefoot.simulation.trader import Phases, Resent, Trader, run_ms
from surefoot.simulation.upset import Upset
from surefoot.spot import streams
from surefoot.spot.environments import local
from surefoot.spot.events import Event, EventStreamTerminated, ServerShutdown, TradeEvent
from surefoot.values import Secret
from surefoot.world import World

_LONGEST_SAFETY_S = 300.0
_QUIET_S = 90.0
_LOOK_S = 0.1


class Orders:
    """The story for one set of options. `traders` and `crossings` outlive the run."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.crossings = Crossings(EXCHANGE)
        self.traders: list[Trader] = []
        self.upset = Upset(options.rules, options.happens)
        self._entered: dict[str, Entries] = {}
        self._refusals = Refusals()
        self._phases: Phases
        self._silence: SilenceWatch
        self._witnesses: dict[str, Witness] = {}
        self._sim: Simulation

    async def __call__(self, sim: Simulation) -> None:
        """Play it."""
        self._sim, self._phases = sim, Phases()
        sim.network.tap = self.crossings.before(sim.network.tap)
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
            server.front.limiter.bans = self._refusals
            addresses = {name: self._sim.host(name).address for name in NAMES}
            self.upset.start(server, addresses)
            ready.set_result(server)
            await over.wait()

    async def _trade(self, sim: Simulation, server: ExchangeServer) -> None:
        self._watch(sim, server)
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
        sim.failures += self._judgement(server)
        sim.counts.update(self.upset.counts)
        self._phases.judged.set()
        await asyncio.gather(*lives)

    def _watch(self, sim: Simulation, server: ExchangeServer) -> None:
        """Look at every write, from now on, for what was said after a request for silence."""
        self._silence = SilenceWatch(
            EXCHANGE, sim.loop.time, lambda: server.clock.shown_us() / 1000, lambda: self._clock_is_right
        )
        sim.network.tap = self._silence.before(sim.network.tap)
        sim.network.ear = self._silence.arrived

    def _start(self, sim: Simulation, server: ExchangeServer, number: int) -> asyncio.Task[None]:
        account, style = server.accounts[number], self.options.styles[number]
        host = sim.host(account.name)
        host.clock.step(self.options.offsets_ms[number])
        self._follow(sim, server, account.name, style.symbols)
        trader = Trader(sim, account.name, style, self)
        self.traders.append(trader)
        return host.start(trader.live(ClientMaker(server, account, style, host.world), self._phases))

    def _follow(
        self, sim: Simulation, server: ExchangeServer, account: str, symbols: tuple[str, ...]
    ) -> None:
        """Hear, beside the exchange, what this trader must hear."""
        hub = server.front.hub
        entries = self._entered[account] = Entries()
        witness = self._witnesses[account] = Witness(lambda: run_ms(sim) * 1000)
        for ear in (entries, witness):
            hub.follow(UserListener(account, 0, ear, MILLISECONDS))
        beside = StreamListener(witness, combined=True, unit=MILLISECONDS)
        for symbol in symbols:
            name = parse_stream(streams.trade(symbol), {symbol})
            assert name is not None, "the exchange serves it"
            hub.subscribe(beside, name)

    def _judgement(self, server: ExchangeServer) -> Iterator[str]:
        yield from self._silence.broken
        yield from unprovoked(self._refusals.noted, self._surprises_us(server))
        yield from invariants.conservation(server.engine)
        crossings = self.crossings
        yield from invariants.resending(crossings.crossed, crossings.stale, crossings.limited)
        for trader in self.traders:
            yield from invariants.orders(trader.view, self._entered[trader.name].entered)
            yield from invariants.fills(trader.view, server.engine, trader.name)
            yield from invariants.balances(trader.view, server.engine, trader.name)
            yield from invariants.tops(trader.view, server.engine, trader.symbols)
            yield from invariants.rest(server.engine, trader.name)
            yield from self._heard(trader)

    def _surprises_us(self, server: ExchangeServer) -> list[int]:
        """When limits or weights changed; the exchange's clock is right by now."""
        now_s, now_us = self._sim.loop.time(), server.now_us()
        changes = [at_s for at_s, one in self.upset.happened if isinstance(one, Relimited | Reweighed)]
        if self.options.room != Room():
            changes.append(0.0)  # nobody is told of the limits before something asks for them
        return [now_us - round((now_s - at_s) * 1e6) for at_s in changes]

    @property
    def _clock_is_right(self) -> bool:
        """Whether every clock has been right, or at least as wrong as ever."""
        wrong = any(isinstance(one, WrongClock) for _, one in self.upset.happened)
        return not (wrong or any(isinstance(one, ClockStep) for one in self._sim.faults.happened))

    def _heard(self, trader: Trader) -> Iterator[str]:
        """Whether the streams of a trader told everything that the witness beside the exchange heard."""
        witness = self._witnesses[trader.name]
        address = self._sim.host(trader.name).address
        for stream, heard in trader.heard.items():
            on = "user" if stream == "user data" else "market"
            struck = [one for one in self.upset.strikes if one.on == on and one.address == address]
            excuse = excuses(struck, right_clock=self._clock_is_right)
            names = [""] if on == "user" else [streams.trade(symbol) for symbol in trader.symbols]
            for name in names:
                said = witness.said.get(name, [])
                wrong = hearing(said, _of(heard, name), trader.spans[stream], excuse)
                yield from (f"{trader.name}'s {stream}: {text}" for text in wrong)


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


def _of(heard: Iterable[Event], name: str) -> list[Event]:
    """What was heard of one stream, and the gaps: trades of a symbol, or what an account is told."""
    if not name:
        return [event for event in heard if not isinstance(event, ServerShutdown | EventStreamTerminated)]
    return [
        event
        for event in heard
        if isinstance(event, Gap) or (isinstance(event, TradeEvent) and streams.trade(event.symbol) == name)
    ]


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
