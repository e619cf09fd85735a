"""Whatever way the exchange's news come, what is known in the end is what happened (TRACK-3, TRACK-4)."""

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from surefoot.execution.entries import Entry
from surefoot.execution.fills import Fill
from surefoot.execution.lives import FINAL
from surefoot.execution.orders import Finding
from surefoot.execution.records import OrderRecord
from surefoot.execution.views import Views
from surefoot.spot.enums import OrderStatus, Side
from tests.execution.histories import histories, must_be, tellings, told_lives
from tests.execution.told import D, Deal, Moment, limit, read, submitted


def folded(views: Views, told: list[Entry]) -> tuple[list[Fill], list[Finding]]:
    fills: list[Fill] = []
    findings: list[Finding] = []
    for entry in told:
        news = views.apply(entry)
        fills += news.fills
        findings += news.findings
    return fills, findings


def known(views: Views) -> Any:
    """All that the views know, as JSON knows it; which is the order of what is alive does not matter."""
    state = msgspec.json.decode(views.checkpoint())
    state["orders"]["shelf"].get("active", []).sort(key=lambda order: order["id"])
    return state


@given(told_lives())
def test_the_fold_ends_where_the_exchange_does(story: tuple[list[Moment], list[Entry]]) -> None:
    life, told = story
    views = Views()
    fills, findings = folded(views, told)
    must_be(views.orders.shelf.get("sf-1"), life[-1])
    assert findings == []
    deals = {deal.trade_id: deal.qty for deal in life[-1].deals}
    assert sorted(fill.trade_id for fill in fills) == sorted(deals), "each counts once"
    assert {fill.trade_id: fill.qty for fill in views.fills_of("sf-1")} == deals
    assert len(views.fills_of("sf-1")) == len(deals)
    assert views.orders.submissions == {}


@given(told_lives())
def test_what_is_known_never_goes_back(story: tuple[list[Moment], list[Entry]]) -> None:
    _, told = story
    views = Views()
    before: OrderRecord | None = None
    for entry in told:
        views.apply(entry)
        now = views.orders.shelf.get("sf-1")
        assert now is not None
        if before is not None:
            assert now.executed_qty >= before.executed_qty
            assert now.known_qty >= before.known_qty
            assert now.qty <= before.qty
            assert before.state not in FINAL or now.state is before.state
        before = now


@given(told_lives(), st.data())
def test_a_checkpoint_and_the_rest_are_as_good_as_everything(
    story: tuple[list[Moment], list[Entry]], data: st.DataObject
) -> None:
    _, told = story
    at = data.draw(st.integers(0, len(told)))
    whole, first, second = Views(), Views(), Views()
    folded(whole, told)
    folded(first, told[:at])
    assert second.restored(first.checkpoint())
    assert known(second) == known(first)
    rest, _ = folded(second, told[at:])
    again, _ = folded(first, told[at:])
    assert rest == again
    assert known(second) == known(first) == known(whole)


@given(histories("sf-1", 77), histories("sf-2", 78), st.data())
def test_orders_do_not_disturb_each_other(
    one: list[Moment], other: list[Moment], data: st.DataObject
) -> None:
    told, more = data.draw(tellings(one)), data.draw(tellings(other))
    mixed: list[Entry] = [submitted(limit("sf-1")), submitted(limit("sf-2"))]
    while told or more:
        mixed.append((told if told and (not more or data.draw(st.booleans())) else more).pop(0))
    views = Views()
    fills, findings = folded(views, mixed)
    must_be(views.orders.shelf.get("sf-1"), one[-1])
    must_be(views.orders.shelf.get("sf-2"), other[-1])
    assert findings == []
    assert len(fills) == len(one[-1].deals) + len(other[-1].deals)


@given(told_lives(), st.sampled_from(("side", "order_id", "more executed", "another end")))
def test_what_cannot_be_true_stops_trading_and_changes_nothing(
    story: tuple[list[Moment], list[Entry]], lie: str
) -> None:
    life, told = story
    views = Views()
    folded(views, told)
    false = told_as(life[-1], lie)
    if false is None:
        return
    before = known(views)
    _, findings = folded(views, [false])
    assert [(finding.what, finding.stops) for finding in findings] == [("contradiction", True)]
    after = known(views)
    before["orders"]["seen"] = after["orders"]["seen"]
    assert after["orders"] == before["orders"]


def told_as(now: Moment, lie: str) -> Entry | None:
    """A read that contradicts what was told before; None where that lie would be no lie."""
    final = now.status not in {OrderStatus.NEW, OrderStatus.PARTIALLY_FILLED}
    match lie:
        case "side":
            return read(now._replace(side=Side.SELL))
        case "order_id":
            return read(now._replace(order_id=99, called=now.id))
        case "more executed" if final:
            return read(now._replace(deals=(*now.deals, Deal(5, D("0.01")))))
        case "another end" if final:
            other = OrderStatus.EXPIRED if now.status is OrderStatus.CANCELED else OrderStatus.CANCELED
            return read(now._replace(status=other))
    return None
