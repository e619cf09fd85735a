"""A trader's host: its disk outlives its lives, its program goes on, its processes do not."""

import asyncio
from collections.abc import Callable
from contextvars import Context
from functools import partial

import msgspec

from surefoot.credentials import Credentials
from surefoot.errors import Banned, HeldBack, JournalError, RateLimited, SurefootError
from surefoot.exchange.accounts import Account
from surefoot.execution.aio.options import TraderOptions
from surefoot.execution.aio.trader import Trader
from surefoot.execution.journal import Row
from surefoot.simulation.disk import Platter, SimulatedStore
from surefoot.simulation.loop import LIFE
from surefoot.simulation.runner import Simulation
from surefoot.simulation.trading.kills import Reaper
from surefoot.simulation.trading.options import Role
from surefoot.simulation.trading.program import Program
from surefoot.simulation.world import Host
from surefoot.spot.environments import Environment
from surefoot.telemetry.observations import Observation
from surefoot.values import Secret
from surefoot.world import Clock, World

_AGAIN_S, _LOOK_S, _LONGEST_WAIT_S = 2.0, 0.25, 125.0
_SWITCHES = frozenset({"tripped", "armed"})

Witness = Callable[["Machine", Trader, Row], object]
"""Is told each row as it is written down, before it is folded."""


class Ends(msgspec.Struct):
    """What a program on a machine waits for."""

    healed: asyncio.Event
    judged: asyncio.Event


class _ClockOfALife:
    """The host's clock, as one process has it: what a process keeps by its clock dies with it."""

    def __init__(self, clock: Clock) -> None:
        self.wall_ms, self.monotonic_ms = clock.wall_ms, clock.monotonic_ms


class _Deaf:
    """Hears no observation: a run is told by its trace."""

    def hears(self, kind: type[Observation]) -> bool:
        return False

    def tell(self, observation: Observation) -> None:
        raise AssertionError(observation)


class Machine:
    """One of them. `trader` is open where there is one, and `running` while a process is; `busy` while its
    program has something under way. `lives` are counted, `started` and `ended` say when; `crashes` are what
    ended a process that should have gone on. `written` is the newest entry; `stopped_ms` is when its kill
    switch was thrown, by its own clock, if it is.
    """

    def __init__(self, sim: Simulation, role: Role, reaper: Reaper, witness: Witness, ends: Ends) -> None:
        self.role, self.name = role, role.name
        self.platter = Platter()
        self.program = Program(role)
        self.trader: Trader | None = None
        self.lives = 0
        self.started: list[float] = []
        self.ended: list[float] = []
        self.crashes: list[str] = []
        self.resynced_s = -1.0
        self.written = 0
        self.busy = False
        self.running = False
        self.stopped_ms: int | None = None
        self.when_killed: Callable[[str], object] = str
        self._sim, self._reaper, self._witness, self._ends = sim, reaper, witness, ends
        self._context: Context
        self._connect: Callable[[World, SimulatedStore], Trader]
        self._opening: Trader
        self._return: asyncio.TimerHandle | None = None
        self._alive = False

    @property
    def host(self) -> Host:
        """The host itself."""
        return self._sim.host(self.name)

    def switch_on(self, environment: Environment, account: Account, context: Context) -> None:
        """Start the first life; `context` is nobody's."""
        self._context = context
        self._connect = partial(self._trader, environment, credentials_of(account, ed25519=self.role.ed25519))
        self.host.clock.step(self.role.offset_ms)
        self.platter.told = partial(self._reaper.committed, self.name)
        self._begin()

    def end(self, *, back_s: float, power_loss: bool) -> bool:
        """Kill it; it comes back. False where it is dead, or was never switched on."""
        if not self._alive:
            return False
        self._alive = self.running = self.busy = False
        self.trader = None
        self.when_killed(self.name)
        self.ended.append(self._sim.loop.time())
        self._context.copy().run(self.host.kill, power_loss=power_loss)  # it may be entered already
        self._return = self._sim.loop.call_later(back_s, self._begin, context=self._context)
        return True

    def come_back(self) -> None:
        """At once, if it is dead."""
        if self._return is not None and not self._alive:
            self._return.cancel()
            self._begin()

    def _begin(self) -> None:
        self._alive = self.running = True
        self._return = None
        self.lives += 1
        self.started.append(self._sim.loop.time())
        watch = self._reaper.stepped(self.name, self.lives)
        if watch is not None:
            self.host.watch(watch)
        task = self.host.start(self._live())
        task.add_done_callback(self._fell, context=self._context)

    def _fell(self, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        self._alive = self.running = False
        if error is not None:
            self.trader = None
            self.crashes.append(f"{self.name} crashed: {''.join(_chain(error))}")

    async def _live(self) -> None:
        """Open a trader, work, and open another one where that one gave up, as a supervisor would."""
        given = self.host.world
        world = World(_ClockOfALife(given.clock), given.entropy, given.storage)
        while not self._ends.judged.is_set():
            store = SimulatedStore(self.platter, watch=self._wrote)
            self.stopped_ms = None
            for row in self.platter.rows:
                self._switched(row)
            opening = self._opening = self._connect(world, store)
            try:
                async with opening:
                    self.trader = opening
                    await self._work(opening, store)
            except SurefootError as error:
                self.program.counts[f"processes ended: {type(error).__name__}"] += 1
                await asyncio.sleep(_told_to_wait_s(error))
            self.trader = None
            if not self._ends.judged.is_set():
                await asyncio.sleep(_AGAIN_S)

    async def _work(self, trader: Trader, store: SimulatedStore) -> None:
        """Until all is judged; a program whose journal cannot be written any more gives up."""
        async with asyncio.TaskGroup() as group:
            working = group.create_task(self.program.run(trader), name=f"{self.name}'s program")
            while store.failure is None and not (working.done() and self._ends.judged.is_set()):
                self.busy = not working.done()
                await asyncio.sleep(_LOOK_S)
            working.cancel()
        if store.failure is not None:
            raise JournalError(str(store.failure))

    def _wrote(self, row: Row) -> None:
        life = LIFE.get()
        if life is None or not life.alive:
            return
        self.written = row.seq
        self._switched(row)
        if row.kind == "resynced":
            self.resynced_s = self._sim.loop.time()
        self._witness(self, self._opening, row)

    def _switched(self, row: Row) -> None:
        if row.kind in _SWITCHES:
            self.stopped_ms = row.at_ms if row.kind == "tripped" else None

    def _trader(
        self, environment: Environment, credentials: Credentials, world: World, store: SimulatedStore
    ) -> Trader:
        role = self.role
        return Trader(
            environment,
            credentials,
            journal=store,
            policy=role.policy,
            account=role.name,
            strategy=role.name,
            transport=role.transport,
            world=world,
            sink=_Deaf(),
            options=TraderOptions(
                reconcile_every_ms=role.reconcile_ms, late=role.late, checkpoint_every=role.checkpoint_every
            ),
        )


def credentials_of(account: Account, *, ed25519: bool) -> Credentials:
    """One of an account's two keys."""
    return Credentials(
        environment="local",
        api_key=Secret(account.ed25519_api_key if ed25519 else account.api_key),
        private_key=account.ed25519_private_key if ed25519 else None,
        secret=None if ed25519 else account.secret,
    )


def _told_to_wait_s(error: SurefootError) -> float:
    """Who opens a trader again has forgotten what the last one was told: so it waits as long as anybody is
    asked to wait. (`retry_at_ms` says how long where the clock was measured, and here it may not be.)
    """
    return _LONGEST_WAIT_S if isinstance(error, RateLimited | Banned | HeldBack) else 0.0


def _chain(error: BaseException | None) -> list[str]:
    if isinstance(error, BaseExceptionGroup):
        return [f"{type(error).__name__}: ", *(word for one in error.exceptions for word in _chain(one))]
    return [f"{type(error).__name__}: {error} "]
