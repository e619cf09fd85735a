"""What the stories of a trader are told over: a way to write down, to send, to ask, and to wait (pure)."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from surefoot.client.call import SignBefore
from surefoot.execution.entries import Entry
from surefoot.execution.resolution import ResolutionTimes
from surefoot.execution.views import Views
from surefoot.spot.request import Request

A = TypeVar("A")


class Port(Protocol):
    """Everything a flow may do."""

    @property
    def views(self) -> Views:
        """The fold of all that was written down so far."""
        ...

    @property
    def times(self) -> ResolutionTimes:
        """How long evidence takes."""
        ...

    def now_ms(self) -> int:
        """Now, on the exchange's clock."""
        ...

    def elapsed_ms(self) -> float:
        """Milliseconds of a clock that nobody sets."""
        ...

    def note(self, *told: Entry) -> None:
        """Write these down, and fold them now. They are safe with the next commit, at the latest in 50 ms."""
        ...

    async def commit(self) -> None:
        """Return once everything that was noted is safe; raises `JournalError`."""
        ...

    async def send(
        self,
        request: Request[A],
        *,
        recv_window_ms: int | None = None,
        sign_before_ms: SignBefore | None = None,
    ) -> A:
        """As `AsyncClient.send`: the answer, or the error that says whether it happened."""
        ...

    async def ask(self, request: Request[A]) -> A:
        """A read, asked again until it is answered; raises `Refused` for what is refused for good."""
        ...

    async def until(self, done: Callable[[], bool], by_ms: int) -> bool:
        """Wait until `done()` holds, which is looked at whenever something was noted; False at `by_ms`."""
        ...

    async def whole_since(self, id: str) -> bool:
        """Whether the user stream has told everything that happened since the submission `id` was written
        down, up to now: it was live all the time, and has just given a sign of life.
        """
        ...
