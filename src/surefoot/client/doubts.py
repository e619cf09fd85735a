"""When the exchange's clock must be measured again before anything is signed (AUTH-3; pure).

Times are milliseconds of this machine's monotonic and wall clocks. The monotonic clock stands still while the
machine is suspended, the wall clock does not: their difference tells of that, and of steps.
"""

import math
from collections.abc import Callable

REFRESH_MS = 180_000.0
"""A measurement is good for so long."""

STEPPED = "the machine was suspended, or its clock was set"
"""The doubt that lets nobody sign, since every timestamp may be wrong at once. The others may be borne."""

_STEP_MS = 250.0  # in three minutes a disciplined clock slews less than 100 ms
_COARSE_MS = 500.0  # the exchange refuses timestamps that are a second early
_CALM_MS = 10_000.0
"""What only might have moved the clock is looked into once in so long."""


class Doubts:
    """What speaks against the last measurement. Before the first one nothing does: the start measures.

    `wake`, where there is one, has the clock measured soon by somebody whom nobody waits for.
    """

    def __init__(self) -> None:
        self.wake: Callable[[], None] | None = None
        self._due_ms = math.inf
        self._epoch_from_ms, self._epoch_to_ms = -math.inf, math.inf
        self._looked_ms = -math.inf
        self._suspicion: str | None = None

    def raised(self, monotonic_ms: float, wall_ms: float) -> str | None:
        """Why the clock should be measured now, or None."""
        if monotonic_ms < self._due_ms and self._epoch_from_ms < wall_ms - monotonic_ms < self._epoch_to_ms:
            return None
        return self._why(monotonic_ms, wall_ms)

    def suspect(self, reason: str) -> None:
        """Something happened that may have moved the clock, or the way to it."""
        self._due_ms = min(self._due_ms, self._looked_ms + _CALM_MS)
        self._suspicion = self._suspicion or reason

    def measured(self, monotonic_ms: float, wall_ms: float, error_ms: float = 0) -> None:
        """It was measured now, and may be wrong by that; soon again where that is much."""
        self._anchor(monotonic_ms, wall_ms)
        coarse = error_ms > _COARSE_MS
        self._due_ms = monotonic_ms + (_CALM_MS if coarse else REFRESH_MS)
        self._suspicion = "the last measurement took a slow way" if coarse else None

    def put_off(self, monotonic_ms: float, wall_ms: float) -> None:
        """It could not be measured: the old offset will do until a little later."""
        self._suspicion = self._why(monotonic_ms, wall_ms)
        self._anchor(monotonic_ms, wall_ms)
        self._due_ms = monotonic_ms + _CALM_MS

    def _anchor(self, monotonic_ms: float, wall_ms: float) -> None:
        epoch_ms = wall_ms - monotonic_ms
        self._looked_ms = monotonic_ms
        self._epoch_from_ms, self._epoch_to_ms = epoch_ms - _STEP_MS, epoch_ms + _STEP_MS

    def _why(self, monotonic_ms: float, wall_ms: float) -> str:
        if not self._epoch_from_ms < wall_ms - monotonic_ms < self._epoch_to_ms:
            return STEPPED
        return self._suspicion or "the last measurement is old"
