"""The story `trading`: traders with journals on hosts that die, against an exchange that fails.

Safety phase: they do what is on their lists while everything goes wrong. Then all is healed and everybody
comes back; what is in doubt must end, and what they believe must be the exchange's truth. At last they cancel
what is open, which must work too.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from contextvars import Context, copy_context

from surefoot.errors import SurefootError
from surefoot.exchange.feeds.listeners import UserListener
from surefoot.exchange.render.amounts import MILLISECONDS
from surefoot.exchange.server import ExchangeServer
from surefoot.execution.aio.trader import Trader
from surefoot.execution.journal import Row
from surefoot.simulation.names import EXCHANGE
from surefoot.simulation.runner import Simulation
from surefoot.simulation.trading.beside import Beside
from surefoot.simulation.trading.courts import Court, Law
from surefoot.simulation.trading.kills import Reaper
from surefoot.simulation.trading.machine import Ends, Machine
from surefoot.simulation.trading.options import TradingOptions
from surefoot.simulation.trading.troubles import Troubles
from surefoot.simulation.trading.venue import venue
from surefoot.simulation.upset import Upset
from surefoot.spot.environments import local

_LONGEST_SAFETY_S = 240.0
_RECOVERY_S = 420.0  # bans and windows that were told are waited for, and then doubts
_QUIET_S = 3.0
_LOOK_S = 0.5


class Trading:
    """The story for one set of options. What it leaves (`court`, `beside`, `machines` and whoever did wrong)
    outlives the run.
    """

    def __init__(self, options: TradingOptions) -> None:
        self.options = options
        self.court = Court()
        self.machines: dict[str, Machine] = {}
        self.upset = Upset(options.rules, options.happens)
        self.reaper: Reaper
        self.troubles: Troubles
        self.beside: Beside
        self._ends: Ends
        self._sim: Simulation

    async def __call__(self, sim: Simulation) -> None:
        """Play it."""
        self._sim, self._ends = sim, Ends(asyncio.Event(), asyncio.Event())
        self.reaper = Reaper(self.options.kills, nobodys := copy_context())
        for role in self.options.roles:
            self.machines[role.name] = Machine(sim, role, self.reaper, self._wrote, self._ends)
        platters = {name: machine.platter for name, machine in self.machines.items()}
        self.troubles = Troubles(self.options.troubles, platters)
        self.beside = Beside(sim, self)
        over = asyncio.Event()
        ready: asyncio.Future[ExchangeServer] = sim.loop.create_future()
        running = sim.host(EXCHANGE).start(self._serve(ready, over))
        server = await ready
        await self._trade(server, nobodys)
        over.set()
        await running

    def _wrote(self, machine: Machine, trader: Trader, row: Row) -> None:
        self.beside.moments[machine.name].note(trader.views, row)

    async def _serve(self, ready: asyncio.Future[ExchangeServer], over: asyncio.Event) -> None:
        """The exchange, on its own host: so is what it does wrong."""
        async with venue(self._sim.host(EXCHANGE).world, self.options.names) as server:
            server.front.limiter.bans = self.beside.refusals
            addresses = {name: self._sim.host(name).address for name in (*self.options.names, "alice", "bob")}
            self.upset.start(server, addresses)
            ready.set_result(server)
            await over.wait()

    async def _trade(self, server: ExchangeServer, nobodys: Context) -> None:
        self.beside.watch(server)
        environment = local(server.rest_url, server.ws_api_url, server.ws_url)
        self._sim.faults.start()
        self.reaper.start(self.machines)
        self.troubles.start()
        for account in server.accounts:
            follower = UserListener(account.name, 0, self.beside.entering[account.name], MILLISECONDS)
            server.front.hub.follow(follower)
            self.machines[account.name].switch_on(environment, account, nobodys)
        await self._safety()
        self._heal()
        await self._liveness(server)
        self._ends.judged.set()
        await self._gone()
        self.beside.afterwards(server)

    async def _safety(self) -> None:
        """Until everybody has done all that there was to do."""
        end_s = self._sim.loop.time() + _LONGEST_SAFETY_S
        while self._sim.loop.time() < end_s and not all(one.program.done for one in self.machines.values()):  # noqa: ASYNC110
            await asyncio.sleep(_LOOK_S)
        await asyncio.sleep(max(0.0, self.options.safety_s - self._sim.loop.time()))

    def _heal(self) -> None:
        self._sim.heal()
        self.upset.stop()
        self.reaper.stop()
        self.troubles.stop()
        for machine in self.machines.values():
            machine.come_back()
        self._ends.healed.set()

    async def _liveness(self, server: ExchangeServer) -> None:
        by_s = self._sim.loop.time() + _RECOVERY_S
        await self._settled("has not settled", by_s, _is_settled)
        await self._read_up()
        self.beside.judgement(server)
        for machine in self.machines.values():
            await self._put_away(machine)
        await self._read_up()
        self.beside.last_look(server)

    async def _read_up(self) -> None:
        """Everybody has read everything again: what happened last may have been told to deaf ears."""
        since_s = self._sim.loop.time()
        await self._settled("has not read", since_s + _RECOVERY_S, lambda one: one.resynced_s > since_s)
        await asyncio.sleep(_QUIET_S)

    async def _settled(self, text: str, by_s: float, is_settled: Callable[[Machine], bool]) -> None:
        for machine in self.machines.values():
            while not (settled := is_settled(machine)) and self._sim.loop.time() < by_s:  # noqa: ASYNC110
                await asyncio.sleep(_LOOK_S)
            self.court.check(
                Law.LIVELY, settled, f"{machine.name} {text} {_RECOVERY_S:g} s after the healing"
            )

    async def _put_away(self, machine: Machine) -> None:
        """Cancel all that is open."""
        trader = machine.trader
        if trader is None:
            return
        task = machine.host.start(_cancel_all(trader))
        await asyncio.wait({task}, timeout=_RECOVERY_S)
        failed = task.done() and task.exception() is not None
        text = f"{machine.name} cannot cancel what is open: {task.exception() if failed else 'no end'}"
        self.court.check(Law.LIVELY, task.done() and not failed, text)

    async def _gone(self) -> None:
        """Everybody has closed their trader."""
        by_s = self._sim.loop.time() + _RECOVERY_S
        while any(machine.running for machine in self.machines.values()) and self._sim.loop.time() < by_s:  # noqa: ASYNC110
            await asyncio.sleep(_LOOK_S)


def _is_settled(machine: Machine) -> bool:
    """Its list is done, and nothing is in doubt."""
    trader = machine.trader
    done = machine.program.done and not machine.busy
    return trader is not None and done and not trader.views.orders.submissions


async def _cancel_all(trader: Trader) -> None:
    for _ in range(3):  # what one cancel sets free may be a pending order
        with suppress(SurefootError):
            await trader.cancel_all()
    await trader.cancel_all()
