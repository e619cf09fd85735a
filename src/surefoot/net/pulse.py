"""Whether the other side of a WebSocket is still there: when to ping, and what counts as an answer."""

from collections.abc import Callable

_MS = 1000


class Pulse:
    """Pings every `every_ms` (never when None); nothing heard for `timeout_ms` is the end.

    Any frame counts as heard; of a `strict` one only a pong that carries the payload of one of its pings.
    Times are seconds on the loop's clock.
    """

    def __init__(self, every_ms: float | None, timeout_ms: float, *, strict: bool = False) -> None:
        self._every_ms, self._timeout_ms, self._strict = every_ms, timeout_ms, strict
        self._unanswered: list[bytes] = []
        self.on_control: Callable[[], object] | None = None
        self.heard_at = 0.0

    def next(self, now: float) -> float | None:
        """When to ping again."""
        return None if self._every_ms is None else now + self._every_ms / _MS

    def ping(self, now: float) -> bytes:
        """The payload of a ping that is sent now: the time in milliseconds."""
        payload = b"%d" % (now * _MS)
        if self._strict:
            self._unanswered.append(payload)
        return payload

    def control(self, payload: bytes, *, pong: bool) -> None:
        """A ping or a pong of the other side."""
        if pong and payload in self._unanswered:
            del self._unanswered[: self._unanswered.index(payload) + 1]
        if self.on_control is not None:
            self.on_control()

    def silent(self, now: float) -> bool:
        """Whether nothing was heard for too long."""
        if self._strict and self._every_ms is not None:
            return len(self._unanswered) * self._every_ms >= self._timeout_ms
        return now - self.heard_at > self._timeout_ms / _MS
