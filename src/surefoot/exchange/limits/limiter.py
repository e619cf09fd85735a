"""Rate limits in calendar windows: weight, raw requests and connections by address, orders by account.

Official page: *LIMITS*.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import NoReturn

from surefoot.exchange.limits.bans import Bans
from surefoot.exchange.limits.order_counts import OrderCounts
from surefoot.exchange.limits.profile import CONNECTIONS, RAW, WEIGHT, LimitProfile
from surefoot.exchange.limits.windows import Window, used_by_name, windows_of
from surefoot.serve.answers import Used
from surefoot.serve.denial import Denial

_TOO_MUCH_WEIGHT = (
    "Too much request weight used; current limit is {limit} request weight per {interval}. "
    "Please use WebSocket Streams for live updates to avoid polling the API."
)
_FLOODS_US = 300_000_000  # floods are remembered as long as connection attempts are


class Limiter:
    """All limits of the exchange; `orders` are those of accounts. Times are microseconds since 1970."""

    def __init__(self, profile: LimitProfile) -> None:
        self.bans = Bans()
        self.orders = OrderCounts()
        self._weight: list[Window] = []
        self._raw: list[Window] = []
        self._connections: list[Window] = []
        self.change(profile)

    def change(self, profile: LimitProfile) -> None:
        """Other limits from now on. What was counted in an interval stays counted."""
        self.profile = profile
        self.orders.change(profile)
        self._weight = windows_of(profile.rows, WEIGHT, self._weight)
        self._raw = windows_of(profile.rows, RAW, self._raw)
        self._connections = windows_of(profile.rows, CONNECTIONS, self._connections)

    def knock(self, address: str, now_us: int) -> None:
        """Count one raw REST request; raises `Denial` -1003 when the address sent too many, or is banned."""
        self.bans.check(address, now_us)
        for window in self._raw:
            window.add(address, 1, now_us)
            if window.full(address, now_us, 0):
                self._refuse(address, now_us, window, Denial(-1003, "Too many requests queued."))

    def spend(self, address: str, weight: int, now_us: int) -> None:
        """Count weight; raises `Denial` -1003 when the address has used more than its limit."""
        self.charge(address, weight, now_us)
        self.within(address, now_us)

    def within(self, address: str, now_us: int) -> None:
        """Raises `Denial` -1003 when the address has used more than its limit, or is banned."""
        self.bans.check(address, now_us)
        for window in self._weight:
            if window.full(address, now_us, 0):
                limit = window.limit
                text = _TOO_MUCH_WEIGHT.format(limit=limit.limit, interval=limit.words)
                self._refuse(address, now_us, window, Denial(-1003, text))

    def connect(self, address: str, now_us: int) -> None:
        """Count one attempt to open a WebSocket; raises `Denial` -1034 (429) for one too many, -1003 in a
        ban.
        """
        self.bans.check(address, now_us)
        for window in self._connections:
            window.add(address, 1, now_us)
            if window.full(address, now_us, 0):
                limit = window.limit
                allowed = f"current limit is {limit.limit} per '{limit.words}'"
                text = f"Too many connection attempts from IP; {allowed}."
                self._refuse(address, now_us, window, Denial(-1034, text, status=429))

    def flooded(self, address: str, now_us: int) -> None:
        """A stream connection was ended for its messages: addresses that make a habit of it are banned."""
        until_us = (now_us // _FLOODS_US + 1) * _FLOODS_US
        with suppress(Denial):
            self.bans.refused(address, now_us, until_us, "messages")

    def charge(self, address: str, weight: int, now_us: int) -> None:
        """Count weight of something that is done already."""
        for window in self._weight:
            window.add(address, weight, now_us)

    def insisted(self, address: str, limited: Denial, now_us: int) -> None:
        """An address was refused an order with that -1015; raises `Denial` when it was once too often."""
        assert limited.retry_at_ms is not None, "an interval ends"
        self.bans.refused(address, now_us, limited.retry_at_ms * 1000, limited.message)

    def weight_used(self, address: str, now_us: int) -> Sequence[Used]:
        """The weight limits and what the address used of them."""
        return [window.used(address, now_us) for window in self._weight]

    def by_address(self, now_us: int) -> Mapping[str, Sequence[Used]]:
        """Weight, raw requests and connection attempts of every address that counted in a window of now."""
        return used_by_name((*self._weight, *self._raw, *self._connections), now_us)

    def _refuse(self, address: str, now_us: int, window: Window, said: Denial) -> NoReturn:
        """Tell the address to wait for the next window; it is banned when it was told so too often."""
        said.retry_at_ms = window.ends_ms(now_us)
        self.bans.refused(address, now_us, said.retry_at_ms * 1000, repr(window.limit.span))
        raise said
