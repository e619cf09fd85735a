"""One order: its numbers brought onto their grids, then weighed by what looks at it alone (RULES-3).

Rounding never adds risk: prices and stop prices of a BUY go down and of a SELL up, quantities and amounts go
down. What is out of bounds is refused, never moved. Everything is judged on the rounded values.
"""

from collections.abc import Callable
from decimal import Decimal

from msgspec import structs

from surefoot.rules.admission import not_allowed
from surefoot.rules.landing import Landing, change, land, not_positive, stuck, too_precise
from surefoot.rules.legs import Ticket
from surefoot.rules.market import (
    amount_window,
    price_window,
    quantity_scale,
    quantity_window,
    spent,
    too_far,
    too_much,
    worth_nothing,
    worthless,
)
from surefoot.rules.quantise import MOST, Window
from surefoot.rules.snapshot import Snapshot
from surefoot.rules.symbols import SymbolRules
from surefoot.rules.verdicts import Change, Violation
from surefoot.rules.waiting import (
    badly_hidden,
    badly_trailing,
    shown_too_much,
)
from surefoot.spot.enums import Side
from surefoot.values import UNSET, money


def weighed(asked: Ticket, used: Ticket, rules: SymbolRules, known: Snapshot) -> Violation | None:
    """What the filters that look at one order as a whole say; in the words of what was `asked` for."""
    if used.quote_order_qty is not UNSET:
        refused = spent(_number(asked.quote_order_qty), used, rules, known)
    else:
        refused = worthless(_number(asked.quantity), used, rules, known)
    if refused is None and used.price is not UNSET:
        refused = too_far(_number(asked.price), used, rules, known)
    return (
        refused
        or badly_hidden(used, rules)
        or badly_trailing(used, rules)
        or too_much(used, rules, known, money=False)
        or worth_nothing(used, rules, known)
    )


def _number(given: object) -> Decimal:
    return money("number", given)


def landed(
    order: Ticket, rules: SymbolRules, known: Snapshot, rounding: bool
) -> tuple[Ticket, tuple[Change, ...]] | Violation:
    """The order with its numbers on their grids, and what that changed."""
    numbers = _numbers(order, rules)
    refused = None if rounding else _first(too_precise, order, numbers, rules, known)
    refused = refused or not_allowed(order, rules, known)
    if refused is None and not rounding:
        refused = _first(not_positive, order, numbers, rules, known)
    refused = refused or shown_too_much(order, rules)
    return refused or _on_grids(order, numbers, rules, known, rounding)


def _first(
    wrong: Callable[[Landing], bool],
    order: Ticket,
    numbers: list[Landing],
    rules: SymbolRules,
    known: Snapshot,
) -> Violation | None:
    """The refusal of the first number that is `wrong`, before any filter is asked about any of them."""
    if any(each.given > MOST for each in numbers):
        return None
    for each in numbers:
        if wrong(each):
            as_given = structs.replace(order, **{each.field: each.given for each in numbers})
            left, precision = _window(each, as_given, rules, known), each.scale.ranges[-1:]
            return stuck(each, left, rounding=False, ranges=precision)
    return None


def _on_grids(
    order: Ticket, numbers: list[Landing], rules: SymbolRules, known: Snapshot, rounding: bool
) -> tuple[Ticket, tuple[Change, ...]] | Violation:
    used: dict[str, Decimal] = {}
    changes: tuple[Change, ...] = ()
    for each in numbers:
        number = land(each.given, each.scale, upwards=each.upwards, rounding=rounding)
        if number is None:
            left = _window(each, structs.replace(order, **used), rules, known)
            return stuck(each, left, rounding=rounding)
        if number is not getattr(order, each.field):
            used[each.field] = number
            changes += change(each, number, _whose(each, order.side))
    return (structs.replace(order, **used) if used else order), changes


def _numbers(order: Ticket, rules: SymbolRules) -> list[Landing]:
    """The order's numbers, in the order in which they are judged."""
    sell, lots = order.side != Side.BUY, quantity_scale(order, rules)
    return [
        Landing(field, money(field, given), scale, upwards)
        for field, scale, upwards in (
            ("price", rules.price, sell),
            ("stop_price", rules.price, sell),
            ("quantity", lots, False),
            ("iceberg_qty", rules.quantity, False),
            ("quote_order_qty", rules.amount, False),
        )
        if (given := getattr(order, field)) is not UNSET
    ]


def _window(landing: Landing, order: Ticket, rules: SymbolRules, known: Snapshot) -> Window:
    """What all filters together leave of one number, the others being as they are."""
    match landing.field:
        case "price":
            return price_window(order, rules, known)
        case "quantity":
            return quantity_window(order, rules, known)
        case "quote_order_qty":
            return amount_window(order, rules, known)
    return landing.scale.window


_GROUPS = {"price": "prices", "stop_price": "stop prices", "quote_order_qty": "amounts"}


def _whose(landing: Landing, side: Side) -> str:
    """Whose numbers go which way, in words."""
    group = _GROUPS.get(landing.field, "quantities")
    if "price" not in landing.field:
        return f"{group} go down"
    return f"{side} {group} go {'up' if landing.upwards else 'down'}"
