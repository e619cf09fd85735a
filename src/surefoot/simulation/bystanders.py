"""Who stands beside a run of the story `orders`, watches, and says in the end what did not hold.

They read the wires and hear the exchange before any network; they never ask the client.
"""

from collections.abc import Iterable, Iterator

from surefoot.client.streams import Gap
from surefoot.exchange.core.engine import Engine
from surefoot.exchange.door.hub import Hub
from surefoot.exchange.feeds.listeners import StreamListener, UserListener
from surefoot.exchange.feeds.stream_names import parse_stream
from surefoot.exchange.render.amounts import MILLISECONDS
from surefoot.exchange.server import ExchangeServer
from surefoot.simulation import invariants
from surefoot.simulation.crossings import Crossings
from surefoot.simulation.deliveries import Witness
from surefoot.simulation.faults import ClockStep
from surefoot.simulation.happenings import Relimited, Reweighed, WrongClock
from surefoot.simulation.hearing import excuses, hearing
from surefoot.simulation.invariants import Entries
from surefoot.simulation.names import EXCHANGE, NAMES
from surefoot.simulation.refusals import Refusals, unprovoked
from surefoot.simulation.runner import Simulation
from surefoot.simulation.silence import SilenceWatch
from surefoot.simulation.trader import Trader, run_ms
from surefoot.simulation.upset import Upset
from surefoot.spot import streams
from surefoot.spot.events import Event, EventStreamTerminated, ServerShutdown, TradeEvent


class Bystanders:
    """Those of one run. `refusals` take the place of the exchange's own judgement of addresses.

    With `blind` the limits are others than the documented ones from the beginning, and nobody is told.
    """

    def __init__(self, sim: Simulation, upset: Upset, *, blind: bool) -> None:
        self.refusals = Refusals(self._refusals_heard)
        self._sim, self._upset, self._blind = sim, upset, blind
        self._crossings = Crossings(EXCHANGE)
        self._silence: SilenceWatch
        self._entered: dict[str, Entries] = {}
        self._witnesses: dict[str, Witness] = {}

    def watch(self, sim: Simulation, server: ExchangeServer) -> None:
        """Look at every write from now on, before any fault."""
        clock = server.clock
        self._silence = SilenceWatch(
            EXCHANGE, sim.loop.time, lambda: clock.shown_us() / 1000, lambda: self._clock_is_right
        )
        sim.network.tap = self._silence.before(self._crossings.before(sim.network.tap))
        sim.network.ear = self._silence.arrived

    def follow(self, hub: Hub, account: str, symbols: tuple[str, ...]) -> None:
        """Hear, beside the exchange, what a trader of these symbols must hear."""
        entries = self._entered[account] = Entries()
        witness = self._witnesses[account] = Witness(lambda: run_ms(self._sim) * 1000)
        for ear in (entries, witness):
            hub.follow(UserListener(account, 0, ear, MILLISECONDS))
        beside = StreamListener(witness, combined=True, unit=MILLISECONDS)
        for symbol in symbols:
            name = parse_stream(streams.trade(symbol), {symbol})
            assert name is not None, "the exchange serves it"
            hub.subscribe(beside, name)

    def judgement(self, engine: Engine, traders: Iterable[Trader]) -> Iterator[str]:
        """What did not hold, in sentences."""
        yield from self._silence.broken
        yield from unprovoked(self.refusals.noted, self._surprises_us())
        yield from invariants.conservation(engine)
        seen = self._crossings
        yield from invariants.resending(seen.crossed, seen.stale, seen.limited)
        for trader in traders:
            yield from invariants.orders(trader.view, self._entered[trader.name].entered)
            yield from invariants.fills(trader.view, engine, trader.name)
            yield from invariants.balances(trader.view, engine, trader.name)
            yield from invariants.tops(trader.view, engine, trader.symbols)
            yield from invariants.rest(engine, trader.name)
            yield from self._heard(trader)

    def _surprises_us(self) -> list[int]:
        """When limits or weights changed, or the clock by which windows go, on the exchange's clock then."""
        changes = (Relimited, Reweighed, WrongClock)
        changed = [at_us for at_us, one in self._upset.happened if isinstance(one, changes)]
        steps = (isinstance(one, ClockStep) and one.host == EXCHANGE for one in self._sim.faults.happened)
        return [0, *changed] if self._blind or any(steps) else changed

    def _refusals_heard(self, address: str) -> int:
        return sum(self._silence.heard(name) for name in NAMES if self._sim.host(name).address == address)

    @property
    def _clock_is_right(self) -> bool:
        """Whether every clock is as right, or as wrong, as it ever was."""
        wrong = any(isinstance(one, WrongClock) for _, one in self._upset.happened)
        return not (wrong or any(isinstance(one, ClockStep) for one in self._sim.faults.happened))

    def _heard(self, trader: Trader) -> Iterator[str]:
        """Whether the streams of a trader told everything that the witness heard."""
        witness, address = self._witnesses[trader.name], self._sim.host(trader.name).address
        for stream, heard in trader.heard.items():
            on = "user" if stream == "user data" else "market"
            struck = [one for one in self._upset.strikes if one.on == on and one.address == address]
            excuse = excuses(struck, right_clock=self._clock_is_right)
            names = [""] if on == "user" else [streams.trade(symbol) for symbol in trader.symbols]
            for name in names:
                wrong = hearing(witness.said.get(name, []), _of(heard, name), trader.spans[stream], excuse)
                yield from (f"{trader.name}'s {stream}: {text}" for text in wrong)


def _of(heard: Iterable[Event], name: str) -> list[Event]:
    """What was heard of one stream, and the gaps: trades of a symbol, or what an account is told."""
    if not name:
        return [event for event in heard if not isinstance(event, ServerShutdown | EventStreamTerminated)]
    return [
        event
        for event in heard
        if isinstance(event, Gap) or (isinstance(event, TradeEvent) and streams.trade(event.symbol) == name)
    ]
