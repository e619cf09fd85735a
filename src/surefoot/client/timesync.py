"""The exchange's clock as measured from here (AUTH-3), counted on the monotonic clock so that steps
cannot hurt.
"""

import math
from collections import deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from surefoot.client.doubts import Doubts

END_OF_TIME_MS = 1 << 53
"""Later than any moment that an exchange may mean; floats are exact until then."""


class Sample(msgspec.Struct, frozen=True):
    """One round trip of ``GET /api/v3/time``: monotonic milliseconds of sending and hearing, and the
    answer.
    """

    sent_ms: float
    heard_ms: float
    server_ms: int

    @property
    def round_trip_ms(self) -> float:
        """How long the answer took; half of it bounds the error of the midpoint."""
        return self.heard_ms - self.sent_ms

    @property
    def offset_ms(self) -> float:
        """Exchange's clock minus the monotonic clock, at the midpoint.

        The exchange cuts its time to whole milliseconds, so half a millisecond is owed on average; it is left
        out on purpose: a timestamp may be a little late, never early.
        """
        return self.server_ms - (self.sent_ms + self.heard_ms) / 2


class Measurement(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of a comparison: best sample's offset and round trip, when, and how far the clock had
    drifted since the one before; `drift_ppm` is how fast, where that was long enough ago to tell.
    """

    offset_ms: float
    round_trip_ms: float
    measured_ms: float
    drift_ms: float
    drift_ppm: float | None = None


class Effort(NamedTuple):
    """How often a measurement asks, and how long it may take altogether."""

    rounds: int
    total_ms: float


FIRST = Effort(rounds=5, total_ms=15_000)
QUICK = Effort(rounds=3, total_ms=3_000)
"""What a later measurement may cost: its weight is its rounds, and somebody may be waiting for it."""


_KEPT_ROUND_TRIPS = 256
_TELLING_MS = 60_000.0  # over less, the error of the midpoint looks like drift
_SPIKE, _LOWEST_SPIKE_MS = 3, 100.0  # below that, half of a round trip misleads nobody
_RECV_WINDOW_MS = (1000, 5000)  # AUTH-3: it bounds how long an outcome can stay unknown, so it is kept small


class ExchangeClock:
    """Knows what time it is at the exchange, and how long a request may take. Takes monotonic milliseconds.

    `epoch_ms` is the offset to use before the first measurement (wall minus monotonic clock).
    """

    def __init__(self, epoch_ms: float) -> None:
        self._offset_ms = epoch_ms
        self._round_trips_ms: deque[float] = deque(maxlen=_KEPT_ROUND_TRIPS)
        self._spike_ms = math.inf
        self.doubts = Doubts()
        self.measurement: Measurement | None = None
        self.recv_window_ms = _RECV_WINDOW_MS[1]

    def now_ms(self, monotonic_ms: float) -> int:
        """Milliseconds since 1970 on the exchange's clock, rounded down."""
        return math.floor(monotonic_ms + self._offset_ms)

    @property
    def error_ms(self) -> int:
        """How far it may be wrong: half of the round trip that it was measured by."""
        return 0 if self.measurement is None else math.ceil(self.measurement.round_trip_ms / 2)

    def wall_offset_ms(self, monotonic_ms: float, wall_ms: float) -> float:
        """Exchange's clock minus the machine's wall clock."""
        return monotonic_ms + self._offset_ms - wall_ms

    def window_ms(self, asked: int | None) -> int:
        """The recvWindow of a request: what its caller asks for, or else the measured one."""
        return self.recv_window_ms if asked is None else asked

    def took(self, round_trip_ms: float) -> None:
        """Remember how long an answered request took; one that took far too long casts a doubt."""
        self._round_trips_ms.append(round_trip_ms)
        if round_trip_ms > self._spike_ms:
            self.doubts.suspect("a round trip took much longer than before")

    def settle(self, samples: Sequence[Sample]) -> Measurement:
        """Take over the best of several samples and size recvWindow: clamp(4 p99 + 250, 1000, 5000)."""
        best = min(samples, key=lambda sample: sample.round_trip_ms)
        drift_ms, drift_ppm = self._drift(best)
        self._offset_ms = best.offset_ms
        self._round_trips_ms.extend(sample.round_trip_ms for sample in samples)
        (low, high), p99_ms = _RECV_WINDOW_MS, self._p99_ms()
        self.recv_window_ms = int(min(max(4 * p99_ms + 250, low), high))
        self._spike_ms = max(_SPIKE * p99_ms, _LOWEST_SPIKE_MS)
        self.measurement = Measurement(
            offset_ms=best.offset_ms,
            round_trip_ms=best.round_trip_ms,
            measured_ms=best.heard_ms,
            drift_ms=drift_ms,
            drift_ppm=drift_ppm,
        )
        return self.measurement

    def _drift(self, best: Sample) -> tuple[float, float | None]:
        """How far the clock is from where it was thought to be, in milliseconds and in parts per million."""
        known = self.measurement
        if known is None:
            return 0.0, None
        drift_ms, since_ms = best.offset_ms - known.offset_ms, best.heard_ms - known.measured_ms
        return drift_ms, drift_ms / since_ms * 1e6 if since_ms >= _TELLING_MS else None

    def _p99_ms(self) -> float:
        ordered = sorted(self._round_trips_ms)
        return ordered[min(len(ordered) - 1, math.ceil(len(ordered) * 0.99) - 1)]


_ASTRAY_MS = 500
"""AUTH-4: the exchange refuses timestamps that are a second early."""


def astray(drift_ms: float, wall_offset_ms: float) -> Iterator[str]:
    """What is wrong with the clocks, if anything: sentences for a person."""
    if abs(drift_ms) >= _ASTRAY_MS:
        yield (
            f"the clock drifted {drift_ms:.0f} ms since it was measured last: was this machine suspended, or"
            " is its clock not kept (NTP)?"
        )
    if abs(wall_offset_ms) >= _ASTRAY_MS:
        yield (
            f"this machine's clock is {abs(wall_offset_ms):.0f} ms"
            f" {'behind' if wall_offset_ms > 0 else 'ahead of'} the exchange's: is it kept (NTP)? Signed"
            " requests carry the exchange's time all the same"
        )
