"""The story of a bracket, from its entry to its end, in whichever life of a trader (ORDER-5; pure).

Every step begins by looking at what is known, and every move is written down before it is acted upon, with
the ids of the orders that it is about to place: whatever a life was killed at, the next one goes on there.
"""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from surefoot.errors import JournalError, Misuse, SurefootError, UnknownOrder
from surefoot.execution import entries
from surefoot.execution.bracket import BRACKET_LIFE, Bracket, BracketState, planned
from surefoot.execution.bracket_exits import close, guard, leave, protect, protection, renew
from surefoot.execution.bracket_orders import (
    ENTRY,
    STOP_LOSS,
    TAKE_PROFIT,
    entry_key,
    entry_request,
    entry_roles,
    must_be_protectable,
)
from surefoot.execution.brackets import BracketRecord, kept
from surefoot.execution.carrying import (
    SOON_MS,
    Carried,
    Submitter,
    cancelled,
    ended,
    executions,
    is_over,
    look,
)
from surefoot.execution.lives import OrderState
from surefoot.execution.port import Port
from surefoot.execution.records import OrderRecord
from surefoot.rules.symbols import SymbolRules

__all__ = ["Submitter", "begin_bracket", "carry_bracket", "withdraw_bracket"]

_WHILE_MS = 60_000
_LIVE = frozenset({OrderState.NEW, OrderState.PARTIALLY_FILLED, OrderState.FILLED})


async def begin_bracket(port: Port, submitter: Submitter, bracket: Bracket) -> str:
    """Choose the way and all ids, and write them down; returns the bracket's id. Nothing is sent yet.

    Raises `Misuse` for what cannot be meant, or is not to be had on that symbol.
    """
    symbol = bracket.entry.symbol
    rules = await submitter.rules(symbol)
    commission = await submitter.commission(symbol)
    plan = planned(bracket, rules, commission)
    must_be_protectable(plan, commission, rules)
    id = submitter.fresh_id()
    ids = {role: submitter.fresh_id() for role in entry_roles(plan)}
    port.note(
        entries.BracketMoved(at_ms=port.now_ms(), id=id, state=BracketState.ENTERING, plan=plan, ids=ids)
    )
    return id


def withdraw_bracket(port: Port, id: str, *, close: bool = False) -> None:
    """Its owner cancels it: entry and protection, and with `close` what is owned is sold at the market.
    Nothing where it is over, or being sold. Raises `Misuse` for an unknown one.
    """
    record = _known(port, id)
    if BracketState.WITHDRAWING in BRACKET_LIFE[record.state]:
        state = BracketState.WITHDRAWING
        port.note(entries.BracketMoved(at_ms=port.now_ms(), id=id, state=state, close=close))


async def carry_bracket(port: Port, submitter: Submitter, bracket_id: str) -> BracketRecord:
    """Carry a bracket to its end, a new one or one of an earlier life; returns how it ended.

    Raises what kept it from entering; and `JournalError`, then it goes on in the next life. Whatever else
    fails is tried again until it works.
    """
    symbol = _known(port, bracket_id).plan.symbol
    carried = Carried(port, submitter, bracket_id, await _rules(port, submitter, symbol))
    while not carried.record.is_over:
        try:
            await _STEPS[carried.begin()](carried)
        except JournalError:
            raise
        except SurefootError as error:
            await carried.pause(error.retry_at_ms)
    if carried.failure is not None:
        raise carried.failure
    return carried.record


def _known(port: Port, id: str) -> BracketRecord:
    record = port.views.brackets.get(id)
    if record is None:
        raise Misuse(f"bracket {id}: the journal does not know it")
    return record


async def _rules(port: Port, submitter: Submitter, symbol: str) -> SymbolRules:
    while True:
        try:
            return await submitter.rules(symbol)
        except JournalError:
            raise
        except SurefootError:
            await port.until(lambda: False, port.now_ms() + 4 * SOON_MS)


async def _enter(carried: Carried) -> None:
    """Send the entry, if nobody has; then wait for its end, or for a partial fill that gets old."""
    if not carried.is_known(entry_key(carried.record.plan)):
        if carried.record.life != carried.port.views.brackets.life:
            await _look_for_entry(carried)
        else:
            await _send_entry(carried)
        return
    order = carried.order(ENTRY)
    if order is None or is_over(order):
        await _entered(carried)
    elif not order.executed_qty:
        await carried.wait(lambda: _has_begun(carried), _WHILE_MS)
    else:
        await _wait_for_the_rest(carried, order)


async def _send_entry(carried: Carried) -> None:
    record = carried.record
    try:
        await carried.submitter.submit(entry_request(record.plan, record.ids), bracket=carried.id)
    except SurefootError as error:
        order = carried.order(ENTRY)
        if order is not None and order.state is not OrderState.NOT_PLACED:
            raise
        carried.failure = error
        carried.move(BracketState.NOT_ENTERED, str(error))


async def _look_for_entry(carried: Carried) -> None:
    """The life in which it was meant ended before it was written down that it is sent: so it was not. It is
    not sent now: nobody knows whether it is still wanted.
    """
    try:
        await look(carried, ENTRY)
    except UnknownOrder:
        carried.move(BracketState.NOT_ENTERED, "the trader ended before the entry was sent")


def _has_begun(carried: Carried) -> bool:
    order = carried.order(ENTRY)
    return order is None or is_over(order) or bool(order.executed_qty)


async def _wait_for_the_rest(carried: Carried, order: OrderRecord) -> None:
    """It is filled in part: the rest may come until that gets too old."""
    since_ms = _first_fill_ms(carried, order)
    patience_ms = since_ms + carried.record.plan.partial_patience_ms - carried.port.now_ms()
    if not await carried.wait(lambda: is_over(carried.order(ENTRY)), max(0, patience_ms)):
        carried.move(BracketState.TRIMMING, "the entry was filled in part only", exposed_since_ms=since_ms)


def _first_fill_ms(carried: Carried, order: OrderRecord) -> int:
    return min((fill.time_ms for fill in carried.fills(ENTRY)), default=order.as_of_ms)


async def _trim(carried: Carried) -> None:
    await cancelled(carried, ENTRY)
    await _entered(carried)


async def _entered(carried: Carried) -> None:
    """The entry is over: protect what is owned, if anything is."""
    order = await ended(carried, ENTRY)
    if not order.executed_qty:
        carried.move(BracketState.NOT_ENTERED, order.text or f"the entry is {order.state}")
        return
    left = kept(await executions(carried, ENTRY), carried.rules.base)
    since_ms = _first_fill_ms(carried, order)
    if carried.record.plan.is_native and await _went_live(carried, order):
        until_ms = max(fill.time_ms for fill in carried.fills(ENTRY))
        carried.move(BracketState.PROTECTED, left=left, exposed_since_ms=since_ms, exposed_until_ms=until_ms)
        return
    protect(carried, left, since_ms)


async def _went_live(carried: Carried, entry: OrderRecord) -> bool:
    """Whether the exchange placed the protection of a list itself, as it does once its entry is filled whole;
    where it did not, that protection is over.
    """
    port = carried.port
    if entry.state is not OrderState.FILLED:
        for role in (TAKE_PROFIT, STOP_LOSS):
            await ended(carried, role)
        return False
    while (live := _liveness(carried)) is None:
        if not await port.until(lambda: _liveness(carried) is not None, port.now_ms() + SOON_MS):
            await look(carried, TAKE_PROFIT)
            await look(carried, STOP_LOSS)
    return live


def _liveness(carried: Carried) -> bool | None:
    """None while the exchange has not said what became of pending orders."""
    legs = [carried.order(role) for role in (TAKE_PROFIT, STOP_LOSS)]
    if any(leg is not None and (leg.state in _LIVE or leg.executed_qty) for leg in legs):
        return True
    return False if all(is_over(leg) for leg in legs) else None


_STEPS: Mapping[BracketState, Callable[[Carried], Awaitable[None]]] = MappingProxyType(
    {
        BracketState.ENTERING: _enter,
        BracketState.TRIMMING: _trim,
        BracketState.PROTECTING: protection,
        BracketState.PROTECTED: guard,
        BracketState.RENEWING: renew,
        BracketState.CLOSING: close,
        BracketState.WITHDRAWING: leave,
    }
)
