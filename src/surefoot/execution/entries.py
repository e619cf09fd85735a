"""What a journal remembers, one frozen struct each, in the exchange's own words where it spoke (TRACK-1).

Whatever is meant is written before it leaves; whatever is heard is written as it was heard. Everything that
is known of an account (`views`) is a fold of these, so that it can be thrown away and made again. `at_ms` is
always on the exchange's clock, as measured. Old entries must stay readable: fields are only ever added, with
defaults.
"""

from decimal import Decimal

import msgspec

from surefoot.execution.bracket import BracketState, Plan
from surefoot.spot.account import Account, Order, Trade
from surefoot.spot.events.user import (
    BalanceUpdate,
    ExecutionReport,
    ExternalLockUpdate,
    ListStatus,
    OutboundAccountPosition,
)
from surefoot.spot.order_replace import AmendAnswer
from surefoot.spot.orders import CancelAnswer, CanceledList, OrderAnswer, OrderList, OrderListAnswer


class Entry(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", omit_defaults=True, gc=False):
    """Something meant or heard at `at_ms`."""

    at_ms: int


class Opened(Entry, frozen=True, tag="opened"):
    """A trader began to use the journal. `life` counts them from 1."""

    version: str
    life: int


class Listed(Entry, frozen=True, tag="listed"):
    """What a symbol trades: noted before its first order."""

    symbol: str
    base: str
    quote: str


class Baseline(Entry, frozen=True, tag="baseline"):
    """The account's executions of `symbol` up to `trade_id` were before anything that is remembered here (-1:
    there were none).
    """

    symbol: str
    trade_id: int


class Submitted(Entry, frozen=True, tag="submitted"):
    """About to be sent: whatever it becomes, it is looked for. Committed before its first byte leaves.

    `id` is the client order id (of a list, the list's). `request` is the request's struct, named `name`. No
    signature is made after `sign_before_ms`; so with `recv_window_ms` there is a moment from which on the
    exchange must refuse it. `again` says how often it may be placed anew, under a new id, if it turns out
    not to have been placed; `instead_of` is the id that it is placed anew for. `bracket` is the bracket that
    it belongs to. `notional` is what the operator's limits count it as, in the quote asset.
    """

    id: str
    name: str
    symbol: str
    request: msgspec.Raw
    sign_before_ms: int
    recv_window_ms: int
    again: int = 0
    instead_of: str | None = None
    bracket: str | None = None
    notional: str | None = None


class Placed(Entry, frozen=True, tag="placed"):
    """The exchange took the order `id`."""

    id: str
    answer: OrderAnswer


class ListPlaced(Entry, frozen=True, tag="listPlaced"):
    """The exchange took the order list `id`."""

    id: str
    answer: OrderListAnswer


class Amended(Entry, frozen=True, tag="amended"):
    """The exchange made an order smaller; `id` is that of the amendment."""

    id: str
    answer: AmendAnswer


class NotPlaced(Entry, frozen=True, tag="notPlaced"):
    """`id` did not happen. `because` is "refused", "not delivered" or "absent"; `code`, `text` say more."""

    id: str
    because: str
    text: str
    code: int | None = None


class InDoubt(Entry, frozen=True, tag="inDoubt"):
    """`id` was sent, and then silence: the exchange must refuse it after `too_late_after_ms`."""

    id: str
    reason: str
    too_late_after_ms: int


class Resolved(Entry, frozen=True, tag="resolved"):
    """`id` was in doubt and is found (what was found is an entry of its own, before this one)."""

    id: str
    evidence: str


class CancelAsked(Entry, frozen=True, tag="cancelAsked"):
    """An order, or a list, is to be cancelled."""

    symbol: str
    order_id: int | None = None
    id: str | None = None


class Canceled(Entry, frozen=True, tag="canceled"):
    """The exchange cancelled an order."""

    answer: CancelAnswer


class ListCanceled(Entry, frozen=True, tag="listCanceled"):
    """The exchange cancelled an order list."""

    answer: CanceledList


class CancelRefused(Entry, frozen=True, tag="cancelRefused"):
    """The exchange did not cancel."""

    symbol: str
    text: str
    order_id: int | None = None
    id: str | None = None
    code: int | None = None


class Reported(Entry, frozen=True, tag="reported"):
    """The user stream told of an order."""

    event: ExecutionReport


class ListReported(Entry, frozen=True, tag="listReported"):
    """The user stream told of a list."""

    event: ListStatus


class Positioned(Entry, frozen=True, tag="positioned"):
    """The user stream told balances."""

    event: OutboundAccountPosition


class Moved(Entry, frozen=True, tag="moved"):
    """The user stream told of a deposit, a withdrawal, a transfer."""

    event: BalanceUpdate


class Locked(Entry, frozen=True, tag="locked"):
    """The user stream told that something outside locked or unlocked a part of a balance."""

    event: ExternalLockUpdate


class OrderRead(Entry, frozen=True, tag="orderRead"):
    """The exchange was asked, and answered with this order."""

    order: Order


class ListRead(Entry, frozen=True, tag="listRead"):
    """The exchange was asked, and answered with this list."""

    list: OrderList


class TradeRead(Entry, frozen=True, tag="tradeRead"):
    """The exchange was asked, and answered with this execution."""

    trade: Trade


class AccountRead(Entry, frozen=True, tag="accountRead"):
    """The exchange was asked for the account's balances."""

    account: Account


class GapSeen(Entry, frozen=True, tag="gap"):
    """The user stream was deaf: what happened meanwhile is read (`Resynced` says when that is done)."""

    since_ms: int
    until_ms: int
    reason: str


class Resynced(Entry, frozen=True, tag="resynced"):
    """All that a gap, or the time without a trader, may have hidden has been read."""


class Anomaly(Entry, frozen=True, tag="anomaly"):
    """Something that should not be. `what` is a short fixed name, `text` a sentence with all ids."""

    what: str
    text: str
    id: str | None = None


class Tripped(Entry, frozen=True, tag="tripped"):
    """Trading was stopped: by the kill switch, or because going on would be guessing."""

    reason: str


class Armed(Entry, frozen=True, tag="armed"):
    """An operator allowed trading again."""

    reason: str


class BracketMoved(Entry, frozen=True, tag="bracket"):
    """A bracket is about to do what `state` says.

    `plan` is what was asked for, the first time. `ids` are those of the orders that it is about to place, by
    role: they take the place of earlier ones but the entry's. `left` is what is owned of it and not sold, in
    the base asset, once the entry is over. What is owned is unprotected from `exposed_since_ms` on, until the
    move into a state that ends that, or until `exposed_until_ms`. `close`: its owner wants it closed at the
    market, too. `text` says why.
    """

    id: str
    state: BracketState
    plan: Plan | None = None
    ids: dict[str, str] = {}
    left: Decimal | None = None
    exposed_since_ms: int | None = None
    exposed_until_ms: int | None = None
    close: bool = False
    text: str = ""


AnyEntry = (
    Opened
    | Listed
    | Baseline
    | Submitted
    | Placed
    | ListPlaced
    | Amended
    | NotPlaced
    | InDoubt
    | Resolved
    | CancelAsked
    | Canceled
    | ListCanceled
    | CancelRefused
    | Reported
    | ListReported
    | Positioned
    | Moved
    | Locked
    | OrderRead
    | ListRead
    | TradeRead
    | AccountRead
    | GapSeen
    | Resynced
    | Anomaly
    | Tripped
    | Armed
    | BracketMoved
)
