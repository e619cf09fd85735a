"""What may not be said at all, whatever the numbers are."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from surefoot.rules.admission import SHAPES
from surefoot.rules.check import Checked, Violation, judge
from surefoot.rules.grounds import NO_FILTER
from surefoot.rules.verdicts import describe
from surefoot.spot.enums import OrderType, SelfTradePreventionMode, Side, SymbolStatus, TimeInForce
from surefoot.spot.trade import NewOrder
from surefoot.values import UNSET
from tests.rules.made import LOT, PRICE, limit, market, rules_of

LIMIT = limit(Side.BUY, "1", "100")
MAKER = limit(Side.BUY, "1", "100", type=OrderType.LIMIT_MAKER, time_in_force=UNSET)
STOP = limit(Side.BUY, "1", "100", type=OrderType.STOP_LOSS_LIMIT, stop_price=Decimal(99))
BY_QUANTITY = market(Side.BUY, quantity="1")
BY_AMOUNT = market(Side.BUY, amount="100")
ONE = Decimal(1)


def verdict_on(order: NewOrder, **facts: Any) -> Checked | Violation:
    return judge(order, rules_of(PRICE, LOT, **facts))


@pytest.mark.parametrize("order", [LIMIT, MAKER, BY_QUANTITY, BY_AMOUNT])
def test_well_formed_orders_pass(order: NewOrder) -> None:
    """RULES-5: each type with the fields it needs."""
    assert isinstance(verdict_on(order), Checked)


@pytest.mark.parametrize(
    ("order", "changed", "filter", "field"),
    [
        (LIMIT, {"time_in_force": UNSET}, "MANDATORY", "time_in_force"),
        (LIMIT, {"quantity": UNSET}, "MANDATORY", "quantity"),
        (LIMIT, {"price": UNSET}, "MANDATORY", "price"),
        (LIMIT, {"quote_order_qty": ONE}, "UNEXPECTED", "quote_order_qty"),
        (LIMIT, {"time_in_force": TimeInForce("GTX")}, "timeInForce", "time_in_force"),
        (MAKER, {"time_in_force": TimeInForce.GTC}, "TIF_NOT_REQUIRED", "time_in_force"),
        (MAKER, {"quote_order_qty": ONE}, "UNEXPECTED", "quote_order_qty"),
        (MAKER, {"quantity": UNSET}, "MANDATORY", "quantity"),
        (MAKER, {"price": UNSET}, "MANDATORY", "price"),
        (BY_QUANTITY, {"price": ONE}, "UNEXPECTED", "price"),
        (BY_QUANTITY, {"time_in_force": TimeInForce.IOC}, "TIF_NOT_REQUIRED", "time_in_force"),
        (BY_QUANTITY, {"quote_order_qty": ONE}, "COMBINATION", "quote_order_qty"),
        (BY_QUANTITY, {"quantity": UNSET}, "MANDATORY", "quantity"),
        (LIMIT, {"type": OrderType.STOP_LOSS_LIMIT}, "MANDATORY", "stop_price"),
        (LIMIT, {"type": OrderType.TAKE_PROFIT, "stop_price": ONE}, "TIF_NOT_REQUIRED", "time_in_force"),
        (LIMIT, {"stop_price": ONE}, "UNEXPECTED", "stop_price"),
        (LIMIT, {"trailing_delta": 100}, "UNEXPECTED", "trailing_delta"),
        (LIMIT, {"iceberg_qty": ONE, "time_in_force": TimeInForce.IOC}, "ICEBERG_GTC", "time_in_force"),
        (BY_QUANTITY, {"iceberg_qty": ONE}, "UNEXPECTED", "iceberg_qty"),
        (STOP, {"stop_price": UNSET}, "MANDATORY", "stop_price"),
        (STOP, {"price": UNSET}, "MANDATORY", "price"),
        (STOP, {"type": OrderType.STOP_LOSS}, "TIF_NOT_REQUIRED", "time_in_force"),
        (STOP, {"type": OrderType.STOP_LOSS, "time_in_force": UNSET}, "UNEXPECTED", "price"),
        (LIMIT, {"peg_offset_value": 1}, "COMBINATION", "peg_offset_value"),
        (
            LIMIT,
            {"peg_offset_value": 101, "peg_offset_type": "PRICE_LEVEL"},
            "pegOffsetValue",
            "peg_offset_value",
        ),
        (
            LIMIT,
            {"peg_offset_value": 1, "peg_offset_type": "PRICE_LEVEL"},
            "MANDATORY",
            "peg_price_type",
        ),
        (MAKER, {"peg_price_type": "MARKET_PEG"}, "pegPriceType", "peg_price_type"),
        (BY_QUANTITY, {"peg_price_type": "PRIMARY_PEG"}, "pegPriceType", "peg_price_type"),
        (LIMIT, {"type": OrderType("FUTURE")}, "type", "type"),
        (LIMIT, {"side": Side("HOLD")}, "side", "side"),
        (LIMIT, {"strategy_type": 999_999}, "strategyType", "strategy_type"),
        (LIMIT, {"new_client_order_id": "x" * 37}, "CHARACTERS", "new_client_order_id"),
        (LIMIT, {"new_client_order_id": ""}, "CHARACTERS", "new_client_order_id"),
        (LIMIT, {"new_client_order_id": "a b"}, "CHARACTERS", "new_client_order_id"),
        (LIMIT, {"new_client_order_id": "a\n"}, "CHARACTERS", "new_client_order_id"),
        (LIMIT, {"new_client_order_id": "ä"}, "CHARACTERS", "new_client_order_id"),
    ],
)
def test_misshapen_orders_are_refused(
    order: NewOrder, changed: dict[str, Any], filter: str, field: str
) -> None:
    """RULES-5, ORDER-1: the fields of *New order*'s table, and words the exchange does not know."""
    verdict = verdict_on(msgspec.structs.replace(order, **changed))
    assert isinstance(verdict, Violation)
    assert (verdict.filter, verdict.field, verdict.nearest) == (filter, field, None)
    assert filter in NO_FILTER
    assert field in verdict.why


@pytest.mark.parametrize("status", [each for each in SymbolStatus if each is not SymbolStatus.TRADING])
def test_a_symbol_that_does_not_trade_takes_no_orders(status: SymbolStatus) -> None:
    """RULES-5: HALT, BREAK, CANCEL_ONLY: only cancels pass there."""
    verdict = verdict_on(LIMIT, status=status)
    assert isinstance(verdict, Violation)
    assert (verdict.filter, verdict.given, verdict.bound) == ("status", status, SymbolStatus.TRADING)
    assert describe(verdict) == f"status: BTCUSDT is {status}: the symbol takes no orders now"


def test_order_types_are_the_symbols_own() -> None:
    """RULES-5: allowed order types."""
    verdict = verdict_on(LIMIT, orderTypes=["MARKET"])
    assert isinstance(verdict, Violation)
    assert (verdict.filter, verdict.given, verdict.bound) == ("orderTypes", "LIMIT", ["MARKET"])


def test_quote_order_qty_needs_the_symbols_leave() -> None:
    """RULES-5: quoteOrderQtyMarketAllowed."""
    verdict = verdict_on(BY_AMOUNT, quoteOrderQtyMarketAllowed=False)
    assert isinstance(verdict, Violation)
    assert (verdict.filter, verdict.field) == ("quoteOrderQtyMarketAllowed", "quote_order_qty")
    assert isinstance(verdict_on(BY_QUANTITY, quoteOrderQtyMarketAllowed=False), Checked)


def test_stp_modes_are_the_symbols_own_where_it_lists_them() -> None:
    """RULES-5: self-trade prevention modes."""
    order = msgspec.structs.replace(LIMIT, self_trade_prevention_mode=SelfTradePreventionMode.TRANSFER)
    listed = verdict_on(order, allowedSelfTradePreventionModes=["NONE", "EXPIRE_MAKER"])
    assert isinstance(listed, Violation)
    assert listed.bound == ["EXPIRE_MAKER", "NONE"]
    assert isinstance(verdict_on(order, allowedSelfTradePreventionModes=["TRANSFER"]), Checked)
    assert isinstance(verdict_on(order), Checked)  # recordings older than the list


def test_ids_of_the_whole_alphabet_pass() -> None:
    """RULES-5, ORDER-4: letters, digits, - and _, up to 36."""
    order = msgspec.structs.replace(LIMIT, new_client_order_id="aZ09-_" * 6, strategy_type=1_000_000)
    assert isinstance(verdict_on(order), Checked)


def test_every_judged_type_says_what_it_needs() -> None:
    assert set(SHAPES) == set(OrderType)
    for shape in SHAPES.values():
        assert not set(shape.needs) & set(shape.refuses)
        assert set(shape.needs + shape.refuses) <= set(NewOrder.__struct_fields__)
