"""Amendments: smaller, on the grid, worth enough."""

from decimal import Decimal

import pytest

from surefoot.rules.check import Snapshot, judge
from surefoot.spot.order_replace import AmendOrder
from tests.rules.accounts import open_order
from tests.rules.made import LOT, NOTIONAL, PRICE, passed, refused, rules_of

AMENDS = {"filterType": "MAX_NUM_ORDER_AMENDS", "maxNumOrderAmends": 10}
RULES = rules_of(PRICE, LOT, NOTIONAL, AMENDS, amendAllowed=True)
KNOWN = Snapshot(open_orders=(open_order(symbol="ETHUSDT"), open_order(order_id=8, client_order_id="x")))


def amend(new_qty: str, order_id: int = 8) -> AmendOrder:
    return AmendOrder(symbol="BTCUSDT", order_id=order_id, new_qty=Decimal(new_qty))


@pytest.mark.parametrize(
    ("new_qty", "expected"),
    [
        ("1", ("newQty", "new_qty", None, False)),
        ("2", ("newQty", "new_qty", None, False)),
        ("0", ("POSITIVE", "new_qty", "0.05", True)),
        ("0.000009", ("LOT_SIZE", "new_qty", "0.05", True)),
        ("0.04", ("NOTIONAL", "new_qty", "0.05", True)),
    ],
)
def test_what_an_amendment_may_not_be(new_qty: str, expected: tuple[str, str, str | None, bool]) -> None:
    """ORDER-3: an order of 1 at 100 becomes smaller, and stays worth 5."""
    assert refused(judge(amend(new_qty), RULES, KNOWN)) == expected


def test_an_amendment_goes_down_to_the_step() -> None:
    """RULES-3."""
    request = amend("0.500009")
    verdict = passed(judge(request, RULES, KNOWN))
    assert verdict.order.new_qty == Decimal("0.5")
    assert [each.filter for each in verdict.met] == ["LOT_SIZE", "NOTIONAL"]
    assert [each.filter for each in verdict.skipped] == ["MAX_NUM_ORDER_AMENDS"]
    assert (verdict.weight, verdict.order_count, verdict.closing) == (4, 0, None)
    assert refused(judge(request, RULES, KNOWN, rounding=False))[:2] == ("LOT_SIZE", "new_qty")
    exact = amend("0.5")
    assert passed(judge(exact, RULES, KNOWN, rounding=False)).order is exact


def test_an_order_that_is_not_known_is_judged_by_its_grid_alone() -> None:
    verdict = passed(judge(amend("0.01", order_id=99), RULES, KNOWN))
    assert [each.filter for each in verdict.skipped] == ["NOTIONAL", "MAX_NUM_ORDER_AMENDS"]
    by_name = AmendOrder(symbol="BTCUSDT", orig_client_order_id="x", new_qty=Decimal("0.01"))
    assert refused(judge(by_name, RULES, KNOWN))[0] == "NOTIONAL"


def test_amendments_need_the_symbols_leave_and_work_where_only_cancels_do() -> None:
    """RULES-5: amendAllowed; CANCEL_ONLY takes amendments."""
    assert refused(judge(amend("0.5"), rules_of(PRICE, LOT)))[0] == "amendAllowed"
    passed(judge(amend("0.5"), rules_of(PRICE, LOT, amendAllowed=True, status="CANCEL_ONLY")))
    halted = rules_of(PRICE, LOT, amendAllowed=True, status="HALT")
    assert refused(judge(amend("0.5"), halted))[0] == "status"
