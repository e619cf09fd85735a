"""Grids, windows, and exactness."""

from decimal import Decimal, Inexact
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surefoot.rules.quantise import EXACT, MOST, ZERO, Window, common_step, down, neat, up, window

D = Decimal


@pytest.mark.parametrize(
    ("value", "step", "below", "above"),
    [
        ("61234.567", "0.01", "61234.56", "61234.57"),
        ("5", "3", "3", "6"),
        ("0.00000001", "1", "0", "1"),
        ("1E+30", "0.00000001", "1E+30", "1E+30"),
        (
            "12345678901234567890123456789.123456789",
            "0.00000001",
            *["12345678901234567890123456789.1234567" + e for e in "89"],
        ),
    ],
)
def test_down_and_up(value: str, step: str, below: str, above: str) -> None:
    """RULES-1: exact beyond the 28 digits of the default context."""
    assert (down(D(value), D(step)), up(D(value), D(step))) == (D(below), D(above))


def test_a_value_on_the_grid_stays_the_same_object() -> None:
    value = D("1.50")
    assert down(value, D("0.5")) is value
    assert up(value, D("0.5")) is value


STEPS = st.builds(lambda n, e: D(n).scaleb(-e), st.integers(1, 999), st.integers(0, 8))


@given(STEPS, STEPS)
def test_the_common_step_is_the_finest_that_both_share(one: Decimal, other: Decimal) -> None:
    """RULES-2: LOT_SIZE and MARKET_LOT_SIZE together."""
    shared = Fraction(common_step(one, other))
    a, b = shared / Fraction(one), shared / Fraction(other)
    assert a.denominator == b.denominator == 1
    fewer = range(1, min(a.numerator, 500))
    assert all((Fraction(one) * k / Fraction(other)).denominator > 1 for k in fewer)


def test_a_step_of_zero_is_no_step() -> None:
    assert common_step(ZERO, D("0.1")) == common_step(D("0.1"), ZERO) == D("0.1")
    assert common_step(ZERO, ZERO) == ZERO


@pytest.mark.parametrize(
    ("given", "text"),
    [("0.01000000", "0.01"), ("1E+1", "10"), ("10.00", "10"), ("0", "0"), ("1E-8", "0.00000001")],
)
def test_neat(given: str, text: str) -> None:
    assert f"{neat(D(given)):f}" == text
    assert neat(D(given)) == D(given)


def test_a_window_begins_at_one_step_and_is_snapped_inwards() -> None:
    whole = window(D("0.02"))
    assert (whole.low, whole.high) == (D("0.02"), MOST)
    assert whole.narrowed(D("0.05"), D("0.99")) == Window(D("0.06"), D("0.98"), D("0.02"))
    assert whole.narrowed(ZERO, ZERO) == whole


def test_a_window_can_be_narrowed_by_what_values_are_worth() -> None:
    """RULES-3: the nearest quantity of NOTIONAL is minNotional ÷ price, up to the step."""
    left = window(D("0.001")).narrowed(D(10), D(100), D(3))
    assert (left.low, left.high) == (D("3.334"), D("33.333"))


@pytest.mark.parametrize(
    ("value", "upwards", "nearest"),
    [
        ("0.5", False, "1"),
        ("9.7", False, "9"),
        ("4.4", True, "4"),
        ("4.6", False, "5"),
        ("4.5", True, "5"),
        ("4.5", False, "4"),
        ("4.5" + "0" * 500 + "1", False, "5"),
        ("1E+99", True, "9"),
        ("-7", True, "1"),
    ],
)
def test_nearest(value: str, upwards: bool, nearest: str) -> None:
    """RULES-3: closest, ties to the careful side, never outside."""
    assert Window(D(1), D(9), D(1)).nearest(D(value), upwards=upwards) == D(nearest)
    assert Window(D(9), D(1), D(1)).nearest(D(value), upwards=upwards) is None


def test_what_cannot_be_exact_raises() -> None:
    """RULES-1: never rounded silently."""
    with pytest.raises(Inexact):
        EXACT.multiply(D("1." + "1" * 300), D("1." + "1" * 300))
