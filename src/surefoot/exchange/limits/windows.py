"""Counts by name in calendar windows (official page *LIMITS*)."""

from collections.abc import Iterable, Sequence

from surefoot.exchange.limits.profile import Limit
from surefoot.serve.answers import Used


class Window:
    """Counts by name inside the calendar window that is now; a new window forgets them all.

    `limit` may be another one at any time: what was counted stays counted.
    """

    def __init__(self, limit: Limit) -> None:
        self.limit = limit
        self._index = -1
        self._counts: dict[str, int] = {}

    def count(self, name: str, now_us: int) -> int:
        """How much of the limit is used."""
        self._turn(now_us)
        return self._counts.get(name, 0)

    def add(self, name: str, amount: int, now_us: int) -> None:
        """Raise or lower the count, never below zero."""
        self._counts[name] = max(0, self.count(name, now_us) + amount)

    def full(self, name: str, now_us: int, more: int = 1) -> bool:
        """Whether `more` would be too much."""
        return self.count(name, now_us) + more > self.limit.limit

    def ends_ms(self, now_us: int) -> int:
        """When this window ends, in milliseconds since 1970."""
        length = self.limit.window_us
        return (now_us // length + 1) * length // 1000

    def used(self, name: str, now_us: int) -> Used:
        """The limit and its count, as answers say them."""
        limit = self.limit
        count = self.count(name, now_us)
        return Used(limit.rate_limit_type, limit.interval, limit.interval_num, limit.limit, count)

    def names(self, now_us: int) -> Sequence[str]:
        """Whoever counted in this window."""
        self._turn(now_us)
        return tuple(self._counts)

    def _turn(self, now_us: int) -> None:
        index = now_us // self.limit.window_us
        if index != self._index:
            self._index = index
            self._counts.clear()


def windows_of(rows: Iterable[Limit], kind: str, before: Iterable[Window]) -> list[Window]:
    """One window for each row of that kind; those that there were `before` go on counting."""
    known = {window.limit.span: window for window in before}
    windows = []
    for row in rows:
        if row.rate_limit_type == kind:
            window = known.get(row.span) or Window(row)
            window.limit = row
            windows.append(window)
    return windows


def used_by_name(windows: Sequence[Window], now_us: int) -> dict[str, list[Used]]:
    """What everybody used who counted in one of the windows of now."""
    names = dict.fromkeys(name for window in windows for name in window.names(now_us))
    return {name: [window.used(name, now_us) for window in windows] for name in names}
