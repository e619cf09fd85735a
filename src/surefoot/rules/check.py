"""One order judged before it is sent: the exact order that passes, or what stands against it (RULES-3).

Rounding never adds risk: prices and stop prices of a BUY go down and of a SELL up, quantities and amounts go
down. What is out of bounds is refused, never moved. Everything is judged on the rounded values.
"""

from collections.abc import Callable
from decimal import Decimal

from msgspec import structs

from surefoot.errors import Facts, FilterViolation, Misuse
from surefoot.rules.admission import misspelled, not_allowed
from surefoot.rules.landing import Landing, change, land, not_positive, stuck, too_precise
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
from surefoot.rules.met import met
from surefoot.rules.quantise import MOST, Window
from surefoot.rules.snapshot import NOTHING_KNOWN, Snapshot
from surefoot.rules.symbols import SymbolRules
from surefoot.rules.verdicts import Change, Checked, Met, Skipped, Violation, describe
from surefoot.rules.waiting import (
    badly_hidden,
    badly_trailing,
    in_use,
    shown_too_much,
    too_many,
    untimely,
)
from surefoot.spot.enums import Side
from surefoot.spot.trade import NewOrder
from surefoot.values import UNSET, money

__all__ = ["Change", "Checked", "Snapshot", "Violation", "check", "describe", "judge", "refuse"]


def check(
    order: NewOrder, rules: SymbolRules, known: Snapshot = NOTHING_KNOWN, *, rounding: bool = True
) -> Checked:
    """`judge`, raising `FilterViolation` where it refuses: nothing has been sent then.

    Raises `Misuse` for floats and other numbers that are not exact, and for another symbol's rules.
    """
    verdict = judge(order, rules, known, rounding=rounding)
    if isinstance(verdict, Checked):
        return verdict
    id = order.new_client_order_id
    raise refuse(verdict, Facts(request=order, client_order_id=None if id is UNSET else id))


def refuse(verdict: Violation, facts: Facts) -> FilterViolation:
    """The error that a refusal is, where an error is wanted."""
    return FilterViolation(
        verdict.filter,
        verdict.field,
        verdict.given,
        verdict.bound,
        verdict.nearest,
        text=describe(verdict),
        facts=facts,
    )


def judge(
    order: NewOrder, rules: SymbolRules, known: Snapshot = NOTHING_KNOWN, *, rounding: bool = True
) -> Checked | Violation:
    """What the exchange would say to `order` (official pages *REST API* and *Filters*).

    Prices and quantities are rounded onto their grids first, or refused when `rounding` is off. What compares
    with the market or the account is judged by `known`, and skipped where that does not say enough.
    """
    landed = _landed(order, rules, known, rounding)
    if isinstance(landed, Violation):
        return landed
    used, changes = landed
    refused = (
        weighed(order, used, rules, known)
        or too_many((used,), rules, known)
        or untimely(used, known)
        or in_use(used, known)
        or too_much(used, rules, known, money=True)
    )
    return refused or _passed(used, changes, rules, known)


def weighed(asked: NewOrder, used: NewOrder, rules: SymbolRules, known: Snapshot) -> Violation | None:
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
        or worth_nothing(used)
    )


def _number(given: object) -> Decimal:
    return money("number", given)


def _landed(
    order: NewOrder, rules: SymbolRules, known: Snapshot, rounding: bool
) -> tuple[NewOrder, tuple[Change, ...]] | Violation:
    """The order with its numbers on their grids, and what that changed."""
    if order.symbol != rules.symbol:
        raise Misuse(f"an order on {order.symbol} cannot be judged by the rules of {rules.symbol}")
    refused = misspelled(order)
    if refused is not None:
        return refused
    numbers = _numbers(order, rules)
    refused = None if rounding else _first(too_precise, order, numbers, rules, known)
    refused = refused or not_allowed(order, rules, known)
    if refused is None and not rounding:
        refused = _first(not_positive, order, numbers, rules, known)
    refused = refused or shown_too_much(order, rules)
    return refused or _on_grids(order, numbers, rules, known, rounding)


def _first(
    wrong: Callable[[Landing], bool],
    order: NewOrder,
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
    order: NewOrder, numbers: list[Landing], rules: SymbolRules, known: Snapshot, rounding: bool
) -> tuple[NewOrder, tuple[Change, ...]] | Violation:
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


def _numbers(order: NewOrder, rules: SymbolRules) -> list[Landing]:
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


def _window(landing: Landing, order: NewOrder, rules: SymbolRules, known: Snapshot) -> Window:
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


def _passed(order: NewOrder, changes: tuple[Change, ...], rules: SymbolRules, known: Snapshot) -> Checked:
    found = list(met(order, rules, known))
    return Checked(
        order,
        changes,
        tuple([each for each in found if isinstance(each, Met)]),
        tuple([each for each in found if isinstance(each, Skipped)]),
    )
