"""Which filters an order meets, with value and bound, and which could not be judged (RULES-3)."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from surefoot.rules.counts import ALGO, added, parts
from surefoot.rules.filters import Notional
from surefoot.rules.grounds import NO_FUNDS
from surefoot.rules.holdings import MAX_ASSET, MAX_POSITION, funds, loads, unjudged_positions
from surefoot.rules.legs import Ticket
from surefoot.rules.market import quantity_scale, worth_of_one
from surefoot.rules.quantise import EXACT
from surefoot.rules.snapshot import Snapshot
from surefoot.rules.symbols import Scale, SymbolRules
from surefoot.rules.verdicts import Met, Skipped
from surefoot.rules.waiting import counted
from surefoot.spot.enums import OrderType
from surefoot.spot.order_replace import AmendOrder
from surefoot.values import UNSET, UnsetType

Found = Met | Skipped

_BOOK = "the book decides how much a quoteOrderQty trades"
_TRIGGER = "judged when the order is triggered"


def met(order: Ticket, rules: SymbolRules, known: Snapshot) -> Iterator[Found]:
    """Every filter that looks at one order, in the order in which they are judged."""
    yield from _grids(order, rules)
    yield from _notionals(order, rules, known)
    yield from _percents(order, rules, known)
    yield from _inside(order, rules)
    yield from _account(order, rules, known)


def _grids(order: Ticket, rules: SymbolRules) -> Iterator[Found]:
    yield from _ranges("price", order.price, rules.price)
    yield from _ranges("stop_price", order.stop_price, rules.price)
    lots = quantity_scale(order, rules)
    yield from _ranges("quantity", order.quantity, lots)
    yield from _ranges("iceberg_qty", order.iceberg_qty, rules.quantity)
    if order.quote_order_qty is not UNSET:
        for name in lots.names:
            yield Skipped(name, _BOOK)
    if order.type in ALGO and order.price is UNSET:
        for name in rules.market_quantity.names[len(lots.names) :]:
            yield Skipped(name, _TRIGGER)


def _ranges(field: str, value: Decimal | UnsetType, scale: Scale) -> Iterator[Found]:
    if value is not UNSET:
        for each in scale.ranges[:-1]:
            yield Met(each.filter_type, field, value, each.low, each.high, each.step)


def _notionals(order: Ticket, rules: SymbolRules, known: Snapshot) -> Iterator[Found]:
    market = order.type == OrderType.MARKET
    for each in rules.notionals:
        low, high = each.bounds(market=market)
        if order.quote_order_qty is not UNSET:
            yield Met(each.filter_type, "quote_order_qty", order.quote_order_qty, low, high)
        elif order.quantity is UNSET or not _weighed(order, each, low, high):
            continue
        elif (unit := worth_of_one(order, each, known)) is not None:
            worth = EXACT.multiply(unit, order.quantity)
            yield Met(each.filter_type, "quantity", worth, low, high)
        else:
            yield Skipped(each.filter_type, _price_wanted(order, each.avg_price_mins))


def _weighed(order: Ticket, rule: Notional, low: Decimal, high: Decimal) -> bool:
    """Whether the filter bounds such an order at all."""
    if order.type == OrderType.MARKET:
        return bool(low or high)
    return order.price is not UNSET or order.peg_price_type is not UNSET


def _price_wanted(order: Ticket, avg_price_mins: int) -> str:
    if order.peg_price_type is not UNSET and order.price is UNSET:
        return "the book decides the price of a pegged order"
    return f"needs the {'average' if avg_price_mins else 'last'} price"


def _percents(order: Ticket, rules: SymbolRules, known: Snapshot) -> Iterator[Found]:
    for each in rules.percents:
        reference = known.by(each.avg_price_mins)
        if order.price is UNSET:
            if order.peg_price_type is not UNSET:
                yield Skipped(each.filter_type, _price_wanted(order, each.avg_price_mins))
        elif reference is None:
            yield Skipped(each.filter_type, _price_wanted(order, each.avg_price_mins))
        else:
            yield Met(each.filter_type, "price", order.price, *each.bounds(order.side, reference))


def _inside(order: Ticket, rules: SymbolRules) -> Iterator[Found]:
    if order.trailing_delta is not UNSET:
        for trailing in rules.trailing:
            low, high = trailing.bounds(order)
            yield Met(trailing.filter_type, "trailing_delta", order.trailing_delta, low, high)
    if order.iceberg_qty is not UNSET:
        for limit in rules.iceberg_parts:
            yield Met("ICEBERG_PARTS", "iceberg_qty", parts(order), None, limit)


def _account(order: Ticket, rules: SymbolRules, known: Snapshot) -> Iterator[Found]:
    for load in loads(order, rules, known):
        if load.size is not None:
            yield Met(load.filter, load.field, load.total, None, load.limit)
    if known.balances is not None and funds(order, rules, known) is None:
        yield Skipped(NO_FUNDS, "the book decides what it takes")
    if known.asset_limits and rules.base in known.asset_limits and order.quantity is UNSET:
        yield Skipped(MAX_ASSET, _BOOK)
    if (wanted := unjudged_positions(order, rules, known)) is not None:
        yield Skipped(MAX_POSITION, wanted)


def counts(legs: Sequence[Ticket], rules: SymbolRules, known: Snapshot, *, as_list: bool) -> Iterator[Found]:
    """The filters that count what is open, with all that a request would add; and those nobody knows."""
    for limit, count in counted(rules, known, added(legs, as_list=as_list)):
        if count is None:
            wanted = "all open orders" if limit.everywhere else "the open orders"
            yield Skipped(limit.filter_type, f"needs {wanted} of the account")
        else:
            yield Met(limit.filter_type, limit.field, count, None, limit.limit)
    for name in rules.unjudged:
        yield Skipped(name, "this version does not know the filter")


def amendment(
    request: AmendOrder, tickets: Sequence[Ticket], rules: SymbolRules, known: Snapshot
) -> Iterator[Found]:
    """The filters that look at an amendment: its grid, its worth, and how often the order was amended."""
    yield from _ranges("new_qty", request.new_qty, rules.quantity)
    for order in tickets:
        yield from _notionals(order, rules, known)
    if not tickets:
        for each in rules.notionals:
            yield Skipped(each.filter_type, "needs the open order that is amended")
    for _ in rules.amends:
        yield Skipped("MAX_NUM_ORDER_AMENDS", "the exchange counts the amendments of an order")


def unknowns(known: Snapshot) -> Iterator[Skipped]:
    """What is no filter of exchangeInfo but may stand against any order, and is not known."""
    if known.balances is None:
        yield Skipped(NO_FUNDS, "needs the account's balances")
    if known.asset_limits is None:
        yield Skipped("MAX_ASSET", "needs the account's own filters (GET myFilters)")
    if known.permissions is None:
        yield Skipped("permissionSets", "needs the account's permissions")
