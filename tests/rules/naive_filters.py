"""The filters once more, written apart from the package: raw exchangeInfo, fractions, and nothing clever."""

from collections.abc import Iterator
from fractions import Fraction
from math import lcm

from surefoot.rules.check import Snapshot
from surefoot.spot.filters import Filter
from surefoot.spot.general import SymbolInfo
from surefoot.spot.trade import NewOrder
from surefoot.values import UNSET

Complaint = tuple[str, str]
"""(filter, field)"""


def complaints(info: SymbolInfo, order: NewOrder, prices: Snapshot) -> set[Complaint]:
    """Every filter that refuses the order exactly as it is, as far as prices are known."""
    found = set(_decimals(info, order))
    for rule in info.filters:
        found |= set(_complaints(rule, order, prices))
    return found


def _decimals(info: SymbolInfo, order: NewOrder) -> Iterator[Complaint]:
    base, quote = info.base_asset_precision, info.quote_asset_precision
    for field, places in (("price", quote), ("quantity", base), ("quote_order_qty", quote)):
        given = getattr(order, field)
        if given is UNSET:
            continue
        if given <= 0:
            yield "POSITIVE", field
        if (Fraction(given) * 10**places).denominator != 1:
            yield "PRECISION", field
    if order.price is not UNSET and order.quantity is not UNSET:
        worth = Fraction(order.price) * Fraction(order.quantity)
        if order.quantity > 0 and 0 < worth * 10**quote < 1:
            yield "POSITIVE", "quantity"


def _complaints(rule: Filter, order: NewOrder, prices: Snapshot) -> Iterator[Complaint]:
    kind = rule.filter_type
    if kind == "PRICE_FILTER" and order.price is not UNSET:
        if _outside(order.price, rule.min_price, rule.max_price, rule.tick_size):
            yield kind, "price"
    elif kind == "LOT_SIZE" or (kind == "MARKET_LOT_SIZE" and order.type == "MARKET"):
        if order.quantity is not UNSET and _outside(
            order.quantity, rule.min_qty, rule.max_qty, rule.step_size
        ):
            yield kind, "quantity"
    elif kind in {"NOTIONAL", "MIN_NOTIONAL"}:
        yield from _notional(rule, order, prices)
    elif kind in {"PERCENT_PRICE", "PERCENT_PRICE_BY_SIDE"} and order.price is not UNSET:
        yield from _percent(rule, order, prices)


def _outside(value: object, low: object, high: object, step: object) -> bool:
    v, least, most, grid = Fraction(value), Fraction(low), Fraction(high), Fraction(step)  # type: ignore
    return bool((least and v < least) or (most and v > most) or (grid and v % grid))


def reference(rule: Filter, prices: Snapshot) -> Fraction | None:
    """The price that a filter compares with."""
    chosen = prices.reference
    if chosen is None:
        chosen = prices.last if rule.avg_price_mins == 0 else prices.average
    return None if chosen is None else Fraction(chosen)


def _notional(rule: Filter, order: NewOrder, prices: Snapshot) -> Iterator[Complaint]:
    new = rule.filter_type == "NOTIONAL"
    low, high = Fraction(rule.min_notional), Fraction(rule.max_notional) if new else None
    if order.type == "MARKET":
        low = low if (rule.apply_min_to_market if new else rule.apply_to_market) else Fraction(0)
        high = high if new and rule.apply_max_to_market else None
    field = "quantity"
    if order.quote_order_qty is not UNSET:
        worth, field = Fraction(order.quote_order_qty), "quote_order_qty"
    elif order.price is not UNSET:
        worth = Fraction(order.price) * Fraction(order.quantity)
    elif (unit := reference(rule, prices)) is not None:
        worth = unit * Fraction(order.quantity)
    else:
        return
    if worth < low or (high and worth > high):
        yield rule.filter_type, field


def _percent(rule: Filter, order: NewOrder, prices: Snapshot) -> Iterator[Complaint]:
    if (middle := reference(rule, prices)) is None:
        return
    if rule.filter_type == "PERCENT_PRICE":
        low, high = rule.multiplier_down, rule.multiplier_up
    elif order.side == "BUY":
        low, high = rule.bid_multiplier_down, rule.bid_multiplier_up
    else:
        low, high = rule.ask_multiplier_down, rule.ask_multiplier_up
    if not middle * Fraction(low) <= Fraction(order.price) <= middle * Fraction(high):
        yield rule.filter_type, "price"


def grid(info: SymbolInfo, field: str, *, market: bool) -> Fraction:
    """The coarsest step that every rule of the field shares."""
    kinds = {"price": {"PRICE_FILTER"}, "quote_order_qty": set()}.get(
        field, {"LOT_SIZE", "MARKET_LOT_SIZE"} if market else {"LOT_SIZE"}
    )
    places = info.base_asset_precision if field == "quantity" else info.quote_asset_precision
    steps = [Fraction(1, 10**places)]
    for rule in info.filters:
        if rule.filter_type in kinds:
            step = rule.tick_size if field == "price" else rule.step_size
            steps += [Fraction(step)] if step else []
    whole = lcm(*(each.denominator for each in steps))
    return Fraction(lcm(*(int(each * whole) for each in steps)), whole)


def least_values(info: SymbolInfo, order: NewOrder, prices: Snapshot, field: str) -> Iterator[Fraction]:
    """Where the legal values of a field can begin: if none of these is legal, no value is."""
    step = grid(info, field, market=order.type == "MARKET")
    yield step
    if field == "quantity" and order.price is not UNSET and order.price > 0:
        yield -(-Fraction(1, 10**info.quote_asset_precision) / Fraction(order.price) // step) * step
    for rule in info.filters:
        for low in _lows(rule, order, prices, field):
            yield -(-low // step) * step


def _lows(rule: Filter, order: NewOrder, prices: Snapshot, field: str) -> Iterator[Fraction]:
    middle = reference(rule, prices)
    if field == "price":
        downs = (rule.bid_multiplier_down, rule.ask_multiplier_down, rule.multiplier_down)
        yield from (Fraction(each) * middle for each in downs if middle and each is not UNSET)
        yield from (Fraction(each) for each in (rule.min_price,) if each is not UNSET)
        return
    yield from (Fraction(each) for each in (rule.min_qty, rule.min_notional) if each is not UNSET)
    unit = middle if order.price is UNSET else Fraction(order.price)
    if unit and rule.min_notional is not UNSET:
        yield Fraction(rule.min_notional) / unit
