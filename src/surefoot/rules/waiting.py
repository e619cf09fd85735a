"""What binds orders that wait or hide: triggers, trailing deltas, visible parts, numbers open (RULES-2)."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from surefoot.rules.counts import CountLimit, Tally, added, parts, tally, triggers_above
from surefoot.rules.grounds import DUPLICATE, ICEBERG_SIZE, WOULD_MATCH, WOULD_TRIGGER
from surefoot.rules.landing import refusal
from surefoot.rules.legs import Ticket
from surefoot.rules.quantise import MOST, ZERO
from surefoot.rules.snapshot import Snapshot
from surefoot.rules.symbols import SymbolRules
from surefoot.rules.verdicts import Violation, short, unsaid
from surefoot.spot.enums import OrderType, Side
from surefoot.values import UNSET, money


def shown_too_much(order: Ticket, rules: SymbolRules) -> Violation | None:
    """A visible part that is more than the whole."""
    if order.iceberg_qty is UNSET or order.quantity is UNSET:
        return None
    visible, quantity = money("iceberg_qty", order.iceberg_qty), money("quantity", order.quantity)
    if visible <= quantity:
        return None
    why = f"iceberg_qty {short(visible)} is above the quantity {short(quantity)}"
    left = rules.quantity.window.below(min(quantity, MOST))
    return refusal(ICEBERG_SIZE, "iceberg_qty", visible, bound=quantity, why=why, left=left, upwards=False)


def badly_hidden(order: Ticket, rules: SymbolRules) -> Violation | None:
    """ICEBERG_PARTS."""
    visible, quantity = order.iceberg_qty, order.quantity
    if visible is UNSET or quantity is UNSET:
        return None
    left = rules.quantity.window.below(quantity)
    for limit in rules.iceberg_parts:
        left = left.narrowed(quantity, ZERO, Decimal(limit))
    for limit in rules.iceberg_parts:
        if (count := parts(order)) > limit:
            why = f"iceberg_qty {short(visible)} makes {count} parts of {short(quantity)}, above {limit}"
            bound = Decimal(limit)
            return refusal(
                "ICEBERG_PARTS", "iceberg_qty", visible, bound=bound, why=why, left=left, upwards=False
            )
    return None


def badly_trailing(order: Ticket, rules: SymbolRules) -> Violation | None:
    """TRAILING_DELTA."""
    delta = order.trailing_delta
    if delta is UNSET:
        return None
    for each in rules.trailing:
        low, high = each.bounds(order)
        if delta < low or (high is not None and delta > high):
            bound = low if delta < low or high is None else high
            side = "Above" if triggers_above(order) else "Below"
            term = f"{'min' if delta < low else 'max'}Trailing{side}Delta"
            why = f"trailing_delta {delta} is {'below' if delta < low else 'above'} {term} {bound}"
            return Violation(
                filter=each.filter_type,
                field="trailing_delta",
                given=delta,
                bound=bound,
                nearest=bound,
                riskier=delta < bound,
                why=why,
            )
    return None


def counted(rules: SymbolRules, known: Snapshot, new: Tally) -> Iterator[tuple[CountLimit, int | None]]:
    """Every count limit that new orders fall under, and how many there would be, where that is known."""
    relevant = [each for each in rules.counts if new.of(each.kind)]
    if known.open_orders is None:
        for each in relevant:
            yield each, None
        return
    here = tally([each for each in known.open_orders if each.symbol == rules.symbol])
    everywhere = tally(known.open_orders) if known.all_symbols else None
    for each in relevant:
        there = everywhere if each.everywhere else here
        yield each, None if there is None else there.of(each.kind) + new.of(each.kind)


def too_many(
    legs: Sequence[Ticket], rules: SymbolRules, known: Snapshot, *, as_list: bool = False
) -> Violation | None:
    """MAX_NUM_* and EXCHANGE_MAX_NUM_*."""
    if not rules.counts or known.open_orders is None:
        return None
    for each, count in counted(rules, known, added(legs, as_list=as_list)):
        if count is not None and count > each.limit:
            why = f"with this there would be {count} open, above {each.limit}"
            return Violation(
                filter=each.filter_type, field=each.field, given=count, bound=each.limit, why=why
            )
    return None


def untimely(order: Ticket, known: Snapshot) -> Violation | None:
    """A maker that would take, or a stop whose price is reached already."""
    return _taking(order, known) or _past(order, known)


def in_use(order: Ticket, known: Snapshot) -> Violation | None:
    """A client order id that an open order has."""
    id = order.new_client_order_id
    if id is UNSET or known.open_orders is None:
        return None
    for each in known.open_orders:
        if each.symbol == order.symbol and each.client_order_id == id:
            return unsaid(DUPLICATE, "new_client_order_id", id, each.order_id)
    return None


def _past(order: Ticket, known: Snapshot) -> Violation | None:
    stop, last = order.stop_price, known.last
    if stop is UNSET or last is None:
        return None
    above = triggers_above(order)
    if stop > last if above else stop < last:
        return None
    why = (
        f"stop_price {short(stop)} would trigger immediately: {order.type} {order.side} waits"
        f" {'above' if above else 'below'} the last price {short(last)}"
    )
    return unsaid(WOULD_TRIGGER, "stop_price", stop, last, why)


def _taking(order: Ticket, known: Snapshot) -> Violation | None:
    if order.type != OrderType.LIMIT_MAKER or order.price is UNSET:
        return None
    buy = order.side == Side.BUY
    other = known.ask if buy else known.bid
    if not other or (order.price < other if buy else order.price > other):
        return None
    why = f"price {short(order.price)} would match the best {'ask' if buy else 'bid'} {short(other)}"
    return unsaid(WOULD_MATCH, "price", order.price, other, why)
