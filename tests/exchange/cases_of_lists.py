"""For each parameter of order lists: what shows that it is heard."""

from typing import Any

from surefoot.serve.order_combinations import of_leg
from tests.exchange.asked import OLD_OCO, OTO, PENDING
from tests.exchange.cases_of_orders import PEGS
from tests.exchange.inhabited import Cases, changes, refusals

BTC = {"symbol": "BTCUSDT"}
OCO, OTO_, OTOCO, OLD = (
    "orderList.place.oco",
    "orderList.place.oto",
    "orderList.place.otoco",
    "orderList.place",
)


def _named(leg: str, values: dict[str, Any]) -> dict[str, Any]:
    return {of_leg(leg, name): value for name, value in values.items()}


def _waiting(leg: str, kind: str, price: str, iceberg: str = "") -> dict[str, Any]:
    """A leg with all that a leg may have."""
    values = {"type": kind, "price": price, "stopPrice": price, "timeInForce": "GTC"}
    return _named(leg, values | ({"icebergQty": iceberg} if iceberg else {}))


def _leg(operation: str, base: dict[str, Any], leg: str, price: str) -> Cases:
    """The parameters that every leg has."""
    heard = {
        "clientOrderId": "leg",
        "icebergQty": "0.0005",
        "price": price,
        "strategyId": 7,
        "strategyType": 1_000_001,
    }
    return {
        **changes(operation, base, **_named(leg, heard)),
        **refusals(operation, base, **_named(leg, PEGS)),
    }


def _waiting_leg(operation: str, base: dict[str, Any], leg: str, price: str, kind: str) -> Cases:
    """Those that a leg with a stop price has besides."""
    heard = {"stopPrice": price, "trailingDelta": 100, "timeInForce": "IOC"}
    return {
        **_leg(operation, base, leg, price),
        **changes(operation, base, **_named(leg, heard)),
        **refusals(operation, base, **_named(leg, {"type": (kind, -1106)})),
    }


def _head(operation: str, base: dict[str, Any], mode: str) -> Cases:
    """The parameters of the list itself."""
    return {
        **changes(operation, base, listClientOrderId="mine", newOrderRespType="ACK"),
        **changes(operation, base, selfTradePreventionMode=mode),
    }


def _working(operation: str, base: dict[str, Any]) -> Cases:
    return {
        **_leg(operation, base, "working", "50001"),
        **changes(operation, base, workingSide="SELL", workingQuantity="0.002", workingTimeInForce="IOC"),
        **refusals(operation, base, workingType=("LIMIT_MAKER", -1106), symbol=("NOPE", -1121)),
    }


TWO = {"symbol": "BTCUSDT", "side": "SELL", "quantity": "0.001"}
TWO |= _waiting("above", "TAKE_PROFIT_LIMIT", "61000") | _waiting("below", "STOP_LOSS_LIMIT", "59000")
ONE_AND_ONE = OTO | _waiting("pending", "STOP_LOSS_LIMIT", "45000")
ONE_AND_TWO = OTO | _waiting("pendingAbove", "TAKE_PROFIT_LIMIT", "70000")
ONE_AND_TWO |= _waiting("pendingBelow", "STOP_LOSS_LIMIT", "45000")
LIST_A = BTC | {"orderListId": "@listA", "newClientOrderId": "gone"}

CASES: Cases = {
    **_head(OCO, TWO, "EXPIRE_BOTH"),
    **_waiting_leg(OCO, TWO, "above", "61001", "LIMIT_MAKER"),
    **_waiting_leg(OCO, TWO, "below", "58999", "STOP_LOSS"),
    **changes(OCO, TWO, quantity="0.002"),
    **refusals(OCO, TWO, symbol=("NOPE", -1121), side=("BUY", -1198)),
    **_head(OTO_, ONE_AND_ONE, "EXPIRE_BOTH"),
    **_working(OTO_, ONE_AND_ONE),
    **_waiting_leg(OTO_, ONE_AND_ONE, "pending", "44999", "STOP_LOSS"),
    **changes(OTO_, OTO | PENDING, pendingSide="BUY"),
    **changes(OTO_, ONE_AND_ONE, pendingQuantity="0.002"),
    **_head(OTOCO, ONE_AND_TWO, "EXPIRE_BOTH"),
    **_working(OTOCO, ONE_AND_TWO),
    **_waiting_leg(OTOCO, ONE_AND_TWO, "pendingAbove", "70001", "LIMIT_MAKER"),
    **_waiting_leg(OTOCO, ONE_AND_TWO, "pendingBelow", "44999", "STOP_LOSS"),
    **changes(OTOCO, ONE_AND_TWO, pendingQuantity="0.002"),
    **refusals(OTOCO, ONE_AND_TWO, pendingSide=("BUY", -1198)),
    **_head(OLD, OLD_OCO, "EXPIRE_BOTH"),
    **changes(
        OLD,
        OLD_OCO,
        quantity="0.002",
        price="61001",
        limitClientOrderId="leg",
        limitStrategyId=7,
        limitStrategyType=1_000_001,
        limitIcebergQty="0.0005",
        stopClientOrderId="leg",
        stopPrice="58999",
        trailingDelta=100,
        stopStrategyId=7,
        stopStrategyType=1_000_001,
        stopLimitPrice="58899",
        stopIcebergQty="0.0005",
        stopLimitTimeInForce="IOC",
    ),
    **refusals(OLD, OLD_OCO, symbol=("NOPE", -1121), side=("BUY", -2010)),
    **changes("orderList.cancel", LIST_A, orderListId="@listB", newClientOrderId="ended"),
    **changes(
        "orderList.cancel",
        BTC | {"listClientOrderId": "listA", "newClientOrderId": "gone"},
        listClientOrderId="listB",
    ),
    **refusals("orderList.cancel", LIST_A, symbol=("ETHUSDT", -2011)),
    **changes("orderList.status", {"orderListId": "@listA"}, orderListId="@listB"),
    **changes("orderList.status", {"origClientOrderId": "listA"}, origClientOrderId="listB"),
    **changes(
        "allOrderLists",
        {},
        fromId="@listB",
        startTime="@listB.time",
        endTime="@listA.time",
        limit=1,
    ),
}
