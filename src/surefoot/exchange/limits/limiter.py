"""Rate limits in calendar windows: weight and raw requests by address, unfilled orders by account.

Official page: *LIMITS*, and the FAQ on the unfilled order count.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn

import msgspec

from surefoot.exchange.limits.bans import Bans
from surefoot.serve.answers import Used
from surefoot.serve.denial import Denial

_UNITS_US = {"SECOND": 1_000_000, "MINUTE": 60_000_000, "HOUR": 3_600_000_000, "DAY": 86_400_000_000}
_TOO_MUCH_WEIGHT = (
    "Too much request weight used; current limit is {limit} request weight per {interval}. "
    "Please use WebSocket Streams for live updates to avoid polling the API."
)
_TAKER_CREDIT = 1
_MAKER_CREDIT = 5


class Limit(msgspec.Struct, frozen=True, rename="camel"):
    """One row of exchangeInfo's `rateLimits`."""

    rate_limit_type: str
    interval: str
    interval_num: int
    limit: int

    @property
    def window_us(self) -> int:
        """Length of the window in microseconds."""
        return _UNITS_US[self.interval] * self.interval_num

    @property
    def words(self) -> str:
        """The interval as messages say it."""
        return f"{self.interval_num} {self.interval}"


class Window:
    """Counts by name inside the calendar window that is now; a new window forgets them all."""

    def __init__(self, limit: Limit) -> None:
        self.limit = limit
        self._index = -1
        self._counts: dict[str, int] = {}

    def count(self, name: str, now_us: int) -> int:
        self._turn(now_us)
        return self._counts.get(name, 0)

    def add(self, name: str, amount: int, now_us: int) -> None:
        """Raise or lower the count, never below zero."""
        self._counts[name] = max(0, self.count(name, now_us) + amount)

    def full(self, name: str, now_us: int, more: int = 1) -> bool:
        return self.count(name, now_us) + more > self.limit.limit

    def ends_ms(self, now_us: int) -> int:
        length = self.limit.window_us
        return (now_us // length + 1) * length // 1000

    def used(self, name: str, now_us: int) -> Used:
        limit = self.limit
        count = self.count(name, now_us)
        return Used(limit.rate_limit_type, limit.interval, limit.interval_num, limit.limit, count)

    def _turn(self, now_us: int) -> None:
        index = now_us // self.limit.window_us
        if index != self._index:
            self._index = index
            self._counts.clear()


class Limiter:
    """All limits of the exchange. Times are microseconds since 1970."""

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        limits = [msgspec.convert(dict(row), Limit) for row in rows]
        self._weight = [Window(row) for row in limits if row.rate_limit_type == "REQUEST_WEIGHT"]
        self._orders = [Window(row) for row in limits if row.rate_limit_type == "ORDERS"]
        self._raw = [Window(row) for row in limits if row.rate_limit_type == "RAW_REQUESTS"]
        self._connections = Window(Limit("CONNECTIONS", "MINUTE", 5, 300))
        self._bans = Bans()

    def knock(self, address: str, now_us: int) -> None:
        """Count one raw REST request; raises `Denial` -1003 when the address sent too many, or is banned."""
        self._bans.check(address, now_us)
        for window in self._raw:
            window.add(address, 1, now_us)
            if window.full(address, now_us, 0):
                self._refuse(address, now_us, window, "Too many requests queued.")

    def spend(self, address: str, weight: int, now_us: int) -> None:
        """Count weight; raises `Denial` -1003 when the address has used more than its limit."""
        self.charge(address, weight, now_us)
        self.within(address, now_us)

    def within(self, address: str, now_us: int) -> None:
        """Raises `Denial` -1003 when the address has used more than its limit, or is banned."""
        self._bans.check(address, now_us)
        for window in self._weight:
            if window.full(address, now_us, 0):
                limit = window.limit
                text = _TOO_MUCH_WEIGHT.format(limit=limit.limit, interval=limit.words)
                self._refuse(address, now_us, window, text)

    def _refuse(self, address: str, now_us: int, window: Window, text: str) -> NoReturn:
        """Tell the address to wait for the next window; it is banned when it was told so too often."""
        ends_ms = window.ends_ms(now_us)
        self._bans.refused(address, now_us, ends_ms * 1000)
        raise Denial(-1003, text, retry_at_ms=ends_ms)

    def connect(self, address: str, now_us: int) -> None:
        """Count one connection attempt; raises `Denial` -1034 above 300 in five minutes, -1003 in a ban."""
        self._bans.check(address, now_us)
        self._connections.add(address, 1, now_us)
        if self._connections.full(address, now_us, 0):
            text = "Too many connection attempts from IP; current limit is 300 per '5 MINUTE'."
            raise Denial(-1034, text, status=429, retry_at_ms=self._connections.ends_ms(now_us))

    def charge(self, address: str, weight: int, now_us: int) -> None:
        """Count weight of something that is done already."""
        for window in self._weight:
            window.add(address, weight, now_us)

    def too_many_orders(self, account: str, more: int, now_us: int) -> Denial | None:
        """The -1015 that `more` orders of the account are refused with; None when there is room."""
        for window in self._orders:
            if window.full(account, now_us, more):
                limit = window.limit
                text = f"Too many new orders; current limit is {limit.limit} orders per {limit.words}."
                return Denial(-1015, text, retry_at_ms=window.ends_ms(now_us))
        return None

    def count_orders(self, account: str, more: int, now_us: int) -> None:
        """So many orders were accepted."""
        for window in self._orders:
            window.add(account, more, now_us)

    def first_fill(self, account: str, *, maker: bool, now_us: int) -> None:
        """The first fill of an order gives room back: one as taker, five as maker."""
        for window in self._orders:
            window.add(account, -(_MAKER_CREDIT if maker else _TAKER_CREDIT), now_us)

    def weight_used(self, address: str, now_us: int) -> Sequence[Used]:
        return [window.used(address, now_us) for window in self._weight]

    def orders_used(self, account: str, now_us: int) -> Sequence[Used]:
        return [window.used(account, now_us) for window in self._orders]
