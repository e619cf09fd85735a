"""Where the events of a stream go: into its queue, or to callbacks that may fail."""

import asyncio
import inspect
from collections.abc import Callable, Iterable

import msgspec

from surefoot.client.aio.inbox import Inbox
from surefoot.client.streams import Gap, SubscriptionEnded
from surefoot.codec.streams import EventDecoder
from surefoot.errors import Misuse
from surefoot.spot.events import Event

Callback = Callable[[Event], None]
"""Hears events one by one, in the middle of the stream's own work: it must be quick, and not block."""

RAISED = (Exception, asyncio.CancelledError)
"""What a caller's own code may raise: also by the result of something that was cancelled."""


class Route(msgspec.Struct):
    """Where the events of one stream go: read by `decode`, which may be the caller's `own`, then
    `deliver`ed.
    """

    name: str
    decode: EventDecoder
    deliver: Callable[[Event], None]
    callback: Callback | None = None
    own: bool = False


class Feeds:
    """The routes of a stream, by name. A callback that raises is called no more: its routes are closed, that
    is told as `SubscriptionEnded`, and `on_ended`, if set, hears their names.
    """

    def __init__(self, inbox: Inbox[Event]) -> None:
        self._inbox = inbox
        self.on_ended: Callable[[tuple[str, ...]], None] | None = None
        self.routes: dict[bytes, Route] = {}

    def open(
        self,
        name: str,
        decode: EventDecoder,
        deliver: Callable[[Event], None] | None,
        *,
        own: bool = False,
    ) -> None:
        """Put the events of `name` into the queue by `deliver`; without it they are put as they come."""
        self.routes[name.encode()] = Route(name, decode, deliver or self._inbox.put, own=own)

    def call(self, name: str, decode: EventDecoder, callback: Callback, *, own: bool = False) -> None:
        """Give the events of `name` to `callback`; raises `Misuse` for what cannot be one."""
        if not callable(callback):
            raise Misuse(f"{callback!r} cannot be called")
        if inspect.iscoroutinefunction(callback) or inspect.iscoroutinefunction(type(callback).__call__):
            raise Misuse("a callback is a plain function; to await something for each event, iterate")
        self.routes[name.encode()] = Route(name, decode, callback, callback, own)

    def close(self, names: Iterable[str]) -> None:
        """Deliver nothing of these any more."""
        for name in names:
            self.routes.pop(name.encode(), None)
            self._inbox.seal(name)

    def deliver(self, route: Route, event: Event) -> None:
        """Hand an event on."""
        try:
            route.deliver(event)
        except RAISED as error:
            self.failed(route, error)

    def announce(self, event: Event) -> None:
        """Tell everybody what befell the stream itself; what is in the queue stays as it is from now on.

        Gaps that nobody reads are told as one: where all have callbacks they must not fill the queue.
        """
        self._inbox.seal()
        self._inbox.put_joined(event, _one_gap)
        told: list[Callback] = []
        for route in tuple(self.routes.values()):
            if route.callback is not None and route.callback not in told:
                told.append(route.callback)
                self.deliver(route, event)

    def failed(self, failed: Route, error: BaseException) -> None:
        """Delivering raised: all streams of that callback end."""
        names = tuple(
            route.name
            for route in self.routes.values()
            if route.callback is not None and route.callback == failed.callback
        )
        self._end(names, "callback", error)

    def unread(self, failed: Route, error: BaseException) -> None:
        """The caller's own decoder raised: its stream ends."""
        known = self.routes.get(failed.name.encode()) is failed
        self._end((failed.name,) if known else (), "decoder", error)

    def _end(self, names: tuple[str, ...], whose: str, error: BaseException) -> None:
        """The traceback goes to the loop's own handler, which logs it."""
        if not names:
            return  # it was closed meanwhile
        self.close(names)
        loop = asyncio.get_running_loop()
        loop.call_exception_handler({"message": f"a {whose} failed", "exception": error})
        reason = f"the {whose} raised {type(error).__name__}: {error}"
        self.announce(SubscriptionEnded(names=names, reason=reason))
        if self.on_ended is not None:
            self.on_ended(names)


def _one_gap(unread: Event, event: Event) -> Event | None:
    return unread.joined(event) if isinstance(unread, Gap) and isinstance(event, Gap) else None
