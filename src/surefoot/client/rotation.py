"""When one connection of a stream is replaced by the next, and the stages of that (pure)."""

import re
from enum import StrEnum
from types import MappingProxyType

import msgspec

from surefoot.errors import Misuse

_MINUTE_MS, _HOUR_MS, _DAY_MS = 60_000, 3_600_000, 86_400_000
_LATEST_MS = (23 * _HOUR_MS + 15 * _MINUTE_MS, 23 * _HOUR_MS + 45 * _MINUTE_MS)
"""A connection lives for 24 hours (official page *WebSocket Streams*); the moment is drawn, so that many
streams are not replaced at once."""

_YOUNG_MS = 10 * _MINUTE_MS
_TIME_OF_DAY = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


class Rotation(msgspec.Struct, frozen=True, kw_only=True):
    """When the connection of a stream is replaced, without a gap, before the exchange ends it.

    By default once it is between 23 h 15 and 23 h 45 old, at a drawn moment. With `daily_at`, a time of day
    in UTC such as ``"04:30"``, at that time too; as no connection lives for a whole day, the other time is
    then in the three quarters of an hour before. With `every_ms` (a minute to 23 hours) it is never older
    than that. Raises `Misuse`.
    """

    daily_at: str | None = None
    every_ms: float | None = None

    def __post_init__(self) -> None:
        if self.daily_at is not None and not _TIME_OF_DAY.fullmatch(self.daily_at):
            raise Misuse(f"daily_at {self.daily_at!r}: a time of day in UTC, such as '04:30'")
        if self.every_ms is not None and not _MINUTE_MS <= self.every_ms <= 23 * _HOUR_MS:
            raise Misuse(f"every_ms {self.every_ms}: {_MINUTE_MS} (a minute) to {23 * _HOUR_MS} (23 hours)")

    def due_ms(self, since_ms: int, dice: float) -> float:
        """When (exchange's clock) a connection made at `since_ms` is to be replaced; `dice` is in [0, 1)."""
        earliest, latest = _LATEST_MS
        moments = [since_ms + earliest + dice * (latest - earliest)]
        if self.every_ms is not None:
            moments.append(since_ms + self.every_ms)
        if self.daily_at is not None:
            moments.append(_next_at(self.daily_at, since_ms + _YOUNG_MS))
        return min(moments)


def _next_at(daily_at: str, from_ms: int) -> int:
    """The first moment from `from_ms` on at which it is that time of day."""
    hours, minutes = daily_at.split(":")
    of_day_ms = int(hours) * _HOUR_MS + int(minutes) * _MINUTE_MS
    return from_ms + (of_day_ms - from_ms) % _DAY_MS


class Stage(StrEnum):
    """How far a hand-over from one connection to the next has come. The old one delivers until `SWITCHED`."""

    ALONE = "alone"
    OPENING = "opening"
    OVERLAPPING = "overlapping"
    PROVEN = "proven"
    SWITCHED = "switched"


class Step(StrEnum):
    """What can happen to a hand-over."""

    BEGIN = "begin"
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    SWITCH = "switch"
    FAILED = "failed"


HANDOVER = MappingProxyType(
    {
        (Stage.ALONE, Step.BEGIN): Stage.OPENING,
        (Stage.OPENING, Step.ACKNOWLEDGED): Stage.OVERLAPPING,
        (Stage.OVERLAPPING, Step.ANSWERED): Stage.PROVEN,
        (Stage.OVERLAPPING, Step.SWITCH): Stage.SWITCHED,
        (Stage.PROVEN, Step.ANSWERED): Stage.PROVEN,
        (Stage.PROVEN, Step.SWITCH): Stage.SWITCHED,
        (Stage.ALONE, Step.FAILED): Stage.ALONE,
        (Stage.OPENING, Step.FAILED): Stage.ALONE,
        (Stage.OVERLAPPING, Step.FAILED): Stage.ALONE,
        (Stage.PROVEN, Step.FAILED): Stage.ALONE,
    }
)
"""Every legal step. `ACKNOWLEDGED`: the next one is subscribed. `ANSWERED`: the old one was asked after that,
and answered, so that it has told all that the next one cannot tell. To switch before that is what remains
when the old one has died, and costs a gap.
"""
