"""One timer that is cheap to move: most deadlines move on before they are reached."""

import asyncio
from collections.abc import Callable


class Deadline:
    """Calls back once the loop's clock passes the moment it was last moved to."""

    def __init__(self, call: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._call = call
        self._due = self._looks_at = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def move(self, due: float) -> None:
        """Set it to `due` on the loop's clock; only an earlier one than before costs a new timer."""
        self._due = due
        if self._timer is None or self._looks_at > due:
            self.cancel()
            self._look_at(due)

    def cancel(self) -> None:
        """Never call."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        self._timer = None
        if self._loop.time() < self._due:
            self._look_at(self._due)
        else:
            self._call()

    def _look_at(self, when: float) -> None:
        self._looks_at = when
        self._timer = self._loop.call_at(when, self._look)
