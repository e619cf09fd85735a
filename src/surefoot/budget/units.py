"""How limits are counted."""

from typing import Protocol

from surefoot.spot.general import RateLimit

_LENGTHS_MS = {"SECOND": 1_000, "MINUTE": 60_000, "HOUR": 3_600_000, "DAY": 86_400_000}


def window_ms(limit: RateLimit) -> int:
    """The length of the window of a usable limit."""
    return _LENGTHS_MS[limit.interval] * limit.interval_num


def is_usable(limit: RateLimit) -> bool:
    """Whether it is a limit that can be kept: of a known interval, and of something."""
    return limit.interval in _LENGTHS_MS and limit.interval_num > 0 and limit.limit > 0


class Counts(Protocol):
    """What an answer says is used, by the name of the window; None where it does not."""

    def weight(self, name: str) -> int | None: ...
    def orders(self, name: str) -> int | None: ...
