"""From one connection of a stream to the next without a gap: made before the old one is left."""

import asyncio
from collections.abc import Awaitable, Callable

from surefoot.client.aio.line import Line
from surefoot.client.merge import Merge, Said
from surefoot.client.rotation import HANDOVER, Stage, Step
from surefoot.errors import HeldBack, NoAnswer, NotDelivered, ProtocolViolation

ECHO_S = 10
"""For so long after a hand-over the next connection may still say what the old one told."""

_OVERLAP_S = 1
"""Both are heard for so long at least: the servers behind them are not equally fast."""

_PATIENCE_S = 5
_LOOK_S = 0.25


class Handover:
    """The old connection delivers, while the next one is opened and holds what it hears.

    Once the next one is subscribed the old one is asked for an answer: before it, everything came that the
    next one cannot tell. A while later, in one synchronous turn, the next one tells what the old one did not,
    and delivers from then on.
    """

    def __init__(self, old: Line, dial: Callable[[], Awaitable[Line]], *, room: int) -> None:
        self._old, self._dial, self._room = old, dial, room
        self._merge = Merge()
        self._before: Callable[[Said], bool] | None = None
        self.stage = Stage.ALONE
        self.next: Line | None = None

    @property
    def in_reserve(self) -> Line | None:
        """The next connection, if it is subscribed and hears."""
        subscribed = self.stage in {Stage.OVERLAPPING, Stage.PROVEN}
        return self.next if subscribed and self.next is not None and not self.next.over.done() else None

    @property
    def complete(self) -> bool:
        """Whether the next connection can tell all that the old one did not."""
        next = self.next
        return (
            self.stage is Stage.PROVEN
            and next is not None
            and next.carrier is not None
            and next.carrier.settled
            and not self._merge.begins_too_late(next.held)
        )

    async def make(self) -> None:
        """Come as far as to switch; raises why it failed, and then the old connection goes on alone."""
        self._step(Step.BEGIN)
        self._merge = merge = Merge()
        before = self._before = self._old.judge
        self._old.listen(lambda said: (before is None or before(said)) and merge.passed(said))
        try:
            self.next = await self._dial()
            self.next.wait(self._room)
            self._step(Step.ACKNOWLEDGED)
            await self._in_step(self.next)
            await asyncio.sleep(_OVERLAP_S)
            await self._in_step(self.next)
            await self._until_complete(self.next)
        except BaseException:
            if self.in_reserve is None or not self._old.over.done():
                self.give_up()  # or else it takes the place of the old one, which died meanwhile
            raise

    def take(self) -> Line:
        """The next connection delivers from now on; the old one is left to whoever closes it."""
        assert self.next is not None, "nothing was made"
        self._step(Step.SWITCH)
        self._old.retire()
        self.next.listen(self._merge.is_news)
        return self.next

    def give_up(self) -> None:
        """Forget the next connection, if there is one; the old one goes on as it was."""
        self._step(Step.FAILED)
        next, self.next = self.next, None
        if next is not None:
            next.abort()
        if not self._old.over.done():
            self._old.listen(self._before)

    def abandon(self) -> None:
        """The stream is closed: so is what was made for it."""
        if self.next is not None and self.stage is not Stage.SWITCHED:
            self.next.abort()

    async def _in_step(self, next: Line) -> None:
        while True:
            if next.carrier is None or self._old.carrier is None:
                raise AssertionError("a connection without a carrier")
            await next.carrier.settle()
            await self._answered()
            if next.over.done():
                raise NoAnswer(f"the next connection did not last: {next.over.result()}")
            if next.carrier.settled:
                self._step(Step.ANSWERED)
                return

    async def _answered(self) -> None:
        """The old connection has told all that it was told before now."""
        old = self._old.carrier
        while old is not None:
            try:
                if not await old.prove():
                    reason = "the exchange does not know of the subscription any more"
                    self._old.lost(reason, deaf_since_ms=self._old.proven_ms)
                    raise NoAnswer(reason)
            except NoAnswer as silence:
                if old.socket.paused and old.socket.sendable:
                    await asyncio.sleep(_LOOK_S)
                    continue  # its answer waits until the queue is read
                self._old.lost(f"the exchange was asked for a sign of life: {silence}")
                raise
            except HeldBack:
                raise  # nobody may ask now: the old one goes on
            except (NotDelivered, ProtocolViolation) as error:
                self._old.lost(str(error))
                raise
            return

    async def _until_complete(self, next: Line) -> None:
        """Where ids show that something is missing, it may still come."""
        loop = asyncio.get_running_loop()
        until = loop.time() + _PATIENCE_S
        while not self.complete:
            if loop.time() > until:
                raise NoAnswer("the next connection begins later than the old one has come")
            await asyncio.sleep(_LOOK_S)
            await self._in_step(next)

    def _step(self, step: Step) -> None:
        self.stage = HANDOVER[self.stage, step]
