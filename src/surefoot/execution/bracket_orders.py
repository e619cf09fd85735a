"""The orders of a bracket: what is asked of the exchange, and what is too small to be asked for (pure).

Every order has its id before it is asked for: `ids` by role, which are `ENTRY`, `TAKE_PROFIT`, `STOP_LOSS`,
`LIST` (of the two, or of all three) and `CLOSE`.
"""

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from surefoot.errors import Misuse
from surefoot.execution.bracket import Plan, Way, stop_type
from surefoot.rules.quantise import EXACT, ONE, ZERO, down
from surefoot.rules.symbols import SymbolRules
from surefoot.rules.verdicts import short
from surefoot.spot.enums import NewOrderRespType, OrderType, Side, TimeInForce
from surefoot.spot.order_list_oco import NewOco
from surefoot.spot.order_list_oto import NewOpoco, NewOtoco
from surefoot.spot.trade import NewOrder
from surefoot.values import UNSET, UnsetType

ENTRY, LIST, TAKE_PROFIT, STOP_LOSS, CLOSE = "entry", "list", "takeProfit", "stopLoss", "close"
PROTECTION = (LIST, TAKE_PROFIT, STOP_LOSS)
EXITS = (TAKE_PROFIT, STOP_LOSS, CLOSE)

_FULL = NewOrderRespType.FULL
_SIZES = ("LOT_SIZE", "MARKET_LOT_SIZE", "NOTIONAL", "MIN_NOTIONAL")
_CROSSED = ("relationship of the prices", "would immediately match", "would trigger immediately")

Entry = NewOrder | NewOtoco | NewOpoco


def entry_roles(plan: Plan) -> tuple[str, ...]:
    """The roles of what enters: with its protection, where that is one list."""
    return (ENTRY, *PROTECTION) if plan.is_native else (ENTRY,)


def entry_key(plan: Plan) -> str:
    """The role whose id the entry's submission has."""
    return LIST if plan.is_native else ENTRY


def entry_request(plan: Plan, ids: Mapping[str, str]) -> Entry:
    """What enters."""
    if plan.way is Way.OPOCO:
        return _opoco(plan, ids)
    if plan.way is Way.OTOCO:
        return _otoco(plan, ids)
    limit = plan.price is not None
    return NewOrder(
        symbol=plan.symbol,
        side=Side.BUY,
        type=OrderType.LIMIT if limit else OrderType.MARKET,
        time_in_force=plan.time_in_force if limit else UNSET,
        quantity=_or_unset(plan.quantity),
        quote_order_qty=_or_unset(plan.quote),
        price=_or_unset(plan.price),
        new_client_order_id=ids[ENTRY],
        new_order_resp_type=_FULL,
    )


def _opoco(plan: Plan, ids: Mapping[str, str]) -> NewOpoco:
    assert plan.price is not None
    assert plan.quantity is not None
    return NewOpoco(
        symbol=plan.symbol,
        list_client_order_id=ids[LIST],
        new_order_resp_type=_FULL,
        working_type=OrderType.LIMIT,
        working_side=Side.BUY,
        working_client_order_id=ids[ENTRY],
        working_price=plan.price,
        working_quantity=plan.quantity,
        working_time_in_force=plan.time_in_force,
        pending_side=Side.SELL,
        pending_above_type=OrderType.LIMIT_MAKER,
        pending_above_client_order_id=ids[TAKE_PROFIT],
        pending_above_price=plan.take_profit,
        pending_below_type=stop_type(plan),
        pending_below_client_order_id=ids[STOP_LOSS],
        pending_below_stop_price=plan.stop_loss,
        pending_below_price=_or_unset(plan.stop_limit),
        pending_below_time_in_force=_stop_life(plan),
    )


def _otoco(plan: Plan, ids: Mapping[str, str]) -> NewOtoco:
    assert plan.quantity is not None
    shared = msgspec.structs.asdict(_opoco(plan, ids))  # the same words, but for how much is sold
    return NewOtoco(**shared, pending_quantity=plan.quantity)


def protection_request(plan: Plan, quantity: Decimal, ids: Mapping[str, str]) -> NewOco:
    """The OCO that sells `quantity` at the profit or at the stop."""
    return NewOco(
        symbol=plan.symbol,
        list_client_order_id=ids[LIST],
        new_order_resp_type=_FULL,
        side=Side.SELL,
        quantity=quantity,
        above_type=OrderType.LIMIT_MAKER,
        above_client_order_id=ids[TAKE_PROFIT],
        above_price=plan.take_profit,
        below_type=stop_type(plan),
        below_client_order_id=ids[STOP_LOSS],
        below_stop_price=plan.stop_loss,
        below_price=_or_unset(plan.stop_limit),
        below_time_in_force=_stop_life(plan),
    )


def close_request(plan: Plan, quantity: Decimal, ids: Mapping[str, str]) -> NewOrder:
    """The order that sells `quantity` at the market."""
    return NewOrder(
        symbol=plan.symbol,
        side=Side.SELL,
        type=OrderType.MARKET,
        quantity=quantity,
        new_client_order_id=ids[CLOSE],
        new_order_resp_type=_FULL,
    )


def _stop_life(plan: Plan) -> TimeInForce | UnsetType:
    return UNSET if plan.stop_limit is None else TimeInForce.GTC


def protectable(left: Decimal, rules: SymbolRules) -> Decimal:
    """How much of it an OCO can sell, by the lot's step; zero where nothing is left."""
    return down(max(left, ZERO), rules.quantity.window.step)


def sellable(left: Decimal, rules: SymbolRules) -> Decimal:
    """How much of it one MARKET order can sell."""
    window = rules.market_quantity.window
    return down(min(max(left, ZERO), window.high), window.step)


def too_small(plan: Plan, left: Decimal, rules: SymbolRules) -> str | None:
    """Why `left` of the base asset cannot be protected for its size, in words; None where it can."""
    quantity, low = protectable(left, rules), rules.quantity.window.low
    if quantity < low:
        return f"{short(left)} {rules.base} is less than the smallest lot, {short(low)}"
    price = min(plan.take_profit, plan.stop_limit or plan.take_profit)
    worth = EXACT.multiply(price, quantity)
    for each in rules.notionals:
        if worth < (least := each.bounds(market=False)[0]):
            at = f"{short(worth)} {rules.quote} at {short(price)}"
            return f"{short(left)} {rules.base} is worth {at}, less than an order must be: {short(least)}"
    return None


def must_be_protectable(plan: Plan, commission: Decimal | None, rules: SymbolRules) -> None:
    """Raises `Misuse` for a bracket of which, filled whole, too little would be left to be protected; of an
    amount of the quote asset only the book knows what it buys.
    """
    if plan.quantity is None:
        return
    kept = EXACT.multiply(plan.quantity, EXACT.subtract(ONE, commission or ZERO))
    if (small := too_small(plan, kept, rules)) is not None:
        raise Misuse(f"a bracket that could not be protected: {small}")


def for_its_size(text: str) -> bool:
    """Whether that is a refusal for a filter of quantities or notionals (-1013)."""
    return any(name in text for name in _SIZES)


def for_its_prices(text: str) -> bool:
    """Whether that is a refusal of an OCO because its take-profit or its stop is crossed already (-2010)."""
    return any(words in text for words in _CROSSED)


def _or_unset(value: Decimal | None) -> Decimal | UnsetType:
    return UNSET if value is None else value
