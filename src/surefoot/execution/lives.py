"""The lives of orders and lists, as tables: what is not in them cannot happen (TRACK-4; pure).

An order lives from the moment at which it is meant. Until the exchange has spoken it is one of ours only;
from then on it is in one of the exchange's own states.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from surefoot.spot.enums import OrderStatus


class OrderState(StrEnum):
    """Where an order is. The last nine are the exchange's own."""

    SUBMITTED = "SUBMITTED"
    """Committed to the journal, sent or about to be; no answer yet."""
    UNKNOWN = "UNKNOWN"
    """Sent, and then silence: it is being looked for."""
    NOT_PLACED = "NOT_PLACED"
    """Refused, not delivered, or proven absent."""
    PENDING_NEW = "PENDING_NEW"
    NEW = "NEW"
    PARTIALLY_FILLED = "PARTIALLY_FILLED"
    FILLED = "FILLED"
    CANCELED = "CANCELED"
    PENDING_CANCEL = "PENDING_CANCEL"
    REJECTED = "REJECTED"
    EXPIRED = "EXPIRED"
    EXPIRED_IN_MATCH = "EXPIRED_IN_MATCH"


_S = OrderState

IN_FLIGHT = frozenset({_S.SUBMITTED, _S.UNKNOWN})
"""Nobody knows yet whether the order exists."""

OPEN = frozenset({_S.PENDING_NEW, _S.NEW, _S.PARTIALLY_FILLED, _S.PENDING_CANCEL})
"""It exists, and may still fill."""

FINAL = frozenset({_S.FILLED, _S.CANCELED, _S.REJECTED, _S.EXPIRED, _S.EXPIRED_IN_MATCH})
"""It never changes again."""

ORDER_LIFE: Mapping[OrderState, frozenset[OrderState]] = MappingProxyType(
    {
        _S.SUBMITTED: frozenset({_S.UNKNOWN, _S.NOT_PLACED}) | OPEN | FINAL,
        _S.UNKNOWN: frozenset({_S.NOT_PLACED}) | OPEN | FINAL,
        _S.NOT_PLACED: OPEN | FINAL,  # a late surprise, recorded as an anomaly
        _S.PENDING_NEW: frozenset({_S.NEW, _S.PARTIALLY_FILLED, _S.PENDING_CANCEL}) | FINAL,
        _S.NEW: frozenset({_S.PARTIALLY_FILLED, _S.PENDING_CANCEL}) | FINAL,
        _S.PARTIALLY_FILLED: frozenset({_S.PENDING_CANCEL}) | FINAL,
        _S.PENDING_CANCEL: frozenset({_S.PARTIALLY_FILLED}) | FINAL,
        **{state: frozenset[OrderState]() for state in sorted(FINAL)},
    }
)
"""From each state, those that may follow. Nothing follows a final one."""


def state_of(status: OrderStatus) -> OrderState | None:
    """The state that the exchange's word means; None for a word that this version does not know."""
    return OrderState(status) if status.known else None


def may_follow(now: OrderState, then: OrderState) -> bool:
    """Whether an order in one state may be in the other one next; staying is no step."""
    return now is then or then in ORDER_LIFE[now]


class ListState(StrEnum):
    """Where an order list is."""

    SUBMITTED = "SUBMITTED"
    UNKNOWN = "UNKNOWN"
    NOT_PLACED = "NOT_PLACED"
    EXECUTING = "EXECUTING"
    ALL_DONE = "ALL_DONE"
    REJECT = "REJECT"


_L = ListState

LIST_LIFE: Mapping[ListState, frozenset[ListState]] = MappingProxyType(
    {
        _L.SUBMITTED: frozenset({_L.UNKNOWN, _L.NOT_PLACED, _L.EXECUTING, _L.ALL_DONE, _L.REJECT}),
        _L.UNKNOWN: frozenset({_L.NOT_PLACED, _L.EXECUTING, _L.ALL_DONE, _L.REJECT}),
        _L.NOT_PLACED: frozenset({_L.EXECUTING, _L.ALL_DONE}),  # a late surprise
        _L.EXECUTING: frozenset({_L.ALL_DONE}),  # to a living list, REJECT answers an action that failed
        _L.ALL_DONE: frozenset(),
        _L.REJECT: frozenset(),
    }
)
"""The same for lists; a list is done when all its orders are."""

LIST_OVER = frozenset({_L.ALL_DONE, _L.REJECT, _L.NOT_PLACED})
"""Where nothing more comes of a list, but for a surprise."""


def list_state_of(status: str) -> ListState | None:
    """The state that the exchange's word means; None for a word that this version does not know."""
    return next((state for state in ListState if state == status), None)
