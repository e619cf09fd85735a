"""Orders, lists and what became of them, as the official sample answers spell them."""

from surefoot.exchange.core.commands import (
    Canceled,
    Fill,
    ListSnapshot,
    OrderSnapshot,
    Placed,
    PreventedMatch,
)
from surefoot.exchange.core.list_commands import Amended, Amendment, ListCanceled, ListPlaced
from surefoot.exchange.core.listing import Digits
from surefoot.exchange.core.orders import ALGO_TYPES
from surefoot.exchange.render.amounts import Json, decimal
from surefoot.spot.enums import NewOrderRespType, OrderType

FULL_BY_DEFAULT = frozenset({OrderType.LIMIT, OrderType.MARKET})
NO_GROUP = -1
"""No account here is in a trade group."""


def placed(result: Placed, kind: str | None, unit: int) -> Json:
    """A placement as ACK, RESULT or FULL; without `kind` the type's default (FULL for LIMIT and MARKET)."""
    order = result.order
    if kind is None:
        full = order.type in FULL_BY_DEFAULT
        kind = NewOrderRespType.FULL if full else NewOrderRespType.ACK
    answer = _head(order) | {"transactTime": order.update_time_us // unit}
    if kind == NewOrderRespType.ACK:
        return answer
    answer |= _body(order)
    answer["workingTime"] = moment(order.working_time_us, unit)
    answer["selfTradePreventionMode"] = order.prevention
    if kind == NewOrderRespType.FULL:
        answer["fills"] = [_fill(fill) for fill in result.fills]
        if result.prevented:
            answer["preventedMatches"] = [_prevented_now(match) for match in result.prevented]
    return answer | conditional(order, unit)


def canceled(result: Canceled, unit: int) -> Json:
    """The answer to a cancel."""
    order = result.order
    answer: Json = {"symbol": order.symbol, "origClientOrderId": result.orig_client_order_id} | _head(order)
    answer["transactTime"] = order.update_time_us // unit
    answer |= _body(order)
    answer["selfTradePreventionMode"] = order.prevention
    return answer | conditional(order, unit)


def order(snapshot: OrderSnapshot, unit: int) -> Json:
    """An order as queries answer it."""
    answer = _head(snapshot) | _body(snapshot)
    quote_order_qty = answer.pop("origQuoteOrderQty")
    digits, special = snapshot.digits, snapshot.particulars
    return (
        answer
        | {
            "stopPrice": decimal(special.stop_price, digits.quote),
            "icebergQty": decimal(special.iceberg_qty, digits.base),
            "time": snapshot.time_us // unit,
            "updateTime": snapshot.update_time_us // unit,
            "isWorking": snapshot.working_time_us > 0,
            "workingTime": moment(snapshot.working_time_us, unit),
            "origQuoteOrderQty": quote_order_qty,
            "selfTradePreventionMode": snapshot.prevention,
        }
        | conditional(snapshot, unit)
    )


def moment(time_us: int, unit: int) -> int:
    """A time that may not have come yet: then it is -1."""
    return time_us // unit if time_us > 0 else -1


def order_list(result: ListSnapshot, unit: int) -> Json:
    """A list as queries answer it."""
    return {
        "orderListId": result.order_list_id,
        "contingencyType": result.contingency,
        "listStatusType": result.status_type,
        "listOrderStatus": result.order_status,
        "listClientOrderId": result.list_client_order_id,
        "transactionTime": result.time_us // unit,
        "symbol": result.symbol,
        "orders": [
            {"symbol": result.symbol, "orderId": leg.order_id, "clientOrderId": leg.client_order_id}
            for leg in result.legs
        ],
    }


def list_placed(result: ListPlaced, kind: str, unit: int) -> Json:
    """The answer to a list's placement, each leg as `kind` asks."""
    reports = [placed(leg, kind, unit) for leg in result.legs]
    return order_list(result.order_list, unit) | {"orderReports": reports}


def list_canceled(result: ListCanceled, unit: int) -> list[Json]:
    """Cancelled orders: those of a list together, under the ids they had; others each for itself."""
    reports = [canceled(leg, unit) for leg in result.legs]
    if result.order_list is None:
        return reports
    answer = order_list(result.order_list, unit)
    originals = {leg.order.order_id: leg.orig_client_order_id for leg in result.legs}
    for leg in answer["orders"]:
        leg["clientOrderId"] = originals.get(leg["orderId"], leg["clientOrderId"])
    return [answer | {"orderReports": reports}]


def amended(result: Amended, unit: int) -> Json:
    """The answer to an amend; this endpoint has names of its own for the amounts."""
    order, digits = result.order, result.order.digits
    body: Json = {
        "symbol": order.symbol,
        "orderId": order.order_id,
        "orderListId": order.order_list_id,
        "origClientOrderId": result.orig_client_order_id,
        "clientOrderId": order.client_order_id,
        "price": decimal(order.price, digits.quote),
        "qty": decimal(order.orig_qty, digits.base),
        "executedQty": decimal(order.executed_qty, digits.base),
        "preventedQty": decimal(order.particulars.prevented_qty, digits.base),
        "quoteOrderQty": decimal(order.orig_quote_order_qty, digits.quote),
        "cumulativeQuoteQty": decimal(order.cummulative_quote_qty, digits.quote),
        "status": order.status,
        "timeInForce": order.time_in_force,
        "type": order.type,
        "side": order.side,
    }
    if order.working_time_us > 0:
        body["workingTime"] = order.working_time_us // unit
    body["selfTradePreventionMode"] = order.prevention
    answer: Json = {
        "transactTime": result.time_us // unit,
        "executionId": result.execution_id,
        "amendedOrder": body | _of_trigger(order, unit),
    }
    if result.order_list is not None:
        answer["listStatus"] = _list_status(result.order_list)
    return answer


def amendment(line: Amendment, symbol: str, digits: Digits, unit: int) -> Json:
    """One line of an order's history of amends."""
    return {
        "symbol": symbol,
        "orderId": line.order_id,
        "executionId": line.execution_id,
        "origClientOrderId": line.orig_client_order_id,
        "newClientOrderId": line.new_client_order_id,
        "origQty": decimal(line.orig_qty, digits.base),
        "newQty": decimal(line.new_qty, digits.base),
        "time": line.time_us // unit,
    }


def prevented_match(match: PreventedMatch, unit: int) -> Json:
    """One line of myPreventedMatches."""
    answer: Json = {
        "symbol": match.symbol,
        "preventedMatchId": match.match_id,
        "takerOrderId": match.taker_order_id,
        "makerSymbol": match.symbol,
        "makerOrderId": match.maker_order_id,
        "tradeGroupId": NO_GROUP,
        "selfTradePreventionMode": match.prevention,
        "price": decimal(match.price, match.digits.quote),
    }
    return answer | _took(match) | {"transactTime": match.time_us // unit}


def conditional(order: OrderSnapshot, unit: int) -> Json:
    """Fields that are there only when they have something to say."""
    answer = _of_trigger(order, unit)
    if order.strategy_id is not None:
        answer["strategyId"] = order.strategy_id
    if order.strategy_type is not None:
        answer["strategyType"] = order.strategy_type
    special = order.particulars
    if special.prevented_match_id is not None:
        answer["preventedMatchId"] = special.prevented_match_id
        answer["preventedQuantity"] = decimal(special.prevented_qty, order.digits.base)
    if order.expiry_reason is not None:
        answer["expiryReason"] = order.expiry_reason
    return answer


def _of_trigger(order: OrderSnapshot, unit: int) -> Json:
    special = order.particulars
    answer: Json = {}
    if order.type in ALGO_TYPES:
        answer["stopPrice"] = decimal(special.stop_price, order.digits.quote)
    if special.iceberg_qty:
        answer["icebergQty"] = decimal(special.iceberg_qty, order.digits.base)
    if special.trailing_delta is not None:
        answer["trailingDelta"] = special.trailing_delta
        answer["trailingTime"] = moment(special.trailing_time_us or 0, unit)
    return answer


def _head(order: OrderSnapshot) -> Json:
    return {
        "symbol": order.symbol,
        "orderId": order.order_id,
        "orderListId": order.order_list_id,
        "clientOrderId": order.client_order_id,
    }


def _body(order: OrderSnapshot) -> Json:
    base, quote = order.digits.base, order.digits.quote
    return {
        "price": decimal(order.price, quote),
        "origQty": decimal(order.orig_qty, base),
        "executedQty": decimal(order.executed_qty, base),
        "origQuoteOrderQty": decimal(order.orig_quote_order_qty, quote),
        "cummulativeQuoteQty": decimal(order.cummulative_quote_qty, quote),
        "status": order.status,
        "timeInForce": order.time_in_force,
        "type": order.type,
        "side": order.side,
    }


def _fill(fill: Fill) -> Json:
    return {
        "price": decimal(fill.price, fill.digits.quote),
        "qty": decimal(fill.qty, fill.digits.base),
        "commission": commission(fill),
        "commissionAsset": fill.commission_asset,
        "tradeId": fill.trade_id,
    }


def commission(fill: Fill) -> str:
    """A fill's commission: a buyer pays in base, a seller in quote."""
    return decimal(fill.commission, fill.digits.base if fill.is_buyer else fill.digits.quote)


def _took(match: PreventedMatch) -> Json:
    took = {"takerPreventedQuantity": match.taker_qty, "makerPreventedQuantity": match.maker_qty}
    return {name: decimal(qty, match.digits.base) for name, qty in took.items() if qty is not None}


def _prevented_now(match: PreventedMatch) -> Json:
    return {
        "preventedMatchId": match.match_id,
        "makerOrderId": match.maker_order_id,
        "price": decimal(match.price, match.digits.quote),
    } | _took(match)


def _list_status(result: ListSnapshot) -> Json:
    said = order_list(result, 1)
    names = ("orderListId", "contingencyType", "listOrderStatus", "listClientOrderId", "symbol", "orders")
    return {name: said[name] for name in names}
