"""Lanes, the line, the gate, rain, learnt weights and the ledger, each by itself (LIMIT-1, LIMIT-4 … 6)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surefoot import errors
from surefoot.budget.costs import Costs
from surefoot.budget.gate import Gate
from surefoot.budget.lanes import KEPT, LEAST_KEPT, Lane, kind_of
from surefoot.budget.ledger import DEFAULT_PATIENCE_MS, UNTAGGED, Ledger, purse, spending
from surefoot.budget.limits import Limits
from surefoot.budget.line import Line, fits_at
from surefoot.budget.meter import MARGIN_MS, Meter
from surefoot.budget.rain import Rain
from surefoot.spot.account import GetAccount
from surefoot.spot.market import GetBookTicker, GetDepth
from surefoot.spot.order_replace import CancelReplace
from surefoot.spot.session import Logon, SubscribeUserDataSigned
from surefoot.spot.trade import CancelOpenOrders, CancelOrder, NewOrder

WINDOW_MS = 60_000
MINUTE_MS = 60_000


@pytest.mark.parametrize(
    ("request_type", "lane"),
    [
        (CancelOrder, Lane.CANCEL),
        (CancelOpenOrders, Lane.CANCEL),
        (CancelReplace, Lane.ORDER),
        (NewOrder, Lane.ORDER),
        (Logon, Lane.ORDER),
        (SubscribeUserDataSigned, Lane.ORDER),
        (GetAccount, Lane.ACCOUNT),
        (GetDepth, Lane.MARKET),
    ],
)
def test_every_request_has_its_lane(request_type: type, lane: Lane) -> None:
    kind = kind_of(request_type)
    assert kind.lane is lane
    assert kind.shaped is (lane >= Lane.ACCOUNT)


def test_the_shares_are_those_of_the_rule() -> None:
    """LIMIT-4: cancels 10 %, orders 20 %, account reads 20 %."""
    assert [round(kept, 2) for kept in KEPT] == [0.0, 0.1, 0.3, 0.5]


@given(
    most=st.integers(10, 10_000),
    need=st.integers(1, 12_000),
    lane=st.sampled_from([Lane.ACCOUNT, Lane.MARKET]),
)
def test_what_fits_leaves_the_reserved_share_alone(most: int, need: int, lane: Lane) -> None:
    """At the moment that is given, what is kept for the lanes before it is still there."""
    meter = Meter("1m", WINDOW_MS, most)
    at_ms = fits_at(meter, 7, lane, need)
    if at_ms is None:
        assert need > most * (1 - KEPT[lane] * LEAST_KEPT)
        return
    gone = (at_ms - meter.begins_ms(7)) / WINDOW_MS
    assert 0 <= gone <= 1 - LEAST_KEPT + 1e-9
    assert need <= most * (1 - KEPT[lane] * (1 - gone)) + 1e-6


def test_a_line_gives_places_one_after_the_other_and_over_windows() -> None:
    meter = Meter("1m", WINDOW_MS, 100)
    meter.turn(10_000)
    line = Line()
    places = [line.stand(meter, Lane.MARKET, 10, 0, 10_000) for _ in range(25)]
    moments = [place.at_ms for place in places]
    assert moments == sorted(moments)
    assert [place.number for place in places] == [0] * 9 + [1] * 9 + [2] * 7
    assert len(line) == 25
    for place in places:
        line.leave(place)
    assert len(line) == 0
    assert line.stand(meter, Lane.MARKET, 10, 0, 10_000) == places[0]


def test_account_reads_do_not_stand_behind_market_reads() -> None:
    meter = Meter("1m", WINDOW_MS, 100)
    meter.turn(10_000)
    line = Line()
    for _ in range(20):
        line.stand(meter, Lane.MARKET, 10, 0, 10_000)
    assert line.before(meter.index, Lane.ACCOUNT) == 0
    assert line.stand(meter, Lane.ACCOUNT, 10, 0, 10_000).number == 0


def test_429_closes_the_gate_and_slows_down_for_a_while() -> None:
    """LIMIT-5."""
    gate = Gate()
    gate.limited(9_000, 1_000)
    assert gate.left_ms(9_999) == 1
    assert gate.left_ms(10_000) == 0
    assert gate.recover(10_000) == 0.5
    assert gate.recover(10_000 + MINUTE_MS) == 1.0


def test_answers_to_what_was_under_way_do_not_slow_down_again() -> None:
    """One 429 or fifty of the same moment: half of the rate is used, as is documented."""
    gate = Gate()
    for moment_ms in range(1_000, 1_005):
        gate.limited(9_000, moment_ms)
    assert gate.recover(10_004) == 0.5
    gate.limited(9_000, 11_000)
    assert gate.recover(20_000) == 0.25


@pytest.mark.parametrize("wait_ms", [0, -5_000])
def test_a_wait_that_is_none_still_keeps_everybody_from_coming_at_once(wait_ms: int) -> None:
    """Retry-After: 0, or a moment that is over by our clock."""
    gate, banned = Gate(), Gate()
    gate.limited(wait_ms, 1_000)
    banned.ban(wait_ms, 1_000)
    assert gate.left_ms(1_000) == banned.left_ms(1_000) == 1_000


def test_it_is_known_when_the_slow_start_will_be_over() -> None:
    gate = Gate()
    gate.ban(500_000, 1_000)
    assert gate.recover(600_000) == 0.25
    assert gate.reaches(0.25, 610_000) == 610_000
    assert gate.reaches(0.6, 610_000) == 600_000 + 2 * MINUTE_MS


def test_a_ban_is_followed_by_a_quarter_that_doubles_with_each_clean_minute() -> None:
    """LIMIT-5: restart at 25 %."""
    gate = Gate()
    gate.ban(500_000, 1_000)
    rates = [gate.recover(600_000 + minutes * MINUTE_MS) for minutes in range(3)]
    assert rates == [0.25, 0.5, 1.0]


def test_a_clock_that_is_set_back_does_not_make_the_slow_start_longer() -> None:
    gate = Gate()
    gate.ban(500_000, 1_000)
    gate.recover(3_600_000)
    assert gate.recover(600_000) == 0.25
    assert gate.recover(600_000 + MINUTE_MS) == 0.5


def test_a_ban_without_an_end_lasts_as_long_as_the_shortest() -> None:
    gate = Gate()
    gate.ban(None, 1_000)
    assert gate.left_ms(1_000) == 120_000
    assert gate.banned


def test_a_shorter_wait_does_not_shorten_a_ban() -> None:
    gate = Gate()
    gate.ban(499_000, 1_000)
    gate.limited(19_000, 1_000)
    assert gate.opens_at == 500_000
    assert gate.banned


def test_it_rains_when_more_than_one_in_twenty_fails_and_dries_up() -> None:
    """LIMIT-6: 5xx over 5 % in 10 s, of twenty answers at least."""
    rain = Rain()
    for number in range(60):
        rain.heard(1_000 + number, 5.0, failed=number == 30)
    assert not rain.falls(2_000)
    for _ in range(4):
        rain.heard(2_000, 5.0, failed=True)
    assert rain.falls(2_000)
    assert "failed" in rain.reason
    assert not rain.falls(32_001)


def test_it_rains_when_the_p99_triples() -> None:
    """LIMIT-6: p99 over three times its median."""
    rain = Rain()
    for bucket in range(6):
        for number in range(40):
            rain.heard(bucket * 10_000 + number, 40.0, failed=False)
    assert not rain.falls(59_000)
    for number in range(40):
        rain.heard(60_000 + number, 40.0 if number < 30 else 200.0, failed=False)
    rain.heard(70_000, 40.0, failed=False)
    assert rain.falls(70_000)
    assert rain.reason == "p99 rose from 40 to 200 ms"


def test_rain_by_hand_lasts_until_it_is_ended() -> None:
    rain = Rain()
    rain.by_hand(True)
    assert rain.falls(10**12)
    rain.by_hand(False)
    assert not rain.falls(0)


def test_a_weight_that_is_seen_twice_is_believed_and_forgotten_again() -> None:
    """LIMIT-1: unknown weights are learnt."""
    costs, request = Costs(), GetBookTicker(symbol="BTCUSDT")
    documented = costs.of(request)
    costs.alone(request, 9)
    assert costs.of(request) == documented
    costs.alone(request, 9)
    assert costs.of(request) == 9
    assert costs.learnt == {f"GetBookTicker {documented}": 9}
    for _ in range(2):
        costs.alone(request, documented)
    assert costs.of(request) == documented
    assert not costs.learnt


def test_others_at_the_address_do_not_teach_a_weight() -> None:
    costs, request = Costs(), GetBookTicker(symbol="BTCUSDT")
    for counted in (9, 4, 17, 4):
        costs.alone(request, counted)
    assert costs.of(request) == 2


def test_where_many_are_under_way_the_sum_is_stretched() -> None:
    costs = Costs()
    for _ in range(50):
        costs.among_others(2, 6)
    assert costs.stretch == 3.0
    for _ in range(50):
        costs.among_others(2, 2)
    assert costs.stretch == 1.0


def test_the_ledger_says_who_spent_what() -> None:
    ledger = Ledger()
    ledger.add("dca", "GetDepth", 5)
    ledger.add("dca", "GetDepth", 5)
    ledger.add(UNTAGGED, "GetAccount", 20)
    rows = [(row.tag, row.request, row.count, row.weight) for row in ledger.rows()]
    assert rows == [(UNTAGGED, "GetAccount", 1, 20), ("dca", "GetDepth", 2, 10)]


def test_the_ledger_is_bounded() -> None:
    ledger = Ledger()
    for number in range(3_000):
        ledger.add(f"tag {number}", "GetDepth", 1)
    assert len(ledger.rows()) <= 1_001
    assert sum(row.weight for row in ledger.rows()) == 3_000


def test_purses_nest() -> None:
    assert purse().patience_ms == DEFAULT_PATIENCE_MS
    with spending("candles", patience_ms=60_000):
        with spending(patience_ms=0):
            assert (purse().tag, purse().patience_ms) == ("candles", 0)
        assert purse().patience_ms == 60_000
    assert purse().tag == UNTAGGED


def test_patience_is_a_number_of_milliseconds() -> None:
    with pytest.raises(errors.Misuse, match="patience_ms -1"), spending(patience_ms=-1):
        pass


def test_a_window_begins_a_little_late() -> None:
    """So that what is sent at once does not arrive in the old one."""
    assert Meter("1m", WINDOW_MS, 1).begins_ms(1) == WINDOW_MS + MARGIN_MS


def test_limits_are_asked_for_also_where_the_clock_was_set_back() -> None:
    limits = Limits()
    assert limits.ask(3_600_000)
    assert not limits.ask(3_600_001)
    assert limits.ask(0), "or else nobody would ask for an hour"
    assert not limits.ask(1)
