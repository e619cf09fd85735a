"""Who stands beside a run of the story `trading`, watches, and judges it in the end."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from surefoot.exchange.server import ExchangeServer
from surefoot.execution import entries
from surefoot.simulation import invariants
from surefoot.simulation.crossings import Crossings
from surefoot.simulation.faults import ClockStep
from surefoot.simulation.happenings import Maintenance, Relimited, Reweighed, WrongClock
from surefoot.simulation.names import EXCHANGE
from surefoot.simulation.refusals import Refusals, unprovoked
from surefoot.simulation.runner import Simulation
from surefoot.simulation.silence import SilenceWatch
from surefoot.simulation.trading import truths
from surefoot.simulation.trading.courts import Law
from surefoot.simulation.trading.disturbances import Disturbances
from surefoot.simulation.trading.doubts import Doubts
from surefoot.simulation.trading.gates import Entering, Leaving
from surefoot.simulation.trading.heard import Heard, may_miss
from surefoot.simulation.trading.journals import Folded, Moments, digest
from surefoot.simulation.trading.machine import Machine
from surefoot.simulation.trading.options import Role
from surefoot.simulation.trading.program import DRILL
from surefoot.simulation.trading.records import Records
from surefoot.simulation.world import EPOCH_MS

if TYPE_CHECKING:
    from surefoot.simulation.trading.story import Trading

_EXPECTED = frozenset({"late"})
_WHERE_READS_LAG = frozenset({"late", "difference", "settled", "shortfall"})
"""The books do not add up until what was not heard can be read."""


class Beside:
    """Those of one run. `refusals` take the place of the exchange's own judgement of addresses."""

    def __init__(self, sim: Simulation, story: "Trading") -> None:
        self._sim, self._story, self._court = sim, story, story.court
        names = story.options.names
        self.refusals = Refusals(self._refusals_heard)
        self.moments = {name: Moments(sim.dice(f"moments/{name}")) for name in names}
        self._records = {name: Records(story.machines[name].platter) for name in names}
        self.entering = {
            name: Entering(name, self._records[name], self._court, sim.loop.time) for name in names
        }
        self._crossings = Crossings(EXCHANGE)
        self._disturbances = Disturbances(sim, story.upset, story.troubles)
        self._silence: SilenceWatch

    def watch(self, server: ExchangeServer) -> None:
        """Look at every write from now on, before any fault."""
        sim, clock = self._sim, server.clock
        self._silence = SilenceWatch(
            EXCHANGE, sim.loop.time, lambda: clock.shown_us() / 1000, lambda: self._clocks_are_right
        )

        def now() -> tuple[float, float | None]:
            return sim.loop.time(), clock.shown_us() / 1000 if self._clocks_are_right else None

        machines = self._story.machines
        leaving = Leaving(EXCHANGE, self._records, self._court, now, lambda host: machines[host].stopped_ms)
        tap = leaving.before(sim.network.tap, self._story.reaper.ordered)
        sim.network.tap = self._silence.before(self._crossings.before(tap))
        sim.network.ear = self._silence.arrived
        for machine in self._story.machines.values():
            machine.when_killed = self._silence.forget

    def judgement(self, server: ExchangeServer) -> None:
        """Everything must be true now; orders may be open."""
        court, engine = self._court, server.engine
        court.hear(Law.MONEY, len(engine.ledger.deposited), truths.money(engine))
        seen = self._crossings
        again = invariants.resending(seen.crossed, seen.stale, seen.limited)
        court.hear(Law.RESENT, len(seen.crossed), again)
        court.hear(Law.SILENCE, len(self._silence.asked) + 1, self._silence.broken)
        noted = self.refusals.noted
        court.hear(Law.LIMITS, len(noted) + 1, unprovoked(noted, self._surprises_us()))
        for machine in self._story.machines.values():
            self._judge(machine, server)
        self._unique()

    def last_look(self, server: ExchangeServer) -> None:
        """All has been cancelled."""
        engine = server.engine
        for machine in self._story.machines.values():
            left = engine.open_orders(machine.name)
            text = f"{machine.name} left {[order.client_order_id for order in left]} open"
            self._court.check(Law.LIVELY, not left, text)
            if machine.trader is not None:
                folded = self._folded(machine)
                truths.compare(self._court, engine, machine.name, machine.trader.views, folded.fills)
                self._balances(machine, folded, server)

    def afterwards(self, server: ExchangeServer) -> None:
        """Everybody has gone."""
        self._court.hear(Law.MONEY, len(server.engine.ledger.deposited), truths.money(server.engine))
        for machine in self._story.machines.values():
            for crash in machine.crashes:
                self._court.check(Law.SOUND, False, crash)

    def _judge(self, machine: Machine, server: ExchangeServer) -> None:
        court, name, engine = self._court, machine.name, server.engine
        folded = self._folded(machine)
        spans = self._disturbances.spans(machine)
        doubts = Doubts(machine, folded, self.entering[name], self._records[name], self._story.upset)
        doubts.judge(court, spans, right_clocks=self._clocks_are_right)
        rows = machine.platter.rows
        if machine.trader is not None and rows and rows[-1].seq == machine.written:
            here = digest(machine.trader.views)
            text = f"{name}: the journal gives other views than there are"
            court.check(Law.PREFIX, here == digest(folded.views), text)
        truths.compare(court, engine, name, folded.views, folded.fills)
        self._balances(machine, folded, server)
        stopped = folded.views.tripped
        court.check(Law.CALM, stopped in {None, DRILL}, f"{name} stopped trading: {stopped}")
        court.hear(Law.STOPPED, len(folded.entries), _while_stopped(folded.entries, name))
        limits = _disobeyed(machine.role, self.entering[name], minutes=self._clocks_are_right)
        court.hear(Law.OBEYED, 2, () if doubts.hidden else limits)
        shut = any(isinstance(one, Maintenance) for _, one in self._story.upset.happened)
        heard = Heard(folded.entries, self.entering[name].reports, shut=shut)
        excused = may_miss(self._sim.faults.happened, self._story.upset, name)
        if self._clocks_are_right and machine.trader is not None and not excused:
            court.hear(Law.HEARD, heard.looked, heard.missed(name))
        odd = [one for one in folded.entries if isinstance(one, entries.Anomaly)]
        expected = _WHERE_READS_LAG if self._story.upset.hid_something_from(name) else _EXPECTED
        strange = (f"{name} noted {one.what}: {one.text}" for one in odd if one.what not in expected)
        court.hear(Law.CALM, len(odd), strange)

    def _folded(self, machine: Machine) -> Folded:
        folded = Folded(machine.platter, machine.role.policy)
        folded.judge(self._court, machine.name, self.moments[machine.name])
        return folded

    def _balances(self, machine: Machine, folded: Folded, server: ExchangeServer) -> None:
        looked = len(server.engine.balances(machine.name))
        wrong = truths.balances(server.engine, machine.name, folded.views)
        self._court.hear(Law.BALANCES, looked, wrong)

    def _unique(self) -> None:
        owners: dict[str, str] = {}
        for name, entering in self.entering.items():
            for entry in entering.orders.values():
                which = f"{name}'s {entry.symbol} {entry.order_id}"
                owner = owners.setdefault(entry.id, which)
                self._court.check(Law.UNIQUE, owner == which, f"{entry.id} is {owner}, and {which}")
            submitted = [entry.id for entry in self._records[name].all]
            twice = (f"{name} submitted {id} twice" for id in submitted if submitted.count(id) > 1)
            self._court.hear(Law.UNIQUE, len(submitted), twice)

    def _surprises_us(self) -> list[int]:
        """When limits changed or were forgotten: by the exchange, or by a trader that died."""
        changes = (Relimited, Reweighed, WrongClock)
        changed = [at_us for at_us, one in self._story.upset.happened if isinstance(one, changes)]
        steps = (isinstance(one, ClockStep) and one.host == EXCHANGE for one in self._sim.faults.happened)
        deaths = [at_s for machine in self._story.machines.values() for at_s in machine.ended]
        forgotten = [int(EPOCH_MS * 1000 + at_s * 1e6) for at_s in deaths]
        return sorted([*changed, *forgotten, *([0] if any(steps) else [])])

    def _refusals_heard(self, address: str) -> int:
        names = self._story.options.names
        return sum(self._silence.heard(name) for name in names if self._sim.host(name).address == address)

    @property
    def _clocks_are_right(self) -> bool:
        return self._disturbances.clocks_are_right


def _disobeyed(role: Role, entering: Entering, *, minutes: bool) -> Iterator[str]:
    """Which of its operator's limits a trader went beyond; `minutes` says whether clocks agree on what those
    are.
    """
    orders, usdt = role.open_orders, role.usdt_per_minute
    if orders is not None and entering.most > orders:
        yield f"{role.name} had {entering.most} orders open, and may have {orders}"
    if minutes and usdt is not None and (most := entering.busiest()) > usdt:
        yield f"{role.name} ordered {most} USDT in a minute, and may order {usdt}"


def _while_stopped(told: Iterable[entries.AnyEntry], name: str) -> Iterator[str]:
    """What was submitted although trading was stopped."""
    stopped = None
    for entry in told:
        match entry:
            case entries.Tripped():
                stopped = stopped or entry.reason
            case entries.Armed():
                stopped = None
            case entries.Submitted() if stopped is not None:
                yield f"{name} submitted {entry.id} while trading was stopped: {stopped}"
