"""Which of several interchangeable hosts is asked next, by what real requests met there (ENV-3; pure).

A host that fails rests, the longer the more often it failed of late; meanwhile others are asked. When its
rest is over, one read tries it; writes come back once it has answered. Nothing is asked only to measure.
"""

import math
from collections.abc import Awaitable, Callable, Sequence

import msgspec

from surefoot.errors import NotDelivered
from surefoot.rules.outcomes import Said
from surefoot.wire import Lost

_REST_MS, _LONGEST_REST_MS = 2_000.0, 60_000.0
_HALF_LIFE_MS = 30_000.0
"""A failure counts half as much after so long."""

_MOST_FAILURES = 6  # more make no rest longer

_SMOOTHING = 0.2
_SERVER_ERROR = 500


class Health(msgspec.Struct):
    """What is known of one host: its `failures`, fading once it has rested; when the last one was; whether it
    has answered since; its round trip, smoothed, infinite before the first.
    """

    failures: float = 0.0
    failed_at_ms: float = -math.inf
    rests_until_ms: float = -math.inf
    well: bool = True
    latency_ms: float = math.inf

    def score(self, now_ms: float) -> float:
        """Its failures, those of long ago counting less."""
        score: float = self.failures * 0.5 ** (max(now_ms - self.rests_until_ms, 0) / _HALF_LIFE_MS)
        return score


class Hosts:
    """The health of the hosts of these names, the first preferred. Times are monotonic milliseconds; `tell`
    hears, in words, which one is left and which one is well again.
    """

    def __init__(self, names: Sequence[str], tell: Callable[[str], None]) -> None:
        self._names, self._tell = names, tell
        self.health = [Health() for _ in names]

    def choose(self, now_ms: float, *, careful: bool) -> int:
        """The host for a request now. `careful`, for writes: rather one that has answered since it failed."""
        preferred = self.health[0]
        if preferred.well:
            return 0
        if preferred.rests_until_ms <= now_ms and not careful:
            preferred.rests_until_ms = now_ms + _REST_MS  # one tries it; the others wait for what it finds
            return 0
        return min(range(len(self.health)), key=lambda host: self._rank(host, now_ms))

    def heard(self, host: int, now_ms: float, started_ms: float, heard: Said | Lost) -> None:
        """What became of a request there: an answer makes the host well, silence and 5xx do not."""
        health = self.health[host]
        if isinstance(heard, Lost):
            if heard.delivered:
                self.failed(host, now_ms, started_ms)
        elif heard.status >= _SERVER_ERROR:
            self.failed(host, now_ms, started_ms)
        else:
            if not health.well:
                self._tell(f"{self._names[host]} is well again")
            health.well, took_ms = True, now_ms - started_ms
            known = health.latency_ms
            health.latency_ms = took_ms if known == math.inf else known + _SMOOTHING * (took_ms - known)

    def failed(self, host: int, now_ms: float, started_ms: float) -> None:
        """It could not be connected to, kept silent, or answered 5xx. What was under way when it failed
        before does not count again.
        """
        health = self.health[host]
        if started_ms < health.failed_at_ms:
            return
        health.failures, health.failed_at_ms = min(health.score(now_ms) + 1, _MOST_FAILURES), now_ms
        rest_ms = min(_REST_MS * 2 ** (health.failures - 1), _LONGEST_REST_MS)
        health.well, health.rests_until_ms = False, now_ms + rest_ms
        self._tell(f"{self._names[host]} failed: other hosts are asked for {rest_ms / 1000:.0f} s")

    def _rank(self, host: int, now_ms: float) -> tuple[int, float, int]:
        """The less the better: well and fast; then rested, and failing the least; then resting, whose rest
        ends first.
        """
        health = self.health[host]
        if health.well:
            return 0, health.latency_ms, host
        if health.rests_until_ms <= now_ms:
            return 1, health.score(now_ms), host
        return 2, health.rests_until_ms, host


async def asked_by_health(
    hosts: Hosts,
    ask: Callable[[int], Awaitable[Said | Lost]],
    now_ms: Callable[[], float],
    *,
    careful: bool,
) -> Said | Lost:
    """Ask the host that is best now, once, and remember what became of it."""
    started_ms = now_ms()
    host = hosts.choose(started_ms, careful=careful)
    try:
        heard = await ask(host)
    except NotDelivered:
        hosts.failed(host, now_ms(), started_ms)
        raise
    hosts.heard(host, now_ms(), started_ms, heard)
    return heard
