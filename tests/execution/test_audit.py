"""The continuity audit by hand: what is missing is named, and nothing else is said."""

import pytest

from surefoot.errors import Misuse
from surefoot.execution.audit import QUIET_MS, Audit
from surefoot.execution.continuity import MOST_FLOWS, Difference, Untold
from surefoot.execution.shortfalls import MOST_ORDERS, SHOWN_TRADES, Shortfall
from surefoot.rules.quantise import ZERO
from tests.execution.deals import D, buy, sell


@pytest.fixture
def audit() -> Audit:
    made = Audit()
    made.listed("BTCUSDT", "BTC", "USDT")
    made.told("BTC", D(1), D(0), 100)
    made.told("USDT", D(900), D(100), 100)
    return made


def test_a_missing_execution_is_found_by_the_sum_of_its_order(audit: Audit) -> None:
    audit.filled(buy("0.5", "100", order_id=7, trade_id=31, time_ms=200))
    audit.executed("BTCUSDT", 7, D("0.8"), 210, final=True)
    audit.told("BTC", D("1.8"), D(0), 210)
    audit.told("USDT", D(920), D(0), 210)
    assert audit.check(210 + QUIET_MS - 1) == []
    order, btc, usdt = audit.check(210 + QUIET_MS)
    assert order == Shortfall("BTCUSDT", 7, D("0.8"), D("0.5"), D("0.3"), (31,))
    assert order.text == (
        "order 7 of BTCUSDT: 0.8 executed, 0.5 known: executions of 0.3 are missing (known trade ids: 31)"
    )
    assert isinstance(btc, Difference)
    assert (btc.asset, btc.expected, btc.told, btc.difference) == ("BTC", D("1.5"), D("1.8"), D("0.3"))
    assert btc.text == (
        "BTC: 1.8 told as of 210, 1.5 expected from 1 changes since 100 (the newest: BTCUSDT trade 31): "
        "a difference of 0.3; 0.3 is unexplained in all"
    )
    assert isinstance(usdt, Difference)
    assert usdt.difference == -30
    assert audit.check(10**6) == []  # said once


def test_what_is_heard_after_all_settles_it(audit: Audit) -> None:
    audit.executed("BTCUSDT", 7, D("0.3"), 210, final=True)
    audit.told("BTC", D("1.3"), D(0), 210)
    audit.told("USDT", D(970), D(0), 210)
    assert [each.settled for each in audit.check(10**5)] == [False, False, False]
    audit.filled(buy("0.3", "100", order_id=7, trade_id=30, time_ms=205))
    found = audit.check(10**5)
    assert [each.settled for each in found] == [True, True, True]
    assert found[0].text.endswith("and the executions add up to it again (known trade ids: 30)")
    assert found[1].text.endswith("a difference of -0.3, which explains what was open before")
    assert audit.check(10**6) == []


def test_what_was_before_the_first_balance_is_in_it(audit: Audit) -> None:
    audit.filled(buy("0.5", "100", time_ms=100))
    audit.moved("BTC", D(5), 99)
    early = Audit()
    early.listed("BTCUSDT", "BTC", "USDT")
    early.filled(buy("0.5", "100", time_ms=90))
    early.filled(buy("0.25", "100", time_ms=110))
    early.told("BTC", D(1), D(0), 100)
    early.told("BTC", D("1.25"), D(0), 110)
    assert early.check(10**6) == audit.check(10**6) == []


def test_a_deposit_nobody_told(audit: Audit) -> None:
    audit.told("BTC", D(6), D(0), 300)
    audit.moved("BTC", D(2), 250)
    (found,) = audit.check(10**6)
    assert isinstance(found, Difference)
    assert (found.expected, found.told, found.difference) == (D(3), D(6), D(3))
    assert found.sources == ("a transfer at 250",)


def test_the_word_of_the_exchange_is_what_is_gone_on_from(audit: Audit) -> None:
    audit.told("BTC", D(6), D(0), 300)
    assert len(audit.check(10**6)) == 1
    audit.moved("BTC", D(1), 400)
    audit.told("BTC", D(7), D(0), 400)
    assert audit.check(10**6) == []
    audit.told("BTC", D(9), D(0), 500)
    (found,) = audit.check(10**6)
    assert isinstance(found, Difference)
    assert (found.difference, found.unexplained, found.since_ms) == (D(2), D(7), 400)


def test_a_balance_that_was_never_told(audit: Audit) -> None:
    audit.filled(buy("1", "100", "0.01", "BNB", time_ms=200))
    audit.told("USDT", D(900), D(0), 200)
    assert audit.check(199 + QUIET_MS) == []
    (found,) = audit.check(200 + QUIET_MS)
    assert found == Untold("BTC", D(1), 100, D(1), ("BTCUSDT trade 1",))
    assert not found.settled
    assert found.text == (
        "BTC: 1 told as of 100, and no balance since, though it moved by 1 (the newest: BTCUSDT trade 1)"
    )
    assert audit.check(10**6) == []
    audit.told("BTC", D(2), D(0), 200)
    assert audit.check(10**6) == []
    audit.moved("BTC", D(1), 300)
    assert [type(each) for each in audit.check(10**6)] == [Untold]


def test_many_changes_after_a_balance_are_not_mixed_with_those_before_it(audit: Audit) -> None:
    audit.moved("BTC", D(1), 200)
    audit.told("BTC", D(2), D(0), 200)
    for n in range(2 * MOST_FLOWS):
        audit.moved("BTC", D(1), 300 + n)
    assert audit.check(250, 0) == []


def test_more_is_known_than_was_told(audit: Audit) -> None:
    audit.executed("BTCUSDT", 7, D("0.1"), 100, final=False)
    audit.filled(buy("0.1", "100", order_id=7, trade_id=1, time_ms=100))
    audit.filled(buy("0.2", "100", order_id=7, trade_id=2, time_ms=100))
    (found,) = audit.check(10**6)
    assert isinstance(found, Shortfall)
    assert found.missing == D("-0.2")
    assert found.text == (
        "order 7 of BTCUSDT: 0.1 executed as told, 0.3 known: the order's own news is missing "
        "(known trade ids: 1, 2)"
    )


def test_rounding_is_said_and_is_no_alarm(audit: Audit) -> None:
    audit.filled(sell("0.0123", "0.03511", time_ms=200))  # worth 0.000431853 of which 0.00043185 is paid
    audit.told("BTC", D("0.9877"), D(0), 200)
    audit.told("USDT", D("1000.00043185"), D(0), 200)
    (found,) = audit.check(10**6)
    assert isinstance(found, Difference)
    assert (found.difference, found.unexplained, found.settled) == (D("-3E-9"), ZERO, True)
    assert found.text.endswith("no more than rounding of price × quantity can make")


def test_busy_accounts_are_judged_too(audit: Audit) -> None:
    """Something is always younger than the patience; what is older is judged all the same."""
    held, now_ms = D(1), 100
    for _ in range(40):
        now_ms += QUIET_MS // 4
        held += D(1)
        audit.told("BTC", held, D(0), now_ms)
        if now_ms != 100 + 5 * QUIET_MS:
            audit.moved("BTC", D(1), now_ms)
        found = audit.check(now_ms)
        assert len(found) == (now_ms == 100 + 6 * QUIET_MS)


def test_what_is_kept_is_bounded(audit: Audit) -> None:
    for n in range(MOST_ORDERS + 500):
        audit.filled(buy("1", "1", order_id=n, trade_id=n, time_ms=1000 + n))
        audit.executed("BTCUSDT", n, D(1) if n != 3 else D(2), 1000 + n, final=True)
        audit.moved("ETH", D(1), n)
    assert [each.missing for each in audit.check(10**6) if isinstance(each, Shortfall)] == [D(1)]
    state = audit.state()
    assert MOST_ORDERS // 2 < len(state.orders.tallies["BTCUSDT"]) <= MOST_ORDERS
    assert 3 in state.orders.tallies["BTCUSDT"]
    assert len(state.threads["BTC"].flows) == len(state.threads["ETH"].flows) == MOST_FLOWS
    audit.filled(buy("1", "1", order_id=2, trade_id=9999, time_ms=2000))  # of an order that is forgotten
    audit.executed("BTCUSDT", 2, D(5), 2000, final=True)
    audit.told("BTC", D(MOST_ORDERS + 502), D(0), 10_000)
    audit.told("ETH", D(0), D(0), 10_000)
    assert audit.check(10**6) == []


def test_the_newest_trade_ids_are_named(audit: Audit) -> None:
    for n in range(2 * SHOWN_TRADES):
        audit.filled(buy("1", "1", trade_id=n, time_ms=50))
    audit.executed("BTCUSDT", 1, D(41), 60, final=False)
    (found,) = audit.check(10**6)
    assert isinstance(found, Shortfall)
    assert found.trade_ids == tuple(range(SHOWN_TRADES, 2 * SHOWN_TRADES))


def test_a_symbol_is_listed_first(audit: Audit) -> None:
    with pytest.raises(Misuse, match="ETHBTC was never listed"):
        audit.filled(buy("1", "1", symbol="ETHBTC"))
