"""The gate that a 429 or a 418 closes for every caller, and the slow start after it (LIMIT-5)."""

_AFTER_BAN = 0.25
_LEAST = 0.25
_CLEAN_MS = 60_000
_UNSAID_BAN_MS = 120_000  # the shortest ban (rest-api, IP Limits)


class Gate:
    """Closed until `opens_ms`; `rate` (0 to 1) is the part of the limits that may be used afterwards."""

    def __init__(self) -> None:
        self.opens_ms = 0.0
        self.banned = False
        self.rate = 1.0
        self._clean_since_ms = 0.0

    def is_closed(self, now_ms: float) -> bool:
        """Whether nothing may leave now."""
        return now_ms < self.opens_ms

    def limited(self, until_ms: float) -> None:
        """The exchange said 429: wait until then, and be slower for a while."""
        if until_ms > self.opens_ms:
            self.opens_ms, self.banned = until_ms, False
        self._slow(max(_LEAST, self.rate / 2))

    def ban(self, until_ms: float | None, now_ms: float) -> None:
        """The exchange said 418: nothing leaves before the end of the ban."""
        until_ms = now_ms + _UNSAID_BAN_MS if until_ms is None else until_ms
        self.opens_ms, self.banned = max(self.opens_ms, until_ms), True
        self._slow(_AFTER_BAN)

    def move(self, by_ms: float) -> None:
        """Open so much later by the clock, which went on by so much."""
        if self.opens_ms:
            self.opens_ms += by_ms
            self._clean_since_ms += by_ms

    def _slow(self, rate: float) -> None:
        self.rate, self._clean_since_ms = rate, self.opens_ms

    def recover(self, now_ms: float) -> float:
        """The rate now: it doubles with each clean minute."""
        while self.rate < 1 and now_ms - self._clean_since_ms >= _CLEAN_MS:
            self.rate = min(1.0, self.rate * 2)
            self._clean_since_ms += _CLEAN_MS
        return self.rate
