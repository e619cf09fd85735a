"""Filters that weigh an order's numbers together, or against the market (RULES-2)."""

from decimal import Decimal

from surefoot.rules.filters import Notional
from surefoot.rules.grounds import NO_FILTER, NO_FUNDS, POSITIVE
from surefoot.rules.holdings import loads
from surefoot.rules.landing import against, refusal, rounded
from surefoot.rules.legs import Ticket
from surefoot.rules.quantise import EXACT, ZERO, Window
from surefoot.rules.snapshot import Snapshot
from surefoot.rules.symbols import Scale, SymbolRules
from surefoot.rules.verdicts import Violation, short
from surefoot.spot.enums import OrderType, Side
from surefoot.values import UNSET


def price_window(order: Ticket, rules: SymbolRules, known: Snapshot) -> Window:
    """Every price that PRICE_FILTER and, as far as prices are known, the percent filters admit."""
    left = rules.price.window
    for each in rules.percents:
        if (reference := known.by(each.avg_price_mins)) is not None:
            left = left.narrowed(*each.bounds(order.side, reference))
    return left


def quantity_scale(order: Ticket, rules: SymbolRules) -> Scale:
    """What bounds the quantity: MARKET_LOT_SIZE too where the order trades at the market's price at once."""
    return rules.market_quantity if order.type == OrderType.MARKET else rules.quantity


def quantity_window(order: Ticket, rules: SymbolRules, known: Snapshot) -> Window:
    """Every quantity that passes at the order's price; a MARKET order is weighed at known prices."""
    left = quantity_scale(order, rules).window
    for each in rules.notionals:
        if (unit := worth_of_one(order, each, known)) is not None:
            low, high = each.bounds(market=order.type == OrderType.MARKET)
            worthy = unit > ZERO or (unit == ZERO and low == ZERO)
            left = left.below(ZERO) if not worthy else left.narrowed(low, high, unit) if unit else left
    if order.price is not UNSET and order.price > ZERO:
        left = left.narrowed(rules.amount.finest, ZERO, order.price)
    return _affordable("quantity", left, order, rules, known)


def amount_window(order: Ticket, rules: SymbolRules, known: Snapshot) -> Window:
    """Every quoteOrderQty that passes."""
    left = rules.amount.window
    for each in rules.notionals:
        left = left.narrowed(*each.bounds(market=True))
    return _affordable("quote_order_qty", left, order, rules, known)


def _affordable(field: str, left: Window, order: Ticket, rules: SymbolRules, known: Snapshot) -> Window:
    for each in loads(order, rules, known):
        if each.field == field:
            room = max(each.room, ZERO)
            if each.unit > ZERO:
                steps = EXACT.divide_int(room, EXACT.multiply(left.step, each.unit))
                left = left.below(EXACT.multiply(steps, left.step))
    return left


def worth_of_one(order: Ticket, rule: Notional, known: Snapshot) -> Decimal | None:
    """The price at which a notional filter weighs the order; `None` when unknown, or where none counts."""
    if order.price is not UNSET:
        return order.price
    return known.by(rule.avg_price_mins) if order.type == OrderType.MARKET else None


def worthless(asked: Decimal, order: Ticket, rules: SymbolRules, known: Snapshot) -> Violation | None:
    """The refusal of the order's quantity (`asked` before rounding) for its worth."""
    market = order.type == OrderType.MARKET
    quantity = order.quantity
    assert quantity is not UNSET
    for each in rules.notionals:
        unit = worth_of_one(order, each, known)
        if unit is None:
            continue
        worth = EXACT.multiply(unit, quantity)
        if broken := each.broken(worth, market=market):
            left = quantity_window(order, rules, known)
            words = f"{rounded('quantity', asked, quantity)} at {'about ' if market else ''}{short(unit)}"
            why = f"{words} is worth {short(worth)}, {against(worth, broken)}"
            return refusal(
                each.filter_type, "quantity", asked, bound=broken[1], why=why, left=left, upwards=False
            )
    return None


def spent(asked: Decimal, order: Ticket, rules: SymbolRules, known: Snapshot) -> Violation | None:
    """The refusal of a quoteOrderQty (`asked` before rounding): it is its own worth."""
    amount = order.quote_order_qty
    assert amount is not UNSET
    for each in rules.notionals:
        if broken := each.broken(amount, market=True):
            why = f"{rounded('quote_order_qty', asked, amount)} is {against(amount, broken)}"
            left = amount_window(order, rules, known)
            return refusal(
                each.filter_type, "quote_order_qty", asked, bound=broken[1], why=why, left=left, upwards=False
            )
    return None


def worth_nothing(order: Ticket, rules: SymbolRules, known: Snapshot) -> Violation | None:
    """The refusal of an order whose worth is less than the smallest unit of money."""
    if order.price is UNSET or order.quantity is UNSET:
        return None
    quantity, finest = order.quantity, rules.amount.finest
    worth = EXACT.multiply(order.price, quantity)
    if worth >= finest:
        return None
    why = f"price × quantity is {short(worth)}, below {short(finest)}"
    left = quantity_window(order, rules, known)
    return refusal(POSITIVE, "quantity", quantity, bound=finest, why=why, left=left, upwards=False)


def too_far(asked: Decimal, order: Ticket, rules: SymbolRules, known: Snapshot) -> Violation | None:
    """The refusal of the price (`asked` before rounding) for its distance from the reference price."""
    price = order.price
    assert price is not UNSET
    for each in rules.percents:
        reference = known.by(each.avg_price_mins)
        if reference is None:
            continue
        if broken := each.broken(order.side, price, reference):
            term, bound = broken
            words = f"{rounded('price', asked, price)} is {'below' if price < bound else 'above'}"
            why = f"{words} {short(bound)}, {term} of the reference price {short(reference)}"
            left = price_window(order, rules, known)
            return refusal(
                each.filter_type,
                "price",
                asked,
                bound=bound,
                why=why,
                left=left,
                upwards=order.side != Side.BUY,
            )
    return None


def too_much(order: Ticket, rules: SymbolRules, known: Snapshot, *, money: bool) -> Violation | None:
    """The refusal for what the account may have (MAX_POSITION, MAX_ASSET), or with `money` can pay."""
    for each in loads(order, rules, known):
        if (each.filter == NO_FUNDS) is not money or each.total <= each.limit:
            continue
        by_amount = each.field == "quote_order_qty"
        left = (amount_window if by_amount else quantity_window)(order, rules, known)
        given = order.quote_order_qty if by_amount else order.quantity
        held = f" on top of {short(each.already)}" if each.already else ""
        if given is UNSET:
            why = f"the position is {short(each.already)} already, above {short(each.limit)}"
            return Violation(filter=each.filter, field=each.field, given=None, bound=each.limit, why=why)
        words = NO_FILTER[NO_FUNDS].words if money else f"more than {short(each.limit)}{held}"
        at = "" if each.unit == 1 else f" at {short(each.unit)}"
        why = f"{each.field} {short(given)}{at}: {words}" + (f": {short(each.limit)} free" if money else "")
        return refusal(each.filter, each.field, given, bound=each.limit, why=why, left=left, upwards=False)
    return None
