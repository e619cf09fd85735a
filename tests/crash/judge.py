"""Whether an account was traded for as it should be, by the exchange's truth and the trader's journal."""

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from surefoot.execution import entries
from surefoot.execution.entries import Entry
from surefoot.execution.journal import Row, read
from surefoot.execution.policy import Policy
from surefoot.execution.views import Views
from tests.crash.cases import Action
from tests.crash.trading import GOAL, SYMBOL, Errand, Report, known, report_of
from tests.crash.venue import Truth, amount

_QUIET_MS = 60_000
_OF_THE_AUDIT = frozenset({"difference", "untold", "shortfall", "settled"})
"""What is told while executions cannot be read yet, and settled once they can."""

_ENDS = (entries.Placed, entries.ListPlaced, entries.Amended, entries.Resolved, entries.NotPlaced)


class Played(NamedTuple):
    """A case after its end: what is true, what was written down, what the last life said."""

    truth: Truth
    rows: Sequence[Row]
    report: Report
    errand: Errand


def judged(played: Played, slack_ms: int) -> Iterator[str]:
    """What does not hold, in sentences. Doubts may last `slack_ms` longer than they should."""
    truth, rows, report, errand = played
    told = [read(row) for row in rows]
    views = Views(Policy(symbols={SYMBOL}))
    for entry in told:
        views.apply(entry)
    yield from _once(truth, errand.action)
    yield from _orders(truth, views)
    yield from _fills(truth, views)
    yield from _in_time(told, errand.options.resolution.bound_ms + slack_ms)
    if views.orders.submissions:
        yield f"in doubt for ever: {', '.join(views.orders.submissions)}"
    if report_of(views) != report:
        yield f"the journal says {report_of(views)}, and the trader said {report}"
    if report.tripped:
        yield f"trading was stopped: {report.tripped}"
    if open_ends := views.books.audit.check(told[-1].at_ms + _QUIET_MS):
        yield f"the audit still finds {open_ends}"
    yield from (
        f"anomaly: {entry.text}"
        for entry in told
        if isinstance(entry, entries.Anomaly) and entry.what not in _OF_THE_AUDIT
    )


def _once(truth: Truth, action: Action) -> Iterator[str]:
    wanted = 2 if action is Action.OCO else 1
    found = [order for order in truth.orders if amount(order.orig_qty) == GOAL]
    if len(found) != wanted:
        yield f"{len(found)} orders where {wanted} were meant: {[one.client_order_id for one in found]}"
    ids = Counter(order.client_order_id for order in truth.orders)
    yield from (f"{id} was placed {count} times" for id, count in ids.items() if count > 1)


def _orders(truth: Truth, views: Views) -> Iterator[str]:
    shelf = views.orders.shelf
    for order in truth.orders:
        record = shelf.by_order_id(SYMBOL, order.order_id)
        if record is None or not record.own:
            yield f"order {order.client_order_id} is nobody's: the journal does not know it"
        elif (str(record.state), record.executed_qty) != (str(order.status), amount(order.executed_qty)):
            yield f"{record} is {order.status}, executed {amount(order.executed_qty)}"
    there = {order.order_id for order in truth.orders}
    for record in known(views):
        if record.order_id is not None and record.order_id not in there:
            yield f"{record} does not exist"


def _fills(truth: Truth, views: Views) -> Iterator[str]:
    there = {fill.trade_id: amount(fill.qty) for fill in truth.fills}
    fills = [fill for order in known(views) for fill in views.fills_of(order.id)]
    here: dict[int, Decimal] = {fill.trade_id: fill.qty for fill in fills}
    if there != here or len(fills) != len(here):
        yield f"executions {here}, and there were {there}"


def _in_time(told: Sequence[Entry], bound_ms: int) -> Iterator[str]:
    """No doubt outlives its fence, or the start of the life that ended it, by more than the bound."""
    fences: dict[str, int] = {}
    opened_ms = 0
    for entry in told:
        if isinstance(entry, entries.Opened):
            opened_ms = entry.at_ms
        if isinstance(entry, entries.Submitted):
            fences[entry.id] = entry.sign_before_ms + entry.recv_window_ms
        if isinstance(entry, _ENDS) and (fence_ms := fences.pop(entry.id, None)) is not None:
            late_ms = entry.at_ms - max(fence_ms, opened_ms)
            if late_ms > bound_ms:
                yield f"{entry.id} was in doubt for {late_ms} ms after its fence"
