"""The memory of trades that prices are judged by: last price, and averages over whole minutes."""

from collections import deque

import msgspec

MINUTE_US = 60_000_000


class ReferencePrice(msgspec.Struct, frozen=True, gc=False):
    """Set from outside at `set_us`; a `price` of None says that there is none any more."""

    price: int | None
    set_us: int


class Tape:
    """Last trade and a ring of minute buckets (value and quantity traded), as long as the longest average.

    `reference` is None while no reference price was ever set: not a price of trades, but what stands in for
    them.
    """

    __slots__ = ("_buckets", "last_price", "last_time_us", "reference")

    def __init__(self, longest_minutes: int, last_price: int | None = None, last_time_us: int = 0) -> None:
        self.last_price = last_price
        self.last_time_us = last_time_us
        self.reference: ReferencePrice | None = None
        self._buckets: deque[list[int]] = deque(maxlen=max(longest_minutes, 1))

    def add(self, now_us: int, price: int, quantity: int) -> None:
        """Remember a trade (price and quantity on any fixed grid)."""
        self.last_price = price
        self.last_time_us = now_us
        minute = now_us // MINUTE_US
        buckets = self._buckets
        if not buckets or buckets[-1][0] < minute:
            buckets.append([minute, 0, 0])
        bucket = buckets[-1]
        bucket[1] += price * quantity
        bucket[2] += quantity

    def average(self, now_us: int, minutes: int) -> int | None:
        """Volume-weighted price of this minute and the `minutes` - 1 before it, rounded down.

        The last price when nothing was traded in them or `minutes` is 0; None when nothing was ever traded.
        """
        oldest = now_us // MINUTE_US - minutes
        value = quantity = 0
        for minute, traded_value, traded in reversed(self._buckets):
            if minute <= oldest:
                break
            value += traded_value
            quantity += traded
        return value // quantity if quantity else self.last_price
