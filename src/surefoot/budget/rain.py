"""Rain mode (LIMIT-6): when the exchange is unwell, ask less and wait longer; cancels go on as ever.

It begins by hand; when over 5 % of the answers of ten seconds are 5xx; when the p99 of ten seconds is over
three times the median p99 of ten minutes; and when the exchange cuts a limit. It ends after a dry half
minute.
"""

from collections import deque
from statistics import median

_BUCKET_MS = 10_000
_REMEMBERED = 60
_DRY_MS = 30_000
_FAILED_SHARE = 0.05
_SLOWER, _FEWEST_ANSWERS, _FEWEST_BUCKETS = 3.0, 20, 3
_NOTICEABLE_MS = 50.0
_LONGER = 3.0


class Rain:
    """Whether it rains, and why. Times are milliseconds. `news` is why it began, until somebody told it."""

    def __init__(self) -> None:
        self.reason = ""
        self.news: str | None = None
        self._by_hand = False
        self._until_ms = 0.0
        self._index = -1
        self._answers = self._failed = 0
        self._slowest: list[float] = []
        self._p99s: deque[float] = deque(maxlen=_REMEMBERED)

    def falls(self, now_ms: float) -> bool:
        """Whether it rains."""
        return self._by_hand or now_ms < self._until_ms

    def slower(self, now_ms: float) -> float:
        """By how much back-offs are longer than usual."""
        return _LONGER if self.falls(now_ms) else 1.0

    @property
    def until_ms(self) -> float:
        """When it will have been dry for long enough, as far as is known."""
        return self._until_ms

    def by_hand(self, on: bool) -> None:
        """The operator says so. Ending it forgets what was measured, too."""
        self._by_hand, self.reason = on, "by hand" if on else ""
        self._until_ms = 0.0

    def begin(self, now_ms: float, reason: str) -> None:
        """It rains from now on, until it has been dry for a while."""
        if not self.falls(now_ms):
            self.news = reason
        self.reason = self.reason if self._by_hand else reason
        self._until_ms = now_ms + _DRY_MS

    def heard(self, now_ms: float, took_ms: float, *, failed: bool) -> None:
        """An answer took so long, or failed (5xx, or none)."""
        index = int(now_ms) // _BUCKET_MS
        if index != self._index:
            self._close_bucket(now_ms)
            self._index = index
        self._answers += 1
        if failed:
            self._failed += 1
            if self._answers >= _FEWEST_ANSWERS and self._failed > self._answers * _FAILED_SHARE:
                share = self._failed / self._answers
                self.begin(now_ms, f"{share:.0%} of the last {self._answers} requests failed")
        else:
            self._slowest.append(took_ms)

    def _close_bucket(self, now_ms: float) -> None:
        times = self._slowest
        if len(times) >= _FEWEST_ANSWERS:
            times.sort()
            p99_ms = times[(len(times) * 99 - 1) // 100]
            usual_ms = median(self._p99s) if len(self._p99s) >= _FEWEST_BUCKETS else None
            if usual_ms is not None and p99_ms > max(_SLOWER * usual_ms, usual_ms + _NOTICEABLE_MS):
                self.begin(now_ms, f"p99 rose from {usual_ms:.0f} to {p99_ms:.0f} ms")
            self._p99s.append(p99_ms)
        self._slowest = []
        self._answers = self._failed = 0
