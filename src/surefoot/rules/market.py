"""Filters that weigh an order's numbers together, or against the market (RULES-2)."""

from decimal import Decimal

from surefoot.rules.filters import Notional
from surefoot.rules.landing import against, refusal, rounded
from surefoot.rules.quantise import EXACT, Window
from surefoot.rules.symbols import Scale, SymbolRules
from surefoot.rules.verdicts import Prices, Violation, short
from surefoot.spot.enums import Side


def price_window(side: Side, rules: SymbolRules, seen: Prices) -> Window:
    """Every price that PRICE_FILTER and, as far as prices are known, the percent filters admit."""
    left = rules.price.window
    for each in rules.percents:
        if (reference := seen.by(each.avg_price_mins)) is not None:
            left = left.narrowed(*each.bounds(side, reference))
    return left


def quantity_window(rules: SymbolRules, scale: Scale, seen: Prices, price: Decimal | None) -> Window:
    """Every quantity that passes at `price`; a MARKET order has none, and is weighed at known prices."""
    left, market = scale.window, price is None
    for each in rules.notionals:
        unit = seen.by(each.avg_price_mins) if price is None else price
        if unit is not None:
            left = left.narrowed(*each.bounds(market=market), unit)
    return left


def amount_window(rules: SymbolRules) -> Window:
    """Every quoteOrderQty that passes."""
    left = rules.amount.window
    for each in rules.notionals:
        left = left.narrowed(*each.bounds(market=True))
    return left


def blind(rule: Notional, seen: Prices) -> bool:
    """Whether the rule bounds MARKET orders and the price that it needs is unknown."""
    return any(rule.bounds(market=True)) and seen.by(rule.avg_price_mins) is None


def worthless(
    given: Decimal, quantity: Decimal, rules: SymbolRules, seen: Prices, price: Decimal | None
) -> Violation | None:
    """The refusal of `quantity` (`given` before rounding) for its worth; MARKET orders have no `price`."""
    market = price is None
    for each in rules.notionals:
        unit = seen.by(each.avg_price_mins) if price is None else price
        if unit is None:
            continue
        worth = EXACT.multiply(unit, quantity)
        if broken := each.broken(worth, market=market):
            scale = rules.market_quantity if market else rules.quantity
            left = quantity_window(rules, scale, seen, price)
            words = f"{rounded('quantity', given, quantity)} at {'about ' if market else ''}{short(unit)}"
            why = f"{words} is worth {short(worth)}, {against(worth, broken)}"
            return refusal(
                each.filter_type, "quantity", given, bound=broken[1], why=why, left=left, upwards=False
            )
    return None


def spent(given: Decimal, amount: Decimal, rules: SymbolRules) -> Violation | None:
    """The refusal of a quoteOrderQty (`given` before rounding): it is its own worth."""
    for each in rules.notionals:
        if broken := each.broken(amount, market=True):
            why = f"{rounded('quote_order_qty', given, amount)} is {against(amount, broken)}"
            left = amount_window(rules)
            return refusal(
                each.filter_type, "quote_order_qty", given, bound=broken[1], why=why, left=left, upwards=False
            )
    return None


def too_far(side: Side, given: Decimal, price: Decimal, rules: SymbolRules, seen: Prices) -> Violation | None:
    """The refusal of a price (`given` before rounding) for its distance from the reference price."""
    for each in rules.percents:
        reference = seen.by(each.avg_price_mins)
        if reference is None:
            continue
        if broken := each.broken(side, price, reference):
            term, bound = broken
            words = f"{rounded('price', given, price)} is {'below' if price < bound else 'above'}"
            why = f"{words} {short(bound)}, {term} of the reference price {short(reference)}"
            left = price_window(side, rules, seen)
            return refusal(
                each.filter_type, "price", given, bound=bound, why=why, left=left, upwards=side != Side.BUY
            )
    return None
