"""The story of everything that can add exposure: written down, then sent, then known (pure).

It is written down, with the last moment at which it may be signed, in the same turn in which the operator's
limits admit it; it leaves once that is safe; whatever comes back is written down; silence is resolved.
"""

from typing import Any

import msgspec

from surefoot.errors import (
    Happened,
    HeldBack,
    JournalError,
    Misuse,
    NoAnswer,
    NotDelivered,
    NotPlaced,
    OrderRefused,
    PartlyDone,
    PolicyRefusal,
    ProtocolViolation,
    Refused,
    SurefootError,
)
from surefoot.execution import entries
from surefoot.execution.evidence import Impostor, found
from surefoot.execution.port import Port
from surefoot.execution.requests import id_of, spelled
from surefoot.execution.resolving import resolve
from surefoot.rules.legs import legs_of
from surefoot.spot.codes import UNKNOWN_EXECUTION
from surefoot.spot.order_replace import AmendAnswer, CancelReplace, CancelReplaceAnswer, ListReplaceAnswer
from surefoot.spot.orders import CancelAnswer, CanceledList, OrderAnswer, OrderListAnswer
from surefoot.spot.request import Request

_DUPLICATE = "Duplicate order sent"
_NEVER_MS = 0


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """How a request is submitted: how long it may wait for its signature, what it is signed with, whether it
    is the way out of a position, and what the journal says besides (`entries.Submitted`).
    """

    sign_within_ms: int
    recv_window_ms: int
    again: int = 0
    instead_of: str | None = None
    bracket: str | None = None
    reduces: bool = False


def submitted(port: Port, request: Request[Any], terms: Terms) -> entries.Submitted:
    """Admit it by the operator's limits and write it down, in one turn: the entry is the reservation. Raises
    `PolicyRefusal`, and `Misuse` where one of its ids is known already: what became of that one must not be
    taken for what becomes of this one. Nothing may be sent before a commit.
    """
    _must_be_new(port, request)
    now_ms = port.now_ms()
    notional = port.views.admit(request, now_ms, reduces=terms.reduces)
    entry = entries.Submitted(
        at_ms=now_ms,
        id=id_of(request),
        name=type(request).__name__,
        symbol=str(request.symbol),  # type: ignore[attr-defined]
        request=spelled(request),
        sign_before_ms=now_ms + terms.sign_within_ms,
        recv_window_ms=terms.recv_window_ms,
        again=terms.again,
        instead_of=terms.instead_of,
        bracket=terms.bracket,
        notional=str(notional),
    )
    port.note(entry)
    return entry


def _must_be_new(port: Port, request: Request[Any]) -> None:
    orders = port.views.orders
    legs = (leg.order.new_client_order_id for leg in legs_of(request))
    used = [id for id in legs if orders.shelf.get(str(id)) is not None]
    id = id_of(request)
    if id in orders.submissions or id in orders.shelf.lists:
        used.append(id)
    if used:
        raise Misuse(f"client order id {used[0]}: the journal knows it already; every order needs a new one")


async def carry_out(port: Port, request: Request[Any], entry: entries.Submitted) -> None:
    """Send what was written down, and return once it is known that it happened.

    Raises the refusal or what kept it from being sent; `NotPlaced` where it was unknown and did not happen;
    `PartlyDone` where half of it did.
    """
    try:
        await port.commit()
    except JournalError as error:
        now_ms = port.now_ms()
        port.note(_not_placed(port, entry.id, error), entries.Tripped(at_ms=now_ms, reason=str(error)))
        raise
    _must_go_on(port, entry)
    sent_ms = port.elapsed_ms()
    try:
        answer = await port.send(
            request, recv_window_ms=entry.recv_window_ms, sign_before_ms=lambda: _sign_before_ms(port, entry)
        )
    except HeldBack as error:
        _must_go_on(port, entry)
        await _went_wrong(port, entry, error, sent_ms)
    except SurefootError as error:
        await _went_wrong(port, entry, error, sent_ms)
    else:
        port.note(*answered(port.now_ms(), entry.id, answer))


def _sign_before_ms(port: Port, entry: entries.Submitted) -> int:
    """The last moment at which it may be signed: it is past once trading is stopped."""
    return entry.sign_before_ms if port.views.tripped is None else _NEVER_MS


def _must_go_on(port: Port, entry: entries.Submitted) -> None:
    """Raises `PolicyRefusal` where trading was stopped since it was written down."""
    if (stopped := port.views.tripped) is not None:
        refusal = PolicyRefusal("trading is stopped", stopped, entry.name)
        port.note(_not_placed(port, entry.id, refusal))
        raise refusal


def answered(now_ms: int, id: str, answer: Any) -> tuple[entries.Entry, ...]:
    """The answer to a request, as entries."""
    match answer:
        case OrderAnswer():
            return (entries.Placed(at_ms=now_ms, id=id, answer=answer),)
        case OrderListAnswer():
            return (entries.ListPlaced(at_ms=now_ms, id=id, answer=answer),)
        case AmendAnswer():
            return (entries.Amended(at_ms=now_ms, id=id, answer=answer),)
        case CancelAnswer():
            return (entries.Canceled(at_ms=now_ms, answer=answer),)
        case CanceledList():
            return (entries.ListCanceled(at_ms=now_ms, answer=answer),)
        case CancelReplaceAnswer() | ListReplaceAnswer():
            cancelled = answered(now_ms, id, answer.cancel_response)
            return (*cancelled, *answered(now_ms, id, answer.new_order_response))
    raise AssertionError(answer)


async def _went_wrong(port: Port, entry: entries.Submitted, error: SurefootError, sent_ms: float) -> None:
    """Returns where it happened all the same; raises otherwise."""
    if isinstance(error, PartlyDone):
        if _is_doubtful(error):
            port.note(*answered(port.now_ms(), entry.id, error.done))
            await _in_doubt(port, entry, error, sent_ms)
            return
        _partly(port, entry.id, error)
        raise error
    if error.happened is Happened.UNKNOWN:
        await _in_doubt(port, entry, error, sent_ms)
        return
    if isinstance(error, OrderRefused) and _DUPLICATE in (error.message or ""):
        await _duplicate(port, entry, error, sent_ms)
        return
    port.note(_not_placed(port, entry.id, error))
    raise error


async def _in_doubt(port: Port, entry: entries.Submitted, error: SurefootError, sent_ms: float) -> None:
    fence_ms = error.facts.too_late_after_ms or entry.sign_before_ms + entry.recv_window_ms
    doubt = entries.InDoubt(at_ms=port.now_ms(), id=entry.id, reason=str(error), too_late_after_ms=fence_ms)
    port.note(doubt)
    await resolve(port, entry.id, sent_ms)
    must_have_happened(port, entry.id, error)


def must_have_happened(port: Port, id: str, error: SurefootError | None = None) -> None:
    """Raises `NotPlaced` where it is known that it did not."""
    gone = port.views.orders.not_placed.get(id)
    if gone is not None:
        facts = None if error is None else error.facts
        raise NotPlaced(f"{id} did not happen, and cannot any more: {gone.text}", facts) from error


async def _duplicate(port: Port, entry: entries.Submitted, error: OrderRefused, sent_ms: float) -> None:
    """Another order has the id: it is the one that was meant, or the refusal stands (ORDER-4)."""
    submission = port.views.orders.submissions[entry.id]
    try:
        told = await found(port, submission, thorough=False)
    except Impostor as impostor:
        port.note(_not_placed(port, entry.id, error))
        raise OrderRefused(f"{error}; {impostor}", error.facts) from error
    except (NoAnswer, NotDelivered, ProtocolViolation, Refused):
        await _in_doubt(port, entry, error, sent_ms)
        return
    if not told:
        port.note(_not_placed(port, entry.id, error))
        raise error
    port.note(*told, entries.Resolved(at_ms=port.now_ms(), id=entry.id, evidence="its id was there already"))


def _not_placed(port: Port, id: str, error: SurefootError) -> entries.NotPlaced:
    because = "refused" if isinstance(error, Refused | PartlyDone) else "not delivered"
    return entries.NotPlaced(
        at_ms=port.now_ms(), id=id, because=because, text=str(error), code=error.facts.code
    )


def _is_doubtful(error: PartlyDone) -> bool:
    """Whether the old order is gone, and nobody knows whether the new one came."""
    gone = isinstance(error.done, CancelAnswer | CanceledList)
    return gone and getattr(error.refused, "code", None) in UNKNOWN_EXECUTION


def _partly(port: Port, id: str, error: PartlyDone) -> None:
    """Half of a cancelReplace: what happened, and what did not."""
    now_ms, done = port.now_ms(), error.done
    if isinstance(done, OrderAnswer):
        request: CancelReplace | None = error.request
        port.note(
            *answered(now_ms, id, done),
            entries.CancelRefused(
                at_ms=now_ms,
                symbol=done.symbol,
                text=str(error.refused),
                order_id=None if request is None else request.cancel_order_id or None,
            ),
        )
        return
    if isinstance(done, CancelAnswer | CanceledList):
        port.note(*answered(now_ms, id, done))
    port.note(_not_placed(port, id, error))
