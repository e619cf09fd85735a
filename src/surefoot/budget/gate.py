"""The gate that a 429 or a 418 closes for every caller, and the slow start after it (LIMIT-5).

It opens by the monotonic clock: neither a step of this machine's clock nor a better measurement of the
exchange's makes a ban shorter.
"""

_AFTER_BAN = 0.25
_LEAST = 0.25
_SHORTEST_MS = 1_000  # "at once" (Retry-After: 0), or a moment that is over by our clock, is no time to wait
_CLEAN_MS = 60_000
_UNSAID_BAN_MS = 120_000  # the shortest ban (rest-api, IP Limits)


class Gate:
    """Closed until `opens_at` (monotonic milliseconds; 0 when it is open). `rate` (0 to 1) is the part of the
    limits that may be used afterwards.
    """

    def __init__(self) -> None:
        self.opens_at = 0.0
        self.banned = False
        self.rate = 1.0
        self._clean_since_ms: float | None = None

    def left_ms(self, monotonic_ms: float) -> float:
        """For how long it is still closed."""
        return max(0.0, self.opens_at - monotonic_ms)

    def limited(self, wait_ms: float, monotonic_ms: float) -> None:
        """The exchange said 429: wait so long, and be slower for a while."""
        wait_ms = wait_ms if wait_ms > 0 else _SHORTEST_MS
        told_before = self.left_ms(monotonic_ms) > 0  # what was under way then is no further reason
        if monotonic_ms + wait_ms > self.opens_at:
            self.opens_at, self.banned = monotonic_ms + wait_ms, False
        self._slow(self.rate if told_before else max(_LEAST, self.rate / 2))

    def ban(self, wait_ms: float | None, monotonic_ms: float) -> None:
        """The exchange said 418: nothing leaves before the end of the ban."""
        wait_ms = _UNSAID_BAN_MS if wait_ms is None else wait_ms if wait_ms > 0 else _SHORTEST_MS
        self.opens_at, self.banned = max(self.opens_at, monotonic_ms + wait_ms), True
        self._slow(_AFTER_BAN)

    def _slow(self, rate: float) -> None:
        self.rate, self._clean_since_ms = rate, None

    def reaches(self, rate: float, now_ms: float) -> float:
        """When, while all stays clean, the rate will be that."""
        now, at_ms = self.recover(now_ms), self._clean_since_ms or now_ms
        while now < min(rate, 1.0):
            now, at_ms = now * 2, at_ms + _CLEAN_MS
        return max(at_ms, now_ms)

    def recover(self, now_ms: float) -> float:
        """The rate now, while it is open: it doubles with each clean minute."""
        since_ms = self._clean_since_ms
        if since_ms is None or since_ms > now_ms:
            since_ms = now_ms
        while self.rate < 1 and now_ms - since_ms >= _CLEAN_MS:
            self.rate = min(1.0, self.rate * 2)
            since_ms += _CLEAN_MS
        self._clean_since_ms = since_ms
        return self.rate
