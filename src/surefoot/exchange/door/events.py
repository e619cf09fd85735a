"""Events on their way to one connection, as the plan of faults wants them."""

from collections.abc import Mapping

import msgspec

from surefoot.exchange.door.attendance import EndableWire
from surefoot.exchange.door.mishaps import Waiting
from surefoot.exchange.faults.kinds import Cut, Duplicate, Fault, Mute, Reorder, Withhold
from surefoot.exchange.faults.plan import Plan
from surefoot.exchange.faults.rules import Channel, Occasion
from surefoot.exchange.feeds.listeners import StreamListener
from surefoot.net.endings import Ending

_encode = msgspec.json.Encoder().encode


class EventWire:
    """The way of one kind of events to one connection. An event is struck once for each connection.

    `whose` says what they are: channel, address of the connection, name of the account.
    """

    def __init__(
        self, wire: EndableWire, plan: Plan, waiting: Waiting, whose: tuple[Channel, str, str]
    ) -> None:
        self._wire = wire
        self._plan = plan
        self._waiting = waiting
        self._on, self._address, self._account = whose
        self._held: list[bytes] = []

    def send(self, data: bytes, stream: str = "") -> None:
        """Tell one event; `stream` is the market stream that it is of."""
        if self._plan.idle and not self._held:
            self._wire.send(data)
            return
        strikes = self._plan.strike(self._occasion(data, stream))
        copies = self._struck(strikes[0].fault, data) if strikes else 1
        for _ in range(copies):
            self._wire.send(data)
        if copies:
            self._release()

    def close(self, code: int, reason: str) -> None:
        """End the connection."""
        self._wire.close(code, reason)

    def _occasion(self, data: bytes, stream: str) -> Occasion:
        told = _read(data)
        names = tuple(name for name in (stream, told.get("e")) if name) or ("",)
        return Occasion(on=self._on, names=names, account=self._account, address=self._address, params=told)

    def _struck(self, fault: Fault, data: bytes) -> int:
        """Let it happen; returns how many copies of the event leave now."""
        match fault:
            case Duplicate():
                return fault.times + 1
            case Withhold() if fault.ms is not None:
                self._waiting.after(fault.ms, lambda: self._wire.send(data))
            case Reorder():
                self._held.append(data)
                self._waiting.after(fault.within_ms, self._release)
            case Cut():
                self._wire.end(Ending.CLOSE if fault.how == "close" else Ending.RESET)
            case Mute():
                self._wire.end(Ending.HALF_OPEN)
        return 0

    def _release(self) -> None:
        held, self._held = self._held, []
        for data in held:
            self._wire.send(data)


class StruckListener(StreamListener):
    """A connection to the market streams whose events go their way apart from its answers."""

    def __init__(self, wire: EndableWire, events: EventWire, *, combined: bool, unit: int) -> None:
        super().__init__(wire, combined=combined, unit=unit)
        self._events = events

    def hear(self, stream: str, body: bytes) -> None:
        self._events.send(self.wrapped(stream, body), stream)


def _read(data: bytes) -> Mapping[str, str]:
    """The fields of an event, without its wrapping, as texts; a list of events has none."""
    told = msgspec.json.decode(data)
    for wrapping in ("event", "data"):
        if isinstance(told, dict) and wrapping in told:
            told = told[wrapping]
    fields = told.items() if isinstance(told, dict) else ()
    return {name: text if isinstance(text, str) else _encode(text).decode() for name, text in fields}
