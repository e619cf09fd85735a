"""What whoever blocks enters, iterates and closes: streams and order books, guests of the loop thread."""

from collections.abc import Iterator
from typing import Generic, Self, TypeVar

from surefoot.client.aio.guest import Closable, Guest, Reader, Source
from surefoot.spot.events import Event

E_co = TypeVar("E_co", bound=Event, covariant=True)


class BlockingEvents(Generic[E_co]):
    """A blocking iterator of the events of a `guest`.

    ``for event in events`` waits for each event, and ends when it is closed; with `timeout_ms` also when
    nothing came for so long. One thread reads it; any thread may close it. While it is open it is `among` the
    things that its client closes at its own end.
    """

    def __init__(
        self, guest: Guest, source: Source[Event], *, timeout_ms: float | None, among: set[Closable]
    ) -> None:
        self._guest, self._timeout_ms, self._among = guest, timeout_ms, among
        self._reader = Reader(guest, source)

    def __enter__(self) -> Self:
        self._guest.open()
        self._among.add(self)
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End it; whoever waits for an event waits no more. Raises `Misuse` in a callback of its own."""
        self._guest.close()
        self._among.discard(self)

    def __iter__(self) -> Iterator[E_co]:
        return self

    def __next__(self) -> E_co:
        event = self.get(self._timeout_ms)
        if event is None:
            raise StopIteration
        return event

    def get(self, timeout_ms: float | None = None) -> E_co | None:
        """The next event; None when none came within `timeout_ms`, or when it is closed."""
        if self._guest.is_over:
            return None
        try:
            event = self._reader.next(timeout_ms)
        except StopAsyncIteration:
            return None
        return None if event is None else self._told(event)

    def _told(self, event: Event) -> E_co:
        """An event as the reader gets it."""
        raise NotImplementedError
