"""Order lists: legs judged one by one, in the request's own words, and as a whole."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from surefoot.errors import FilterViolation
from surefoot.rules.check import Snapshot, Violation, check, judge
from surefoot.rules.grounds import NO_FILTER, code_of
from surefoot.rules.legs import legs_of
from surefoot.spot.enums import CancelReplaceMode, OrderType, Side, TimeInForce
from surefoot.spot.order_list_oco import NewOco, NewOcoDeprecated
from surefoot.spot.order_list_oto import NewOpo, NewOpoco, NewOto, NewOtoco
from surefoot.spot.order_replace import CancelReplace
from surefoot.spot.sor import NewSorOrder
from surefoot.values import UNSET
from tests.rules.accounts import having, open_order
from tests.rules.made import LOT, NOTIONAL, PRICE, passed, refused, rules_of

BUY, SELL = Side.BUY, Side.SELL
ALL = {
    "orderTypes": [each.value for each in OrderType],
    "icebergAllowed": True,
    "ocoAllowed": True,
    "otoAllowed": True,
    "opoAllowed": True,
}
AT_100 = Snapshot(last=Decimal(100))
RULES = rules_of(PRICE, LOT, NOTIONAL, **ALL)
OCO = NewOco(
    symbol="BTCUSDT",
    side=SELL,
    quantity=Decimal("1.000009"),
    above_type=OrderType.LIMIT_MAKER,
    above_price=Decimal("110.001"),
    below_type=OrderType.STOP_LOSS_LIMIT,
    below_price=Decimal("89.001"),
    below_stop_price=Decimal("90.001"),
    below_time_in_force=TimeInForce.GTC,
)
WORKING: dict[str, Any] = {
    "symbol": "BTCUSDT",
    "working_type": OrderType.LIMIT,
    "working_side": BUY,
    "working_price": Decimal("99.999"),
    "working_quantity": Decimal(2),
    "working_time_in_force": TimeInForce.GTC,
    "pending_side": SELL,
}
PAIR: dict[str, Any] = {
    "pending_above_type": OrderType.TAKE_PROFIT,
    "pending_above_stop_price": Decimal("110.001"),
    "pending_below_type": OrderType.STOP_LOSS,
    "pending_below_stop_price": Decimal(90),
}


def changed(request: Any, **fields: Any) -> Any:
    return msgspec.structs.replace(request, **fields)


def test_every_number_of_a_list_is_rounded_in_its_own_place() -> None:
    """RULES-3: SELL prices and stop prices go up, the quantity down, said by the request's own fields."""
    verdict = passed(judge(OCO, RULES, AT_100))
    used = verdict.order
    assert (used.above_price, used.below_price, used.below_stop_price, used.quantity) == (
        Decimal("110.01"),
        Decimal("89.01"),
        Decimal("90.01"),
        Decimal(1),
    )
    assert {each.field for each in verdict.changes} == {
        *("above_price", "below_price", "below_stop_price", "quantity")
    }
    assert passed(judge(used, RULES, AT_100, rounding=False)).order is used


@pytest.mark.parametrize(
    ("fields", "filter", "field"),
    [
        ({"above_price": Decimal("1000001")}, "PRICE_FILTER", "above_price"),
        ({"below_stop_price": Decimal(0)}, "POSITIVE", "below_stop_price"),
        ({"quantity": Decimal("0.01")}, "NOTIONAL", "quantity"),
        ({"below_time_in_force": UNSET}, "MANDATORY", "below_time_in_force"),
        ({"above_time_in_force": TimeInForce.GTC}, "TIF_NOT_REQUIRED", "above_time_in_force"),
        ({"above_price": Decimal(100)}, "OCO_BAD_PRICES", "above_price"),
        ({"below_stop_price": Decimal(100)}, "OCO_BAD_PRICES", "below_stop_price"),
        ({"side": BUY}, "BUY_OCO_LIMIT_MUST_BE_BELOW", "above_type"),
        ({"below_type": OrderType.LIMIT_MAKER}, "BOTH_OCO_ORDERS_CANNOT_BE_LIMIT", "below_type"),
        ({"below_type": OrderType.TAKE_PROFIT}, "SELL_OCO_TAKE_PROFIT_MUST_BE_ABOVE", "below_type"),
        ({"above_type": OrderType.STOP_LOSS}, "SELL_OCO_STOP_LOSS_MUST_BE_BELOW", "above_type"),
        ({"above_type": OrderType.MARKET}, "OCO_ORDER_TYPE_REJECTED", "above_type"),
        (
            {"below_iceberg_qty": Decimal("0.5"), "below_time_in_force": TimeInForce.IOC},
            "OCO_ICEBERGQTY_TIMEINFORCE",
            "below_time_in_force",
        ),
    ],
)
def test_what_is_wrong_with_an_oco(fields: dict[str, Any], filter: str, field: str) -> None:
    """ORDER-2, RULES-5: the refusal names the request's field and has the exchange's code."""
    verdict = judge(changed(OCO, **fields), RULES, AT_100)
    assert isinstance(verdict, Violation)
    assert (verdict.filter, verdict.field) == (filter, field)
    assert verdict.code == code_of(filter)


def test_codes_are_the_documented_ones() -> None:
    names = {name: ground.code for name, ground in NO_FILTER.items() if "OCO_" in name or "OPO_" in name}
    assert names == {
        "OCO_BAD_PRICES": -2010,
        "OCO_ORDER_TYPE_REJECTED": -1158,
        "OCO_ICEBERGQTY_TIMEINFORCE": -1160,
        "BUY_OCO_LIMIT_MUST_BE_BELOW": -1165,
        "SELL_OCO_LIMIT_MUST_BE_ABOVE": -1166,
        "BOTH_OCO_ORDERS_CANNOT_BE_LIMIT": -1168,
        "BUY_OCO_STOP_LOSS_MUST_BE_ABOVE": -1196,
        "SELL_OCO_STOP_LOSS_MUST_BE_BELOW": -1197,
        "BUY_OCO_TAKE_PROFIT_MUST_BE_BELOW": -1198,
        "SELL_OCO_TAKE_PROFIT_MUST_BE_ABOVE": -1199,
        "OPO_WORKING_MUST_BE_BUY": -1222,
        "OPO_PENDING_MUST_BE_SELL": -1223,
    }
    assert (code_of("LOT_SIZE"), code_of("MAX_NUM_ORDER_AMENDS")) == (-1013, -2038)


@pytest.mark.parametrize(
    ("request_", "flags", "legs"),
    [
        (OCO, ["ocoAllowed"], 2),
        (NewOto(**WORKING, pending_type=OrderType.MARKET, pending_quantity=Decimal(1)), ["otoAllowed"], 2),
        (NewOtoco(**WORKING, **PAIR, pending_quantity=Decimal(1)), ["otoAllowed", "ocoAllowed"], 3),
        (NewOpo(**WORKING, pending_type=OrderType.MARKET), ["opoAllowed"], 2),
        (NewOpoco(**WORKING, **PAIR), ["opoAllowed", "ocoAllowed"], 3),
        (
            NewOcoDeprecated(
                symbol="BTCUSDT", side=SELL, quantity=Decimal(1), price=Decimal(110), stop_price=Decimal(90)
            ),
            ["ocoAllowed"],
            2,
        ),
    ],
)
def test_each_list_needs_its_flags_and_counts_its_orders(request_: Any, flags: list[str], legs: int) -> None:
    """RULES-2, RULES-5: ocoAllowed, otoAllowed, opoAllowed; MAX_NUM_ORDERS and MAX_NUM_ORDER_LISTS."""
    counts = [
        {"filterType": "MAX_NUM_ORDERS", "maxNumOrders": legs},
        {"filterType": "MAX_NUM_ORDER_LISTS", "maxNumOrderLists": 1},
    ]
    rules = rules_of(PRICE, LOT, *counts, **ALL)
    known = having(base="9", quote="900", last=Decimal(100))
    met = {each.filter: each.value for each in passed(judge(request_, rules, known)).met}
    assert (met["MAX_NUM_ORDERS"], met["MAX_NUM_ORDER_LISTS"]) == (legs, 1)
    crowded = having(open_order(), base="9", quote="900", last=Decimal(100))
    assert refused(judge(request_, rules, crowded))[0] == "MAX_NUM_ORDERS"
    for flag in flags:
        assert refused(judge(request_, rules_of(PRICE, LOT, **(ALL | {flag: False}))))[0] == flag
    listed = having(open_order(order_list_id=3), base="9", quote="900", last=Decimal(100))
    roomy = rules_of(PRICE, LOT, counts[1], **ALL)
    assert refused(judge(request_, roomy, listed))[:2] == ("MAX_NUM_ORDER_LISTS", "legs")


def test_pending_orders_are_not_asked_of_todays_market() -> None:
    """ORDER-2: they go live when the working order is filled; their numbers are judged now."""
    otoco = NewOtoco(**WORKING, **PAIR, pending_quantity=Decimal(1))
    far = changed(otoco, pending_below_stop_price=Decimal(105))
    verdict = passed(judge(far, RULES, having(quote="200", last=Decimal(100))))
    assert verdict.order.working_price == Decimal("99.99")
    assert verdict.order.pending_above_stop_price == Decimal("110.01")
    poor = judge(otoco, RULES, having(quote="199", last=Decimal(100)))
    assert refused(poor)[:2] == ("INSUFFICIENT_BALANCES", "working_quantity")
    bad = judge(changed(otoco, pending_quantity=Decimal(9001)), RULES)
    assert refused(bad)[:3] == ("LOT_SIZE", "pending_quantity", "9000")


def test_working_orders_are_limits_and_opo_sells_what_it_bought() -> None:
    oto = NewOto(**WORKING, pending_type=OrderType.MARKET, pending_quantity=Decimal(1))
    market = changed(oto, working_type=OrderType.MARKET)
    assert refused(judge(market, RULES))[:2] == ("TIF_NOT_REQUIRED", "working_time_in_force")
    stop = changed(oto, working_type=OrderType.STOP_LOSS, working_price=UNSET, working_time_in_force=UNSET)
    assert refused(judge(stop, RULES))[0] == "MANDATORY"
    opo = NewOpo(**WORKING, pending_type=OrderType.MARKET)
    assert [leg.order.quantity for leg in legs_of(opo)] == [2, 2]
    assert refused(judge(changed(opo, working_side=SELL), RULES))[:2] == (
        "OPO_WORKING_MUST_BE_BUY",
        "working_side",
    )
    assert refused(judge(changed(opo, pending_side=BUY), RULES))[:2] == (
        "OPO_PENDING_MUST_BE_SELL",
        "pending_side",
    )


def test_the_deprecated_oco_speaks_its_own_words() -> None:
    """ORDER-2: price is the limit's, stop_price and stop_limit_price the stop's."""
    old = NewOcoDeprecated(
        symbol="BTCUSDT",
        side=SELL,
        quantity=Decimal(1),
        price=Decimal("110.001"),
        stop_price=Decimal("90.001"),
        stop_limit_price=Decimal("89.001"),
        stop_limit_time_in_force=TimeInForce.GTC,
    )
    used = passed(judge(old, RULES, AT_100)).order
    assert (used.price, used.stop_price, used.stop_limit_price) == (
        Decimal("110.01"),
        Decimal("90.01"),
        Decimal("89.01"),
    )
    assert refused(judge(changed(old, price=Decimal(99)), RULES, AT_100))[:2] == ("OCO_BAD_PRICES", "price")


def test_ids_of_legs_are_unique_too() -> None:
    taken = changed(OCO, below_client_order_id="mine")
    verdict = judge(taken, RULES, having(open_order(), base="2", last=Decimal(100)))
    assert refused(verdict)[:2] == ("DUPLICATE", "below_client_order_id")


def test_other_requests_that_place_an_order() -> None:
    """RULES-5: cancelReplace needs its flag; the router's orders are judged like any."""
    replace = CancelReplace(
        symbol="BTCUSDT",
        side=BUY,
        type=OrderType.LIMIT,
        time_in_force=TimeInForce.GTC,
        quantity=Decimal(1),
        price=Decimal("99.999"),
        cancel_replace_mode=CancelReplaceMode.STOP_ON_FAILURE,
        cancel_order_id=1,
    )
    assert refused(judge(replace, RULES))[0] == "cancelReplaceAllowed"
    allowed = rules_of(PRICE, LOT, **ALL, cancelReplaceAllowed=True)
    assert passed(judge(replace, allowed)).order.price == Decimal("99.99")
    routed = NewSorOrder(symbol="BTCUSDT", side=BUY, type=OrderType.MARKET, quantity=Decimal("1.0000001"))
    assert passed(judge(routed, RULES)).order.quantity == Decimal(1)


def test_a_refused_list_is_an_error_that_names_its_field() -> None:
    with pytest.raises(FilterViolation) as caught:
        check(changed(OCO, quantity=Decimal(9001)), RULES)
    assert (caught.value.filter, caught.value.field, caught.value.nearest) == ("LOT_SIZE", "quantity", 9000)
    assert isinstance(caught.value.request, NewOco)
