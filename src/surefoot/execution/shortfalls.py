"""Whether an order's known executions add up to what the exchange says was executed of it (pure).

The trade ids of an account are not consecutive, so no number shows that one is missing: the sum does.
"""

from collections.abc import Mapping
from decimal import Decimal

import msgspec
from msgspec.structs import replace

from surefoot.execution.fills import Fill
from surefoot.rules.quantise import EXACT, ZERO
from surefoot.rules.verdicts import short

MOST_ORDERS = 2_000
"""Orders that are kept; at more, the oldest finished ones that add up are forgotten, a quarter of all."""

SHOWN_TRADES = 20
"""The newest trade ids of an order that are kept to be named."""


class Shortfall(msgspec.Struct, frozen=True):
    """Of an order `executed` was told, `known` is the sum of its executions, `missing` the difference.

    Negative where more is known than was told; 0 where an earlier shortfall is gone. `trade_ids` are the
    newest known ones of the order.
    """

    symbol: str
    order_id: int
    executed: Decimal
    known: Decimal
    missing: Decimal
    trade_ids: tuple[int, ...]

    @property
    def settled(self) -> bool:
        """Whether this says that all is well again."""
        return not self.missing

    @property
    def text(self) -> str:
        """The same as a sentence."""
        known = ", ".join(map(str, self.trade_ids)) or "none"
        order = f"order {self.order_id} of {self.symbol}: {short(self.executed)} executed"
        ids = f"(known trade ids: {known})"
        if self.settled:
            return f"{order}, and the executions add up to it again {ids}"
        if self.missing < ZERO:
            return f"{order} as told, {short(self.known)} known: the order's own news is missing {ids}"
        return f"{order}, {short(self.known)} known: executions of {short(self.missing)} are missing {ids}"


class Tally(msgspec.Struct, frozen=True):
    """What was heard of one order. `executed` is None until it is told; `alarmed` is the last alarm's sum."""

    known: Decimal = ZERO
    executed: Decimal | None = None
    final: bool = False
    time_ms: int = 0
    trade_ids: tuple[int, ...] = ()
    alarmed: Decimal = ZERO

    @property
    def missing(self) -> Decimal:
        """What is executed and not known; 0 while nothing was told."""
        return ZERO if self.executed is None else EXACT.subtract(self.executed, self.known)


class OrderBooks(msgspec.Struct, frozen=True):
    """The tallies as kept, by symbol and order id; of ids up to `forgotten` (by symbol) no more is heard."""

    tallies: Mapping[str, Mapping[int, Tally]] = {}
    forgotten: Mapping[str, int] = {}


class Orders:
    """Tallies orders."""

    def __init__(self, books: OrderBooks) -> None:
        self._forgotten = dict(books.forgotten)
        each = ((s, order_id, tally) for s, many in books.tallies.items() for order_id, tally in many.items())
        self._tallies = {(symbol, order_id): tally for symbol, order_id, tally in each}

    def filled(self, fill: Fill) -> None:
        """One more execution of an order."""
        if (had := self._tally(fill.symbol, fill.order_id)) is not None:
            tally = replace(
                had,
                known=EXACT.add(had.known, fill.qty),
                time_ms=max(had.time_ms, fill.time_ms),
                trade_ids=tuple(sorted((*had.trade_ids, fill.trade_id)))[-SHOWN_TRADES:],
            )
            self._keep(fill.symbol, fill.order_id, tally)

    def executed(self, symbol: str, order_id: int, qty: Decimal, as_of_ms: int, *, final: bool) -> None:
        """What the exchange says; it only grows, so older news changes nothing."""
        had = self._tally(symbol, order_id)
        if had is None or (had.executed == qty and had.final is final and had.time_ms >= as_of_ms):
            return
        tally = replace(
            had,
            executed=max(qty, had.executed or ZERO),
            final=final or had.final,
            time_ms=max(had.time_ms, as_of_ms),
        )
        self._keep(symbol, order_id, tally)

    def check(self, until_ms: int) -> list[Shortfall]:
        """The orders whose newest news is no later, and whose sum is not what it was at the last check."""
        found = []
        for (symbol, order_id), tally in self._tallies.items():
            missing = tally.missing
            if missing == tally.alarmed or tally.time_ms > until_ms or tally.executed is None:
                continue
            self._tallies[symbol, order_id] = replace(tally, alarmed=missing)
            found.append(Shortfall(symbol, order_id, tally.executed, tally.known, missing, tally.trade_ids))
        return sorted(found, key=lambda each: (each.symbol, each.order_id))

    def state(self) -> OrderBooks:
        """All that is kept."""
        tallies: dict[str, dict[int, Tally]] = {}
        for (symbol, order_id), tally in self._tallies.items():
            tallies.setdefault(symbol, {})[order_id] = tally
        return OrderBooks(tallies, dict(self._forgotten))

    def _tally(self, symbol: str, order_id: int) -> Tally | None:
        tally = self._tallies.get((symbol, order_id))
        if tally is None and order_id > self._forgotten.get(symbol, -1):
            return Tally()
        return tally

    def _keep(self, symbol: str, order_id: int, tally: Tally) -> None:
        self._tallies[symbol, order_id] = tally
        if len(self._tallies) > MOST_ORDERS:
            self._forget(len(self._tallies) - MOST_ORDERS * 3 // 4)

    def _forget(self, surplus: int) -> None:
        """The exchange numbers a symbol's orders upwards: what is below a forgotten one is not new."""
        done = (key for key, t in self._tallies.items() if not t.missing and (t.final or t.executed is None))
        for symbol, order_id in sorted(done, key=lambda key: (self._tallies[key].time_ms, key))[:surplus]:
            del self._tallies[symbol, order_id]
            self._forgotten[symbol] = max(order_id, self._forgotten.get(symbol, -1))
