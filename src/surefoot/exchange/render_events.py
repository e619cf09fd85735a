"""What happened to an account as Binance's events (official page *User Data Streams*)."""

from surefoot.exchange.commands import BalanceChange, BalanceUpdate, ExternalLock, OrderSnapshot, Report
from surefoot.exchange.render import NO_PREVENTION, Json, format8
from surefoot.exchange.render_market import signed8

_ZERO = "0.00000000"


def execution_report(report: Report, unit: int) -> Json:
    """What happened to an order, for its owner."""
    order = report.order
    event: Json = {
        "e": "executionReport",
        "E": report.time_us // unit,
        "s": order.symbol,
        "c": order.client_order_id,
        "S": order.side,
        "o": order.type,
        "f": order.time_in_force,
        "q": format8(order.orig_qty),
        "p": format8(order.price),
        "P": _ZERO,
        "F": _ZERO,
        "g": -1,
        "C": report.orig_client_order_id,
        "x": report.execution_type,
        "X": order.status,
        "r": "NONE",
        "i": order.order_id,
        "l": format8(report.last_qty),
        "z": format8(order.executed_qty),
        "L": format8(report.last_price),
        "n": format8(report.commission),
        "N": report.commission_asset,
        "T": report.time_us // unit,
        "t": report.trade_id,
        "I": report.execution_id,
        "w": report.is_on_book,
        "m": report.is_maker,
        "M": False,
        "O": order.time_us // unit,
        "Z": format8(order.cummulative_quote_qty),
        "Y": format8(report.last_quote_qty),
        "Q": format8(order.orig_quote_order_qty),
    }
    return event | _conditional(order, unit)


def _conditional(order: OrderSnapshot, unit: int) -> Json:
    """The fields that only some orders have."""
    fields: Json = {"W": order.working_time_us // unit} if order.working_time_us > 0 else {}
    fields["V"] = NO_PREVENTION
    if order.strategy_id is not None:
        fields["j"] = order.strategy_id
    if order.strategy_type is not None:
        fields["J"] = order.strategy_type
    if order.expiry_reason is not None:
        fields["eR"] = order.expiry_reason
    return fields


def account_position(change: BalanceChange, unit: int) -> Json:
    """The balances that may have changed."""
    return {
        "e": "outboundAccountPosition",
        "E": change.time_us // unit,
        "u": change.time_us // unit,
        "B": [
            {"a": held.asset, "f": format8(held.free), "l": format8(held.locked)} for held in change.balances
        ],
    }


def balance_update(update: BalanceUpdate, unit: int) -> Json:
    """A deposit or a withdrawal, as a difference."""
    return _difference("balanceUpdate", update, unit)


def external_lock(update: ExternalLock, unit: int) -> Json:
    """Locked or unlocked from outside, as a difference."""
    return _difference("externalLockUpdate", update, unit)


def _difference(name: str, update: BalanceUpdate | ExternalLock, unit: int) -> Json:
    return {
        "e": name,
        "E": update.time_us // unit,
        "a": update.asset,
        "d": signed8(update.delta),
        "T": update.time_us // unit,
    }


def terminated(now_us: int, unit: int) -> Json:
    """The subscription is over."""
    return {"e": "eventStreamTerminated", "E": now_us // unit}
