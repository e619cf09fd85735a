"""One order judged before it is sent: the exact order that passes, or what stands against it (RULES-3).

Rounding never adds risk: the price of a BUY goes down and of a SELL up, quantities and amounts go down.
What is out of bounds is refused, never moved. Everything is judged on the rounded values.
"""

from decimal import Decimal

from msgspec import structs

from surefoot.errors import Facts, FilterViolation, Misuse
from surefoot.rules.admission import refused_outright
from surefoot.rules.landing import change, land, stuck
from surefoot.rules.market import (
    amount_window,
    blind,
    price_window,
    quantity_window,
    spent,
    too_far,
    worthless,
)
from surefoot.rules.symbols import SymbolRules
from surefoot.rules.verdicts import UNKNOWN_PRICES, Change, Checked, Prices, Violation, describe
from surefoot.spot.enums import Side
from surefoot.spot.trade import NewOrder
from surefoot.values import UNSET, money

__all__ = ["Change", "Checked", "Prices", "Violation", "check", "describe", "judge"]


def check(
    order: NewOrder, rules: SymbolRules, prices: Prices | None = None, *, rounding: bool = True
) -> Checked:
    """`judge`, raising `FilterViolation` where it refuses: nothing has been sent then.

    Raises `Misuse` for floats and other numbers that are not exact, and for another symbol's rules.
    """
    verdict = judge(order, rules, prices, rounding=rounding)
    if isinstance(verdict, Checked):
        return verdict
    id = order.new_client_order_id
    raise FilterViolation(
        verdict.filter,
        verdict.field,
        verdict.given,
        verdict.bound,
        verdict.nearest,
        text=describe(verdict),
        facts=Facts(request=order, client_order_id=None if id is UNSET else id),
    )


def judge(
    order: NewOrder, rules: SymbolRules, prices: Prices | None = None, *, rounding: bool = True
) -> Checked | Violation:
    """What the exchange's filters would say to `order` (official page *Filters*).

    Prices and quantities are rounded onto their grids first, or refused when `rounding` is off. Filters that
    compare with the market are judged by `prices`, and skipped where the price they need is unknown.
    """
    if order.symbol != rules.symbol:
        raise Misuse(f"an order on {order.symbol} cannot be judged by the rules of {rules.symbol}")
    if (refused := refused_outright(order, rules)) is not None:
        return refused
    seen = prices or UNKNOWN_PRICES
    if order.price is not UNSET:
        return _with_price(order, rules, seen, money("price", order.price), rounding)
    if order.quantity is not UNSET:
        return _by_quantity(order, rules, seen, money("quantity", order.quantity), rounding)
    assert order.quote_order_qty is not UNSET  # one of the two is there, or it was refused outright
    return _by_amount(order, rules, money("quote_order_qty", order.quote_order_qty), rounding)


def _with_price(
    order: NewOrder, rules: SymbolRules, seen: Prices, given: Decimal, rounding: bool
) -> Checked | Violation:
    sell = order.side != Side.BUY
    price = land(given, rules.price, upwards=sell, rounding=rounding)
    if price is None:
        left = price_window(order.side, rules, seen)
        return stuck("price", given, rules.price, left, upwards=sell, rounding=rounding)
    if (refused := too_far(order.side, given, price, rules, seen)) is not None:
        return refused
    wanted = money("quantity", order.quantity)
    quantity = land(wanted, rules.quantity, upwards=False, rounding=rounding)
    if quantity is None:
        left = quantity_window(rules, rules.quantity, seen, price)
        return stuck("quantity", wanted, rules.quantity, left, upwards=False, rounding=rounding)
    if (refused := worthless(wanted, quantity, rules, seen, price)) is not None:
        return refused
    skipped = tuple([each.filter_type for each in rules.percents if seen.by(each.avg_price_mins) is None])
    met = _without(rules.limit_filters, skipped)
    if price is order.price and quantity is order.quantity:
        return Checked(order, (), met, skipped)
    who = "SELL prices go up" if sell else "BUY prices go down"
    changes = change("price", given, price, rules.price, who)
    changes += change("quantity", wanted, quantity, rules.quantity, "quantities go down")
    return Checked(structs.replace(order, price=price, quantity=quantity), changes, met, skipped)


def _by_quantity(
    order: NewOrder, rules: SymbolRules, seen: Prices, given: Decimal, rounding: bool
) -> Checked | Violation:
    scale = rules.market_quantity
    used = land(given, scale, upwards=False, rounding=rounding)
    if used is None:
        left = quantity_window(rules, scale, seen, None)
        return stuck("quantity", given, scale, left, upwards=False, rounding=rounding)
    if (refused := worthless(given, used, rules, seen, None)) is not None:
        return refused
    skipped = tuple([each.filter_type for each in rules.notionals if blind(each, seen)])
    met = _without(rules.market_filters, skipped)
    if used is order.quantity:
        return Checked(order, (), met, skipped)
    changes = change("quantity", given, used, scale, "quantities go down")
    return Checked(structs.replace(order, quantity=used), changes, met, skipped)


def _by_amount(order: NewOrder, rules: SymbolRules, given: Decimal, rounding: bool) -> Checked | Violation:
    """By quoteOrderQty. The engine sizes the quantity by its fills, so lot sizes cannot be judged here."""
    scale = rules.amount
    used = land(given, scale, upwards=False, rounding=rounding)
    if used is None:
        left = amount_window(rules)
        return stuck("quote_order_qty", given, scale, left, upwards=False, rounding=rounding)
    if (refused := spent(given, used, rules)) is not None:
        return refused
    skipped = rules.market_quantity.names
    met = _without(rules.market_filters, skipped)
    if used is order.quote_order_qty:
        return Checked(order, (), met, skipped)
    changes = change("quote_order_qty", given, used, scale, "amounts go down")
    return Checked(structs.replace(order, quote_order_qty=used), changes, met, skipped)


def _without(names: tuple[str, ...], skipped: tuple[str, ...]) -> tuple[str, ...]:
    return tuple([each for each in names if each not in skipped]) if skipped else names
