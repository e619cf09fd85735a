"""What is used of one limit in the calendar window that is now: as the exchange said, and under way.

The sum is never less than the truth: an answer's count holds everything that the exchange had taken in by
then, and whatever has no answer yet is counted as if it came on top.
"""

import math

MARGIN_MS = 50
"""A window begins so much later for us: what is sent at once must not arrive in the old one."""

_LEAST_APART = 0.9  # of a window: no two begin nearer to each other

Mark = tuple[int, int, int]
"""What a meter knew when a request left: the window, what was heard of it, what was guessed."""


class Meter:
    """One limit: `most` in each window of `window_ms`, which the exchange's headers call `name`. `rate`
    (0 to 1) is the part of it that may be used.

    `index` counts windows since 1970, `heard` is the most that the exchange told in this one, `pending` what
    is reserved by requests without an answer, `guessed` what those may have cost whose answer was lost. What
    is answered `around` the end of a window may have been counted in the next. Between `since_ms` and
    `until_ms` there is no need to `turn`; `moved_ms` is when the window last became another one.
    """

    __slots__ = (
        "around",
        "guessed",
        "heard",
        "index",
        "most",
        "moved_ms",
        "name",
        "pending",
        "rate",
        "since_ms",
        "until_ms",
        "window_ms",
    )

    def __init__(self, name: str, window_ms: int, most: int) -> None:
        self.name, self.window_ms, self.most = name, window_ms, most
        self.index, self.heard, self.guessed, self.pending, self.around = -1, 0, 0, 0, 0
        self.rate = 1.0
        self.since_ms = self.until_ms = 0.0
        self.moved_ms = -math.inf

    @property
    def total(self) -> int:
        """The most that can be used by now."""
        return self.heard + self.guessed + self.pending

    @property
    def ends_ms(self) -> int:
        """When the next window begins."""
        return (self.index + 1) * self.window_ms + MARGIN_MS

    def is_turning(self, now_ms: float) -> bool:
        """Whether the exchange may be in the next window already."""
        return now_ms >= (self.index + 1) * self.window_ms

    def begins_ms(self, index: int) -> int:
        """When the window of that number begins."""
        return index * self.window_ms + MARGIN_MS

    def turn(self, now_ms: float) -> bool:
        """Look at the clock; whether another window began. A clock that was set back a little changes
        nothing.
        """
        index = int(now_ms - MARGIN_MS) // self.window_ms
        self.since_ms, self.until_ms = self.begins_ms(index), self.begins_ms(index + 1)
        if index == self.index:
            return False
        if index > self.index:
            if self.index >= 0:  # the first look is at no beginning
                self.moved_ms = now_ms
            self.index, self.heard, self.guessed, self.around = index, 0, self.around, 0
            return True
        if index < self.index - 1:
            self.index, self.moved_ms = index, now_ms
        return False

    def reserve(self, amount: int) -> Mark:
        """Something of this cost is about to leave."""
        self.pending += amount
        return self.index, self.heard, self.guessed

    def release(self, amount: int) -> None:
        """It did not leave after all, or cost nothing."""
        self.pending -= amount

    def lost(self, amount: int, now_ms: float) -> None:
        """Its answer will not come: it may have cost that."""
        self.pending -= amount
        self.guessed += amount
        if now_ms >= (self.index + 1) * self.window_ms - MARGIN_MS:
            self.around += amount

    def settle(self, mark: Mark, amount: int, used: int, now_ms: float) -> int:
        """Its answer says that so much is `used`; returns by how much that is more than was heard before.

        Fewer than were told before it left means that the exchange's own window has turned; where ours has
        just done so, that it was a little later, or that it began to count anew.
        """
        window, heard, guessed = mark
        before = self.heard
        self.pending -= amount
        if now_ms >= (self.index + 1) * self.window_ms - MARGIN_MS:
            self.around += amount
        if guessed:
            self.guessed -= min(self.guessed, guessed)  # the exchange would have counted those by now
        if used < heard and window == self.index:
            if now_ms - self.moved_ms > self.window_ms * _LEAST_APART:
                self.index, self.moved_ms = self.index + 1, now_ms
            self.heard = used
            return used
        if used > before and (window == self.index or used < heard):
            self.heard = used
            return used - before
        return 0  # nothing new, or the count of a window that is over
