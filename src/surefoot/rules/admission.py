"""Whether an order may be said at all: its words, the fields its type takes, the symbol's leave (RULES-5).

Source: rest-api, *New order*, its table of mandatory parameters; *Pegged orders* FAQ.
"""

import msgspec

from surefoot.rules.grounds import (
    CHARACTERS,
    COMBINATION,
    ICEBERG_GTC,
    LIFE_UNEXPECTED,
    MANDATORY,
    NO_FILTER,
    UNEXPECTED,
)
from surefoot.rules.legs import Ticket
from surefoot.rules.snapshot import Snapshot
from surefoot.rules.symbols import SymbolRules
from surefoot.rules.verdicts import Violation, unsaid
from surefoot.spot.enums import OrderType, Side, SymbolStatus, TimeInForce
from surefoot.values import CLIENT_ORDER_ID, UNSET

_SIDES = frozenset({Side.BUY, Side.SELL})
_TIMES = frozenset({TimeInForce.GTC, TimeInForce.IOC, TimeInForce.FOK, UNSET})
_LOWEST_STRATEGY_TYPE = 1_000_000
_FARTHEST_PEG = 100
_STOPS = ("stop_price", "trailing_delta")
_PEGS = ("peg_price_type", "peg_offset_type", "peg_offset_value")


class Shape(msgspec.Struct, frozen=True):
    """The fields that an order type needs and those it must not carry.

    `contingent`: it needs stop_price, trailing_delta or both. `priced`: it may be pegged, and hidden.
    """

    needs: tuple[str, ...]
    refuses: tuple[str, ...]
    contingent: bool = False
    priced: bool = False


_LIMIT = ("time_in_force", "quantity", "price")
_STOP_MARKET = Shape(
    ("quantity",), ("time_in_force", "quote_order_qty", "price", "iceberg_qty"), contingent=True
)
_STOP_LIMIT = Shape(_LIMIT, ("quote_order_qty",), contingent=True, priced=True)

SHAPES: dict[OrderType, Shape] = {
    OrderType.LIMIT: Shape(_LIMIT, ("quote_order_qty", *_STOPS), priced=True),
    OrderType.LIMIT_MAKER: Shape(
        ("quantity", "price"), ("time_in_force", "quote_order_qty", *_STOPS), priced=True
    ),
    OrderType.MARKET: Shape((), ("time_in_force", "price", *_STOPS, "iceberg_qty")),
    OrderType.STOP_LOSS: _STOP_MARKET,
    OrderType.STOP_LOSS_LIMIT: _STOP_LIMIT,
    OrderType.TAKE_PROFIT: _STOP_MARKET,
    OrderType.TAKE_PROFIT_LIMIT: _STOP_LIMIT,
}
"""What each order type takes; MARKET needs quantity or quote_order_qty, never both."""


def misspelled(order: Ticket) -> Violation | None:
    """Why the order's words are not the exchange's, or do not belong together, on any symbol."""
    if order.side not in _SIDES:
        return unsaid("side", "side", order.side, (Side.BUY, Side.SELL))
    shape = SHAPES.get(order.type)
    if shape is None:
        return unsaid("type", "type", order.type, sorted(SHAPES))
    return _bad_word(order) or _misshapen(order, shape)


def _bad_word(order: Ticket) -> Violation | None:
    if order.time_in_force not in _TIMES:
        return unsaid("timeInForce", "time_in_force", order.time_in_force, sorted(TimeInForce))
    id, kind = order.new_client_order_id, order.strategy_type
    if id is not UNSET and CLIENT_ORDER_ID.fullmatch(id) is None:
        why = f"new_client_order_id {id!r} is not 1 to 36 of the characters a-z A-Z 0-9 - _"
        return unsaid(CHARACTERS, "new_client_order_id", id, CLIENT_ORDER_ID.pattern, why)
    if kind is not UNSET and kind < _LOWEST_STRATEGY_TYPE:
        return unsaid("strategyType", "strategy_type", kind, _LOWEST_STRATEGY_TYPE)
    levels = order.peg_offset_value
    if levels is not UNSET and not 0 <= levels <= _FARTHEST_PEG:
        return unsaid("pegOffsetValue", "peg_offset_value", levels, _FARTHEST_PEG)
    return None


def _misshapen(order: Ticket, shape: Shape) -> Violation | None:
    return (
        _missing(order, shape) or _unexpected(order, shape) or _badly_pegged(order, shape) or _fleeting(order)
    )


def _missing(order: Ticket, shape: Shape) -> Violation | None:
    pegged = order.peg_price_type is not UNSET
    for field in shape.needs:
        if getattr(order, field) is UNSET and not (pegged and field == "price"):
            return unsaid(MANDATORY, field, None, order.type, f"{order.type} needs {field}")
    if order.type == OrderType.MARKET and (order.quantity is UNSET) is (order.quote_order_qty is UNSET):
        return _one_size(order)
    if shape.contingent and order.stop_price is UNSET and order.trailing_delta is UNSET:
        why = f"{order.type} needs stop_price or trailing_delta"
        return unsaid(MANDATORY, "stop_price", None, order.type, why)
    return None


def _unexpected(order: Ticket, shape: Shape) -> Violation | None:
    for field in shape.refuses:
        if (given := getattr(order, field)) is not UNSET:
            ground = LIFE_UNEXPECTED if field == "time_in_force" else UNEXPECTED
            return unsaid(ground, field, given, order.type, f"{order.type} does not take {field}")
    return None


def _fleeting(order: Ticket) -> Violation | None:
    if order.iceberg_qty is not UNSET and order.time_in_force not in (TimeInForce.GTC, UNSET):
        return unsaid(ICEBERG_GTC, "time_in_force", order.time_in_force, TimeInForce.GTC)
    return None


def _one_size(order: Ticket) -> Violation:
    if order.quantity is UNSET:
        why = "MARKET needs quantity or quote_order_qty"
        return unsaid(MANDATORY, "quantity", None, order.type, why)
    why = "MARKET takes quantity or quote_order_qty, never both"
    return unsaid(COMBINATION, "quote_order_qty", order.quote_order_qty, order.type, why)


def _badly_pegged(order: Ticket, shape: Shape) -> Violation | None:
    given = [name for name in _PEGS if getattr(order, name) is not UNSET]
    if not given:
        return None
    if not shape.priced:
        return unsaid("pegPriceType", given[0], order.type, [k for k, v in SHAPES.items() if v.priced])
    if (order.peg_offset_type is UNSET) is not (order.peg_offset_value is UNSET):
        why = "peg_offset_type and peg_offset_value belong together"
        return unsaid(COMBINATION, "peg_offset_value", order.peg_offset_value, None, why)
    if order.peg_price_type is UNSET:
        return unsaid(MANDATORY, "peg_price_type", None, order.type, "a peg needs peg_price_type")
    if order.type == OrderType.LIMIT_MAKER and order.peg_price_type != "PRIMARY_PEG":
        return unsaid("pegPriceType", "peg_price_type", order.peg_price_type, "PRIMARY_PEG")
    return None


def not_allowed(order: Ticket, rules: SymbolRules, known: Snapshot) -> Violation | None:
    """Why the symbol does not take such an order, whatever its numbers are."""
    if (held := known.permissions) is not None:
        for wanted in rules.permission_sets:
            if wanted.isdisjoint(held):
                return unsaid("permissionSets", "symbol", held, sorted(wanted))
    if rules.status != SymbolStatus.TRADING:
        why = f"{rules.symbol} is {rules.status}: {NO_FILTER['status'].words}"
        return unsaid("status", "symbol", rules.status, SymbolStatus.TRADING, why)
    if order.type not in rules.order_types:
        return unsaid("orderTypes", "type", order.type, sorted(rules.order_types))
    mode, modes = order.self_trade_prevention_mode, rules.self_trade_prevention_modes
    if mode is not UNSET and modes and mode not in modes:
        return unsaid("allowedSelfTradePreventionModes", "self_trade_prevention_mode", mode, sorted(modes))
    for field, flag in rules.forbidden:
        if (given := getattr(order, field)) is not UNSET:
            return unsaid(flag, field, given, False)
    return None
