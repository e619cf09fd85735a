"""The engine's integers as Binance spells them: decimals at the asset's 8 digits, times in the asked unit.

Field names and their order are those of the official sample answers. `unit` is how many microseconds one tick
of the answer's times has: 1000 (milliseconds, the default) or 1.
"""

from collections.abc import Iterable
from typing import Any

from surefoot.exchange.accounts import Account
from surefoot.exchange.commands import (
    Canceled,
    Depth,
    Fill,
    Held,
    OrderSnapshot,
    Placed,
    TopChange,
)
from surefoot.spot.enums import NewOrderRespType, OrderType

SCALE = 100_000_000
MILLISECONDS, MICROSECONDS = 1000, 1
NO_PREVENTION = "NONE"
"""Self-trade prevention is not built: orders trade with the same account's orders."""

PERMISSIONS = ("SPOT",)
"""What every account may trade."""

_ZERO = "0.00000000"
_FULL_BY_DEFAULT = frozenset({OrderType.LIMIT, OrderType.MARKET})

Json = dict[str, Any]


def format8(value: int) -> str:
    """An amount at 1e-8 with its 8 decimals: 150000000 is ``1.50000000``."""
    return f"{value // SCALE}.{value % SCALE:08d}"


def placed(result: Placed, kind: str | None, unit: int) -> Json:
    """A placement as ACK, RESULT or FULL; without `kind` the type's default (FULL for LIMIT and MARKET)."""
    order = result.order
    if kind is None:
        full = order.type in _FULL_BY_DEFAULT
        kind = NewOrderRespType.FULL if full else NewOrderRespType.ACK
    answer = _head(order) | {"transactTime": order.update_time_us // unit}
    if kind == NewOrderRespType.ACK:
        return answer
    answer |= _body(order)
    answer["workingTime"] = _time(order.working_time_us, unit)
    answer["selfTradePreventionMode"] = NO_PREVENTION
    if kind == NewOrderRespType.FULL:
        answer["fills"] = [_fill(fill) for fill in result.fills]
    return answer | _conditional(order)


def canceled(result: Canceled, unit: int) -> Json:
    """The answer to a cancel."""
    order = result.order
    answer: Json = {"symbol": order.symbol, "origClientOrderId": result.orig_client_order_id} | _head(order)
    answer["transactTime"] = order.update_time_us // unit
    answer |= _body(order)
    answer["selfTradePreventionMode"] = NO_PREVENTION
    return answer | _conditional(order)


def order(snapshot: OrderSnapshot, unit: int) -> Json:
    """An order as queries answer it."""
    answer = _head(snapshot) | _body(snapshot)
    quote_order_qty = answer.pop("origQuoteOrderQty")
    return (
        answer
        | {
            "stopPrice": _ZERO,
            "icebergQty": _ZERO,
            "time": snapshot.time_us // unit,
            "updateTime": snapshot.update_time_us // unit,
            "isWorking": True,
            "workingTime": _time(snapshot.working_time_us, unit),
            "origQuoteOrderQty": quote_order_qty,
            "selfTradePreventionMode": NO_PREVENTION,
        }
        | _conditional(snapshot)
    )


def _time(time_us: int, unit: int) -> int:
    return time_us // unit if time_us > 0 else -1


def _head(order: OrderSnapshot) -> Json:
    return {
        "symbol": order.symbol,
        "orderId": order.order_id,
        "orderListId": -1,
        "clientOrderId": order.client_order_id,
    }


def _body(order: OrderSnapshot) -> Json:
    return {
        "price": format8(order.price),
        "origQty": format8(order.orig_qty),
        "executedQty": format8(order.executed_qty),
        "origQuoteOrderQty": format8(order.orig_quote_order_qty),
        "cummulativeQuoteQty": format8(order.cummulative_quote_qty),
        "status": order.status,
        "timeInForce": order.time_in_force,
        "type": order.type,
        "side": order.side,
    }


def _conditional(order: OrderSnapshot) -> Json:
    """Fields that are there only when they have something to say."""
    answer: Json = {}
    if order.strategy_id is not None:
        answer["strategyId"] = order.strategy_id
    if order.strategy_type is not None:
        answer["strategyType"] = order.strategy_type
    if order.expiry_reason is not None:
        answer["expiryReason"] = order.expiry_reason
    return answer


def _fill(fill: Fill) -> Json:
    return {
        "price": format8(fill.price),
        "qty": format8(fill.qty),
        "commission": format8(fill.commission),
        "commissionAsset": fill.commission_asset,
        "tradeId": fill.trade_id,
    }


def trade(fill: Fill, unit: int) -> Json:
    """One line of myTrades."""
    return {
        "symbol": fill.symbol,
        "id": fill.trade_id,
        "orderId": fill.order_id,
        "orderListId": -1,
        "price": format8(fill.price),
        "qty": format8(fill.qty),
        "quoteQty": format8(fill.quote_qty),
        "commission": format8(fill.commission),
        "commissionAsset": fill.commission_asset,
        "time": fill.time_us // unit,
        "isBuyer": fill.is_buyer,
        "isMaker": fill.is_maker,
        "isBestMatch": True,
    }


def account(who: Account, balances: Iterable[Held], update_time_us: int, unit: int) -> Json:
    """The answer of GET account."""
    return {
        "makerCommission": who.maker_rate * 10_000 // SCALE,
        "takerCommission": who.taker_rate * 10_000 // SCALE,
        "buyerCommission": 0,
        "sellerCommission": 0,
        "commissionRates": {
            "maker": format8(who.maker_rate),
            "taker": format8(who.taker_rate),
            "buyer": _ZERO,
            "seller": _ZERO,
        },
        "canTrade": True,
        "canWithdraw": False,
        "canDeposit": False,
        "brokered": False,
        "requireSelfTradePrevention": False,
        "preventSor": False,
        "updateTime": update_time_us // unit,
        "accountType": "SPOT",
        "balances": [balance(held) for held in balances],
        "permissions": list(PERMISSIONS),
        "uid": who.uid,
    }


def balance(held: Held) -> Json:
    """One balance of GET account."""
    return {"asset": held.asset, "free": format8(held.free), "locked": format8(held.locked)}


def commission_rates(who: Account) -> Json:
    """What order/test answers with computeCommissionRates."""
    nothing = {"maker": _ZERO, "taker": _ZERO}
    return {
        "standardCommissionForOrder": {
            "maker": format8(who.maker_rate),
            "taker": format8(who.taker_rate),
        },
        "specialCommissionForOrder": nothing,
        "taxCommissionForOrder": nothing,
        "discount": {
            "enabledForAccount": False,
            "enabledForSymbol": False,
            "discountAsset": "BNB",
            "discount": "0.75000000",
        },
    }


def levels(side: Iterable[tuple[int, int]]) -> list[tuple[str, str]]:
    """Price levels as pairs of decimal strings."""
    return [(format8(price), format8(quantity)) for price, quantity in side]


def depth(book: Depth) -> Json:
    """A book snapshot."""
    return {
        "lastUpdateId": book.last_update_id,
        "bids": levels(book.bids),
        "asks": levels(book.asks),
    }


def book_ticker(top: TopChange) -> Json:
    """The best prices of one symbol; an empty side is zero."""
    return {
        "symbol": top.symbol,
        "bidPrice": format8(top.bid),
        "bidQty": format8(top.bid_qty),
        "askPrice": format8(top.ask),
        "askQty": format8(top.ask_qty),
    }
