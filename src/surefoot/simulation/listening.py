"""The story `listening`: a client hears its account and a market while both move, and whatever happens to it.

Every event of the exchange must be told once and in order, or be covered by a `Gap`.
"""

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import NamedTuple

import msgspec

from surefoot.client.aio import AsyncClient, EventStream, MarketStream, StreamOptions
from surefoot.client.rotation import Rotation
from surefoot.client.streams import Gap
from surefoot.errors import SurefootError
from surefoot.exchange.core.listing import SCALE
from surefoot.exchange.feeds.listeners import StreamListener, UserListener
from surefoot.exchange.feeds.stream_names import parse_stream
from surefoot.exchange.render.amounts import MICROSECONDS, MILLISECONDS
from surefoot.exchange.server import ExchangeServer
from surefoot.simulation.deliveries import Witness, deliveries
from surefoot.simulation.draws import below
from surefoot.simulation.names import EXCHANGE
from surefoot.simulation.options import Style
from surefoot.simulation.prices import MIDDLE
from surefoot.simulation.runner import Simulation
from surefoot.simulation.trader import Resent, is_passing
from surefoot.simulation.workload import ClientMaker, serve
from surefoot.spot import streams
from surefoot.spot.enums import OrderType, Side, TimeInForce
from surefoot.spot.events import Event, ServerShutdown

LISTENER = "listener"
"""The host of the client that listens."""

SYMBOL = "BTCUSDT"
NAMES = (streams.trade(SYMBOL), streams.depth(SYMBOL), streams.book_ticker(SYMBOL))
_LAST_WORDS_S = 120.0


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What kind of client listens, and how often something moves, on average."""

    pause_s: float = 2.0
    ed25519: bool = False
    microseconds: bool = False
    rotation: Rotation = Rotation()
    beat_ms: float | None = None


class Pace(msgspec.Struct):
    """How often something moves, on average; it may be changed while the story runs."""

    pause_s: float


class Scene(NamedTuple):
    """The story while it runs: the exchange, the two streams, what they told, and how fast all moves."""

    sim: Simulation
    server: ExchangeServer
    client: AsyncClient
    user: EventStream
    market: MarketStream
    told: dict[str, list[Event]]
    witness: Witness
    pace: Pace

    @property
    def gaps(self) -> list[Gap]:
        """The gaps of both streams."""
        return [event for told in self.told.values() for event in told if isinstance(event, Gap)]

    def forget(self) -> None:
        """What was said and told so far is judged: it is not needed any more."""
        for told in self.told.values():
            told.clear()
        self.witness.said.clear()


class Listening:
    """The story: `happen` is what befalls the client, and when it is over the deliveries are judged."""

    def __init__(self, happen: Callable[[Scene], Awaitable[None]], plan: Plan = Plan()) -> None:  # noqa: B008
        self._happen, self._plan = happen, plan

    async def __call__(self, sim: Simulation) -> None:
        """Play it."""
        over = asyncio.Event()
        ready: asyncio.Future[ExchangeServer] = sim.loop.create_future()
        running = sim.host(EXCHANGE).start(serve(sim.host(EXCHANGE).world, ready, over, self._plan.beat_ms))
        server = await ready
        await sim.host(LISTENER).start(self._listen(sim, server))
        over.set()
        await running

    async def _listen(self, sim: Simulation, server: ExchangeServer) -> None:
        plan = self._plan
        style = Style(ed25519=plan.ed25519)
        make = ClientMaker(server, server.accounts[0], style, sim.host(LISTENER).world)
        options = StreamOptions(conflate=False, microseconds=plan.microseconds, rotation=plan.rotation)
        async with (
            make(Resent()) as client,
            client.user_data(microseconds=plan.microseconds, rotation=plan.rotation) as user,
            client.stream(*NAMES, options=options) as market,
            asyncio.TaskGroup() as tasks,
        ):
            told: dict[str, list[Event]] = {"user": [], "market": []}
            witness, pace = Witness(server.now_us), Pace(plan.pause_s)
            scene = Scene(sim, server, client, user, market, told, witness, pace)
            self._follow(scene)
            hearing = [
                tasks.create_task(_hear(user, scene.told["user"])),
                tasks.create_task(_hear(market, scene.told["market"])),
            ]
            enough = asyncio.Event()
            moving = sim.host(EXCHANGE).start(_move(scene, make, enough))
            await self._happen(scene)
            sim.heal()
            enough.set()
            await moving
            await asyncio.sleep(_LAST_WORDS_S)
            for task in hearing:
                task.cancel()
            sim.failures += judgement(scene)

    def _follow(self, scene: Scene) -> None:
        unit = MICROSECONDS if self._plan.microseconds else MILLISECONDS
        hub, account = scene.server.front.hub, scene.server.accounts[0].name
        hub.follow(UserListener(account, 0, scene.witness, unit))
        beside = StreamListener(scene.witness, combined=True, unit=unit)
        for name in NAMES:
            read = parse_stream(name, {SYMBOL})
            assert read is not None, "the exchange serves it"
            hub.subscribe(beside, read)


def judgement(scene: Scene) -> list[str]:
    """What is wrong with what the streams told."""
    wrong = list(deliveries(scene.witness.said.get("", ()), _events(scene.told["user"])))
    for name in NAMES:
        said = scene.witness.said.get(name, [])
        kinds = {type(one.event) for one in said} | {Gap}
        of_stream = [event for event in _events(scene.told["market"]) if type(event) in kinds]
        wrong += deliveries(said, of_stream)
    return wrong


def _events(told: list[Event]) -> list[Event]:
    return [event for event in told if not isinstance(event, ServerShutdown)]


async def _hear(stream: EventStream, told: list[Event]) -> None:
    async for event in stream:
        told.append(event)  # noqa: PERF401 - it must be there at once


async def _move(scene: Scene, make: ClientMaker, enough: asyncio.Event) -> None:
    """Deposits, trades and orders, by dice."""
    dice, operations = scene.sim.dice("moves"), scene.server.operations
    async with make(Resent()) as client:
        while not enough.is_set():
            await asyncio.sleep(dice.uniform() * 2 * scene.pace.pause_s)
            what = below(dice, 3)
            if what == 0:
                operations.deposit(scene.server.accounts[0].name, "USDT", f"0.{1 + below(dice, 10**6):08}")
            elif what == 1:
                operations.trade_at(SYMBOL, (MIDDLE[SYMBOL] + below(dice, 50)) * SCALE)
            else:
                await _order(client, Decimal(MIDDLE[SYMBOL] - 100 - below(dice, 50)))


async def _order(client: AsyncClient, price: Decimal) -> None:
    """Place an order and cancel it; whoever is cut off too long to do so does it another time."""
    try:
        await client.new_order(
            SYMBOL,
            Side.BUY,
            OrderType.LIMIT,
            time_in_force=TimeInForce.GTC,
            quantity=Decimal("0.001"),
            price=price,
        )
        await client.cancel_open_orders(SYMBOL)
    except SurefootError as error:
        if not is_passing(error):
            raise
