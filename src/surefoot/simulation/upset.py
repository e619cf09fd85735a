"""Makes an exchange do wrong what a run has planned, remembers what it did, and heals it."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from surefoot.exchange.faults import ReadLag, Rule, Strike, Withhold
from surefoot.exchange.server import ExchangeServer
from surefoot.simulation.happenings import (
    Banned,
    Dropped,
    Halted,
    Happening,
    Leaving,
    Maintenance,
    Relimited,
    Reweighed,
    WrongClock,
)
from surefoot.spot.enums import SymbolStatus


class Upset:
    """The plan of one run. `happened` is what was done, and when (µs, exchange's clock); `strikes` what the
    rules struck. Times of happenings are counted from `start`, which is called on the exchange's host.
    """

    def __init__(self, rules: Sequence[Rule], happenings: Sequence[Happening]) -> None:
        self.happened: list[tuple[int, Happening]] = []
        self._rules, self._happenings = rules, happenings
        self._timers: list[asyncio.TimerHandle] = []
        self._server: ExchangeServer | None = None
        self._addresses: Mapping[str, str] = {}

    def start(self, server: ExchangeServer, addresses: Mapping[str, str]) -> None:
        """From now on; `addresses` are those of hosts."""
        self._server, self._addresses = server, addresses
        for rule in self._rules:
            server.faults.add(rule)
        for happening in self._happenings:
            self._later(happening.at_s, lambda one=happening: self._happen(server, one))  # type: ignore[misc]

    def stop(self) -> None:
        """Heal: nothing goes wrong any more, and there is room for everybody."""
        for timer in self._timers:
            timer.cancel()
        server = self._server
        assert server is not None, "it was started"
        server.faults.clear()
        server.front.weights.reset()
        server.clock.drift(0)
        server.clock.set(0)
        server.operations.limits.change("generous")
        for record in server.operations.limits.bans():
            server.operations.limits.lift(record.address)
        for symbol in server.engine.listings:
            server.operations.turn(symbol, SymbolStatus.TRADING)

    @property
    def strikes(self) -> Sequence[Strike]:
        """What the rules struck so far."""
        return () if self._server is None else self._server.faults.strikes

    @property
    def counts(self) -> Counter[str]:
        """How often what went wrong, in words."""
        kinds = [str(type(strike.fault).__struct_config__.tag).replace("_", " ") for strike in self.strikes]
        return Counter([*kinds, *(type(one).__name__.lower() for _, one in self.happened)])

    def hid_something_from(self, account: str) -> bool:
        """Whether the account was not told something, and nobody could know: its reads lagged, or an event
        was withheld on a connection that went on.
        """
        hiding = (ReadLag, Withhold)
        return any(isinstance(one.fault, hiding) and one.account in {account, ""} for one in self.strikes)

    def _later(self, for_s: float, call: Callable[[], object]) -> None:
        self._timers.append(asyncio.get_running_loop().call_later(for_s, call))

    def _happen(self, server: ExchangeServer, happening: Happening) -> None:
        self.happened.append((server.now_us(), happening))
        operations, outages = server.operations, server.outages
        match happening:
            case WrongClock():
                server.clock.step(happening.step_ms)
                server.clock.drift(happening.drift_ppm)
            case Halted(symbol=symbol):
                operations.turn(symbol, happening.status)
                self._later(happening.for_s, lambda: operations.turn(symbol, SymbolStatus.TRADING))
            case Reweighed():
                server.front.weights.change(happening.operation, times=happening.times)
            case Relimited():
                operations.limits.change(happening.profile)
            case Banned():
                operations.limits.ban(self._addresses[happening.host], happening.for_s)
            case Maintenance():
                outages.maintenance(happening.for_s * 1000)
            case Leaving():
                outages.shut_down(happening.lead_s * 1000)
            case Dropped(how="mute"):
                outages.mute(happening.on)
            case Dropped(how="reset" | "close" as how):
                outages.cut(happening.on, how)
