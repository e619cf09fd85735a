"""The unfilled orders that one account may have in each window (LIMIT-3)."""

from collections.abc import Iterable

from surefoot.budget.address import Wait
from surefoot.budget.gate import Gate
from surefoot.budget.meter import MARGIN_MS
from surefoot.budget.units import Counts, is_usable, window_ms
from surefoot.spot.general import RateLimit, window_name

_UNSAID_MS = 10_000
_BLINDLY = 5
_KNOWING = -(1 << 60)


class _OrderMeter:
    """One window: `heard` is the exchange's last word, `pending` what is under way. Requests up to the number
    `before` left in an earlier window.
    """

    __slots__ = ("before", "heard", "index", "most", "newest", "pending", "since_ms", "until_ms", "window_ms")

    def __init__(self, length_ms: int, most: int) -> None:
        self.window_ms, self.most = length_ms, most
        self.index, self.heard, self.pending, self.newest, self.before = -1, 0, 0, 0, -1
        self.since_ms = self.until_ms = 0

    @property
    def ends_ms(self) -> int:
        return (self.index + 1) * self.window_ms + MARGIN_MS

    def turn(self, now_ms: float, number: int) -> None:
        """Look at the clock; `number` is the newest request's so far."""
        index = int(now_ms - MARGIN_MS) // self.window_ms
        self.since_ms = index * self.window_ms + MARGIN_MS
        self.until_ms = self.since_ms + self.window_ms
        if index > self.index or index < self.index - 1:
            self.index, self.heard, self.before = index, 0, number

    def settle(self, number: int, orders: int, used: int) -> None:
        """Counts go down as well (orders fill), so the answer to the latest request counts; an earlier one
        only where it says more. What left in another window was counted there, or as new in this one.
        """
        if number <= self.before:
            self.heard += orders
        elif number >= self.newest:
            self.newest, self.heard = number, used
        else:
            self.heard = max(self.heard, used)


class AccountBudget:
    """The machine. Until the limits are known a few orders may leave; then they must be asked for. Whether
    the `gate` is open is asked before.
    """

    def __init__(self) -> None:
        self.meters: dict[str, _OrderMeter] = {}
        self.gate = Gate()
        self._blindly = self._under_way = 0

    @property
    def must_ask(self) -> bool:
        """Whether the limits are to be read before more orders leave: so many left without knowing them."""
        return self._blindly >= _BLINDLY

    def unanswered(self) -> None:
        """They could not be read: as many orders again may leave."""
        self._blindly = 0

    def learn(self, limits: Iterable[RateLimit]) -> None:
        """The exchange's own limits; what is counted stays counted."""
        self._blindly = _KNOWING
        for limit in filter(is_usable, limits):
            if limit.rate_limit_type == "ORDERS":
                new = _OrderMeter(window_ms(limit), limit.limit)
                new.pending = self._under_way
                self.meters.setdefault(window_name(limit), new).most = limit.limit

    def forget_what_is_under_way(self, number: int) -> None:
        """This process is a fork: answers to requests up to that number come to the one that asked."""
        for meter in self.meters.values():
            meter.heard, meter.pending, meter.newest = meter.heard + meter.pending, 0, number
        self._under_way = 0

    def admit(self, orders: int, now_ms: float, number: int) -> Wait | None:
        """Whether so many more orders are allowed now, or when they are. `number` is the newest request's."""
        for name, meter in self.meters.items():
            if not meter.since_ms <= now_ms < meter.until_ms:
                meter.turn(now_ms, number)
            if meter.heard + meter.pending + orders > meter.most:
                return Wait(meter.ends_ms, f"{meter.most} new orders per {name} are used up")
        self._blindly += orders
        self._under_way += orders
        for meter in self.meters.values():
            meter.pending += orders
        return None

    def settle(self, orders: int, number: int, counts: Counts | None, *, placed: bool) -> None:
        """They were answered; `placed` unless it is certain that they were not."""
        self._under_way -= orders
        for name, meter in self.meters.items():
            meter.pending -= orders
            used = counts.orders(name) if counts is not None else None
            if used is not None:
                meter.settle(number, orders, used)
            elif placed:
                meter.heard += orders

    def refused(self, now_ms: float, wait_ms: float | None, monotonic_ms: float) -> None:
        """The exchange said -1015: no order leaves before the window is over; then the limits are read."""
        shortest_ms = min((meter.ends_ms - now_ms for meter in self.meters.values()), default=_UNSAID_MS)
        self.gate.limited(shortest_ms if wait_ms is None else wait_ms, monotonic_ms)
        self._blindly = _BLINDLY

    def filled(self) -> None:
        """The first fill of an order gives room back: one at least; the next answer says how much it was."""
        for meter in self.meters.values():
            meter.heard = max(0, meter.heard - 1)
