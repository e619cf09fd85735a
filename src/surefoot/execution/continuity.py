"""Whether an asset's balances follow from each other by what is known to have moved it (pure).

A balance that was told, and everything known to have come and gone until a later one was told, must give the
later one. Events come in any interleaving, so nothing is judged before it is old enough: a balance waits as
the `mark` until then, while newer ones are told. Sums go on from mark to mark, so that skipping one hides
nothing. After a difference the exchange's word is what is gone on from; the difference is remembered, and
when what was missing is heard after all, that is said as well.
"""

from collections.abc import Iterable
from decimal import Decimal

import msgspec
from msgspec.structs import replace

from surefoot.rules.quantise import EXACT, ZERO
from surefoot.rules.verdicts import short

MOST_FLOWS = 1_000
"""Flows that no judged balance covers yet; beyond them the newest balance becomes the mark."""

SHOWN_SOURCES = 20
"""The newest sources of flows that are kept to be named."""


class Flow(msgspec.Struct, frozen=True, gc=False):
    """Something came (or went, if negative) at `time_ms`, by its `source`: exact but for `rounding`."""

    time_ms: int
    delta: Decimal
    source: str
    rounding: Decimal = ZERO


class Mark(msgspec.Struct, frozen=True, gc=False):
    """What was told of an asset: free and locked together."""

    as_of_ms: int
    total: Decimal


class Difference(msgspec.Struct, frozen=True):
    """An asset's balance is not what its flows make of the one before.

    `expected` and `told` are totals of free and locked as of `as_of_ms`; `sources` the newest of the
    `source_count` flows that were counted since `since_ms`. `rounding` is as much as the exchange's own
    rounding of price × quantity can make of it. `unexplained` is what is open in all, with the differences
    before: 0 where this one explains them, or rounding explains this one.
    """

    asset: str
    expected: Decimal
    told: Decimal
    difference: Decimal
    unexplained: Decimal
    rounding: Decimal
    since_ms: int
    as_of_ms: int
    sources: tuple[str, ...]
    source_count: int

    @property
    def settled(self) -> bool:
        """Whether this says that all is well again."""
        return not self.unexplained

    @property
    def text(self) -> str:
        """The same as a sentence."""
        since = f"{self.source_count} changes since {self.since_ms}{_named(self.sources)}"
        words = (
            f"{self.asset}: {short(self.told)} told as of {self.as_of_ms}, {short(self.expected)} expected "
            f"from {since}: a difference of {short(self.difference)}"
        )
        if EXACT.abs(self.difference) <= self.rounding:
            return f"{words}, no more than rounding of price × quantity can make"
        if self.settled:
            return f"{words}, which explains what was open before"
        return f"{words}; {short(self.unexplained)} is unexplained in all"


class Untold(msgspec.Struct, frozen=True):
    """An asset moved by `delta` after `as_of_ms`, and since then no balance was told."""

    asset: str
    told: Decimal
    as_of_ms: int
    delta: Decimal
    sources: tuple[str, ...]

    @property
    def settled(self) -> bool:
        """Never: it is over when a balance is told."""
        return False

    @property
    def text(self) -> str:
        """The same as a sentence."""
        return (
            f"{self.asset}: {short(self.told)} told as of {self.as_of_ms}, and no balance since, though it "
            f"moved by {short(self.delta)}{_named(self.sources)}"
        )


def _named(sources: tuple[str, ...]) -> str:
    return f" (the newest: {', '.join(sources)})" if sources else ""


class Thread(msgspec.Struct, frozen=True):
    """One asset: its first balance, the one to be judged next, the newest; what flows make of the first until
    the mark; the flows after that.
    """

    begun_ms: int = 0
    mark: Mark | None = None
    newest: Mark | None = None
    expected: Decimal = ZERO
    flows: tuple[Flow, ...] = ()
    since_ms: int = 0
    sources: tuple[str, ...] = ()
    source_count: int = 0
    rounding: Decimal = ZERO
    unexplained: Decimal = ZERO
    alarmed: bool = False

    def told(self, mark: Mark) -> "Thread":
        """A balance; the same where a newer one was told. Of two of one moment the later heard counts."""
        if self.mark is None or self.newest is None or mark.as_of_ms == self.begun_ms == self.newest.as_of_ms:
            later = tuple(flow for flow in self.flows if flow.time_ms > mark.as_of_ms)
            return Thread(mark.as_of_ms, mark, mark, mark.total, later, mark.as_of_ms)
        if mark.as_of_ms < self.newest.as_of_ms:
            return self
        known = replace(self, newest=mark, alarmed=False)
        return known.advanced() if mark.as_of_ms == self.mark.as_of_ms else known

    def flowed(self, flow: Flow) -> "Thread":
        """Something moved; the same where the first balance has it already."""
        if self.mark is None:
            return replace(self, flows=_fewer((*self.flows, flow)))
        if flow.time_ms <= self.begun_ms:
            return self
        if flow.time_ms <= self.mark.as_of_ms:
            return self._counted((flow,))
        longer = replace(self, flows=(*self.flows, flow))
        if len(longer.flows) <= MOST_FLOWS:
            return longer
        longer = longer.advanced()
        return replace(longer, flows=_fewer(longer.flows))

    def advanced(self) -> "Thread":
        """With the newest balance as the mark."""
        if self.newest is None:
            return self
        until_ms = self.newest.as_of_ms
        due = [flow for flow in self.flows if flow.time_ms <= until_ms]
        left = tuple(flow for flow in self.flows if flow.time_ms > until_ms)
        return replace(self._counted(due), mark=self.newest, flows=left)

    def _counted(self, flows: Iterable[Flow]) -> "Thread":
        now = self
        for flow in flows:
            now = replace(
                now,
                expected=EXACT.add(now.expected, flow.delta),
                sources=(*now.sources, flow.source)[-SHOWN_SOURCES:],
                source_count=now.source_count + 1,
                rounding=EXACT.add(now.rounding, flow.rounding),
            )
        return now


def _fewer(flows: tuple[Flow, ...]) -> tuple[Flow, ...]:
    """The two oldest as one, where they are too many."""
    if len(flows) <= MOST_FLOWS:
        return flows
    one, two, *others = sorted(flows, key=lambda flow: flow.time_ms)
    rounding = EXACT.add(one.rounding, two.rounding)
    return Flow(two.time_ms, EXACT.add(one.delta, two.delta), two.source, rounding), *others


def judged(asset: str, thread: Thread, until_ms: int) -> tuple[Thread, list[Difference | Untold]]:
    """The thread after judging every balance that is no newer than `until_ms`, and what was found."""
    found: list[Difference | Untold] = []
    while thread.mark is not None and thread.mark.as_of_ms <= until_ms:
        thread, differences = _judged(asset, thread, thread.mark)
        found += differences
        if thread.mark == thread.newest:
            break
        thread = thread.advanced()
    late = tuple(flow for flow in thread.flows if flow.time_ms <= until_ms)
    if late and not thread.alarmed and thread.mark is not None:
        delta = sum_of(flow.delta for flow in late)
        sources = tuple(flow.source for flow in late)[-SHOWN_SOURCES:]
        found.append(Untold(asset, thread.mark.total, thread.mark.as_of_ms, delta, sources))
        thread = replace(thread, alarmed=True)
    return thread, found


def _judged(asset: str, thread: Thread, mark: Mark) -> tuple[Thread, list[Difference]]:
    difference = EXACT.subtract(mark.total, thread.expected)
    unexplained = EXACT.add(thread.unexplained, difference)
    if EXACT.abs(unexplained) <= thread.rounding:
        unexplained = ZERO
    after = replace(
        thread,
        expected=mark.total,
        unexplained=unexplained,
        since_ms=mark.as_of_ms,
        sources=(),
        source_count=0,
        rounding=ZERO,
    )
    if not difference:
        return after, []
    said = Difference(
        asset=asset,
        expected=thread.expected,
        told=mark.total,
        difference=difference,
        unexplained=unexplained,
        rounding=thread.rounding,
        since_ms=thread.since_ms,
        as_of_ms=mark.as_of_ms,
        sources=thread.sources,
        source_count=thread.source_count,
    )
    return after, [said]


def sum_of(amounts: Iterable[Decimal]) -> Decimal:
    """The exact sum."""
    total = ZERO
    for amount in amounts:
        total = EXACT.add(total, amount)
    return total
