"""What is sent again, and when (RETRY-1, RETRY-2).

================================  ==================================  ===========================
what came back                    a read                              a write
================================  ==================================  ===========================
no connection, no byte left       again, after a back-off             the same
cut, silence, 5xx, -1000 … -1008  again, after a back-off             never: it may have happened
-1021                             again after a resync, twice         again after a resync, once
429                               again, once the exchange lets it    the same
418, and every other refusal      never                               never
================================  ==================================  ===========================

Everything ends at the deadline of the request.
"""

from typing import NamedTuple

import msgspec

from surefoot.errors import Misuse
from surefoot.rules.outcomes import NotDelivered, Outcome, Refused, Unknown, is_stale

_LIMITED = 429
_HOPELESS = "certificate verify failed"  # who is not trusted now is not trusted in a second
_MOST = 20


class Retries(msgspec.Struct, frozen=True, kw_only=True):
    """How often a request is sent again by itself, and the back-off: full jitter, doubling from `first_ms` up
    to `longest_ms`. ``Retries(count=0)`` sends everything once, but for -1021.
    """

    count: int = 6
    first_ms: float = 250
    longest_ms: float = 4_000

    def __post_init__(self) -> None:
        if not 0 <= self.count <= _MOST:
            raise Misuse(f"Retries(count={self.count}): 0 to {_MOST}")
        if not 0 < self.first_ms <= self.longest_ms:
            raise Misuse(
                f"Retries(first_ms={self.first_ms}, longest_ms={self.longest_ms}): above 0, in order"
            )

    def back_off_ms(self, tried: int, dice: float) -> float:
        """How long to wait after so many tries; `dice` is in [0, 1)."""
        return dice * min(self.longest_ms, self.first_ms * (1 << (tried - 1)))


ONCE = Retries(count=0)


class Again(NamedTuple):
    """Send it again, signed afresh, not before `after_ms` from now or `at_ms` (exchange's clock); `resync`
    the clock first.
    """

    reason: str
    after_ms: float = 0.0
    at_ms: float | None = None
    resync: bool = False


def again(
    outcome: Outcome, retries: Retries, *, mutates: bool, tried: int, stale: int, dice: float
) -> Again | None:
    """Whether a request is sent again that was tried so often, and was `stale` (-1021) so often."""
    if is_stale(outcome):
        allowed = 1 if mutates or not retries.count else 2
        text = "-1021: refused at the gate, signed afresh after a resync"
        return Again(text, resync=True) if stale <= allowed else None
    if tried > retries.count:
        return None
    wait_ms = retries.back_off_ms(tried, dice)
    match outcome:
        case NotDelivered(reason) if _HOPELESS not in reason:
            return Again(f"nothing was sent: {reason}", wait_ms)
        case Unknown(reason, said) if not mutates:
            return Again(f"a read: {reason}", wait_ms, said.retry_at_ms if said else None)
        case Refused(said) if said.status == _LIMITED:
            return Again(
                "429: refused at the gate, sent again when the exchange lets it", 0, said.retry_at_ms
            )
    return None
