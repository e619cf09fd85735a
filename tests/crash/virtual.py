"""Crashes in virtual time: many cases at once, each with a host, a street and a disk of its own."""

import asyncio
from collections.abc import Sequence

from surefoot.exchange.assembly import assemble
from surefoot.exchange.liquidity.synthetic import Liquidity
from surefoot.exchange.server import Binding, ExchangeServer
from surefoot.simulation.disk import Platter, SimulatedStore
from surefoot.simulation.runner import Simulation
from surefoot.simulation.world import Host
from surefoot.testing.proxy import Delay, FaultProxy, Rule, Strike
from surefoot.world import World
from tests.crash.cases import OPERATIONS, Case, Step, harms, rules
from tests.crash.judge import Played, judged
from tests.crash.trading import Errand, Report, live
from tests.crash.venue import Venue
from tests.crash.watch import Watch

_PORT = 9000
_AWAY_S = 3.0
_SLACK_MS = 3_000
SLOW_MS, LAG_MS = 6_000, 20_000


def play(
    seed: int,
    cases: Sequence[Case],
    *,
    hasty: bool = False,
    store: type[SimulatedStore] = SimulatedStore,
) -> dict[Case, list[Step]]:
    """Play all of these; raises `SimulationFailed` with what did not hold. Returns the kills of each."""
    kills: dict[Case, list[Step]] = {case: [] for case in cases}

    async def story(sim: Simulation) -> None:
        ready: asyncio.Future[ExchangeServer] = sim.loop.create_future()
        over = asyncio.Event()
        quiet = Quiet(len(cases))
        hosts = [Trading(sim, number, case, quiet, store) for number, case in enumerate(cases)]
        running = sim.host("exchange").start(_serve(sim.host("exchange").world, ready, over))
        venue = Venue(await ready, lambda work: work())
        async with asyncio.TaskGroup() as group:
            for trading in hosts:
                group.create_task(trading.play(venue, hasty=hasty))
        for trading in hosts:
            kills[trading.case] = trading.kills
        over.set()
        await running

    Simulation(seed).run(story)
    return kills


async def _serve(world: World, ready: "asyncio.Future[ExchangeServer]", over: asyncio.Event) -> None:
    binding = Binding(host="exchange", port=_PORT)
    async with assemble(
        world, symbols=("BTCUSDT",), liquidity=Liquidity.NONE, binding=binding, limits="generous"
    ) as server:
        ready.set_result(server)
        await over.wait()


class Killed(BaseException):
    """A life has ended here."""


class Quiet(asyncio.Event):
    """Set once so many have said so."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self._count = count

    def said(self) -> None:
        """One more."""
        self._count -= 1
        if not self._count:
            self.set()


class Trading:
    """One case: lives that are killed, and one that is not."""

    def __init__(
        self, sim: Simulation, number: int, case: Case, quiet: Quiet, store: type[SimulatedStore]
    ) -> None:
        self.case, self._quiet, self._store = case, quiet, store
        self.kills: list[Step] = []
        self._sim, self._name = sim, f"trader-{number}"
        self._host: Host = sim.host(self._name)
        self._street = sim.host(f"street-{number}")
        self._platter = Platter()
        self._died = asyncio.Event()
        self._over = asyncio.Event()
        self._proxy = FaultProxy("exchange", _PORT, host=self._street.name, port=_PORT)

    async def play(self, venue: Venue, *, hasty: bool) -> None:
        """All lives, and the judgement."""
        account = venue.open(self._name)
        venue.fail(rules(self.case, self._name, slow_ms=SLOW_MS, lag_ms=LAG_MS))
        street = self._street.start(self._pass_on())
        place = f"{self._street.name}:{_PORT}"
        errand = Errand(
            rest=f"http://{place}",
            ws_api=f"ws://{place}/ws-api/v3",
            ws=f"ws://{place}",
            api_key=account.ed25519_api_key,
            private_key=account.ed25519_private_key.reveal(),
            account=self._name,
            action=self.case.action,
            hasty=hasty,
        )
        for step in (self.case.step, self.case.then):
            if step is not None:
                await self._live(errand, step)
                venue.nibble(self._name)
                await asyncio.sleep(_AWAY_S)
        self._quiet.said()
        report = await self._live(errand, None)
        assert report is not None
        self._over.set()
        await street
        played = Played(venue.truth(self._name), self._platter.rows, report, errand)
        for wrong in judged(played, _SLACK_MS):
            self._sim.require(False, f"{self.case}: {wrong}")

    async def _pass_on(self) -> None:
        words = OPERATIONS[self.case.action][1]
        if self.case.step is Step.SENT:
            self._proxy.told = self._sent
            self._proxy.add(Rule(harm=Delay(), words=words))
        for harm in harms(self.case):
            self._proxy.add(harm)
        async with self._proxy:
            await self._over.wait()

    def _sent(self, _strike: Strike) -> None:
        if not self.kills:
            self._kill(Step.SENT)

    async def _live(self, errand: Errand, step: Step | None) -> Report | None:
        """One life; None where it was killed."""
        self._died.clear()
        watch = Watch(step, lambda: self._die(step), commit_s=0.000_15)
        store = self._store(self._platter)
        living = self._host.start(live(errand, store, watch, self._host.world, None if step else self._quiet))
        dying = self._sim.loop.create_task(self._died.wait())
        await asyncio.wait({living, dying}, return_when=asyncio.FIRST_COMPLETED)
        dying.cancel()
        return None if self._died.is_set() else await living

    def _die(self, step: Step | None) -> None:
        """Killed from within: nothing of the same turn goes on either."""
        self._kill(step)
        raise Killed

    def _kill(self, step: Step | None) -> None:
        assert step is not None
        self.kills.append(step)
        self._host.kill()
        self._died.set()
