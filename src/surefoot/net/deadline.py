"""One timer that is cheap to move: most deadlines move on before they are reached."""

import asyncio
from collections.abc import Callable


class Deadline:
    """Calls back once the loop's clock passes the moment it was last moved to."""

    def __init__(self, call: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._call = call
        self._due: float | None = None
        self._looks_at = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def move(self, due: float) -> None:
        """Set it to `due` on the loop's clock; only an earlier one than before costs a new timer."""
        if self._timer is None or self._looks_at > due:
            self.cancel()
            self._look_at(due)
        self._due = due

    def rest(self) -> None:
        """Never call until it is moved again; costs nothing, the timer looks once more in vain."""
        self._due = None

    def cancel(self) -> None:
        """Never call, and forget the timer."""
        self._due = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        self._timer, due = None, self._due
        if due is None:
            return
        if self._loop.time() < due:
            self._look_at(due)
        else:
            self._call()

    def _look_at(self, when: float) -> None:
        self._looks_at = when
        self._timer = self._loop.call_at(when, self._look)
