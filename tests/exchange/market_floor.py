"""A market with a past, for the tests of what is told of it: trades over 26 hours, one symbol halted."""

from decimal import Decimal
from typing import Any

from tests.oracles.naive_market import NaiveTrade

MINUTE_US = 60_000_000
HOUR_US = 60 * MINUTE_US


def halted(info: dict[str, Any]) -> None:
    """BNBUSDT is halted, the rest trades."""
    next(row for row in info["symbols"] if row["symbol"] == "BNBUSDT")["status"] = "HALT"


class Past:
    """Makes trades on a bench, and keeps what is known of each without asking the exchange for it."""

    def __init__(self, bench: Any) -> None:
        self.bench = bench
        self.takers = 0
        self.trades: list[NaiveTrade] = []

    def sweep(self, side: str, *levels: tuple[str, str]) -> None:
        """Alice quotes the levels, Bob takes all of them with one order."""
        other = "SELL" if side == "BUY" else "BUY"
        for price, quantity in levels:
            self.bench.limit(other, price, quantity)
        whole = sum(Decimal(quantity) for _, quantity in levels)
        worst = levels[-1][0]
        answer = self.bench.limit(side, worst, str(whole), self.bench.bob)
        assert answer["status"] == "FILLED"
        self.takers += 1
        for fill in answer["fills"]:
            price, qty = Decimal(fill["price"]), Decimal(fill["qty"])
            time_us = self.bench.now_us
            self.trades.append(NaiveTrade(fill["tradeId"], price, qty, time_us, self.takers, side == "SELL"))

    def live(self) -> None:
        """26 hours: sweeps of several levels, of one level in parts, in both directions, and silence."""
        self.sweep("BUY", ("60000", "0.0005"), ("60001", "0.001"))
        self.bench.now_us += 1_000
        self.sweep("BUY", ("60002", "0.0005"), ("60002", "0.00033"), ("60003", "0.0007"))
        self.bench.now_us += 25 * HOUR_US - 1_000
        self.sweep("SELL", ("59990", "0.0011"))
        self.bench.now_us += 50 * MINUTE_US
        self.sweep("SELL", ("59980.5", "0.00123"), ("59970", "0.0009"))
        self.bench.now_us += 3 * MINUTE_US + 1_250_007
        self.sweep("BUY", ("60100.01", "0.00777"))
        self.bench.now_us += 17 * MINUTE_US
