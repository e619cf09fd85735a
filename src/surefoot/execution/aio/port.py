"""The port of a trader: its pen, its client and its user stream, as the flows use them."""

import asyncio
from typing import Protocol, TypeVar

from surefoot.client.aio import AsyncClient, EventStream
from surefoot.client.aio.watchdog import heard_all
from surefoot.client.call import SignBefore
from surefoot.client.streams import State
from surefoot.errors import (
    Banned,
    NoAnswer,
    NotDelivered,
    ProtocolViolation,
    RateLimited,
    StaleTimestamp,
    SurefootError,
)
from surefoot.execution.aio.pen import Pen
from surefoot.execution.entries import Entry, Submitted
from surefoot.execution.resolution import OFFICIAL, ResolutionTimes
from surefoot.execution.views import Views
from surefoot.spot.request import Request

A = TypeVar("A")

_PASSING = (NoAnswer, NotDelivered, ProtocolViolation, RateLimited, Banned, StaleTimestamp)
_PAUSE_S = 1.0
_LONGEST_MS = 60_000
_MOST_COVERED = 1_024
"""Of these many submissions more than one in flight was answered long ago."""


class Door(Protocol):
    """Something that requests are sent through: a client, or one of its sessions."""

    async def send(
        self,
        request: Request[A],
        *,
        recv_window_ms: int | None = None,
        sign_before_ms: SignBefore | None = None,
    ) -> A: ...


class ClientPort:
    """See `execution.port.Port`."""

    def __init__(self, pen: Pen, client: AsyncClient, times: ResolutionTimes = OFFICIAL) -> None:
        self.pen, self.times = pen, times
        self.until = pen.until
        self.commit = pen.commit
        self._desk = client.desk
        self._door: Door = client
        self._stream: EventStream | None = None
        self._covered: set[str] = set()
        self._held = False

    @property
    def views(self) -> Views:
        """The fold of all that was written down."""
        return self.pen.views

    def now_ms(self) -> int:
        """Now, on the exchange's clock."""
        return self._desk.now_ms()

    def elapsed_ms(self) -> float:
        """Milliseconds of the loop's clock, which nobody sets."""
        return asyncio.get_running_loop().time() * 1000

    def note(self, *told: Entry) -> None:
        """Write these down, and fold them now."""
        for entry in told:
            if isinstance(entry, Submitted) and self.hears:
                self._cover(entry.id)
        self.pen.note(*told)

    async def send(
        self,
        request: Request[A],
        *,
        recv_window_ms: int | None = None,
        sign_before_ms: SignBefore | None = None,
    ) -> A:
        """The answer, or the error that says whether it happened."""
        return await self._door.send(request, recv_window_ms=recv_window_ms, sign_before_ms=sign_before_ms)

    async def ask(self, request: Request[A]) -> A:
        """A read, asked again for a minute until it is answered."""
        by_ms = self.now_ms() + _LONGEST_MS
        while True:
            try:
                return await self._door.send(request)
            except _PASSING as error:
                if self.now_ms() >= by_ms:
                    raise
                await asyncio.sleep(self._pause_s(error))

    async def whole_since(self, id: str) -> bool:
        """Whether the user stream has told everything since the submission was written down."""
        if id not in self._covered or not self.hears or self._stream is None:
            return False
        try:
            heard = await heard_all(self._stream.reading)
        except (NoAnswer, NotDelivered, ProtocolViolation):
            return False
        await asyncio.sleep(0)  # what was heard before the sign of life is written down by now
        return heard and id in self._covered and self.hears

    def listen_to(self, stream: EventStream) -> None:
        """This stream tells of the account from now on."""
        self._stream = stream

    def hold(self, held: bool) -> None:
        """The stream was deaf, so it does not cover what was submitted before; what it tells waits, until
        what it did not tell has been read.
        """
        self._held = held
        self._covered.clear()

    def _cover(self, id: str) -> None:
        self._covered.add(id)
        if len(self._covered) > _MOST_COVERED:
            self._covered &= self.views.orders.submissions.keys() | {id}

    @property
    def hears(self) -> bool:
        """Whether the user stream is live, and nothing that it did not tell is being read."""
        stream = self._stream
        if stream is None or self._held:
            return False
        return stream.state is State.LIVE and stream.deaf_since_ms is None

    def _pause_s(self, error: SurefootError) -> float:
        if error.retry_at_ms is None:
            return _PAUSE_S
        return min(_LONGEST_MS, max(0, error.retry_at_ms - self.now_ms())) / 1000 + _PAUSE_S
