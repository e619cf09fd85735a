"""What happened to an account as Binance's events (official page *User Data Streams*)."""

from surefoot.exchange.core.commands import (
    BalanceChange,
    BalanceUpdate,
    ExternalLock,
    ListChange,
    OrderSnapshot,
    Report,
)
from surefoot.exchange.render.amounts import SCALE, Json, decimal
from surefoot.exchange.render.orders import NO_GROUP, moment
from surefoot.spot.enums import ExecutionType, Side


def execution_report(report: Report, unit: int) -> Json:
    """What happened to an order, for its owner."""
    order, digits, special = report.order, report.order.digits, report.order.particulars
    event: Json = {
        "e": "executionReport",
        "E": report.time_us // unit,
        "s": order.symbol,
        "c": order.client_order_id,
        "S": order.side,
        "o": order.type,
        "f": order.time_in_force,
        "q": decimal(order.orig_qty, digits.base),
        "p": decimal(order.price, digits.quote),
        "P": decimal(special.stop_price, digits.quote),
        "F": decimal(special.iceberg_qty, digits.base),
        "g": order.order_list_id,
        "C": report.orig_client_order_id,
        "x": report.execution_type,
        "X": order.status,
        "r": report.reject_reason,
        "i": order.order_id,
        "l": decimal(report.last_qty, digits.base),
        "z": decimal(order.executed_qty, digits.base),
        "L": decimal(report.last_price, digits.quote),
        "n": _commission(report),
        "N": report.commission_asset,
        "T": report.time_us // unit,
        "t": report.trade_id,
        "I": report.execution_id,
        "w": report.is_on_book,
        "m": report.is_maker,
        "M": report.execution_type is ExecutionType.TRADE,
        "O": order.time_us // unit,
        "Z": decimal(order.cummulative_quote_qty, digits.quote),
        "Y": decimal(report.last_quote_qty, digits.quote),
        "Q": decimal(order.orig_quote_order_qty, digits.quote),
    }
    return event | _conditional(order, unit) | _prevention(report)


def _commission(report: Report) -> str:
    """A buyer pays in base, a seller in quote; without a fill there is no asset, and so no decimals."""
    if report.commission_asset is None:
        return "0"
    digits = report.order.digits
    return decimal(report.commission, digits.base if report.order.side is Side.BUY else digits.quote)


def _conditional(order: OrderSnapshot, unit: int) -> Json:
    """The fields that only some orders have."""
    fields: Json = {"W": order.working_time_us // unit} if order.working_time_us > 0 else {}
    fields["V"] = order.prevention
    special = order.particulars
    if special.trailing_delta is not None:
        fields["d"] = special.trailing_delta
        fields["D"] = moment(special.trailing_time_us or 0, unit)
    if order.strategy_id is not None:
        fields["j"] = order.strategy_id
    if order.strategy_type is not None:
        fields["J"] = order.strategy_type
    if order.expiry_reason is not None:
        fields["eR"] = order.expiry_reason
    return fields


def _prevention(report: Report) -> Json:
    """What self-trade prevention did: to this order so far, and in this event."""
    order, digits = report.order, report.order.digits
    special = order.particulars
    if special.prevented_match_id is None:
        return {}
    fields: Json = {"v": special.prevented_match_id, "A": decimal(special.prevented_qty, digits.base)}
    if (prevented := report.prevented) is None:
        return fields
    match = prevented.match
    return fields | {
        "B": decimal(prevented.last_qty, digits.base),
        "u": NO_GROUP,
        "U": prevented.counter_order_id,
        "Cs": order.symbol,
        "pl": decimal(prevented.match_qty, digits.base),
        "pL": decimal(match.price, digits.quote),
        "pY": decimal(match.price * prevented.match_qty // SCALE, digits.quote),
    }


def list_status(change: ListChange, unit: int) -> Json:
    """A list began, went on, or is over."""
    of = change.order_list
    return {
        "e": "listStatus",
        "E": change.time_us // unit,
        "s": of.symbol,
        "g": of.order_list_id,
        "c": of.contingency,
        "l": of.status_type,
        "L": of.order_status,
        "r": "NONE",
        "C": of.list_client_order_id,
        "T": of.time_us // unit,
        "O": [{"s": of.symbol, "i": leg.order_id, "c": leg.client_order_id} for leg in of.legs],
    }


def account_position(change: BalanceChange, unit: int) -> Json:
    """The balances that may have changed."""
    return {
        "e": "outboundAccountPosition",
        "E": change.time_us // unit,
        "u": change.time_us // unit,
        "B": [
            {
                "a": held.asset,
                "f": decimal(held.free, held.places),
                "l": decimal(held.locked, held.places),
            }
            for held in change.balances
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
        "d": decimal(update.delta, update.places),
        "T": update.time_us // unit,
    }


def terminated(now_us: int, unit: int) -> Json:
    """The subscription is over."""
    return {"e": "eventStreamTerminated", "E": now_us // unit}


def listen_key_expired(listen_key: str, now_us: int, unit: int) -> Json:
    """Nobody asked for the listen key in time."""
    return {"e": "listenKeyExpired", "E": now_us // unit, "listenKey": listen_key}
