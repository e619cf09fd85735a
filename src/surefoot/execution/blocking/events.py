"""What a trader tells a listener who blocks."""

from collections.abc import Iterator
from typing import Self

from surefoot.client.aio.guest import Reader
from surefoot.execution.aio.events import Events, Told
from surefoot.execution.blocking.lodging import Lodging


class BlockingTraderEvents:
    """A blocking iterator of all that happens from now on, in order, see `Events`. It ends with the trader,
    when it is closed, and with `timeout_ms` also when nothing came for so long. One thread reads it.
    """

    def __init__(self, events: Events, lodging: Lodging, timeout_ms: float | None) -> None:
        self._events, self._lodging, self._timeout_ms = events, lodging, timeout_ms
        self._reader = Reader(lodging.guest, events)

    def __iter__(self) -> Iterator[Told]:
        return self

    def __next__(self) -> Told:
        told = self.get(self._timeout_ms)
        if told is None:
            raise StopIteration
        return told

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def get(self, timeout_ms: float | None = None) -> Told | None:
        """The next one; None when none came within `timeout_ms`, or when it is closed, or the trader is."""
        if self._lodging.guest.is_over:
            return None
        try:
            return self._reader.next(timeout_ms)
        except StopAsyncIteration:
            return None

    def close(self) -> None:
        """Hear no more."""
        if self._lodging.guest.is_open:
            self._lodging.guest.call(self._events.close)
