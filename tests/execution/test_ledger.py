"""The ledger by hand: balances as told, days, what can be sold and what stays behind."""

import pytest

from surefoot.errors import Misuse
from surefoot.execution.balances import MOST_CHANGES
from surefoot.execution.days import KEPT_DAYS, Result
from surefoot.execution.dust import Sellable
from surefoot.execution.ledger import Ledger
from surefoot.rules.check import Checked, check
from surefoot.rules.quantise import ZERO
from surefoot.rules.snapshot import Snapshot
from surefoot.spot.account import Balance
from surefoot.spot.enums import Side
from tests.execution.deals import DAY_MS, D, buy, sell
from tests.rules.made import NOTIONAL, USUAL, market, rules_of

COARSE = {"filterType": "LOT_SIZE", "minQty": "0.001", "maxQty": "2", "stepSize": "0.001"}


@pytest.fixture
def ledger() -> Ledger:
    made = Ledger()
    made.listed("BTCUSDT", "BTC", "USDT")
    return made


def balance(asset: str, free: str, locked: str = "0") -> Balance:
    return Balance(asset=asset, free=D(free), locked=D(locked))


def test_bought_with_a_base_commission_and_sold_but_for_dust(ledger: Ledger) -> None:
    rules, price = rules_of(COARSE, NOTIONAL), D(61000)
    ledger.filled(buy("0.1", "60000", "0.0001", "BTC"))
    assert ledger.sellable("BTCUSDT", rules, price) == Sellable(D("0.099"), D("0.0009"))
    ledger.filled(sell("0.099", "61000", "6.039", trade_id=2))
    left = ledger.position("BTCUSDT")
    assert left.qty == D("0.0009")
    assert left.cost == D("54.054054054054054055")  # 6000 × 9 ÷ 999, what rounding left behind included
    assert left.realised == D("87.015054054054054055")  # 6039 - 6.039 - 6000 × 990 ÷ 999
    assert ledger.sellable("BTCUSDT", rules, price) == Sellable(ZERO, D("0.0009"))
    assert ledger.unrealised("BTCUSDT", price) == D("0.845945945945945945")  # 54.9 - its cost
    assert ledger.days.of(0, "USDT") == Result(left.realised)


def test_less_than_the_least_notional_is_dust(ledger: Ledger) -> None:
    ledger.filled(buy("0.00008", "60000"))
    rules = rules_of(*USUAL)
    assert ledger.sellable("BTCUSDT", rules, D(60000)) == Sellable(ZERO, D("0.00008"))
    assert ledger.sellable("BTCUSDT", rules, D(62500)) == Sellable(D("0.00008"), ZERO)  # worth 5 exactly


def test_what_is_too_much_for_one_order_needs_further_ones(ledger: Ledger) -> None:
    ledger.filled(buy("5.0123", "100"))
    assert ledger.sellable("BTCUSDT", rules_of(COARSE), D(100)) == Sellable(D(2), D("0.0003"), D("3.012"))
    ledger.filled(sell("3.0121", "100", trade_id=2))
    assert ledger.sellable("BTCUSDT", rules_of(COARSE), D(100)) == Sellable(D(2), D("0.0002"))


def test_where_no_order_can_be_all_is_dust(ledger: Ledger) -> None:
    ledger.filled(buy("1", "100"))
    dear = NOTIONAL | {"minNotional": "1000"}
    assert ledger.sellable("BTCUSDT", rules_of(COARSE, dear), D(100)) == Sellable(ZERO, D(1))


def test_what_is_sellable_passes_the_rules(ledger: Ledger) -> None:
    rules = rules_of(*USUAL)
    ledger.filled(buy("0.123456", "50000", "0.000123456", "BTC"))
    most = ledger.sellable("BTCUSDT", rules, D(50000)).qty
    verdict = check(market(Side.SELL, quantity=str(most)), rules, Snapshot(last=D(50000), average=D(50000)))
    assert isinstance(verdict, Checked)


def test_no_more_is_sellable_than_what_is_free_unless_that_is_old_news(ledger: Ledger) -> None:
    rules = rules_of(*USUAL)
    ledger.told("BTC", D("0.25"), D("0.75"), 99)
    ledger.filled(buy("1", "100", time_ms=100))
    assert ledger.sellable("BTCUSDT", rules, D(100)).qty == D(1)
    ledger.told("BTC", D("0.25"), D("0.75"), 100)
    assert ledger.sellable("BTCUSDT", rules, D(100)).qty == D("0.25")


def test_stale_news_never_replaces_newer(ledger: Ledger) -> None:
    ledger.told("BTC", D(1), D(2), 100)
    ledger.told("BTC", D(9), D(9), 99)
    assert ledger.balances == {"BTC": balance("BTC", "1", "2")}
    ledger.told("BTC", D(3), D(0), 100)  # the later one of the same moment
    assert ledger.balances == {"BTC": balance("BTC", "3")}


def test_moves_and_locks_change_what_was_told_before_them_only(ledger: Ledger) -> None:
    ledger.moved("BTC", D(7), 110)
    assert ledger.balances == {}
    ledger.told("BTC", D(1), D(0), 100)
    assert ledger.balances["BTC"] == balance("BTC", "8")
    ledger.locked("BTC", D(2), 120)
    assert ledger.balances["BTC"] == balance("BTC", "6", "2")
    ledger.told("BTC", D(8), D(0), 110)
    assert ledger.balances["BTC"] == balance("BTC", "6", "2")
    ledger.told("BTC", D(6), D(2), 120)
    ledger.moved("BTC", D(7), 110)  # late: they are in what was told
    ledger.moved("BTC", D(7), 120)
    ledger.locked("BTC", D(-1), 130)
    assert ledger.balances["BTC"] == balance("BTC", "7", "1")


def test_changes_that_no_news_covers_are_few(ledger: Ledger) -> None:
    ledger.told("BTC", D(0), D(0), 0)
    for n in range(1, 3 * MOST_CHANGES):
        ledger.moved("BTC", D(1), n)
    assert ledger.balances["BTC"].free == 3 * MOST_CHANGES - 1
    assert len(ledger.state().holdings["BTC"].changes) == MOST_CHANGES


def test_two_days(ledger: Ledger) -> None:
    ledger.filled(buy("2", "100", time_ms=DAY_MS - 2))
    ledger.filled(sell("1", "110", "0.01", "BNB", trade_id=2, time_ms=DAY_MS - 1))
    ledger.filled(sell("0.5", "80", "0.02", "BNB", trade_id=3, time_ms=DAY_MS))
    assert ledger.days.of(DAY_MS - 1, "USDT") == Result(D(10), {"BNB": D("0.01")})
    assert ledger.days.of(DAY_MS, "USDT") == Result(D(-10), {"BNB": D("0.02")})
    assert ledger.lost_today("USDT", DAY_MS - 1, {}) == ZERO
    assert ledger.lost_today("USDT", DAY_MS, {}) == D(10)
    assert ledger.lost_today("USDT", DAY_MS, {"BNB": D(600)}) == D(22)
    assert ledger.lost_today("USDT", DAY_MS, {"BNB": D(600), "BTC": D(90)}) == D(27)
    assert ledger.lost_today("USDT", DAY_MS, {"BNB": D(600), "BTC": D(990)}) == D(22)
    assert ledger.lost_today("BTC", DAY_MS, {"BNB": D(600)}) == ZERO


def test_old_days_are_forgotten(ledger: Ledger) -> None:
    for day in range(KEPT_DAYS + 2):
        ledger.filled(sell("1", "1", "1", "BNB", trade_id=day, time_ms=day * DAY_MS))
    assert sorted(ledger.state().days) == list(range(2, KEPT_DAYS + 2))


def test_a_late_execution_is_taken_in_its_place(ledger: Ledger) -> None:
    ledger.filled(sell("1", "120", trade_id=2, time_ms=DAY_MS))
    assert ledger.position("BTCUSDT").foreign_qty == 1
    ledger.filled(buy("1", "100", trade_id=1, time_ms=0))
    now = ledger.position("BTCUSDT")
    assert (now.qty, now.realised, now.foreign_qty, now.foreign_proceeds) == (ZERO, D(20), ZERO, ZERO)
    assert ledger.days.of(DAY_MS, "USDT") == Result(D(20))


def test_a_trade_with_oneself_is_bought_before_it_is_sold(ledger: Ledger) -> None:
    ledger.filled(sell("1", "100", trade_id=1))
    ledger.filled(buy("1", "100", trade_id=1))
    assert ledger.position("BTCUSDT").foreign_qty == ZERO


def test_a_symbol_is_listed_first_and_once(ledger: Ledger) -> None:
    with pytest.raises(Misuse, match="ETHBTC was never listed"):
        ledger.filled(buy("1", "1", symbol="ETHBTC"))
    with pytest.raises(Misuse, match="never listed"):
        ledger.position("ETHBTC")
    with pytest.raises(Misuse, match="BTCUSDT trades BTC for USDT, not BTC for BUSD"):
        ledger.listed("BTCUSDT", "BTC", "BUSD")
    ledger.listed("BTCUSDT", "BTC", "USDT")
    assert list(ledger) == ["BTCUSDT"]
