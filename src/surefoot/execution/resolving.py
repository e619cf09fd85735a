"""The story of a doubt: looked for until evidence ends it, never sent again meanwhile (RETRY-3; pure)."""

from math import inf

from surefoot.errors import HeldBack, JournalError, NoAnswer, NotDelivered, ProtocolViolation, Refused
from surefoot.execution import entries
from surefoot.execution.evidence import Impostor, found, read
from surefoot.execution.port import Port
from surefoot.execution.records import Submission
from surefoot.execution.resolution import Doubt, Look
from surefoot.spot.account import GetOrder
from surefoot.spot.order_replace import AmendOrder, CancelReplace
from surefoot.values import UNSET

_PASSING = (NoAnswer, NotDelivered, HeldBack, ProtocolViolation, Refused)
_PAUSE_MS = 1_000
_LONG_AGO_MS = 600_000
"""No clock is wrong by so much and believed."""


async def resolve(port: Port, id: str, sent_ms: float | None = None) -> None:
    """Return once it is known what became of the submission `id`; what was found is noted, and committed.
    `sent_ms` is when it was sent (`Port.elapsed_ms`), where that was in this life.

    Evidence over whichever way ends it: an event of the user stream, or a look of our own. There is no time
    limit while the exchange does not answer: nobody can know then.
    """
    submission = port.views.orders.submissions[id]
    sent_ms = _sent_by(port, submission) if sent_ms is None else sent_ms
    doubt = Doubt(submission.fence_ms, port.now_ms(), port.times, sent_ms=sent_ms)
    while not _is_over(port, submission):
        look = doubt.next()
        if await port.until(lambda: _is_over(port, submission), look.at_ms):
            break
        try:
            if await _looked(port, submission, doubt, look):
                break
        except _PASSING:
            await port.until(lambda: _is_over(port, submission), port.now_ms() + _PAUSE_MS)
    await _conclude(port, submission)


def _sent_by(port: Port, submission: Submission) -> float:
    """When it was sent at the latest, by the clock that nobody sets: it was in an earlier life."""
    long_ago = port.now_ms() - submission.entry.at_ms > _LONG_AGO_MS
    return -inf if long_ago else port.elapsed_ms()


def _is_over(port: Port, submission: Submission) -> bool:
    """Whether anything shows by now that it happened, or somebody else found out that it did not."""
    orders = port.views.orders
    if submission.id not in orders.submissions:
        return True
    if isinstance(submission.request, AmendOrder):
        return _is_amended(port, submission.request)
    known = (orders.shelf.get(id) for id in submission.orders)
    return any(order is not None and order.order_id is not None for order in known)


def _is_amended(port: Port, request: AmendOrder) -> bool:
    """Whether the order is known to be as small as it was to become."""
    shelf = port.views.orders.shelf
    if request.order_id is not UNSET:
        order = shelf.by_order_id(request.symbol, request.order_id)
    else:
        order = shelf.get(request.orig_client_order_id or "")
    return order is not None and order.qty == request.new_qty


async def _looked(port: Port, submission: Submission, doubt: Doubt, look: Look) -> bool:
    """Look once; whether that ended the doubt."""
    past = doubt.past_fence(port.now_ms(), port.elapsed_ms())
    whole = past and await port.whole_since(submission.id)
    if _is_over(port, submission):
        return True
    try:
        told = await found(port, submission, thorough=look.thorough)
    except Impostor as impostor:
        port.note(entries.Anomaly(at_ms=port.now_ms(), what="impostor", text=str(impostor), id=submission.id))
        told = ()
    if told:
        port.note(*told)
        return True
    if _is_over(port, submission):
        return True
    evidence = doubt.missed(look, port.now_ms(), whole=whole, elapsed_ms=port.elapsed_ms())
    if evidence is None:
        return False
    port.note(entries.NotPlaced(at_ms=port.now_ms(), id=submission.id, because="absent", text=evidence))
    return True


async def _conclude(port: Port, submission: Submission) -> None:
    """Note that it happened, if it did; and what became of the order that it was to replace."""
    if submission.id in port.views.orders.submissions:
        port.note(entries.Resolved(at_ms=port.now_ms(), id=submission.id, evidence="found"))
    if isinstance(submission.request, CancelReplace):
        await _look_at_the_old_one(port, submission.request)
    if not await port.until(lambda: not _is_half_known(port, submission), port.now_ms() + _PAUSE_MS):
        await _look_at_the_rest(port, submission)
    try:
        await port.commit()
    except JournalError as error:  # it is known all the same: the next start finds out again
        port.note(entries.Tripped(at_ms=port.now_ms(), reason=str(error)))


def _is_half_known(port: Port, submission: Submission) -> bool:
    """Whether some orders of a list are known to exist, and of others nothing is known."""
    known = [port.views.orders.shelf.get(id) for id in submission.orders]
    unread = [order is None or order.in_flight for order in known]
    return any(unread) and not all(unread)


async def _look_at_the_rest(port: Port, submission: Submission) -> None:
    """One order of a list shows that it exists: read all of it."""
    try:
        port.note(*await found(port, submission, thorough=False))
    except _PASSING:
        return  # whoever needs to know looks again


async def _look_at_the_old_one(port: Port, request: CancelReplace) -> None:
    query = GetOrder(
        symbol=request.symbol,
        order_id=request.cancel_order_id,
        orig_client_order_id=request.cancel_orig_client_order_id,
    )
    try:
        port.note(*await read(port, await port.ask(query)))
    except _PASSING:
        return  # reconciliation looks again
