"""Orders that wait or hide: stops, trailing deltas, icebergs, and how many may be open."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from surefoot.rules.check import Snapshot, Violation, judge
from surefoot.spot.enums import OrderType, Side
from surefoot.values import UNSET
from tests.rules.accounts import having, open_order
from tests.rules.made import COUNTS, LOT, PRICE, limit, market, passed, refused, rules_of

BUY, SELL = Side.BUY, Side.SELL
ALL_TYPES = [each.value for each in OrderType]
ALL = {"orderTypes": ALL_TYPES, "icebergAllowed": True, "allowTrailingStop": True}
AT_100 = Snapshot(last=Decimal(100))
TRAILING = {
    "filterType": "TRAILING_DELTA",
    "minTrailingAboveDelta": 10,
    "maxTrailingAboveDelta": 2000,
    "minTrailingBelowDelta": 20,
    "maxTrailingBelowDelta": 1000,
}
PARTS = {"filterType": "ICEBERG_PARTS", "limit": 3}


def stop(side: Side, kind: OrderType, stop_price: str | None, **facts: Any) -> Any:
    fields = {"type": kind, "stop_price": UNSET if stop_price is None else Decimal(stop_price)}
    if kind in (OrderType.STOP_LOSS, OrderType.TAKE_PROFIT):
        fields |= {"price": UNSET, "time_in_force": UNSET}
    return msgspec.structs.replace(limit(side, "1", "100"), **(fields | facts))


@pytest.mark.parametrize(
    ("side", "kind", "legal", "past"),
    [
        (BUY, OrderType.STOP_LOSS, "100.01", "100"),
        (BUY, OrderType.STOP_LOSS_LIMIT, "100.01", "99"),
        (SELL, OrderType.TAKE_PROFIT, "101", "100"),
        (SELL, OrderType.STOP_LOSS, "99.99", "100"),
        (SELL, OrderType.STOP_LOSS_LIMIT, "99.99", "100.01"),
        (BUY, OrderType.TAKE_PROFIT_LIMIT, "99.99", "100"),
    ],
)
def test_a_stop_waits_on_its_side_of_the_last_price(
    side: Side, kind: OrderType, legal: str, past: str
) -> None:
    """ORDER-1: at the last price it would trigger immediately (-2010)."""
    rules = rules_of(PRICE, LOT, **ALL)
    passed(judge(stop(side, kind, legal), rules, AT_100))
    passed(judge(stop(side, kind, past), rules))
    verdict = judge(stop(side, kind, past), rules, AT_100)
    assert isinstance(verdict, Violation)
    assert (verdict.filter, verdict.field, verdict.bound, verdict.code) == (
        "STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY",
        "stop_price",
        Decimal(100),
        -2010,
    )


@pytest.mark.parametrize(
    ("side", "used"), [(BUY, "101.23"), (SELL, "101.24")], ids=["BUY goes down", "SELL goes up"]
)
def test_stop_prices_are_rounded_as_prices_are(side: Side, used: str) -> None:
    """RULES-3: stop prices alike; PRICE_FILTER binds them."""
    kind = OrderType.STOP_LOSS if side is BUY else OrderType.TAKE_PROFIT
    verdict = passed(judge(stop(side, kind, "101.234"), rules_of(PRICE, LOT, **ALL), AT_100))
    assert verdict.order.stop_price == Decimal(used)
    assert [each.field for each in verdict.changes] == ["stop_price"]
    assert "stop prices go" in verdict.changes[0].why
    off = judge(stop(side, kind, "1000001"), rules_of(PRICE, LOT, **ALL))
    assert refused(off)[:3] == ("PRICE_FILTER", "stop_price", "1000000")


@pytest.mark.parametrize(
    ("side", "kind", "delta", "nearest"),
    [
        (BUY, OrderType.STOP_LOSS, 9, 10),
        (BUY, OrderType.STOP_LOSS, 10, None),
        (SELL, OrderType.TAKE_PROFIT, 2001, 2000),
        (SELL, OrderType.STOP_LOSS, 19, 20),
        (BUY, OrderType.TAKE_PROFIT, 1001, 1000),
        (BUY, OrderType.TAKE_PROFIT, 1000, None),
    ],
)
def test_trailing_delta(side: Side, kind: OrderType, delta: int, nearest: int | None) -> None:
    """RULES-2: TRAILING_DELTA, above the market and below it."""
    verdict = judge(stop(side, kind, None, trailing_delta=delta), rules_of(PRICE, LOT, TRAILING, **ALL))
    if nearest is None:
        assert "TRAILING_DELTA" in [each.filter for each in passed(verdict).met]
        return
    assert isinstance(verdict, Violation)
    assert (verdict.filter, verdict.field, verdict.nearest) == ("TRAILING_DELTA", "trailing_delta", nearest)


@pytest.mark.parametrize(
    ("visible", "expected"),
    [
        ("0.4", None),
        ("0.333", ("ICEBERG_PARTS", "iceberg_qty", "0.33334", True)),
        ("1", None),
        ("1.1", ("ICEBERG_SIZE", "iceberg_qty", "1", False)),
        ("0", ("POSITIVE", "iceberg_qty", "0.00001", True)),
    ],
)
def test_icebergs(visible: str, expected: tuple[str, str, str, bool] | None) -> None:
    """RULES-2: ICEBERG_PARTS; LOT_SIZE binds the visible part; it is never above the whole."""
    verdict = judge(limit(BUY, "1", "100", iceberg_qty=Decimal(visible)), rules_of(PRICE, LOT, PARTS, **ALL))
    if expected is None:
        assert [each.value for each in passed(verdict).met if each.filter == "ICEBERG_PARTS"]
    else:
        assert refused(verdict) == expected


def test_the_visible_part_goes_down_to_the_step() -> None:
    verdict = passed(
        judge(limit(BUY, "1", "100", iceberg_qty=Decimal("0.5000099")), rules_of(PRICE, LOT, PARTS, **ALL))
    )
    assert verdict.order.iceberg_qty == Decimal("0.5")


@pytest.mark.parametrize(
    ("filter", "field", "everywhere"),
    [
        ("MAX_NUM_ORDERS", "maxNumOrders", False),
        ("MAX_NUM_ALGO_ORDERS", "maxNumAlgoOrders", False),
        ("MAX_NUM_ICEBERG_ORDERS", "maxNumIcebergOrders", False),
        ("EXCHANGE_MAX_NUM_ORDERS", "maxNumOrders", True),
        ("EXCHANGE_MAX_NUM_ALGO_ORDERS", "maxNumAlgoOrders", True),
        ("EXCHANGE_MAX_NUM_ICEBERG_ORDERS", "maxNumIcebergOrders", True),
    ],
)
def test_how_many_may_be_open(filter: str, field: str, everywhere: bool) -> None:
    """RULES-2: the new order counts; other symbols count only for the exchange's own limits."""
    order = stop(BUY, OrderType.STOP_LOSS_LIMIT, "101", iceberg_qty=Decimal("0.5"))
    rules = rules_of(PRICE, LOT, {"filterType": filter, field: 2}, **ALL)
    special = {"type": OrderType.TAKE_PROFIT_LIMIT, "iceberg_qty": Decimal("0.1")}
    elsewhere = open_order(symbol="BTCUSDT" if not everywhere else "ETHUSDT", **special)
    assert filter in [each.filter for each in passed(judge(order, rules)).skipped]
    one = passed(judge(order, rules, having(elsewhere, quote="200", all_symbols=True)))
    assert [(each.value, each.high) for each in one.met if each.filter == filter] == [(2, 2)]
    verdict = judge(order, rules, having(elsewhere, elsewhere, quote="200", all_symbols=True))
    assert isinstance(verdict, Violation)
    assert (verdict.filter, verdict.given, verdict.bound, verdict.nearest) == (filter, 3, 2, None)
    if everywhere:  # the open orders of one symbol do not say how many there are
        here = judge(order, rules, having(elsewhere, elsewhere, quote="200"))
        assert filter in [each.filter for each in passed(here).skipped]


def test_plain_orders_are_no_algo_orders() -> None:
    rules = rules_of(PRICE, LOT, {"filterType": "MAX_NUM_ALGO_ORDERS", "maxNumAlgoOrders": 0}, **ALL)
    verdict = passed(judge(limit(BUY, "1", "100"), rules, having(quote="200")))
    assert "MAX_NUM_ALGO_ORDERS" not in [each.filter for each in verdict.met]
    assert isinstance(judge(stop(BUY, OrderType.STOP_LOSS, "101"), rules, having()), Violation)


def test_a_count_without_a_number_counts_nothing() -> None:
    assert rules_of({"filterType": "MAX_NUM_ORDERS"}).counts == ()
    assert rules_of(COUNTS).counts[0].limit == 200


def test_an_id_in_use_and_a_maker_that_takes() -> None:
    """ORDER-4: ids are unique among open orders of a symbol; LIMIT_MAKER never takes."""
    rules = rules_of(PRICE, LOT)
    mine = limit(BUY, "1", "100", new_client_order_id="mine")
    assert refused(judge(mine, rules, Snapshot(open_orders=(open_order(),))))[0] == "DUPLICATE"
    passed(judge(mine, rules, Snapshot(open_orders=(open_order(symbol="ETHUSDT"),))))
    maker = limit(BUY, "1", "100", type=OrderType.LIMIT_MAKER, time_in_force=UNSET)
    book = Snapshot(bid=Decimal(99), ask=Decimal(100))
    assert refused(judge(maker, rules, book))[0] == "WOULD_MATCH_IMMEDIATELY"
    passed(judge(msgspec.structs.replace(maker, price=Decimal("99.99")), rules, book))
    passed(judge(maker, rules, Snapshot(ask=Decimal(0))))  # nobody sells
    sell = msgspec.structs.replace(maker, side=SELL, price=Decimal(99))
    assert refused(judge(sell, rules, book))[0] == "WOULD_MATCH_IMMEDIATELY"


def test_what_a_symbol_does_not_take() -> None:
    """RULES-5: its flags, and the permissions that it asks for."""
    rules = rules_of(PRICE, LOT, orderTypes=ALL_TYPES, permissionSets=[["SPOT", "TRD_GRP_2"]])
    hidden = limit(BUY, "1", "100", iceberg_qty=Decimal("0.5"))
    assert refused(judge(hidden, rules))[0] == "icebergAllowed"
    trailing = stop(BUY, OrderType.STOP_LOSS, None, trailing_delta=100)
    assert refused(judge(trailing, rules))[0] == "allowTrailingStop"
    pegged = msgspec.structs.replace(limit(BUY, "1", "1"), price=UNSET, peg_price_type="PRIMARY_PEG")
    assert refused(judge(pegged, rules))[0] == "pegInstructionsAllowed"
    plain = limit(BUY, "1", "100")
    passed(judge(plain, rules, Snapshot(permissions=("TRD_GRP_2",))))
    assert refused(judge(plain, rules, Snapshot(permissions=("MARGIN",))))[0] == "permissionSets"


def test_a_pegged_order_leaves_its_price_to_the_book() -> None:
    """ORDER-1: without a price of its own neither notional nor distance can be judged."""
    rules = rules_of(PRICE, LOT, pegInstructionsAllowed=True)
    order = msgspec.structs.replace(
        limit(BUY, "1", "1"), price=UNSET, peg_price_type="MARKET_PEG", peg_offset_type="PRICE_LEVEL"
    )
    assert refused(judge(order, rules))[0] == "COMBINATION"
    legal = msgspec.structs.replace(order, peg_offset_value=3)
    assert passed(judge(legal, rules)).order is legal
    assert market(BUY, quantity="1").peg_price_type is UNSET
