"""Whether an order may be said at all: symbol status, order type, and the fields that type takes (RULES-5).

Source: rest-api, *New order*, its table of mandatory parameters.
"""

import msgspec

from surefoot.rules.symbols import SymbolRules
from surefoot.rules.verdicts import CHARACTERS, MANDATORY, NO_FILTER, UNEXPECTED, Violation
from surefoot.spot.enums import OrderType, Side, SymbolStatus, TimeInForce
from surefoot.spot.trade import NewOrder
from surefoot.values import CLIENT_ORDER_ID, UNSET

_SIDES = frozenset({Side.BUY, Side.SELL})
_TIMES = frozenset({TimeInForce.GTC, TimeInForce.IOC, TimeInForce.FOK, UNSET})
_LOWEST_STRATEGY_TYPE = 1_000_000


class Shape(msgspec.Struct, frozen=True):
    """The fields that an order type needs and those it must not carry."""

    needs: tuple[str, ...]
    refuses: tuple[str, ...]


SHAPES: dict[OrderType, Shape] = {
    OrderType.LIMIT: Shape(("time_in_force", "quantity", "price"), ("quote_order_qty",)),
    OrderType.LIMIT_MAKER: Shape(("quantity", "price"), ("time_in_force", "quote_order_qty")),
    OrderType.MARKET: Shape((), ("price", "time_in_force")),
}
"""The order types that this version judges; MARKET needs quantity or quote_order_qty, never both."""


def refused_outright(order: NewOrder, rules: SymbolRules) -> Violation | None:
    """Why the order cannot be sent, whatever its numbers are; `None` when nothing stands against it."""
    if rules.status != SymbolStatus.TRADING:
        why = f"{rules.symbol} is {rules.status}: {NO_FILTER['status']}"
        return _no("status", "symbol", rules.status, SymbolStatus.TRADING, why)
    if order.side not in _SIDES:
        return _no("side", "side", order.side, (Side.BUY, Side.SELL))
    if order.type not in rules.order_types:
        return _no("orderTypes", "type", order.type, sorted(rules.order_types))
    shape = SHAPES.get(order.type)
    if shape is None:
        return _no("type", "type", order.type, sorted(SHAPES))
    return _misshapen(order, shape) or _bad_word(order, rules)


def _no(filter: str, field: str, given: object, bound: object, why: str = "") -> Violation:
    text = why or f"{field} {given}: {NO_FILTER[filter]}"
    return Violation(filter=filter, field=field, given=given, bound=bound, why=text)


def _misshapen(order: NewOrder, shape: Shape) -> Violation | None:
    for field in shape.needs:
        if getattr(order, field) is UNSET:
            return _no(MANDATORY, field, None, order.type, f"{order.type} needs {field}")
    for field in shape.refuses:
        if (given := getattr(order, field)) is not UNSET:
            return _no(UNEXPECTED, field, given, order.type, f"{order.type} does not take {field}")
    if order.type == OrderType.MARKET and (order.quantity is UNSET) is (order.quote_order_qty is UNSET):
        if order.quantity is UNSET:
            return _no(MANDATORY, "quantity", None, order.type, "MARKET needs quantity or quote_order_qty")
        why = "MARKET takes quantity or quote_order_qty, never both"
        return _no(UNEXPECTED, "quote_order_qty", order.quote_order_qty, order.type, why)
    return None


def _bad_word(order: NewOrder, rules: SymbolRules) -> Violation | None:
    if order.time_in_force not in _TIMES:
        return _no("timeInForce", "time_in_force", order.time_in_force, sorted(TimeInForce))
    if order.quote_order_qty is not UNSET and not rules.quote_order_qty_market_allowed:
        return _no("quoteOrderQtyMarketAllowed", "quote_order_qty", order.quote_order_qty, False)
    id, mode, kind = order.new_client_order_id, order.self_trade_prevention_mode, order.strategy_type
    if id is not UNSET and CLIENT_ORDER_ID.fullmatch(id) is None:
        why = f"new_client_order_id {id!r} is not 1 to 36 of the characters a-z A-Z 0-9 - _"
        return _no(CHARACTERS, "new_client_order_id", id, CLIENT_ORDER_ID.pattern, why)
    modes = rules.self_trade_prevention_modes
    if mode is not UNSET and modes and mode not in modes:
        return _no("allowedSelfTradePreventionModes", "self_trade_prevention_mode", mode, sorted(modes))
    if kind is not UNSET and kind < _LOWEST_STRATEGY_TYPE:
        return _no("strategyType", "strategy_type", kind, _LOWEST_STRATEGY_TYPE)
    return None
