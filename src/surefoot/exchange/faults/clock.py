"""The exchange's clock, which may be wrong: ahead, stepping, drifting, and changed while it runs."""

from collections.abc import Callable
from math import isfinite

from surefoot.errors import Misuse

_MOST_MS = 365 * 86_400_000
_MOST_PPM = 100_000
_PPM = 1_000_000


class ExchangeClock:
    """Microseconds since 1970, `skew_ms` ahead of the world's clock at first.

    `shown_us` is what serverTime says and timestamps are judged by: it steps, also back. `now_us` is the time
    of events, orders and streams: it follows a step forward at once, and after one back it goes at half its
    pace until it is overtaken, so that it never goes back. `seen_us` is what it said when that was asked
    last. Raises `Misuse` for what is no such number.
    """

    def __init__(self, wall_ms: Callable[[], float], skew_ms: float = 0) -> None:
        self._wall_ms = wall_ms
        self._skew_ms = _bounded("skew_ms", skew_ms, _MOST_MS)
        self._drift_ppm, self._drifts_since_ms = 0.0, 0.0
        self.seen_us = self._latest_us = self.shown_us()
        self._odd_us = 0  # so that time passes also for who asks each microsecond

    @property
    def skew_ms(self) -> float:
        """How far it is ahead of the world's clock now, drift included."""
        return self._ahead_ms(self._wall_ms())

    @property
    def drift_ppm(self) -> float:
        """How much faster than the world's clock it goes, in millionths."""
        return self._drift_ppm

    def shown_us(self) -> int:
        """What it says."""
        wall_ms = self._wall_ms()
        return int((wall_ms + self._ahead_ms(wall_ms)) * 1000)

    def now_us(self) -> int:
        """The time of what happens; it never goes back."""
        shown_us = self.shown_us()
        halves, self._odd_us = divmod(max(0, shown_us - self.seen_us) + self._odd_us, 2)
        self.seen_us = shown_us
        self._latest_us = max(shown_us, self._latest_us + halves)
        return self._latest_us

    def set(self, skew_ms: float) -> None:
        """Be so far ahead of the world's clock from now on; behind, if negative."""
        self._move(_bounded("skew_ms", skew_ms, _MOST_MS))

    def step(self, by_ms: float) -> None:
        """Jump, forward or back."""
        self._move(_bounded("skew_ms", self.skew_ms + _bounded("step_ms", by_ms, _MOST_MS), _MOST_MS))

    def drift(self, ppm: float) -> None:
        """Go faster (or slower, if negative) by so many millionths from now on."""
        _bounded("drift_ppm", ppm, _MOST_PPM)
        self._skew_ms, self._drifts_since_ms = self.skew_ms, self._wall_ms()
        self._drift_ppm = ppm

    def _ahead_ms(self, wall_ms: float) -> float:
        if not self._drift_ppm:
            return self._skew_ms
        return self._skew_ms + (wall_ms - self._drifts_since_ms) * self._drift_ppm / _PPM

    def _move(self, skew_ms: float) -> None:
        self.now_us()
        self._skew_ms, self._drifts_since_ms = skew_ms, self._wall_ms()
        self.seen_us = self.shown_us()


def _bounded(what: str, given: float, most: float) -> float:
    if not (isfinite(given) and abs(given) <= most):
        raise Misuse(f"{what} {given} is not a number from {-most} to {most}")
    return given
