"""A bracket: an entry, and what leaves it at a profit or at a loss. Its life is a table (ORDER-5; pure).

The flow over it is `bracketing`; what the journal remembers of it is folded by `brackets`.
"""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

import msgspec

from surefoot.errors import Misuse
from surefoot.execution.intent import LimitOrder, MarketOrder
from surefoot.rules.symbols import SymbolRules
from surefoot.spot.enums import OrderType, Side, TimeInForce
from surefoot.values import UNSET, Money, UnsetType, money, optional_money


class Bracket(msgspec.Struct, frozen=True):
    """Buy by `entry`; sell what was bought at `take_profit`, or at the market once the price has fallen to
    `stop_loss` (with `stop_limit`: at that price or better). An entry that is filled in part for
    `partial_patience_ms` is not filled further: what is owned by then is protected.
    """

    entry: LimitOrder | MarketOrder
    take_profit: Money
    stop_loss: Money
    stop_limit: Money | UnsetType = UNSET
    partial_patience_ms: int = 2_000


class Way(StrEnum):
    """How the exchange is asked for a bracket."""

    OPOCO = "OPOCO"
    """One list, which sells what it bought."""
    OTOCO = "OTOCO"
    """One list of fixed quantities: only where the commission takes nothing of what is bought."""
    FOLLOWED = "FOLLOWED"
    """The entry alone, then an OCO on what is owned."""


class Plan(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A bracket as the journal keeps it, and the way that was chosen. Without `price` it enters at the
    market, for a `quantity` or for an amount of `quote`.
    """

    symbol: str
    way: Way
    take_profit: Decimal
    stop_loss: Decimal
    partial_patience_ms: int
    stop_limit: Decimal | None = None
    price: Decimal | None = None
    quantity: Decimal | None = None
    quote: Decimal | None = None
    time_in_force: TimeInForce = TimeInForce.GTC

    @property
    def is_native(self) -> bool:
        """Whether entry and protection are one list of the exchange's."""
        return self.way is not Way.FOLLOWED


class BracketState(StrEnum):
    """Where a bracket is."""

    ENTERING = "ENTERING"
    """The entry is on its way, or open."""
    TRIMMING = "TRIMMING"
    """Filled in part for too long: the rest of the entry is being cancelled."""
    PROTECTING = "PROTECTING"
    """An OCO on what is owned is on its way."""
    PROTECTED = "PROTECTED"
    """Take-profit and stop are open; or one of them is being executed."""
    RENEWING = "RENEWING"
    """The take-profit was filled in part, which ended the stop: its rest is being cancelled."""
    CLOSING = "CLOSING"
    """What is owned is being sold at the market."""
    WITHDRAWING = "WITHDRAWING"
    """Its owner cancelled it: entry and protection are being cancelled."""
    NOT_ENTERED = "NOT_ENTERED"
    """Over: nothing was bought."""
    CLOSED = "CLOSED"
    """Over: what was bought is sold, but for what is too small to be sold."""
    DUST = "DUST"
    """Over: what was bought is too small to be sold, and is left."""
    RELEASED = "RELEASED"
    """Over: its owner keeps what was bought, without protection."""


_S = BracketState
OVER = frozenset({_S.NOT_ENTERED, _S.CLOSED, _S.DUST, _S.RELEASED})
"""It never changes again."""

ON_THE_MOVE = frozenset({_S.TRIMMING, _S.PROTECTING, _S.RENEWING, _S.CLOSING, _S.WITHDRAWING})
"""It will be elsewhere soon: what leaves a trader waits for these."""

BRACKET_LIFE: Mapping[BracketState, frozenset[BracketState]] = MappingProxyType(
    {
        _S.ENTERING: frozenset(
            {_S.TRIMMING, _S.PROTECTING, _S.PROTECTED, _S.WITHDRAWING, _S.NOT_ENTERED, _S.DUST}
        ),
        _S.TRIMMING: frozenset({_S.PROTECTING, _S.PROTECTED, _S.WITHDRAWING, _S.DUST}),
        _S.PROTECTING: frozenset(
            {_S.PROTECTING, _S.PROTECTED, _S.CLOSING, _S.WITHDRAWING, _S.CLOSED, _S.DUST}
        ),
        _S.PROTECTED: frozenset({_S.RENEWING, _S.PROTECTING, _S.WITHDRAWING, _S.CLOSED, _S.DUST}),
        _S.RENEWING: frozenset({_S.PROTECTING, _S.WITHDRAWING, _S.CLOSED, _S.DUST}),
        _S.CLOSING: frozenset({_S.CLOSING, _S.CLOSED, _S.DUST}),
        _S.WITHDRAWING: frozenset(
            {_S.WITHDRAWING, _S.CLOSING, _S.RELEASED, _S.CLOSED, _S.NOT_ENTERED, _S.DUST}
        ),
        **{state: frozenset[BracketState]() for state in sorted(OVER)},
    }
)
"""From each state, those that may follow; to itself: the same once more, under new ids."""


def planned(bracket: Bracket, rules: SymbolRules, commission: Decimal | None) -> Plan:
    """The plan of a bracket; `commission` is the largest share of what is bought that it may take: zero
    where it is known to take nothing, None where nobody says.

    Raises `Misuse` for what cannot be meant, and for what the symbol does not take.
    """
    entry = bracket.entry
    if entry.side != Side.BUY:
        raise Misuse(f"a bracket whose entry is a {entry.side}: only entries that BUY are supported")
    limit = money("stop_limit", bracket.stop_limit) if bracket.stop_limit is not UNSET else None
    plan = Plan(
        symbol=entry.symbol,
        way=_way(entry, rules, keeps_whole=commission == 0),
        take_profit=money("take_profit", bracket.take_profit),
        stop_loss=money("stop_loss", bracket.stop_loss),
        partial_patience_ms=bracket.partial_patience_ms,
        stop_limit=limit,
        price=money("price", entry.price) if isinstance(entry, LimitOrder) else None,
        quantity=optional_money("quantity", entry.quantity) or None,
        quote=(optional_money("quote", entry.quote) or None) if isinstance(entry, MarketOrder) else None,
        time_in_force=entry.time_in_force if isinstance(entry, LimitOrder) else TimeInForce.GTC,
    )
    _sensible(plan)
    _offered(plan, rules)
    return plan


def _way(entry: LimitOrder | MarketOrder, rules: SymbolRules, *, keeps_whole: bool) -> Way:
    """The first that is possible; what trades at the market cannot be the first order of a list."""
    if isinstance(entry, MarketOrder):
        return Way.FOLLOWED
    if {"opoAllowed", "ocoAllowed"} <= rules.capabilities:
        return Way.OPOCO
    if keeps_whole and {"otoAllowed", "ocoAllowed"} <= rules.capabilities:
        return Way.OTOCO
    return Way.FOLLOWED


def _sensible(plan: Plan) -> None:
    if (plan.quantity is None) is (plan.quote is None):
        raise Misuse("the entry has a quantity (base asset) or a quote amount: one of them, not both")
    if not 0 < plan.stop_loss < plan.take_profit:
        raise Misuse(f"stop_loss {plan.stop_loss} is not between 0 and take_profit {plan.take_profit}")
    if plan.price is not None and not plan.stop_loss < plan.price < plan.take_profit:
        raise Misuse(
            f"price {plan.price} is not between stop_loss {plan.stop_loss} and take_profit {plan.take_profit}"
        )
    if plan.stop_limit is not None and not 0 < plan.stop_limit <= plan.stop_loss:
        raise Misuse(f"stop_limit {plan.stop_limit} is not between 0 and stop_loss {plan.stop_loss}")
    if plan.partial_patience_ms < 0:
        raise Misuse(f"partial_patience_ms {plan.partial_patience_ms}: 0 or more")


def _offered(plan: Plan, rules: SymbolRules) -> None:
    if "ocoAllowed" not in rules.capabilities:
        raise Misuse(f"{plan.symbol} takes no OCO lists: a bracket could not be protected")
    for kind in (OrderType.LIMIT_MAKER, stop_type(plan)):
        if kind not in rules.order_types:
            advice = "; give stop_limit=" if kind is OrderType.STOP_LOSS else ""
            raise Misuse(f"{plan.symbol} takes no {kind} orders{advice}")


def stop_type(plan: Plan) -> OrderType:
    """The type of the order that stops the loss."""
    return OrderType.STOP_LOSS if plan.stop_limit is None else OrderType.STOP_LOSS_LIMIT
