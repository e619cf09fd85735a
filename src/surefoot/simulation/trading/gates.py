"""Who stands at the two gates that an order passes: where its first byte leaves, and where the exchange lets
it in. They read wires, the exchange's own events and the disk; they never ask the trader.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

import msgspec

from surefoot.rules.quantise import ZERO
from surefoot.simulation.network import Connection, Tap
from surefoot.simulation.readable import readable
from surefoot.simulation.trading.courts import Court, Law
from surefoot.simulation.trading.records import Records
from surefoot.simulation.transport import Transport

_PLACES = re.compile(
    rb"(?:POST|PUT) /api/v3/(?:sor/)?order"
    rb'|"method":"(?:order\.place|order\.cancelReplace|orderList\.place|order\.amend|sor\.order)'
)
_ID = re.compile(rb'(?:new|list)ClientOrderId(?:=|":")([A-Za-z0-9_-]+)')
_LIST_ID = re.compile(rb'listClientOrderId(?:=|":")([A-Za-z0-9_-]+)')
_SIGNED_MS = re.compile(rb'timestamp(?:=|":)(\d+)')
_PRICED = frozenset({"LIMIT", "LIMIT_MAKER"})
_SHORT_MINUTE_S = 45.0
_OPEN = frozenset({"NEW", "PARTIALLY_FILLED", "PENDING_NEW"})
CLOCKS_DIFFER_MS = 1_500
"""So wrong may a clock be that was measured under latency, without anybody to blame."""


class Leaving:
    """At a trader's gate: `left` are the orders that left, by id, and when first."""

    def __init__(
        self,
        exchange: str,
        records: Mapping[str, Records],
        court: Court,
        now: Callable[[], tuple[float, float | None]],
        stopped_ms: Callable[[str], int | None],
    ) -> None:
        self.left: dict[str, float] = {}
        self.owner: dict[str, str] = {}
        self._exchange, self._records, self._court, self._now = exchange, records, court, now
        self._stopped_ms = stopped_ms

    def before(self, tap: Tap, ordered: Callable[[str], object]) -> Tap:
        """The tap that looks at every write, before any fault, and then asks `tap`. `ordered` is told the
        host that an order is leaving.
        """

        def look(connection: Connection, sender: Transport, data: bytes) -> bool:
            link = sender.outgoing.link
            if link.target != self._exchange or link.source not in self._records:
                return tap(connection, sender, data)
            text = readable(data)
            if _PLACES.search(text[:200]) is None:
                return tap(connection, sender, data)
            self._leaves(link.source, text)
            goes_on = tap(connection, sender, data)
            ordered(link.source)
            return goes_on

        return look

    def _leaves(self, host: str, data: bytes) -> None:
        named = _LIST_ID.search(data) or _ID.search(data)
        signed = _SIGNED_MS.search(data)
        self._court.check(Law.COMMITTED, named is not None, f"{host} sends an order without an id: {data!r}")
        if named is None:
            return
        id, now_s = named[1].decode(), self._now()[0]
        self.left.setdefault(id, now_s)
        owner = self.owner.setdefault(id, host)
        self._court.check(Law.UNIQUE, owner == host, f"{host} sends {id}, which is {owner}'s")
        self._allowed(host, id, None if signed is None else int(signed[1]))
        entry = self._records[host].by_id.get(id)
        text = f"{host} sends {id} at {now_s:.6f} s, and its journal does not hold it"
        self._court.check(Law.COMMITTED, entry is not None, text)
        if entry is not None and signed is not None:
            self._timely(host, id, int(signed[1]), entry.sign_before_ms, entry.recv_window_ms)

    def _allowed(self, host: str, id: str, signed_ms: int | None) -> None:
        """What was signed before trading stopped may still be on its way to the wire."""
        stopped_ms = self._stopped_ms(host)
        going = stopped_ms is None or (signed_ms is not None and signed_ms <= stopped_ms)
        text = f"{host} sends {id}, signed at {signed_ms}, and trading was stopped at {stopped_ms}"
        self._court.check(Law.STOPPED, going, text)

    def _timely(self, host: str, id: str, signed_ms: int, sign_before_ms: int, recv_window_ms: int) -> None:
        text = f"{host} signs {id} at {signed_ms}, and was to sign it before {sign_before_ms}"
        self._court.check(Law.IN_TIME, signed_ms <= sign_before_ms, text)
        there_ms = self._now()[1]
        if there_ms is not None:
            fence_ms = sign_before_ms + recv_window_ms + CLOCKS_DIFFER_MS
            text = f"{host} sends {id} at {there_ms:.0f}, and it is too late after {fence_ms}"
            self._court.check(Law.IN_TIME, there_ms <= fence_ms, text)


class Entry(msgspec.Struct, frozen=True):
    """An order that the exchange let in."""

    symbol: str
    order_id: int
    id: str
    qty: str
    quote_qty: str
    list_id: int
    side: str
    type: str
    at_s: float


class Report(msgspec.Struct, frozen=True):
    """An execution report: which one, and when the exchange says that it was."""

    symbol: str
    execution_id: int
    at_ms: int


class _Event(msgspec.Struct):
    e: str = ""
    E: int = 0
    I: int = 0  # noqa: E741 - the exchange's name
    X: str = ""
    x: str = ""
    s: str = ""
    i: int = 0
    c: str = ""
    q: str = "0"
    Q: str = "0"
    g: int = -1
    S: str = ""
    o: str = ""
    p: str = "0"


class _Told(msgspec.Struct):
    event: _Event


class Entering:
    """At the exchange's gate, for one account: `orders` that it let in, by the exchange's number;
    `reports` are all that it said of them, and `priced` what its single orders with a price came to, and
    when.
    """

    def __init__(self, account: str, records: Records, court: Court, now_s: Callable[[], float]) -> None:
        self.orders: dict[tuple[str, int], Entry] = {}
        self.reports: list[Report] = []
        self._most = 0
        self._at_ms = 0
        self.priced: list[tuple[float, Decimal]] = []
        self._open: set[tuple[str, int]] = set()
        self._account, self._records, self._court, self._now_s = account, records, court, now_s

    def send(self, data: bytes) -> None:
        """One event of the account, before any network."""
        event = msgspec.json.decode(data, type=_Told).event
        if event.e == "executionReport":
            self.reports.append(Report(event.s, event.I, event.E))
            self._count(event)
        if event.x != "NEW" or (event.s, event.i) in self.orders:
            return
        self.orders[event.s, event.i] = Entry(
            event.s, event.i, event.c, event.q, event.Q, event.g, event.S, event.o, self._now_s()
        )
        if event.g < 0 and event.o in _PRICED:
            self.priced.append((self._now_s(), Decimal(event.q) * Decimal(event.p)))
        known = event.c in self._records.by_id
        text = f"the exchange let in {event.c} of {self._account}, whose journal does not hold it"
        self._court.check(Law.COMMITTED, known, text)

    def _count(self, event: _Event) -> None:
        """Within one moment the exchange may tell of the new order before the one that made room for it."""
        if self._at_ms != event.E:
            self._most, self._at_ms = self.most, event.E
        change = self._open.add if event.X in _OPEN else self._open.discard
        change((event.s, event.i))

    @property
    def most(self) -> int:
        """The most orders that were open at once."""
        return max(self._most, len(self._open))

    def busiest(self) -> Decimal:
        """The most that orders came to which it let in within a minute, less what they may have been late."""
        sums = (
            sum((amount for at_s, amount in self.priced if since_s <= at_s < since_s + _SHORT_MINUTE_S), ZERO)
            for since_s, _ in self.priced
        )
        return max(sums, default=ZERO)

    def close(self, code: int, reason: str) -> None:
        """Nobody makes it stop."""
