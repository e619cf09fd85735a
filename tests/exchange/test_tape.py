"""Last price and averages over whole minutes."""

from surefoot.exchange.core.tape import MINUTE_US, Tape


def test_nothing_traded_has_no_price() -> None:
    assert Tape(5).average(0, 5) is None


def test_the_average_is_weighted_by_quantity() -> None:
    tape = Tape(5)
    tape.add(0, 100, 1)
    tape.add(1, 200, 3)
    assert tape.average(2, 5) == 175


def test_trades_leave_the_window_minute_by_minute() -> None:
    tape = Tape(5)
    tape.add(0, 100, 1)
    tape.add(4 * MINUTE_US, 200, 1)
    assert tape.average(4 * MINUTE_US, 5) == 150
    assert tape.average(5 * MINUTE_US, 5) == 200
    assert tape.average(4 * MINUTE_US, 1) == 200


def test_an_empty_window_and_zero_minutes_mean_the_last_price() -> None:
    tape = Tape(5)
    tape.add(0, 100, 1)
    tape.add(1, 300, 1)
    assert tape.average(9 * MINUTE_US, 5) == 300
    assert tape.average(2, 0) == 300


def test_a_price_from_before_counts_until_something_trades() -> None:
    tape = Tape(5, last_price=70)
    assert tape.average(0, 5) == 70
