"""Why an order was refused: the filters by name, and the matching engine's texts.

Source: errors page, *Filter failures* and *Messages for -1010, -2010, -2011 and -2038*; CHANGELOG.
"""

from types import MappingProxyType

from surefoot.rules.explain.answer import Retry
from surefoot.rules.explain.cause import Cause

_FIX, _WAIT, _SYNC, _NEVER, _FIRST = (
    Retry.AFTER_FIX,
    Retry.AFTER_WAIT,
    Retry.AFTER_RESYNC,
    Retry.NEVER,
    Retry.RESOLVE_FIRST,
)
_FREE = "Cancel or wait for open ones, read openOrders anew, then decide."

# filter: how it may be sent again, what it means, what to do
_FILTERS: dict[str, tuple[Retry, str, str]] = {
    "PRICE_FILTER": (
        _FIX,
        "The price is outside minPrice and maxPrice, or not on tickSize.",
        "Round the price to tickSize: a BUY down, a SELL up.",
    ),
    "PERCENT_PRICE": (
        _FIX,
        "The price is too far from the average (or reference) price.",
        "Move it inside multiplierDown and multiplierUp times that price.",
    ),
    "PERCENT_PRICE_BY_SIDE": (
        _FIX,
        "The price is too far from the average (or reference) price for this side.",
        "Move it inside the multipliers of its side (bid… for BUY, ask… for SELL).",
    ),
    "LOT_SIZE": (
        _FIX,
        "The quantity is outside minQty and maxQty, or not on stepSize.",
        "Round the quantity down to stepSize, between minQty and maxQty; as a decimal, never 1e-05.",
    ),
    "MARKET_LOT_SIZE": (
        _FIX,
        "The quantity of a market order is outside minQty and maxQty, or not on stepSize.",
        "Bring it inside MARKET_LOT_SIZE, or split it.",
    ),
    "MIN_NOTIONAL": (
        _FIX,
        "Price times quantity is below minNotional.",
        "Raise the amount on purpose, or leave the order; market orders are measured at the average price.",
    ),
    "NOTIONAL": (
        _FIX,
        "Price times quantity is outside minNotional and maxNotional.",
        "Change the amount on purpose, or leave the order; market orders are measured at the average price.",
    ),
    "ICEBERG_PARTS": (_FIX, "The iceberg would have too many parts.", "Raise icebergQty."),
    "MAX_POSITION": (
        _SYNC,
        "Balance and open buy orders together would exceed the largest position.",
        "Read balance and open orders anew, then buy less.",
    ),
    "MAX_ASSET": (
        _FIX,
        "The order moves more of an asset than the account may.",
        "Make it smaller, or split it; GET /api/v3/myFilters tells the bound.",
    ),
    "MAX_NUM_ORDERS": (_SYNC, "Too many open orders on the symbol.", _FREE),
    "MAX_NUM_ALGO_ORDERS": (_SYNC, "Too many open stop and take-profit orders on the symbol.", _FREE),
    "MAX_NUM_ICEBERG_ORDERS": (_SYNC, "Too many open iceberg orders on the symbol.", _FREE),
    "MAX_NUM_ORDER_AMENDS": (
        _FIX,
        "The order has been amended as often as it may be.",
        "Use a cancel-replace; it loses its place in the queue.",
    ),
    "MAX_NUM_ORDER_LISTS": (_SYNC, "Too many open order lists on the symbol.", _FREE),
    "TRAILING_DELTA": (
        _FIX,
        "trailingDelta is outside the bounds for this side and type.",
        "Bring it inside the bounds of the filter (basis points).",
    ),
    "EXCHANGE_MAX_NUM_ORDERS": (_SYNC, "Too many open orders on the exchange.", _FREE),
    "EXCHANGE_MAX_NUM_ALGO_ORDERS": (
        _SYNC,
        "Too many open stop and take-profit orders on the exchange.",
        _FREE,
    ),
    "EXCHANGE_MAX_NUM_ICEBERG_ORDERS": (_SYNC, "Too many open iceberg orders on the exchange.", _FREE),
    "EXCHANGE_MAX_NUM_ORDER_LISTS": (_SYNC, "Too many open order lists on the exchange.", _FREE),
    "T_PLUS_SELL": (
        _WAIT,
        "What was bought may be sold only after a holding time.",
        "Wait until the holding time is over.",
    ),
}

FILTERS = MappingProxyType({name: Cause(f"filter_{name.lower()}", *row) for name, row in _FILTERS.items()})
"""By Binance's name of the filter. A name that is not here gets a cause of its own by `filter_of`."""


def filter_of(name: str) -> Cause:
    """The cause of a filter's name, also of one that came later than this table."""
    name = {
        "EXCHANGE_MAX_ORDERS": "EXCHANGE_MAX_NUM_ORDERS",
        "EXCHANGE_MAX_ALGO_ORDERS": "EXCHANGE_MAX_NUM_ALGO_ORDERS",
    }.get(name, name)
    step = "Read the filter in exchangeInfo and in GET /api/v3/myFilters, and bring the order inside it."
    return FILTERS.get(name) or Cause(
        f"filter_{name.lower()}", _FIX, f"The filter {name} refuses the order.", step
    )


def _unsupported(what: str, step: str) -> tuple[str, Retry, str, str]:
    return f"{what}_not_supported", _FIX, f"The symbol does not take this: {what.replace('_', ' ')}.", step


# text (lower case, without its full stop): word, how it may be sent again, what it means, what to do
_MESSAGES: dict[str, tuple[str, Retry, str, str]] = {
    "unknown order sent": (
        "unknown_order",
        _FIRST,
        "No open order has that id: filled, cancelled or expired already, or a wrong id or symbol.",
        "Query the order, and take it as it is found; do not send the cancel again.",
    ),
    "duplicate order sent": (
        "duplicate_order",
        _FIRST,
        "An open order already has this client order id: an earlier attempt most likely arrived. This "
        "one added nothing.",
        "Query that client order id and take the order in; never change the id to get through.",
    ),
    "market is closed": (
        "market_closed",
        _WAIT,
        "The symbol is not trading.",
        "Wait until exchangeInfo says TRADING; cancels stay possible.",
    ),
    "account has insufficient balance for requested action": (
        "insufficient_balance",
        _SYNC,
        "The free balance is too small, or locked by open orders.",
        "Read balances and open orders anew: an order sent before may have locked or spent it. Then "
        "free funds or ask for less.",
    ),
    "market orders are not supported for this symbol": _unsupported("market_orders", "Use a LIMIT order."),
    "iceberg orders are not supported for this symbol": _unsupported(
        "iceberg_orders", "Leave icebergQty out."
    ),
    "stop loss orders are not supported for this symbol": _unsupported(
        "stop_loss_orders", "Use STOP_LOSS_LIMIT."
    ),
    "stop loss limit orders are not supported for this symbol": _unsupported(
        "stop_loss_limit_orders", "Watch the price yourself."
    ),
    "take profit orders are not supported for this symbol": _unsupported(
        "take_profit_orders", "Use TAKE_PROFIT_LIMIT."
    ),
    "take profit limit orders are not supported for this symbol": _unsupported(
        "take_profit_limit_orders", "Use a LIMIT order."
    ),
    "order amend is not supported for this symbol": _unsupported("order_amend", "Use a cancel-replace."),
    "price * qty is zero or less": (
        "zero_notional",
        _FIX,
        "Price times quantity is nothing.",
        "Raise price or quantity.",
    ),
    "icebergqty exceeds qty": (
        "iceberg_exceeds_quantity",
        _FIX,
        "icebergQty is not below the quantity.",
        "Lower icebergQty.",
    ),
    "this action is disabled on this account": (
        "account_restricted",
        _FIX,
        "The account is restricted.",
        "Ask the exchange's support.",
    ),
    "this action disabled is on this account": (
        "account_restricted",
        _FIX,
        "The account is restricted.",
        "Ask the exchange's support.",
    ),
    "this account may not place or cancel orders": (
        "account_trading_disabled",
        _FIX,
        "The account may not trade.",
        "Ask the exchange's support.",
    ),
    "unsupported order combination": (
        "unknown_order_composition",
        _FIX,
        "Type, timeInForce, stopPrice and icebergQty do not go together.",
        "Use a documented combination.",
    ),
    "order would trigger immediately": (
        "would_trigger_immediately",
        _SYNC,
        "The stop price is on the wrong side of the last price.",
        "Read the last price anew, then move the stop, or send the plain order.",
    ),
    "stop price would trigger immediately": (
        "would_trigger_immediately",
        _SYNC,
        "The stop price is on the wrong side of the last price.",
        "Read the last price anew, then move the stop, or send the plain order.",
    ),
    "cancel order is invalid. check origclordid and orderid": (
        "cancel_without_id",
        _FIX,
        "The cancel names no order.",
        "Send orderId or origClientOrderId.",
    ),
    "order would immediately match and take": (
        "would_match_immediately",
        _SYNC,
        "The LIMIT_MAKER would trade at once.",
        "Read the book anew and re-price, or send a LIMIT.",
    ),
    "the relationship of the prices for the orders is not correct": (
        "price_relation_wrong",
        _SYNC,
        "The prices of the legs do not straddle the last price.",
        "Read the last price anew and re-price both legs.",
    ),
    "oco orders are not supported for this symbol": _unsupported("oco_orders", "Keep the two legs yourself."),
    "quote order qty market orders are not support for this symbol": _unsupported(
        "quote_order_qty", "Send quantity."
    ),
    "trailing stop orders are not supported for this symbol": _unsupported(
        "trailing_stop_orders", "Use a fixed stopPrice."
    ),
    "order cancel-replace is not supported for this symbol": _unsupported(
        "cancel_replace", "Cancel, see it confirmed, then place."
    ),
    "this symbol is not permitted for this account": (
        "symbol_not_permitted",
        _FIX,
        "The account's permissions do not fit the symbol's.",
        "Use another symbol or account.",
    ),
    "this symbol is restricted for this account": (
        "symbol_restricted",
        _FIX,
        "The account may not trade that symbol.",
        "Use another symbol or account.",
    ),
    "order was not canceled due to cancel restrictions": (
        "cancel_restricted",
        _SYNC,
        "The order is in another state than cancelRestrictions asks for.",
        "Query the order, then decide.",
    ),
    "rest api trading is not enabled": (
        "trading_not_enabled",
        _WAIT,
        "This server takes no trading requests.",
        "Use another host.",
    ),
    "websocket api trading is not enabled": (
        "trading_not_enabled",
        _WAIT,
        "This server takes no trading requests.",
        "Use another host.",
    ),
    "fix api trading is not enabled": (
        "trading_not_enabled",
        _WAIT,
        "This server takes no trading requests.",
        "Use another host.",
    ),
    "order book liquidity is less than": (
        "too_little_liquidity",
        _WAIT,
        "The book is too thin for a market order by quoteOrderQty.",
        "Wait for liquidity, or use LIMIT.",
    ),
    "order amend (quantity increase) is not supported": (
        "amend_increases_quantity",
        _FIX,
        "An amend can only make an order smaller.",
        "Place another order for more.",
    ),
    "the requested action would change no state": (
        "nothing_to_change",
        _NEVER,
        "The order is already as asked for.",
        "Nothing to do.",
    ),
    "pegged orders are not supported for this symbol": _unsupported("pegged_orders", "Send a price."),
    "this order type may not use pegged price": (
        "peg_not_allowed_for_type",
        _FIX,
        "This order type cannot be pegged.",
        "Use a limit type.",
    ),
    "this price peg cannot be used with this order type": (
        "peg_not_allowed_for_type",
        _FIX,
        "LIMIT_MAKER cannot be pegged to the other side.",
        "Use PRIMARY_PEG.",
    ),
    "order book liquidity is too low for this pegged order": (
        "too_little_liquidity",
        _WAIT,
        "The book lacks the level to peg to.",
        "Wait, or lower the offset.",
    ),
    "opo orders are not supported for this symbol": _unsupported("opo_orders", "Use OTO."),
    "order amend (pending opo order) is not supported": (
        "amend_of_pending_opo",
        _SYNC,
        "A pending leg cannot be amended before the working order is filled.",
        "Wait for that fill.",
    ),
    "this symbol does not allow the specified self-trade prevention mode": (
        "stp_mode_not_allowed",
        _FIX,
        "The symbol does not allow this self-trade prevention mode.",
        "Use one of allowedSelfTradePreventionModes, or none.",
    ),
    "this order type is not possible in this trading phase": (
        "market_closed",
        _WAIT,
        "The symbol is in a phase without this order type.",
        "Wait until exchangeInfo says TRADING.",
    ),
    "limit orders require gtc for this phase": (
        "phase_requires_gtc",
        _WAIT,
        "The symbol is in a phase that takes GTC only.",
        "Use GTC, or wait.",
    ),
    "invalid quantity": ("filter_lot_size", *_FILTERS["LOT_SIZE"]),
    "invalid price": ("filter_price_filter", *_FILTERS["PRICE_FILTER"]),
    "amount must be a multiple of": ("filter_lot_size", *_FILTERS["LOT_SIZE"]),
    "price must be at least": ("filter_price_filter", *_FILTERS["PRICE_FILTER"]),
    "total must be at least": ("filter_min_notional", *_FILTERS["MIN_NOTIONAL"]),
    "must be greater than minimum amount precision": ("filter_lot_size", *_FILTERS["LOT_SIZE"]),
    "must be greater than minimum price precision": ("filter_price_filter", *_FILTERS["PRICE_FILTER"]),
    "unknown symbol": (
        "bad_symbol",
        _FIX,
        "The symbol does not exist here.",
        "Look it up in this environment's exchangeInfo.",
    ),
    "attempting to trade an inactive symbol": (
        "market_closed",
        _WAIT,
        "The symbol is not trading.",
        "Wait until exchangeInfo says TRADING.",
    ),
}

MESSAGES = MappingProxyType({text: Cause(*row) for text, row in _MESSAGES.items()})
"""By the engine's text in lower case; texts may vary behind it."""
