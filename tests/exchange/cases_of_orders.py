"""For each parameter of the trading chapter: what shows that it is heard."""

from tests.exchange.asked import SMALL
from tests.exchange.inhabited import Case, Cases, changes, refusals

BTC = {"symbol": "BTCUSDT"}
MARKET = BTC | {"side": "BUY", "type": "MARKET"}
BY_BASE = MARKET | {"quantity": "0.01"}
STOP = BTC | {"side": "SELL", "type": "STOP_LOSS", "quantity": "0.001"}
SELF = BTC | {"side": "SELL", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.001", "price": "50000"}
FULL = {"newOrderRespType": "FULL"}
UNNAMED = {"newClientOrderId": "new"}

# Pegged orders are off on every symbol here (exchangeInfo says so): each of the three is refused.
PEGS = {
    "pegPriceType": ("PRIMARY_PEG", -1013),
    "pegOffsetType": ("PRICE_LEVEL", -1128),
    "pegOffsetValue": (1, -1128),
}


def _new_order(operation: str, more: dict[str, str]) -> Cases:
    """New orders, and the second half of cancelReplace (`more` is what that asks for besides)."""
    return {
        **changes(operation, BY_BASE | more, side="SELL", quantity="0.02"),
        **changes(operation, MARKET | {"quoteOrderQty": "100"} | more, quoteOrderQty="200"),
        **changes(operation, STOP | {"trailingDelta": 100} | more, type="TAKE_PROFIT", trailingDelta=200),
        **changes(operation, STOP | {"stopPrice": "59000"} | more, stopPrice="58000"),
        **changes(
            operation,
            SMALL | FULL | more,
            timeInForce="IOC",
            price="50001",
            newClientOrderId="mine",
            strategyId=7,
            strategyType=1_000_001,
            icebergQty="0.0005",
            newOrderRespType="ACK",
        ),
        **changes(operation, SELF | more, selfTradePreventionMode="EXPIRE_BOTH"),
        **refusals(operation, SMALL | more, **PEGS),
    }


CANCELING = {"cancelReplaceMode": "STOP_ON_FAILURE", "cancelOrderId": "@two"}
FAILING = SMALL | CANCELING | {"cancelOrderId": 999}
ORDER = "order.place"
TEST = "order.test"
CANCEL = "order.cancel"
REPLACE = "order.cancelReplace"
AMEND = "order.amend.keepPriority"
RESIZE = BTC | {"orderId": "@one", "newQty": "0.001"}

CASES: Cases = {
    **_new_order(ORDER, {}),
    **changes(ORDER, BY_BASE, symbol="ETHUSDT"),
    # A test order that could be placed answers nothing: what it hears is shown by what it refuses.
    **refusals(
        TEST,
        SMALL,
        symbol=("NOPE", -1121),
        side=("HOLD", -1117),
        type=("MARKET", -1114),
        timeInForce=(None, -1102),
        quantity=("100000", -1013),
        quoteOrderQty=("10", -1106),
        price=("50000.001", -1013),
        newClientOrderId=("not one!", -1100),
        strategyId=("seven", -1100),
        strategyType=(7, -1134),
        stopPrice=("59000", -1106),
        trailingDelta=(100, -1106),
        icebergQty=("0.002", -1013),
        newOrderRespType=("LONG", -1130),
        selfTradePreventionMode=("SOMETIMES", -1130),
        **PEGS,
    ),
    **changes(TEST, SMALL, computeCommissionRates="true"),
    **changes(
        CANCEL,
        BTC | {"orderId": "@one", "newClientOrderId": "gone"},
        orderId="@two",
        newClientOrderId="ended",
    ),
    **changes(CANCEL, BTC | {"origClientOrderId": "one"} | UNNAMED, origClientOrderId="two"),
    **refusals(
        CANCEL,
        BTC | {"orderId": "@half"} | UNNAMED,
        symbol=("ETHUSDT", -2011),
        cancelRestrictions=("ONLY_NEW", -2011),
    ),
    **changes("openOrders.cancelAll", BTC, symbol="ETHUSDT"),
    **changes(AMEND, RESIZE, orderId="@two", newQty="0.0015", newClientOrderId="mine"),
    **changes(
        AMEND,
        BTC | {"origClientOrderId": "one", "newQty": "0.001"} | UNNAMED,
        origClientOrderId="two",
    ),
    **refusals(AMEND, RESIZE, symbol=("ETHUSDT", -2038)),
    **_new_order(REPLACE, CANCELING),
    **changes(
        REPLACE,
        SMALL | CANCELING | UNNAMED,
        cancelOrderId="@one",
        cancelNewClientOrderId="gone",
    ),
    **changes(
        REPLACE,
        SMALL | {"cancelReplaceMode": "STOP_ON_FAILURE", "cancelOrigClientOrderId": "one"},
        cancelOrigClientOrderId="two",
    ),
    **refusals(
        REPLACE,
        SMALL | CANCELING,
        symbol=("NOPE", -1121),
        cancelRestrictions=("ONLY_PARTIALLY_FILLED", -2022),
    ),
    (REPLACE, "cancelReplaceMode"): Case(FAILING, {"cancelReplaceMode": "ALLOW_FAILURE"}, -2021, -2022),
    (REPLACE, "orderRateLimitExceededMode"): Case(
        SMALL | CANCELING, {"orderRateLimitExceededMode": "CANCEL_ONLY"}, -2021, -1015, crowded=True
    ),
}
