"""Limits in calendar windows, without anything around them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surefoot.exchange.limits.limiter import Limiter
from surefoot.exchange.limits.profile import Limit, limits_of
from surefoot.exchange.limits.windows import Window
from surefoot.serve.denial import Denial

SECOND = 1_000_000
ROWS = [
    {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": 10},
    {"rateLimitType": "ORDERS", "interval": "SECOND", "intervalNum": 10, "limit": 3},
    {"rateLimitType": "ORDERS", "interval": "DAY", "intervalNum": 1, "limit": 5},
    {"rateLimitType": "RAW_REQUESTS", "interval": "MINUTE", "intervalNum": 5, "limit": 4},
]


def orders(limiter: Limiter, now_us: int) -> list[int]:
    return [used.count for used in limiter.orders.used("a", now_us)]


def test_windows_follow_the_calendar() -> None:
    """LIMIT-2: ten seconds end at :10, whenever the first request came."""
    window = Window(Limit("ORDERS", "SECOND", 10, 3))
    window.add("a", 2, 9 * SECOND)
    assert window.count("a", 10 * SECOND - 1) == 2
    assert window.count("a", 10 * SECOND) == 0
    assert window.ends_ms(9 * SECOND) == 10_000


def test_addresses_are_counted_apart() -> None:
    limiter = Limiter(limits_of({"rateLimits": ROWS}))
    limiter.spend("one", 10, 0)
    limiter.spend("two", 1, 0)
    with pytest.raises(Denial) as caught:
        limiter.spend("one", 1, 0)
    assert (caught.value.code, caught.value.status, caught.value.retry_at_ms) == (-1003, 429, 60_000)
    limiter.within("two", 0)
    limiter.within("one", 60 * SECOND)


def test_orders_by_account_in_every_interval() -> None:
    """LIMIT-3: the tighter interval refuses; the day's count goes on."""
    limiter = Limiter(limits_of({"rateLimits": ROWS}))
    for _ in range(3):
        assert limiter.orders.too_many("a", 1, 0) is None
        limiter.orders.add("a", 1, 0)
    assert "3 orders per 10 SECOND" in str(limiter.orders.too_many("a", 1, 0))
    assert limiter.orders.too_many("b", 3, 0) is None
    assert "3 orders per 10 SECOND" in str(limiter.orders.too_many("b", 4, 0))
    later = 10 * SECOND
    assert limiter.orders.too_many("a", 2, later) is None
    limiter.orders.add("a", 2, later)
    assert orders(limiter, later) == [2, 5]
    assert "5 orders per 1 DAY" in str(limiter.orders.too_many("a", 1, later))


def test_first_fills_give_back_and_never_below_zero() -> None:
    limiter = Limiter(limits_of({"rateLimits": ROWS}))
    for _ in range(3):
        limiter.orders.add("a", 1, 0)
    limiter.orders.first_fill("a", maker=False, now_us=0)
    assert orders(limiter, 0) == [2, 2]
    limiter.orders.first_fill("a", maker=True, now_us=0)
    assert orders(limiter, 0) == [0, 0]


def test_raw_requests() -> None:
    limiter = Limiter(limits_of({"rateLimits": ROWS}))
    for _ in range(4):
        limiter.knock("a", 0)
    with pytest.raises(Denial) as caught:
        limiter.knock("a", 0)
    assert caught.value.retry_at_ms == 300_000


def test_connection_attempts() -> None:
    limiter = Limiter(limits_of({"rateLimits": ROWS}))
    for _ in range(300):
        limiter.connect("a", 0)
    with pytest.raises(Denial) as caught:
        limiter.connect("a", 0)
    assert (caught.value.code, caught.value.status) == (-1034, 429)
    limiter.connect("b", 0)


@given(st.lists(st.tuples(st.integers(-6, 6), st.integers(0, 5_000_000)), max_size=40))
def test_a_window_counts_like_a_plain_list(steps: list[tuple[int, int]]) -> None:
    window = Window(Limit("ORDERS", "SECOND", 1, 3))
    now, model, second = 0, 0, 0
    for amount, pause in steps:
        now += pause
        if now // SECOND != second:
            second, model = now // SECOND, 0
        window.add("a", amount, now)
        model = max(0, model + amount)
        assert window.count("a", now) == model
        assert window.full("a", now) == (model + 1 > 3)
