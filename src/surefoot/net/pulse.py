"""Whether the other side of a WebSocket is still there: when to ping, and what counts as an answer."""

from collections.abc import Callable
from math import inf

_MS = 1000


class Pulse:
    """Pings after `every_ms` in which nothing was heard (never when None); nothing heard for `timeout_ms`
    after a ping is the end.

    Any frame counts as heard. A `strict` one pings every `every_ms` whatever it hears; only a pong that
    carries the payload of one of its pings is an answer, and `timeout_ms` without one is the end.
    Times are seconds on the loop's clock.
    """

    def __init__(self, every_ms: float | None, timeout_ms: float, *, strict: bool = False) -> None:
        self._every_ms, self._timeout_ms, self._strict = every_ms, timeout_ms, strict
        self._unanswered: list[bytes] = []
        self._pinged_at = self._excused_at = -inf
        self.on_control: Callable[[], object] | None = None
        self.heard_at = 0.0

    def next(self, now: float) -> float | None:
        """When to look again."""
        if self._every_ms is None:
            return None
        if self._strict:
            return now + self._every_ms / _MS
        return self._answered_by() if self._waits() else self._quiet_at()

    def due(self, now: float) -> bool:
        """Whether to ping now."""
        return self._strict or (not self._waits() and now >= self._quiet_at())

    def ping(self, now: float) -> bytes:
        """The payload of a ping that is sent now: the time in milliseconds."""
        payload = b"%d" % (now * _MS)
        self._pinged_at = now
        if self._strict:
            self._unanswered.append(payload)
        return payload

    def control(self, payload: bytes, *, pong: bool) -> None:
        """A ping or a pong of the other side."""
        if pong and payload in self._unanswered:
            del self._unanswered[: self._unanswered.index(payload) + 1]
        if self.on_control is not None:
            self.on_control()

    def excuse(self, now: float) -> None:
        """We did not listen until now: the silence was ours."""
        self._excused_at = now

    def silent(self, now: float) -> bool:
        """Whether nothing was heard for too long."""
        if self._strict and self._every_ms is not None:
            return len(self._unanswered) * self._every_ms >= self._timeout_ms
        return self._waits() and now >= self._answered_by()

    def _since(self) -> float:
        return max(self.heard_at, self._excused_at)

    def _quiet_at(self) -> float:
        return self._since() + (self._every_ms or 0) / _MS

    def _answered_by(self) -> float:
        return self._pinged_at + self._timeout_ms / _MS

    def _waits(self) -> bool:
        """Whether a ping has not been answered yet."""
        return self._since() < self._pinged_at
