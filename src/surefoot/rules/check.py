"""A request judged before it is sent: the exact request that passes, or what stands against it (RULES-3)."""

from typing import Any, TypeVar, cast

from msgspec import structs

from surefoot.errors import Facts, FilterViolation, Misuse
from surefoot.rules.admission import misspelled
from surefoot.rules.amends import amended
from surefoot.rules.checked import Checked
from surefoot.rules.grounds import ICEBERG_GTC, LIST_ICEBERG_GTC
from surefoot.rules.legs import Leg, Ticket, is_list, legs_of, rewritten
from surefoot.rules.lists import misjoined, misplaced, not_offered
from surefoot.rules.market import too_much
from surefoot.rules.orders import landed, weighed
from surefoot.rules.snapshot import NOTHING_KNOWN, Snapshot
from surefoot.rules.symbols import SymbolRules
from surefoot.rules.verdicts import Change, Violation, describe, unsaid
from surefoot.rules.waiting import in_use, too_many, untimely
from surefoot.spot.order_replace import AmendOrder, CancelReplace
from surefoot.spot.request import Request
from surefoot.values import UNSET

__all__ = ["Change", "Checked", "Snapshot", "Violation", "check", "describe", "judge", "refuse"]


R = TypeVar("R", bound=Request[Any])


def check(
    request: R, rules: SymbolRules, known: Snapshot = NOTHING_KNOWN, *, rounding: bool = True
) -> Checked[R]:
    """`judge`, raising `FilterViolation` where it refuses: nothing has been sent then.

    Raises `Misuse` for floats and other numbers that are not exact, for another symbol's rules, and for a
    request that places no order.
    """
    verdict = judge(request, rules, known, rounding=rounding)
    if isinstance(verdict, Checked):
        return verdict
    raise refuse(verdict, request)


def refuse(verdict: Violation, request: Request[Any]) -> FilterViolation:
    """The error that a refusal is, where an error is wanted."""
    id = getattr(request, "new_client_order_id", UNSET)
    return FilterViolation(
        verdict.filter,
        verdict.field,
        verdict.given,
        verdict.bound,
        verdict.nearest,
        text=describe(verdict),
        facts=Facts(request=request, client_order_id=None if id is UNSET else id),
    )


def judge(
    request: R, rules: SymbolRules, known: Snapshot = NOTHING_KNOWN, *, rounding: bool = True
) -> Checked[R] | Violation:
    """What the exchange would say to a request that places orders (official pages *REST API*, *Filters*).

    Prices and quantities are rounded onto their grids first, or refused when `rounding` is off. What compares
    with the market or the account is judged by `known`, and skipped where that does not say enough.
    """
    symbol = getattr(request, "symbol", None)
    if symbol != rules.symbol:
        raise Misuse(f"an order on {symbol} cannot be judged by the rules of {rules.symbol}")
    if isinstance(request, AmendOrder):
        smaller = amended(request, rules, known, rounding=rounding)
        if isinstance(smaller, Violation):
            return smaller
        amendment, tickets, changes = smaller
        return cast("Checked[R]", Checked(amendment, changes, tickets, rules, known))
    legs = legs_of(request)
    if not legs:
        raise Misuse(f"{type(request).__name__} places no order that could be checked")
    return _placed(request, legs, rules, known, rounding)


def _placed(
    request: R, legs: tuple[Leg, ...], rules: SymbolRules, known: Snapshot, rounding: bool
) -> Checked[R] | Violation:
    if (refused := _forbidden(request, legs, rules)) is not None:
        return refused
    used: list[Ticket] = []
    changes: dict[str, Change] = {}
    for leg in legs:
        single = _single(leg, rules, known, rounding)
        if isinstance(single, Violation):
            return single
        used.append(single[0])
        changes |= {each.field: each for each in single[1]}
    refused = _together(request, legs, used, rules, known)
    if refused is not None:
        return refused
    return Checked(rewritten(request, legs, used), tuple(changes.values()), tuple(used), rules, known)


def _forbidden(request: Request[Any], legs: tuple[Leg, ...], rules: SymbolRules) -> Violation | None:
    """What may not be said like this, or not on this symbol: types, fields and words of all orders."""
    as_list, chained = is_list(request), legs[-1].pending
    refused = _misspelled(legs[:1]) if chained else None
    if as_list:
        refused = refused or misjoined(request, legs)
    refused = refused or _misspelled(legs)
    if refused is not None:
        return refused
    if isinstance(request, CancelReplace) and "cancelReplaceAllowed" not in rules.capabilities:
        return unsaid("cancelReplaceAllowed", "symbol", rules.symbol, False)
    return not_offered(request, rules) if as_list else None


def _misspelled(legs: tuple[Leg, ...]) -> Violation | None:
    for leg in legs:
        if (refused := misspelled(leg.order)) is not None:
            return _renamed(refused, leg)
    return None


def _single(
    leg: Leg, rules: SymbolRules, known: Snapshot, rounding: bool
) -> tuple[Ticket, tuple[Change, ...]] | Violation:
    """One leg on its grids; what is said of its fields is said of the request's."""
    result = landed(leg.order, rules, known, rounding)
    refused = result if isinstance(result, Violation) else weighed(leg.order, result[0], rules, known)
    if refused is not None:
        return _renamed(refused, leg)
    assert not isinstance(result, Violation)
    used, changes = result
    if leg.names:
        changes = tuple(structs.replace(each, field=leg.named(each.field)) for each in changes)
    return used, changes


def _together(
    request: Request[Any], legs: tuple[Leg, ...], used: list[Ticket], rules: SymbolRules, known: Snapshot
) -> Violation | None:
    """What looks at everything that the request would open, and at the market of this moment."""
    as_list = is_list(request)
    refused = too_many(used, rules, known, as_list=as_list)
    if as_list:
        refused = refused or _names_taken(legs, used, known) or misplaced(legs, used, known)
    for leg, order in zip(legs, used, strict=True):
        if refused is None and not leg.pending:
            refused = _at_once(leg, order, rules, known)
    return refused


def _names_taken(legs: tuple[Leg, ...], used: list[Ticket], known: Snapshot) -> Violation | None:
    for leg, order in zip(legs, used, strict=True):
        if (refused := in_use(order, known)) is not None:
            return _renamed(refused, leg)
    return None


def _at_once(leg: Leg, order: Ticket, rules: SymbolRules, known: Snapshot) -> Violation | None:
    """What stands against an order that begins now."""
    refused = untimely(order, known) or in_use(order, known) or too_much(order, rules, known, money=True)
    return None if refused is None else _renamed(refused, leg)


def _renamed(refused: Violation, leg: Leg) -> Violation:
    """In the words of the request that the leg belongs to."""
    if not leg.names:
        return refused
    ground = LIST_ICEBERG_GTC if refused.filter == ICEBERG_GTC else refused.filter
    return structs.replace(refused, filter=ground, field=leg.named(refused.field))
