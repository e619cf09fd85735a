"""The judge of the operator's limits (ORDER-6): a machine that is asked before anything is submitted (pure).

What it has counted is a fold of the journal's entries, and of nothing else: whoever reads the same journal
counts the same. To ask changes nothing. The `Submitted` entry is the reservation: it has to be applied in
the same synchronous turn in which it was admitted, before anybody else is asked.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Self

import msgspec

from surefoot.errors import JournalError
from surefoot.execution import limits
from surefoot.execution.asked import Asked
from surefoot.execution.entries import (
    Armed,
    Entry,
    Listed,
    ListPlaced,
    NotPlaced,
    Placed,
    Resolved,
    Submitted,
    Tripped,
)
from surefoot.execution.policy import Policy
from surefoot.execution.pricing import Market
from surefoot.execution.spent import Spent, SpentState
from surefoot.execution.standing import Standing, Top
from surefoot.rules.quantise import ZERO
from surefoot.spot.order_lists import CancelOrderList
from surefoot.spot.order_replace import AmendOrder
from surefoot.spot.request import Request
from surefoot.spot.trade import CancelOpenOrders, CancelOrder

__all__ = ["Guard", "GuardState", "Standing", "Top"]

_CANCELS = (CancelOrder, CancelOpenOrders, CancelOrderList)


class GuardState(msgspec.Struct, frozen=True):
    """All that a `Guard` remembers, for a checkpoint. `quotes` is the quote asset by symbol."""

    spent: SpentState = SpentState()
    quotes: dict[str, str] = {}
    tripped: str | None = None


class Guard:
    """Judges by `policy`. `tripped` is why trading was stopped; None while it goes on."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.tripped: str | None = None
        self._spent = Spent()
        self._quotes: dict[str, str] = {}

    @classmethod
    def restored(cls, policy: Policy, state: GuardState) -> Self:
        """As it was when `state` was taken; the policy may be another one."""
        guard = cls(policy)
        guard.tripped = state.tripped
        guard._spent = Spent.restored(state.spent)
        guard._quotes = dict(state.quotes)
        return guard

    def state(self) -> GuardState:
        """What `restored` needs; msgspec can write and read it."""
        return GuardState(self._spent.state(), dict(self._quotes), self.tripped)

    def apply(self, entry: Entry) -> None:
        """Fold in the next entry of the journal; most say nothing here but what time it is.

        Raises `JournalError` for an order on a symbol whose assets were not `Listed` before.
        """
        self._spent.heard(entry.at_ms)
        fold = _FOLDS.get(type(entry))
        if fold is not None:
            fold(self, entry)

    def _listed(self, entry: Listed) -> None:
        self._quotes[entry.symbol] = entry.quote

    def _tripped(self, entry: Tripped) -> None:
        self.tripped = self.tripped or entry.reason

    def _armed(self, _entry: Armed) -> None:
        self.tripped = None

    def _placed(self, entry: Placed | ListPlaced | Resolved) -> None:
        self._spent.placed(entry.id)

    def _given_back(self, entry: NotPlaced) -> None:
        self._spent.give_back(entry.id)

    def _reserve(self, entry: Submitted) -> None:
        if entry.notional is None:
            return
        quote = self._quotes.get(entry.symbol)
        if quote is None:
            raise JournalError(f"{entry.id}: {entry.symbol} was ordered before its assets were noted")
        self._spent.reserve(entry.id, quote, Decimal(entry.notional))

    def admit(
        self, request: Request[Any], now_ms: int, standing: Standing, *, reduces: bool = False
    ) -> Decimal:
        """What the request counts as, in the quote asset: the `notional` of its `Submitted` entry.

        With `reduces` it is the way out of a position: it has to sell no more than is held and not yet on
        sale, and then no cap holds it back, though it counts. Symbols, order types, the band and the kill
        switch hold for it too. A replacement counts in full beside what it replaces. An amendment makes
        smaller, so that it counts nothing; nor does a cancel, which passes when trading was stopped too.

        Raises `PolicyRefusal`, and `Misuse` for what places nothing or cannot be counted.
        """
        cancels = isinstance(request, _CANCELS)
        limits.awake(self.policy, self.tripped, request, cancels=cancels)
        if cancels or isinstance(request, AmendOrder):
            return ZERO
        case = self._case(request, max(now_ms, self._spent.clock_ms), standing)
        if reduces:
            limits.way_out(case)
        else:
            self._judge(case)
        return case.notional

    def _case(self, request: Request[Any], now_ms: int, standing: Standing) -> limits.Case:
        asked, policy = Asked(request), self.policy
        limits.named(policy, asked)
        top = standing.top(asked.symbol)
        market = Market(asked.symbol, top, now_ms, policy.stale_after_ms, policy.band)
        asked.within_band(market)
        quote = standing.pair(asked.symbol)[1]
        return limits.Case(policy, request, asked, market, standing, asked.notional(market), quote)

    def _judge(self, case: limits.Case) -> None:
        """By every limit, those first that are about this order alone."""
        limits.size(case)
        limits.open_orders(case)
        limits.position(case)
        limits.loss(case)
        now_ms = case.market.now_ms
        minute, day = self._spent.in_minute(case.quote, now_ms), self._spent.in_day(case.quote, now_ms)
        limits.turnover(case, minute=minute, day=day)


_FOLDS: Mapping[type[Entry], Callable[[Guard, Any], None]] = MappingProxyType(
    {
        Submitted: Guard._reserve,
        Placed: Guard._placed,
        ListPlaced: Guard._placed,
        Resolved: Guard._placed,
        NotPlaced: Guard._given_back,
        Listed: Guard._listed,
        Tripped: Guard._tripped,
        Armed: Guard._armed,
    }
)
