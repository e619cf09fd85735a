"""When a doubt ends, and what to look at until then (RETRY-3; pure).

A request was sent, and then silence. Found, and it is ours: it happened. Absent proves nothing before the
fence (the last moment at which the exchange may accept it, plus the time that it may take over it): it may
still be on its way. After the fence

- a user stream that was whole since before the request was sent has told everything: if it told nothing, and
  a query finds nothing, it did not happen;
- otherwise reads must do, and they may lag behind: from 30 s after the fence on, the order query, the open
  orders and all orders of the time must miss it twice, 5 s apart.

So a doubt ends 45 s (`ResolutionTimes.bound_ms`) after the last moment at which the exchange would have
accepted it, at the latest, as long as the exchange answers.
"""

from math import inf
from typing import NamedTuple

import msgspec

from surefoot.errors import Misuse

_MISSES = 2
_FIRST_MS, _LONGEST_MS = 500, 8_000


class ResolutionTimes(msgspec.Struct, frozen=True, kw_only=True):
    """How long evidence takes. The defaults are Binance's, with a margin: shorter ones are for an exchange of
    your own, which is known to be faster, and elsewhere they place orders twice.

    The exchange gives up after `engine_ms` (rest-api, General API information), and `margin_ms` is for its
    clock and ours. Its reads lag behind by up to `lag_ms` (over 20 s have been observed); the two looks that
    miss an order are `apart_ms` apart. Raises `Misuse` for what is below zero.
    """

    engine_ms: int = 10_000
    margin_ms: int = 1_000
    lag_ms: int = 30_000
    apart_ms: int = 5_000

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            if getattr(self, name) < 0:
                raise Misuse(f"{name} {getattr(self, name)}: 0 or more")

    @property
    def bound_ms(self) -> int:
        """A doubt is over so long after the last moment at which the exchange may accept it."""
        return self.engine_ms + self.lag_ms + self.apart_ms


OFFICIAL = ResolutionTimes()


class Look(NamedTuple):
    """Look not before `at_ms`. `thorough`: by every way that there is; otherwise by its id alone."""

    at_ms: int
    thorough: bool


class Doubt:
    """One request of unknown outcome: `fence_ms` is the last moment at which the exchange may accept it. All
    moments are on the exchange's clock; but that can be set, and a request in the exchange's hands takes its
    time by no clock. `sent_ms` is when it was sent at the earliest, by a clock that nobody sets.
    """

    def __init__(
        self, fence_ms: int, now_ms: int, times: ResolutionTimes = OFFICIAL, *, sent_ms: float = 0
    ) -> None:
        self._times, self._sent_ms = times, sent_ms
        self._done_ms = fence_ms + times.engine_ms
        self._looks = 0
        self._misses = 0
        self._looked_ms = now_ms

    def past_fence(self, now_ms: int, elapsed_ms: float = inf) -> bool:
        """Whether the exchange must have decided by now, by both clocks."""
        needs_ms = self._times.engine_ms + self._times.margin_ms
        return now_ms >= self._done_ms + self._times.margin_ms and elapsed_ms >= self._sent_ms + needs_ms

    def next(self) -> Look:
        """What to look at next, while nothing was found."""
        back_off_ms = min(_LONGEST_MS, _FIRST_MS << min(self._looks, 10))
        soon_ms, fence_ms = self._looked_ms + back_off_ms, self._done_ms + self._times.margin_ms
        if self._looked_ms < fence_ms:
            return Look(min(soon_ms, fence_ms), thorough=False)
        lag_ms = self._done_ms + self._times.lag_ms
        if self._looked_ms < lag_ms and not self._misses:
            return Look(min(soon_ms, lag_ms), thorough=soon_ms >= lag_ms)
        return Look(self._looked_ms + (self._times.apart_ms if self._misses else 0), thorough=True)

    def missed(self, look: Look, now_ms: int, *, whole: bool, elapsed_ms: float = inf) -> str | None:
        """It was looked for until `now_ms`, and not found; returns the evidence where that proves that it did
        not happen. `whole`: the user stream has told everything since before it was sent.
        """
        self._looks += 1
        self._looked_ms = now_ms
        if not self.past_fence(now_ms, elapsed_ms):
            return None
        if whole:
            return "past the fence, a whole user stream and a query know nothing of it"
        if look.thorough and min(look.at_ms, now_ms) >= self._done_ms + self._times.lag_ms:
            self._misses += 1
        if self._misses >= _MISSES:
            late_s = self._times.lag_ms / 1000
            return f"{late_s:g} s past the fence, the query, the open orders and all orders missed it twice"
        return None
