"""Grounds for refusal that are no filter: their names, the code the exchange would answer, and their meaning.

Where Binance has a word for one (a field of exchangeInfo, an order reject reason, the name of an error code),
it is the name here too.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from surefoot.spot.enums import OrderRejectReason

ASSET_PRECISION = "PRECISION"
MANDATORY = "MANDATORY"
UNEXPECTED = "UNEXPECTED"
LIFE_UNEXPECTED = "TIF_NOT_REQUIRED"
COMBINATION = "COMBINATION"
CHARACTERS = "CHARACTERS"
POSITIVE = "POSITIVE"
DUPLICATE = "DUPLICATE"
ICEBERG_GTC = "ICEBERG_GTC"
ICEBERG_SIZE = "ICEBERG_SIZE"
LIST_ICEBERG_GTC = "OCO_ICEBERGQTY_TIMEINFORCE"
NO_FUNDS = OrderRejectReason.INSUFFICIENT_BALANCES.value
WOULD_TRIGGER = OrderRejectReason.STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY.value
WOULD_MATCH = OrderRejectReason.WOULD_MATCH_IMMEDIATELY.value
BAD_PRICES = OrderRejectReason.OCO_BAD_PRICES.value

FILTER_FAILURE = -1013
_AMEND_REFUSED = -2038


class Ground(NamedTuple):
    """A ground for refusal that is no filter: the code the exchange would answer, and what it means."""

    code: int
    words: str


NO_FILTER: Mapping[str, Ground] = MappingProxyType(
    {
        ASSET_PRECISION: Ground(-1111, "more decimals than the asset has (-1111)"),
        MANDATORY: Ground(-1102, "a parameter that this order type needs is missing (-1102)"),
        UNEXPECTED: Ground(-1106, "a parameter that this order type does not take (-1106)"),
        LIFE_UNEXPECTED: Ground(-1114, "a time in force where the order type has none (-1114)"),
        COMBINATION: Ground(-1128, "parameters that exclude or need each other (-1128)"),
        CHARACTERS: Ground(-1100, "characters that the exchange does not accept (-1100)"),
        POSITIVE: Ground(-1013, "a number that is not above zero (-1013)"),
        ICEBERG_GTC: Ground(-1014, "an iceberg order lives until it is cancelled: GTC (-1014)"),
        LIST_ICEBERG_GTC: Ground(-1160, "an iceberg in a list lives until it is cancelled: GTC (-1160)"),
        ICEBERG_SIZE: Ground(-1013, "the visible part of an iceberg order is not below its quantity"),
        NO_FUNDS: Ground(-2010, "the account has less than the order needs"),
        WOULD_TRIGGER: Ground(-2010, "the order would trigger immediately"),
        WOULD_MATCH: Ground(-2010, "the order would immediately match and take"),
        BAD_PRICES: Ground(-2010, "the legs of an OCO must lie on both sides of the last price"),
        DUPLICATE: Ground(-2010, "an open order has this client order id"),
        "status": Ground(-1013, "the symbol takes no orders now"),
        "orderTypes": Ground(-1013, "the symbol does not list this order type"),
        "type": Ground(-1116, "not an order type that the exchange documents (-1116)"),
        "side": Ground(-1117, "neither BUY nor SELL (-1117)"),
        "timeInForce": Ground(-1115, "not one that the exchange documents (-1115)"),
        "strategyType": Ground(-1134, "reserved below 1000000 (-1134)"),
        "permissionSets": Ground(-2010, "the account lacks a permission that the symbol asks for"),
        "quoteOrderQtyMarketAllowed": Ground(-1013, "the symbol takes no quoteOrderQty"),
        "icebergAllowed": Ground(-1013, "the symbol takes no iceberg orders"),
        "allowTrailingStop": Ground(-1013, "the symbol takes no trailing stops"),
        "pegInstructionsAllowed": Ground(-1013, "the symbol takes no pegged orders"),
        "cancelReplaceAllowed": Ground(-1013, "the symbol takes no cancelReplace"),
        "amendAllowed": Ground(-1013, "the symbol takes no amendments"),
        "ocoAllowed": Ground(-1013, "the symbol takes no OCO lists"),
        "otoAllowed": Ground(-1013, "the symbol takes no OTO lists"),
        "opoAllowed": Ground(-1013, "the symbol takes no OPO lists"),
        "allowedSelfTradePreventionModes": Ground(-1013, "the symbol does not list this mode"),
        "pegPriceType": Ground(-1013, "a peg that this order type may not use"),
        "pegOffsetValue": Ground(-1013, "more price levels than a peg may be away"),
        "OCO_ORDER_TYPE_REJECTED": Ground(-1158, "an order type that this place of the list does not take"),
        "BUY_OCO_LIMIT_MUST_BE_BELOW": Ground(-1165, "a limit order in a buy OCO must be below"),
        "SELL_OCO_LIMIT_MUST_BE_ABOVE": Ground(-1166, "a limit order in a sell OCO must be above"),
        "BOTH_OCO_ORDERS_CANNOT_BE_LIMIT": Ground(-1168, "one order of an OCO has to wait for a stop price"),
        "BUY_OCO_STOP_LOSS_MUST_BE_ABOVE": Ground(-1196, "a stop loss in a buy OCO must be above"),
        "SELL_OCO_STOP_LOSS_MUST_BE_BELOW": Ground(-1197, "a stop loss in a sell OCO must be below"),
        "BUY_OCO_TAKE_PROFIT_MUST_BE_BELOW": Ground(-1198, "a take profit in a buy OCO must be below"),
        "SELL_OCO_TAKE_PROFIT_MUST_BE_ABOVE": Ground(-1199, "a take profit in a sell OCO must be above"),
        "OPO_WORKING_MUST_BE_BUY": Ground(-1222, "the working order of an OPO list buys"),
        "OPO_PENDING_MUST_BE_SELL": Ground(-1223, "the pending orders of an OPO list sell"),
        "newQty": Ground(_AMEND_REFUSED, "an amendment may only make an order smaller (-2038)"),
    }
)
"""What `Violation.filter` says when the refusal is not a filter's: the name, its code, and its meaning."""


def code_of(ground: str) -> int:
    """The code with which the exchange refuses on a ground, be it a filter's name."""
    if ground == "MAX_NUM_ORDER_AMENDS":
        return _AMEND_REFUSED
    known = NO_FILTER.get(ground)
    return FILTER_FAILURE if known is None else known.code
