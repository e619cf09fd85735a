"""A stage for brackets: an exchange, a market moved by hand, a trader that can be killed, and a checker."""

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import msgspec

from surefoot.credentials import Credentials
from surefoot.exchange.assembly import assemble
from surefoot.exchange.core.commands import OrderSnapshot, Place, Placed
from surefoot.exchange.core.listing import SCALE
from surefoot.exchange.liquidity.synthetic import Liquidity
from surefoot.exchange.server import Binding, ExchangeServer
from surefoot.execution.aio.brackets import BracketHandle
from surefoot.execution.aio.trader import Trader
from surefoot.execution.bracket import Bracket, BracketState
from surefoot.execution.intent import LimitOrder
from surefoot.execution.journal import Row
from surefoot.execution.policy import Policy
from surefoot.simulation.disk import Platter, SimulatedStore
from surefoot.simulation.faults import Fault
from surefoot.simulation.runner import Simulation
from surefoot.spot.enums import OrderStatus, OrderType, Side, TimeInForce
from surefoot.spot.environments import local
from surefoot.values import Secret

D = Decimal
S = BracketState
BTC = "BTCUSDT"
ALICE = "alice"
POLICY = Policy(symbols={BTC})
ROUND_TRIP_MS = 10
"""Of the stage's network, with the time that a disk takes."""

_EVERY_S = 0.002
_DUST = 20_000
"""At 1e-8: less than any sale here is worth."""

_STOPS = frozenset({OrderType.STOP_LOSS, OrderType.STOP_LOSS_LIMIT})

Script = Callable[["Stage"], Awaitable[None]]


def bracket(quantity: str = "0.01", **more: Any) -> Bracket:
    """Buy at 66,000; sell at 68,000 or 65,000."""
    entry = LimitOrder(BTC, Side.BUY, quantity, "66000")
    return Bracket(more.pop("entry", entry), more.pop("profit", "68000"), more.pop("stop", "65000"), **more)


class Tripwire(SimulatedStore):
    """A store that says when the row `at` is written, or when it is safe."""

    def __init__(self, platter: Platter, at: int, struck: asyncio.Event, *, safe: bool) -> None:
        super().__init__(platter)
        self._rows, self._at, self._struck, self._late = platter, at, struck, safe

    def append(self, row: Row) -> None:
        super().append(row)
        if row.seq == self._at and not self._late:
            self._struck.set()

    async def _write(self) -> None:
        await super()._write()
        if self._late and len(self._rows.rows) >= self._at:
            self._struck.set()


class Stage:
    """What a script plays on. `handle` is of the bracket, once it is placed; `failure` why it was not."""

    def __init__(self, sim: Simulation, server: ExchangeServer) -> None:
        self.sim, self.server = sim, server
        self.platter = Platter()
        self.home = sim.host("home")
        self.handle: BracketHandle | None = None
        self.failure: BaseException | None = None
        self.bare_ms = 0.0
        self.lives = 0
        self.struck = asyncio.Event()
        self.make_store: Callable[[Platter], SimulatedStore] = SimulatedStore
        self._leave = asyncio.Event()
        self._living: asyncio.Task[None] | None = None
        self._began = self._total()
        self._bare_since_ms: float | None = None
        for name in ("market", "crowd"):
            server.engine.open_account(name, {"BTC": 10**6 * SCALE, "USDT": 10**10 * SCALE}, house=True)

    async def begin(self, wanted: Bracket) -> None:
        """A trader begins."""
        self._living = self.home.start(self._live(wanted))

    async def enter(self, wanted: Bracket) -> None:
        """A trader begins, and places it."""
        await self.begin(wanted)
        await self.until(lambda: self.handle is not None or self.failure is not None)

    def kill(self, *, power_loss: bool = False) -> None:
        """The trader is gone between two turns of the loop."""
        self.home.kill(power_loss=power_loss)
        self.handle = self.failure = None

    async def killed_at(self, row: int, *, safe: bool, power_loss: bool = False) -> None:
        """Once that row of the journal is written (`safe`: committed), the trader is killed; a moment later
        the next one begins.
        """
        self.make_store = lambda platter: Tripwire(platter, row, self.struck, safe=safe)
        await self.struck.wait()
        self.kill(power_loss=power_loss)
        self.make_store = SimulatedStore
        await asyncio.sleep(0.05)
        self._living = self.home.start(self._live(None))

    async def comes_back(self) -> None:
        """The trader leaves in peace, and begins again."""
        await self.leave()
        self.handle, self._leave = None, asyncio.Event()
        self._living = self.home.start(self._live(None))
        await self.until(lambda: self.handle is not None)

    async def leave(self) -> None:
        """The trader leaves in peace."""
        self._leave.set()
        if self._living is not None:
            await self._living
            self._living = None

    async def _live(self, wanted: Bracket | None) -> None:
        self.lives += 1
        account = self.server.accounts[0]
        key = Credentials(environment="local", api_key=Secret(account.api_key), secret=account.secret)
        at = local(self.server.rest_url, self.server.ws_api_url, self.server.ws_url)
        store = self.make_store(self.platter)
        async with Trader(at, key, journal=store, policy=POLICY, world=self.home.world) as trader:
            self.trader = trader
            try:
                if wanted is not None:
                    self.handle = await trader.place(wanted)
                else:
                    known = trader.views.brackets.state().known
                    self.handle = trader._works.brackets.handle(known[-1].id) if known else None
                    self.failure = None if known else LookupError("no bracket is known")
            except Exception as error:
                self.failure = error
            await self._leave.wait()

    async def until(self, done: Callable[[], bool], within_s: float = 120.0) -> None:
        """Wait for something that a script relies on."""
        async with asyncio.timeout(within_s):
            while not done():  # noqa: ASYNC110 - a script looks at what it moves itself
                await asyncio.sleep(_EVERY_S)

    async def is_entered(self) -> bool:
        """Wait until the exchange has the entry; False where it was not placed."""
        await self.until(lambda: bool(self.open()) or self.failure is not None or self.state is S.NOT_ENTERED)
        return bool(self.open())

    def has_ended(self) -> bool:
        """Whether the trader knows that it is over; or knows nothing of it."""
        return isinstance(self.failure, LookupError) or (
            self.handle is not None and self.handle.record.is_over
        )

    async def is_guarded(self) -> None:
        """Wait until the exchange has a stop for what is owned."""
        await self.until(lambda: any(order.type in _STOPS for order in self.open()), 300)

    def silence(self, for_s: float) -> None:
        """For so long nothing passes between the trader and the exchange, and nobody is told."""
        links = [self.sim.network.link(*pair) for pair in (("home", "exchange"), ("exchange", "home"))]
        for link in links:
            link.silence()
            self.sim.loop.call_later(for_s, link.speak)

    async def reaches(self, *states: BracketState, within_s: float = 120.0) -> None:
        """Wait until the bracket is in one of these states."""
        await self.until(lambda: self.state in states, within_s)

    @property
    def state(self) -> BracketState | None:
        return None if self.handle is None else self.handle.state

    def trade(self, side: Side, quantity: str, price: str, by: str = "crowd") -> None:
        """Somebody else orders; whoever is there first trades with him."""
        order = Place(
            account=by,
            symbol=BTC,
            side=side,
            type=OrderType.LIMIT,
            time_in_force=TimeInForce.GTC,
            quantity=_units(quantity),
            price=_units(price),
        )
        now_us = self.server.now_us()
        placed = self.server.engine.place(now_us, order)
        assert isinstance(placed, Placed), placed
        self.server.front.settle(now_us)

    def fill(self, quantity: str) -> None:
        """Somebody sells to the entry."""
        self.trade(Side.SELL, quantity, "66000")

    def bids(self, price: str) -> None:
        """Somebody would buy whatever comes."""
        self.trade(Side.BUY, "50", price, by="market")

    def falls(self, price: str) -> None:
        """The price falls to where somebody bids."""
        self.bids(price)
        self.trade(Side.SELL, "0.001", price)

    def rises(self, price: str) -> None:
        """Somebody buys up to that price."""
        self.trade(Side.SELL, "0.001", price, by="market")
        self.trade(Side.BUY, "0.05", price)

    def orders(self) -> tuple[OrderSnapshot, ...]:
        """Every order of the account, as the exchange has it."""
        engine = self.server.engine
        return tuple(engine.all_orders(ALICE, BTC, limit=1000))

    def open(self) -> list[OrderSnapshot]:
        """Those that work."""
        engine = self.server.engine
        pending = OrderStatus.PENDING_NEW
        return [order for order in engine.open_orders(ALICE, BTC) if order.status is not pending]

    @property
    def position(self) -> Decimal:
        """What the account owns more than at the beginning, in BTC."""
        return D(self._total() - self._began) / SCALE

    def _total(self) -> int:
        wallet = self.server.engine.ledger.wallet(ALICE, "BTC")
        return wallet.free + wallet.locked

    def watch(self) -> None:
        """Look at the invariants whenever the exchange has changed anything."""
        settle = self.server.front.settle

        def settled(now_us: int) -> None:
            settle(now_us)
            self._look()

        self.server.front.settle = settled  # type: ignore[method-assign]

    def _look(self) -> None:
        """Never negative, never more on sale than is owned, never two protections at once."""
        sells = [order for order in self.open() if order.side is Side.SELL]
        owned = self._total() - self._began
        lists: dict[int, int] = {}
        for order in sells:
            left = order.orig_qty - order.executed_qty
            lists[order.order_list_id] = max(left, lists.get(order.order_list_id, 0))
        self.sim.require(owned >= 0, f"sold {-owned} more than was bought")
        self.sim.require(sum(lists.values()) <= max(owned, 0), f"{lists} on sale, {owned} owned")
        self.sim.require(len(lists) <= 1, f"{len(lists)} protections at once: {lists}")
        now_ms = self.sim.loop.time() * 1000
        if self._bare_since_ms is not None:
            self.bare_ms = max(self.bare_ms, now_ms - self._bare_since_ms)
        if owned <= _DUST or any(order.type in _STOPS for order in sells) or not self._ours:
            self._bare_since_ms = None
        elif self._bare_since_ms is None:
            self._bare_since_ms = now_ms

    def judge(self, within_ms: float | None) -> None:
        """Nothing was unprotected for longer than that (None: the exchange did not answer)."""
        self._look()
        text = f"unprotected for {self.bare_ms:.0f} ms, at most {within_ms} are allowed"
        self.sim.require(within_ms is None or self.bare_ms <= within_ms, text)

    @property
    def _ours(self) -> bool:
        """Whether the bracket is still to be protected, so far as anybody knows."""
        given_up = {BracketState.RELEASED, BracketState.DUST, BracketState.WITHDRAWING}
        return self.state not in given_up


def _units(text: str) -> int:
    return int(D(text) * SCALE)


def played(
    script: Script,
    *,
    within_ms: float | None = 2 * ROUND_TRIP_MS,
    rate: int | None = None,
    plan: tuple[Fault, ...] = (),
    **options: Any,
) -> None:
    """Play a script beside an exchange; what must always hold is looked at all the time. `rate` is the
    account's commission at 1e-8.
    """
    sim = Simulation(7, plan=plan)

    async def run(_: Simulation) -> None:
        venue = sim.host("exchange")
        ready: asyncio.Future[ExchangeServer] = sim.loop.create_future()
        over = asyncio.Event()

        async def serve() -> None:
            binding = Binding(host="exchange")
            server = assemble(venue.world, liquidity=Liquidity.NONE, binding=binding, **options)
            if rate is not None:
                holder = server.engine._holders[ALICE]
                holder.maker_rate = holder.taker_rate = rate
                for name in ("maker_rate", "taker_rate"):
                    msgspec.structs.force_setattr(server.accounts[0], name, rate)
            async with server:
                ready.set_result(server)
                await over.wait()

        running = venue.start(serve())
        stage = Stage(sim, await ready)
        stage.watch()
        try:
            await script(stage)
            stage.judge(within_ms)
        finally:
            await stage.leave()
            over.set()
            await running

    sim.run(run)
