"""Streams for who blocks: the asynchronous ones, on the process's private loop thread."""

from collections.abc import Iterator
from typing import Self

from surefoot.client.aio.feeds import Callback
from surefoot.client.aio.guest import Closable, Guest
from surefoot.client.aio.market_stream import MarketStream
from surefoot.client.aio.stream import EventStream
from surefoot.client.streams import State
from surefoot.codec.streams import EventDecoder
from surefoot.errors import Misuse
from surefoot.spot.events import Event


class BlockingStream:
    """A blocking iterator of events; it is live once entered, or once it is first asked for an event.

    ``for event in stream`` waits for each event, and ends when the stream is closed; with `timeout_ms` also
    when nothing came for so long. Otherwise it is what `MarketStream` and `EventStream` are, `Gap` included.
    One thread reads it; any thread may close it. A callback is called on the loop thread. While it is open it
    is `among` the things that its client closes at its own end.
    """

    def __init__(
        self,
        stream: EventStream,
        *,
        timeout_ms: float | None = None,
        among: set[Closable] | None = None,
    ) -> None:
        self._stream, self._timeout_ms = stream, timeout_ms
        self._among = set() if among is None else among
        self._guest = Guest(stream, stream.inbox)

    @property
    def state(self) -> State:
        """Where the stream is in its life."""
        return self._stream.state

    def __enter__(self) -> Self:
        self._guest.open()
        self._among.add(self)
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the stream; whoever waits for an event waits no more."""
        self._among.discard(self)
        self._guest.close()

    def __iter__(self) -> Iterator[Event]:
        return self

    def __next__(self) -> Event:
        event = self.get(self._timeout_ms)
        if event is None:
            raise StopIteration
        return event

    def get(self, timeout_ms: float | None = None) -> Event | None:
        """The next event; None when none came within `timeout_ms`, or when the stream is closed."""
        if not self._guest.is_open:
            if self._stream.state is State.CLOSED:
                return None
            self.__enter__()
        try:
            return self._guest.next(timeout_ms)
        except StopAsyncIteration:
            return None

    def subscribe(
        self, *names: str, callback: Callback | None = None, decode: EventDecoder | None = None
    ) -> None:
        """Carry these streams too; see `MarketStream.subscribe`."""
        self._guest.wait(self._market().subscribe(*names, callback=callback, decode=decode))

    def unsubscribe(self, *names: str) -> None:
        """Carry these no more; see `MarketStream.unsubscribe`."""
        self._guest.wait(self._market().unsubscribe(*names))

    def _market(self) -> MarketStream:
        if not isinstance(self._stream, MarketStream):
            raise Misuse("only market streams are subscribed and left while they run")
        return self._stream
