"""The examples of the official FAQ *Spot Unfilled Order Count Rules*, line by line."""

from typing import Any

import pytest

from tests.exchange.conftest import Bench

SECOND, DAY = 1_000_000, 86_400_000_000


class Day:
    """Alice's orders at prices of their own, filled by Bob."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.orders: dict[str, str] = {}

    def place(self, name: str, **more: Any) -> None:
        price = str(50_000 + len(self.orders))
        self.orders[name] = price
        order = {
            "symbol": "BTCUSDT",
            "side": "BUY",
            "type": "LIMIT",
            "timeInForce": "GTC",
            "quantity": "0.002",
        }
        self.bench.ok("POST", "order", **order | {"price": price, "newClientOrderId": name} | more)

    def fill(self, name: str, quantity: str = "0.001") -> None:
        """Bob sells at that price: what stands above it goes first, so best orders are filled first."""
        self.bench.limit("SELL", self.orders[name], quantity, self.bench.bob)

    def count(self) -> list[int]:
        return [row["count"] for row in self.bench.ok("GET", "rateLimit/order")]


@pytest.fixture
def day(bench: Bench) -> Day:
    return Day(bench)


def test_example_1_taker(bench: Bench, day: Day) -> None:
    """LIMIT-3: the first fill gives one back, later ones none."""
    day.place("A")
    assert day.count() == [1, 1]
    bench.limit("SELL", "60000", "0.001", bench.bob)
    day.place("B", price="60000", quantity="0.003")
    assert day.count() == [1, 1]
    day.place("C", price="49000")
    assert day.count() == [2, 2]
    for _ in range(2):
        bench.limit("SELL", "60000", "0.001", bench.bob)
        assert day.count() == [2, 2]
    bench.limit("SELL", "61000", "0.001", bench.bob)
    bench.ok("POST", "order", symbol="BTCUSDT", side="BUY", type="MARKET", quantity="0.001")
    assert day.count() == [2, 2]


def test_example_2_maker(day: Day) -> None:
    """LIMIT-3: five for the first fill as maker, never below zero."""
    for name in "EDCBA":
        day.place(name)
    assert day.count() == [5, 5]
    day.fill("A")
    assert day.count() == [0, 0]
    day.place("F", price="49000")
    day.place("G", price="49001")
    day.fill("A")
    assert day.count() == [2, 2]
    day.fill("B")
    assert day.count() == [0, 0]
    day.place("H", price="49002")
    assert day.count() == [1, 1]


def test_cancels_and_expiries_give_nothing_back(bench: Bench, day: Day) -> None:
    """LIMIT-3: never credited for a cancel."""
    day.place("A")
    bench.ok("DELETE", "order", symbol="BTCUSDT", origClientOrderId="A")
    assert day.count() == [1, 1]
    day.place("E", timeInForce="FOK")
    assert day.count() == [2, 2]
    bench.ok("DELETE", "openOrders", symbol="BTCUSDT") if bench.ok("GET", "openOrders") else None
    assert day.count() == [2, 2]


def test_yesterday_s_orders_lower_today_s_count(bench: Bench, day: Day) -> None:
    """LIMIT-3: fills lower the count of now, whenever the orders were placed."""
    for name in ("1", "2"):
        day.place(name)
    bench.now_us += DAY
    assert day.count() == [0, 0]
    for number in range(10):
        day.place(f"new-{number}", price=str(40_000 + number))
    assert day.count() == [10, 10]
    day.fill("2", "0.002")
    assert day.count() == [5, 5]
    bench.now_us += 10 * SECOND
    day.fill("1", "0.002")
    assert day.count() == [0, 0]
