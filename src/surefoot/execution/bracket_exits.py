"""The steps of a bracket that lead out of it: protected, renewed, closed, withdrawn (ORDER-5; pure)."""

from decimal import Decimal

from surefoot.errors import JournalError, SurefootError
from surefoot.execution.bracket import BracketState
from surefoot.execution.bracket_orders import (
    CLOSE,
    ENTRY,
    LIST,
    PROTECTION,
    STOP_LOSS,
    TAKE_PROFIT,
    close_request,
    for_its_prices,
    for_its_size,
    protectable,
    protection_request,
    sellable,
    too_small,
)
from surefoot.execution.carrying import SOON_MS, Carried, cancelled, ended, is_over, left_now, look
from surefoot.execution.lives import OrderState
from surefoot.execution.records import OrderRecord
from surefoot.rules.verdicts import short
from surefoot.spot.market import GetPriceTicker

_WHILE_MS = 60_000


def protect(carried: Carried, left: Decimal, since_ms: int | None, text: str = "") -> None:
    """Go on to protect what is left; or end, where that is too small. It is unprotected `since_ms`."""
    small = too_small(carried.record.plan, left, carried.rules)
    if small is not None:
        carried.move(_end(carried, left), small, left=left, exposed_since_ms=since_ms)
        return
    ids = carried.fresh(*PROTECTION)
    carried.move(BracketState.PROTECTING, text, ids=ids, left=left, exposed_since_ms=since_ms)


def _end(carried: Carried, left: Decimal) -> BracketState:
    """How a bracket is over of which what is left is too small: closed, if anything of it was sold."""
    bought = carried.record.bought
    return BracketState.CLOSED if bought is not None and left < bought else BracketState.DUST


async def protection(carried: Carried) -> None:
    """Place the OCO whose ids were chosen, or find out what became of it."""
    record = carried.record
    assert record.left is not None
    if not carried.is_known(LIST):
        request = protection_request(record.plan, protectable(record.left, carried.rules), record.ids)
        failure = await _submitted(carried, request)
        if failure is not None and not carried.is_known(LIST):
            await carried.pause(failure.retry_at_ms)
            return
    submissions = carried.port.views.orders.submissions
    if record.ids[LIST] in submissions:
        await carried.wait(lambda: record.ids[LIST] not in submissions, _WHILE_MS)
    elif (gone := carried.port.views.orders.not_placed.get(record.ids[LIST])) is not None:
        await _not_protected(carried, gone.text, gone.code)
    else:
        await _read_unread(carried)
        legs = [carried.order(role) for role in (TAKE_PROFIT, STOP_LOSS)]
        carried.move(BracketState.PROTECTED, exposed_until_ms=_accepted_ms(carried, legs))


async def _submitted(carried: Carried, request: object) -> SurefootError | None:
    """Submit a way out; returns what kept it from happening."""
    try:
        await carried.submitter.submit(request, bracket=carried.id, reduces=True)  # type: ignore[arg-type]
    except JournalError:
        raise
    except SurefootError as error:
        return error
    return None


async def _read_unread(carried: Carried) -> None:
    """Where only one order of the list was found, read the other."""
    roles = (TAKE_PROFIT, STOP_LOSS)
    await carried.wait(lambda: all(_is_read(carried, role) for role in roles), SOON_MS)
    for role in roles:
        if not _is_read(carried, role):
            await look(carried, role)


def _is_read(carried: Carried, role: str) -> bool:
    order = carried.order(role)
    return order is not None and not order.in_flight


def _accepted_ms(carried: Carried, legs: list[OrderRecord | None]) -> int:
    """When the exchange took it, at the latest."""
    said = [leg.as_of_ms for leg in legs if leg is not None and leg.as_of_ms]
    return min([*said, carried.port.now_ms()])


async def _not_protected(carried: Carried, text: str, code: int | None) -> None:
    """The OCO was not placed. Where its profit or its stop is reached already, close at the market: that is
    what it was to do. Otherwise once more, under new ids.
    """
    record = carried.record
    assert record.left is not None
    if code is not None and (for_its_prices(text) or await _is_crossed(carried)):
        carried.move(BracketState.CLOSING, text, ids=carried.fresh(CLOSE), left=record.left)
        return
    await carried.pause()
    carried.rules = await carried.submitter.rules(record.plan.symbol)
    protect(carried, record.left, None, text)


async def _is_crossed(carried: Carried) -> bool:
    """Whether the last price is at the profit or at the stop; where nobody says, it is not known to be."""
    plan = carried.record.plan
    try:
        ticker = await carried.port.send(GetPriceTicker(symbol=plan.symbol))
    except SurefootError:
        return False
    return not plan.stop_loss < ticker.price < plan.take_profit


async def guard(carried: Carried) -> None:
    """Wait for the end of the protection, or for a partial execution of it that gets old."""
    profit, stop = carried.order(TAKE_PROFIT), carried.order(STOP_LOSS)
    if profit is None or stop is None:
        for role in (TAKE_PROFIT, STOP_LOSS):
            await look(carried, role)
    elif is_over(profit) and is_over(stop):
        await _unguarded(carried, max(profit.as_of_ms, stop.as_of_ms))
    elif is_over(stop) and profit.executed_qty:
        await _half_sold(carried, profit)
    elif is_over(stop) or is_over(profit):
        await _pair_ends(carried, TAKE_PROFIT if is_over(stop) else STOP_LOSS)
    elif not await carried.wait(lambda: _stirs(carried), _WHILE_MS):
        carried.calm()


def _stirs(carried: Carried) -> bool:
    return is_over(carried.order(TAKE_PROFIT)) or is_over(carried.order(STOP_LOSS))


async def _pair_ends(carried: Carried, other: str) -> None:
    """One of the two is over: so will the other be, unless it is the one that executes."""
    before = carried.order(other)
    if not await carried.wait(lambda: carried.order(other) is not before, 4 * SOON_MS):
        if carried.was_moved():
            return
        await look(carried, other)
        now = carried.order(other)
        await carried.wait(lambda: carried.order(other) is not now or is_over(now), _WHILE_MS)


async def _half_sold(carried: Carried, profit: OrderRecord) -> None:
    """The take-profit is executed in part, which ended the stop. If the rest does not follow soon, it is
    protected anew; but for a rest that is too small for it, which stays on sale.
    """
    plan, left = carried.record.plan, carried.record.left
    assert left is not None
    since_ms = min((fill.time_ms for fill in carried.fills(TAKE_PROFIT)), default=profit.as_of_ms)
    patience_ms = max(0, since_ms + plan.partial_patience_ms - carried.port.now_ms())
    if too_small(plan, left - profit.executed_qty, carried.rules) is not None:
        await carried.wait(lambda: carried.order(TAKE_PROFIT) is not profit, _WHILE_MS)
    elif not await carried.wait(lambda: is_over(carried.order(TAKE_PROFIT)), patience_ms):
        text = "the take-profit was filled in part only"
        carried.move(BracketState.RENEWING, text, exposed_since_ms=since_ms)


async def renew(carried: Carried) -> None:
    """Cancel the rest of the take-profit, and protect what is left."""
    await cancelled(carried, TAKE_PROFIT)
    protect(carried, await left_now(carried), None)


async def _unguarded(carried: Carried, since_ms: int) -> None:
    """The protection is over: because it sold; or somebody else cancelled it, then it is placed anew."""
    left = await left_now(carried)
    if too_small(carried.record.plan, left, carried.rules) is not None:
        carried.move(_end(carried, left), _how(carried), left=left)
        return
    if carried.port.now_ms() - carried.record.at_ms < _WHILE_MS:
        await carried.pause()
    protect(carried, left, since_ms, "its protection was cancelled")


def _how(carried: Carried) -> str:
    names = {TAKE_PROFIT: "the take-profit", STOP_LOSS: "the stop", CLOSE: "the market"}
    sold = [name for role, name in names.items() if (one := carried.order(role)) and one.executed_qty]
    return f"sold at {' and '.join(sold)}" if sold else ""


async def close(carried: Carried) -> None:
    """Sell what is left at the market, by as many orders as it takes."""
    record = carried.record
    assert record.left is not None
    if not carried.is_known(CLOSE):
        request = close_request(record.plan, sellable(record.left, carried.rules), record.ids)
        failure = await _submitted(carried, request)
        if failure is not None and not carried.is_known(CLOSE):
            await _not_closed(carried, str(failure), failure.retry_at_ms)
            return
    order = await ended(carried, CLOSE)
    if order.state is OrderState.NOT_PLACED:
        await _not_closed(carried, order.text, None)
        return
    left = await left_now(carried)
    if _sold_out(carried, left):
        until_ms = max((fill.time_ms for fill in carried.fills(CLOSE)), default=None)
        carried.move(BracketState.CLOSED, _how(carried), left=left, exposed_until_ms=until_ms)
        return
    await carried.pause()
    carried.move(BracketState.CLOSING, "more is left", ids=carried.fresh(CLOSE), left=left)


def _sold_out(carried: Carried, left: Decimal) -> bool:
    quantity = sellable(left, carried.rules)
    return not quantity or quantity < carried.rules.market_quantity.window.low


async def _not_closed(carried: Carried, text: str, retry_at_ms: int | None) -> None:
    """Nothing was sold. What is too small to be sold is left, everything else tried again."""
    left = carried.record.left
    assert left is not None
    if for_its_size(text):
        carried.move(_end(carried, left), text, left=left)
        return
    await carried.pause(retry_at_ms)
    if carried.is_known(CLOSE):
        carried.move(BracketState.CLOSING, text, ids=carried.fresh(CLOSE), left=left)


async def leave(carried: Carried) -> None:
    """Its owner cancelled it: entry and protection go; what is owned stays, or is sold at the market."""
    for role in (ENTRY, TAKE_PROFIT, STOP_LOSS):
        order = carried.order(role)
        if order is not None and not is_over(order):
            await cancelled(carried, role)
    left, entry = await left_now(carried), carried.order(ENTRY)
    if carried.record.bought is None and (entry is None or not entry.executed_qty):
        carried.move(BracketState.NOT_ENTERED, "cancelled by its owner", left=left)
    elif _sold_out(carried, left):
        carried.move(_end(carried, left), "cancelled by its owner", left=left)
    elif carried.record.close:
        carried.move(BracketState.CLOSING, "its owner closes it", ids=carried.fresh(CLOSE), left=left)
    else:
        text = f"its owner keeps {short(left)} {carried.rules.base}"
        carried.move(BracketState.RELEASED, text, left=left)
