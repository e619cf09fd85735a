"""The audit against a tiny exchange: silent while all is told in whatever order, loud when not."""

from decimal import Decimal
from fractions import Fraction

import msgspec
from hypothesis import assume, given
from hypothesis import strategies as st

from surefoot.execution.audit import Audit, AuditState, deltas
from surefoot.execution.continuity import Difference, Untold
from surefoot.execution.fills import Fill
from surefoot.execution.shortfalls import Shortfall
from surefoot.rules.quantise import ZERO
from tests.execution.deals import ASSETS
from tests.execution.tiny_exchange import (
    START,
    START_MS,
    UNIT,
    Event,
    TinyExchange,
    days,
    delayed,
    listening,
)

LATE_MS = 50


def heard(audit: Audit, events: list[Event], data: st.DataObject) -> None:
    """All events, late; with a check at every one."""
    for at_ms, event in delayed(events, data.draw, LATE_MS):
        event.tell(audit)
        assert audit.check(at_ms, LATE_MS + 1) == []


@given(days(), st.data())
def test_nothing_is_said_while_everything_is_told(exchange: TinyExchange, data: st.DataObject) -> None:
    audit = listening()
    heard(audit, exchange.events, data)
    assert audit.check(exchange.now_ms, 0) == []


@given(days(), st.data())
def test_what_is_left_out_is_named_and_settles_when_it_comes(
    exchange: TinyExchange, data: st.DataObject
) -> None:
    all_of_them = [e for e in exchange.events if e.name in {"filled", "moved"} and e.time_ms > START_MS]
    assume(all_of_them)
    lost = data.draw(st.sampled_from(all_of_them))
    audit = listening()
    rest = [each for each in exchange.events if each is not lost]
    for _, event in delayed(rest, data.draw, LATE_MS):
        event.tell(audit)
    found = audit.check(exchange.now_ms, 0)
    _are_about(found, lost)
    lost.tell(audit)
    settled = audit.check(exchange.now_ms, 0)
    assert all(each.settled for each in settled)
    assert len(settled) == len(found)


def _are_about(found: list[Shortfall | Difference | Untold], lost: Event) -> None:
    differences = {each.asset: each.difference for each in found if isinstance(each, Difference)}
    shortfalls = [each for each in found if isinstance(each, Shortfall)]
    assert not any(each.settled for each in found)
    if lost.name == "moved":
        assert differences == {lost.given[0]: lost.given[1]}
        assert shortfalls == []
        return
    (fill,) = lost.given
    assert differences == deltas(fill, *ASSETS[fill.symbol])
    (short,) = shortfalls
    assert (short.symbol, short.order_id, short.missing) == (fill.symbol, fill.order_id, fill.qty)
    assert fill.trade_id not in short.trade_ids


@given(days(), st.data())
def test_a_checkpoint_changes_nothing(exchange: TinyExchange, data: st.DataObject) -> None:
    events = data.draw(st.permutations([each for each in exchange.events if each.name != "told"]))
    events += [each for each in exchange.events if each.name == "told"]
    at = data.draw(st.integers(0, len(events)))
    whole, broken = listening(), listening()
    for event in events[:at]:
        event.tell(whole)
        event.tell(broken)
    until_ms = data.draw(st.integers(0, exchange.now_ms))
    assert whole.check(until_ms, 0) == broken.check(until_ms, 0)
    broken = Audit.restored(msgspec.json.decode(msgspec.json.encode(broken.state()), type=AuditState))
    assert broken.state() == whole.state()
    for event in events[at:]:
        event.tell(whole)
        event.tell(broken)
    assert broken.check(exchange.now_ms, 0) == whole.check(exchange.now_ms, 0)
    assert broken.state() == whole.state()


@given(days())
def test_balances_change_by_fills_commissions_and_moves_only(exchange: TinyExchange) -> None:
    change = dict.fromkeys(exchange.units, Fraction(0))
    for event in exchange.events:
        if event.name == "moved":
            change[event.given[0]] += Fraction(event.given[1])
        if event.name == "filled":
            fill: Fill = event.given[0]
            for asset, delta in deltas(fill, *ASSETS[fill.symbol]).items():
                change[asset] += Fraction(delta)
    for asset, units in exchange.units.items():
        assert change[asset] == Fraction(units - START, UNIT)


def test_deltas_leave_out_what_stays() -> None:
    exchange = TinyExchange()
    exchange.trade("BTCUSDT", 1, buy=True, price=100, lots=100_000, fee=("BTC", 10**8))
    (fill,) = (each.given[0] for each in exchange.events if each.name == "filled")
    assert deltas(fill, "BTC", "USDT") == {"USDT": Decimal(-1)}
    assert ZERO not in deltas(fill, "BTC", "USDT").values()
