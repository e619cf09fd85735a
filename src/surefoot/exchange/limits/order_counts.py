"""The unfilled order count of every account (official FAQ *Spot Unfilled Order Count Rules*).

A refused order is not counted ("might or might not", says the official page), so a full day's count does not
let the shorter ones rise either.
"""

from collections.abc import Mapping, Sequence

from surefoot.exchange.limits.profile import ORDERS, LimitProfile
from surefoot.exchange.limits.windows import Window, used_by_name, windows_of
from surefoot.serve.answers import Used
from surefoot.serve.denial import Denial

_TAKER_CREDIT = 1
_MAKER_CREDIT = 5


class OrderCounts:
    """In every interval of the limit ORDERS. Times are microseconds since 1970."""

    def __init__(self) -> None:
        self._windows: list[Window] = []

    def change(self, profile: LimitProfile) -> None:
        """Other limits from now on."""
        self._windows = windows_of(profile.rows, ORDERS, self._windows)

    def too_many(self, account: str, more: int, now_us: int) -> Denial | None:
        """The -1015 that `more` orders of the account are refused with; None when there is room.

        The longest wait is told: a shorter interval that ends earlier would not help.
        """
        full = [window for window in self._windows if window.full(account, now_us, more)]
        if not full:
            return None
        window = max(full, key=lambda window: window.limit.window_us)
        limit = window.limit
        text = f"Too many new orders; current limit is {limit.limit} orders per {limit.words}."
        return Denial(-1015, text, retry_at_ms=window.ends_ms(now_us))

    def add(self, account: str, more: int, now_us: int) -> None:
        """So many orders were accepted."""
        for window in self._windows:
            window.add(account, more, now_us)

    def first_fill(self, account: str, *, maker: bool, now_us: int) -> None:
        """The first fill of an order gives room back, whenever it was placed: one as taker, five as maker."""
        for window in self._windows:
            window.add(account, -(_MAKER_CREDIT if maker else _TAKER_CREDIT), now_us)

    def used(self, account: str, now_us: int) -> Sequence[Used]:
        """The limits and what the account used of them."""
        return [window.used(account, now_us) for window in self._windows]

    def by_account(self, now_us: int) -> Mapping[str, Sequence[Used]]:
        """The counts of every account that placed an order in a window of now."""
        return used_by_name(self._windows, now_us)
