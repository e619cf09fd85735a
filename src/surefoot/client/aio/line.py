"""One connection of a stream: what is heard is held back until the stream is live on it, then handed on."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from surefoot.client.aio.feeds import Route
from surefoot.client.merge import Said
from surefoot.net.websocket import WebSocket
from surefoot.spot.events import Event, EventStreamTerminated, ServerShutdown

GONE = "the exchange does not know of the subscription any more"

_MS = 1000
_IN_FLIGHT_MS = 1_000
"""What is lost with a connection may have been said so long before the last thing that was heard."""


class Carrier(Protocol):
    """What carries the subscription of one connection. `settled` is whether it carries all that is wanted."""

    @property
    def socket(self) -> WebSocket: ...
    @property
    def settled(self) -> bool: ...
    async def settle(self) -> None:
        """Ask for what is wanted by now; raises `NoAnswer`."""

    async def prove(self) -> bool:
        """Ask the exchange whether the subscription is still there; raises `NoAnswer` without an answer in
        time. All that was said before the answer has been heard then.
        """


class Line:
    """One connection. Not `plain`, it goes the long way for every event: it is held, judged by the `judge`,
    or told to observers.

    Whoever opens it says `connected`, and then subscribes. `leaving` is set when the exchange announces its
    end, or somebody wants it; `over` is done when it ended. Times are milliseconds on the exchange's clock:
    `asked_ms` is when it was begun, `proven_ms` when the subscription was last known to be whole.
    """

    def __init__(
        self,
        deliver: Callable[[Route | None, Event], None],
        connected: Callable[[], None],
        *,
        asked_ms: int,
        telling: bool,
    ) -> None:
        self._deliver, self._telling = deliver, telling
        self.connected = connected
        self._held: list[tuple[Route | None, Said]] | None = []
        self._room: int | None = None
        self.judge: Callable[[Said], bool] | None = None
        self.carrier: Carrier | None = None
        self.plain = False
        self.last: Event | None = None
        self.asked_ms = self.proven_ms = asked_ms
        self.deaf_since_ms: int | None = None
        self.leaving = asyncio.Event()
        self.over: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    @property
    def socket(self) -> WebSocket:
        """Its connection, once it is open and subscribed."""
        if self.carrier is None:
            raise AssertionError("a line is used once it carries")
        return self.carrier.socket

    @property
    def held(self) -> list[Said]:
        """What waits."""
        return [said for _, said in self._held or ()]

    def heard(self, event: Event, route: Route | None = None, raw: bytes | None = None) -> None:
        """An event, with its `raw` payload where somebody else's decoder read it."""
        if isinstance(event, ServerShutdown):
            self.leaving.set()
        said = Said(event, route.name if route else "", raw)
        if self._held is not None:
            self._held.append((route, said))
            if self._room is not None and len(self._held) >= self._room:
                self.socket.pause()
        else:
            self._tell(route, said)
        if isinstance(event, EventStreamTerminated):
            self.lost("the exchange ended the subscription")

    def lost(self, reason: str, *, deaf_since_ms: int | None = None) -> None:
        """The connection, or its subscription, is over; `deaf_since_ms` where that is known better."""
        if not self.over.done():
            self.deaf_since_ms = deaf_since_ms
            self.over.set_result(reason)

    def wait(self, room: int) -> None:
        """It is subscribed, and another one delivers: hold no more than `room` events, then read no more."""
        self._room = room

    def listen(self, judge: Callable[[Said], bool] | None) -> None:
        """Hand on only what `judge` lets through from now on; everything without one."""
        self.judge = judge
        self._look()

    def release(self) -> None:
        """The stream is live on it: hand on what waited, and whatever comes from now on."""
        held, self._held, self._room = self._held or [], None, None
        self._look()
        self.socket.resume()
        for route, said in held:
            self._tell(route, said)

    def retire(self) -> None:
        """Another one took its place: what still comes was told already, or will be there."""
        self.listen(lambda _: False)
        self._held = None
        self.lost("replaced")

    def lost_since_ms(self, now_ms: int, *, unit: int) -> int:
        """Since when something may be lost that it did not tell; `unit` ticks of its events' times make a
        millisecond.
        """
        heard_ms = self._heard_until_ms(now_ms, unit)
        return heard_ms if self.deaf_since_ms is None else min(heard_ms, self.deaf_since_ms)

    def _heard_until_ms(self, now_ms: int, unit: int) -> int:
        said: int | None = getattr(self.last, "event_time", None)
        silent_s = asyncio.get_running_loop().time() - self.socket.pulse.heard_at
        heard_ms = int(now_ms - silent_s * _MS)
        if said is not None:  # what was read late was said earlier: what was lost may follow it closely
            return min(heard_ms, said // unit)
        # without times nobody knows how late it came: only what was proven is known to be complete
        complete_ms = min(heard_ms - _IN_FLIGHT_MS, self.proven_ms) if self.last else self.asked_ms
        return max(self.asked_ms, complete_ms)

    def _tell(self, route: Route | None, said: Said) -> None:
        if self.judge is None or self.judge(said):
            self.last = said.event
            self._deliver(route, said.event)

    def _look(self) -> None:
        self.plain = self._held is None and self.judge is None and not self._telling


class Reading:
    """The line that is read, unless the queue is full: then since `paused_at_ms` (exchange's clock)."""

    def __init__(self, now_ms: Callable[[], int]) -> None:
        self._now_ms = now_ms
        self.line: Line | None = None
        self.paused_at_ms: int | None = None

    def pause(self) -> None:
        """The queue is full."""
        self.paused_at_ms = self.paused_at_ms or self._now_ms()
        if self.line is not None:
            self.line.socket.pause()

    def resume(self) -> None:
        """There is room again."""
        self.paused_at_ms = None
        if self.line is not None:
            self.line.socket.resume()
