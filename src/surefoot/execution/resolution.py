"""When a doubt ends, and what to look at until then (RETRY-3; pure).

A request was sent, and then silence. Found, and it is ours: it happened. Absent proves nothing before the
fence (the last moment at which the exchange may accept it, plus the time that it may take over it): it may
still be on its way. After the fence

- a user stream that was whole since before the request was sent has told everything: if it told nothing, and
  a query finds nothing, it did not happen;
- otherwise reads must do, and they may lag behind: from 30 s after the fence on, the order query, the open
  orders and all orders of the time must miss it twice, 5 s apart.

So a doubt ends `BOUND_MS` after the last moment at which the exchange would have accepted it, at the latest,
as long as the exchange answers.
"""

from typing import NamedTuple

ENGINE_MS = 10_000
"""The exchange gives up after 10 s (rest-api, General API information)."""

_MARGIN_MS = 1_000
_LAG_MS = 30_000  # reads over 20 s behind have been observed
_APART_MS = 5_000
_MISSES = 2
BOUND_MS = ENGINE_MS + _LAG_MS + _APART_MS

_FIRST_MS, _LONGEST_MS = 500, 8_000


class Look(NamedTuple):
    """Look not before `at_ms`. `thorough`: by every way that there is; otherwise by its id alone."""

    at_ms: int
    thorough: bool


class Doubt:
    """One request of unknown outcome: `fence_ms` is the last moment at which the exchange may accept it. All
    moments are on the exchange's clock.
    """

    def __init__(self, fence_ms: int, now_ms: int) -> None:
        self._done_ms = fence_ms + ENGINE_MS
        self._looks = 0
        self._misses = 0
        self._looked_ms = now_ms

    def past_fence(self, now_ms: int) -> bool:
        """Whether the exchange must have decided by now."""
        return now_ms >= self._done_ms + _MARGIN_MS

    def next(self) -> Look:
        """What to look at next, while nothing was found."""
        back_off_ms = min(_LONGEST_MS, _FIRST_MS << min(self._looks, 10))
        soon_ms, fence_ms = self._looked_ms + back_off_ms, self._done_ms + _MARGIN_MS
        if self._looked_ms < fence_ms:
            return Look(min(soon_ms, fence_ms), thorough=False)
        lag_ms = self._done_ms + _LAG_MS
        if self._looked_ms < lag_ms and not self._misses:
            return Look(min(soon_ms, lag_ms), thorough=soon_ms >= lag_ms)
        return Look(self._looked_ms + (_APART_MS if self._misses else 0), thorough=True)

    def missed(self, look: Look, now_ms: int, *, whole: bool) -> str | None:
        """It was looked for until `now_ms`, and not found; returns the evidence where that proves that it did
        not happen. `whole`: the user stream has told everything since before it was sent.
        """
        self._looks += 1
        self._looked_ms = now_ms
        if not self.past_fence(now_ms):
            return None
        if whole:
            return "past the fence, a whole user stream and a query know nothing of it"
        if look.thorough and min(look.at_ms, now_ms) >= self._done_ms + _LAG_MS:
            self._misses += 1
        if self._misses >= _MISSES:
            return "30 s past the fence, the query, the open orders and all orders missed it twice"
        return None
