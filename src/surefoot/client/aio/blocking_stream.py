"""Streams for who blocks: the asynchronous ones, on the process's private loop thread."""

from surefoot.client.aio.blocking_events import BlockingEvents
from surefoot.client.aio.feeds import Callback
from surefoot.client.aio.guest import Closable, Guest
from surefoot.client.aio.market_stream import MarketStream
from surefoot.client.aio.stream import EventStream
from surefoot.client.streams import State
from surefoot.codec.streams import EventDecoder
from surefoot.errors import Misuse
from surefoot.spot.events import Event


class BlockingStream(BlockingEvents[Event]):
    """A blocking iterator of events; it is live once entered, or once it is first asked for an event.

    Otherwise it is what `MarketStream` and `EventStream` are, `Gap` included. A callback is called on the
    loop thread.
    """

    def __init__(
        self,
        stream: EventStream,
        *,
        timeout_ms: float | None = None,
        among: set[Closable] | None = None,
    ) -> None:
        self._stream = stream
        guest = Guest("stream", stream)
        super().__init__(guest, stream.inbox, timeout_ms=timeout_ms, among=set() if among is None else among)

    def __repr__(self) -> str:
        return f"Blocking{self._stream!r}"

    @property
    def state(self) -> State:
        """Where the stream is in its life."""
        return self._stream.state

    @property
    def deaf_since_ms(self) -> int | None:
        """Since when (exchange's clock) the stream hears nothing; None while it hears."""
        return self._stream.deaf_since_ms

    @property
    def names(self) -> tuple[str, ...]:
        """The market streams that it carries, in the order in which they were asked for."""
        return self._market().names

    def get(self, timeout_ms: float | None = None) -> Event | None:
        """The next event; None when none came within `timeout_ms`, or when the stream is closed."""
        if not (self._guest.is_open or self._guest.is_over):
            self.__enter__()
        return super().get(timeout_ms)

    def subscribe(
        self, *names: str, callback: Callback | None = None, decode: EventDecoder | None = None
    ) -> None:
        """Carry these streams too; see `MarketStream.subscribe`."""
        self._guest.wait(self._market().subscribe(*names, callback=callback, decode=decode))

    def unsubscribe(self, *names: str) -> None:
        """Carry these no more; see `MarketStream.unsubscribe`."""
        self._guest.wait(self._market().unsubscribe(*names))

    def rotate(self) -> None:
        """Replace the connection now, without a gap; see `EventStream.rotate`."""
        self._guest.wait(self._stream.rotate())

    def _market(self) -> MarketStream:
        if not isinstance(self._stream, MarketStream):
            raise Misuse("only market streams are subscribed and left while they run")
        return self._stream

    def _told(self, event: Event) -> Event:
        return event
