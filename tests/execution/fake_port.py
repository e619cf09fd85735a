"""A port whose exchange says what a test has written down, on a clock that goes when somebody waits."""

from collections.abc import Callable
from typing import Any

from surefoot.client.call import SignBefore
from surefoot.errors import JournalError, SurefootError
from surefoot.execution import entries
from surefoot.execution.entries import Entry
from surefoot.execution.orders import News
from surefoot.execution.policy import Policy
from surefoot.execution.resolution import OFFICIAL, ResolutionTimes
from surefoot.execution.views import Views
from surefoot.spot.request import Request
from tests.execution.told import START_MS, SYMBOL

Said = Callable[[Any], Any]
"""What the exchange says to a request; raises what it refuses."""


class FakePort:
    """See `execution.port.Port`. `answers` are by the name of the request; each is a list, whose last one
    holds for ever. `later` are entries that come by the user stream, at their moments.
    """

    def __init__(self, answers: dict[str, list[Any]], *, whole: bool = False) -> None:
        self.views = Views(Policy(symbols={SYMBOL}))
        self.times: ResolutionTimes = OFFICIAL
        self.answers = answers
        self.noted: list[Entry] = []
        self.safe = 0
        self.sent: list[Any] = []
        self.asked: list[Any] = []
        self.later: list[tuple[int, Entry]] = []
        self.whole = whole
        self.broken: JournalError | None = None
        self.unsafe_at_send = 0
        self._now_ms = START_MS
        self.views.apply(entries.Listed(at_ms=START_MS, symbol=SYMBOL, base="BTC", quote="USDT"))

    def now_ms(self) -> int:
        return self._now_ms

    def elapsed_ms(self) -> float:
        return self._now_ms - START_MS

    def note(self, *told: Entry) -> None:
        for entry in told:
            self.noted.append(entry)
            self.heard(self.views.apply(entry))

    def heard(self, news: News) -> None:
        assert not [finding for finding in news.findings if finding.stops]

    async def commit(self) -> None:
        if self.broken is not None:
            raise self.broken
        self.safe = len(self.noted)

    async def send(
        self,
        request: Request[Any],
        *,
        recv_window_ms: int | None = None,
        sign_before_ms: SignBefore | None = None,
    ) -> Any:
        self.unsafe_at_send = len(self.noted) - self.safe
        self.sent.append(request)
        return self._said(request)

    async def ask(self, request: Request[Any]) -> Any:
        self.asked.append(request)
        return self._said(request)

    async def until(self, done: Callable[[], bool], by_ms: int) -> bool:
        while not done() and self.later and self.later[0][0] <= by_ms:
            at_ms, entry = self.later.pop(0)
            self._now_ms = max(self._now_ms, at_ms)
            self.note(entry)
        if done():
            return True
        self._now_ms = max(self._now_ms, by_ms)
        return False

    async def whole_since(self, id: str) -> bool:
        return self.whole

    def kinds(self) -> list[str]:
        return [type(entry).__name__ for entry in self.noted]

    def _said(self, request: Request[Any]) -> Any:
        told = self.answers[type(request).__name__]
        said = told.pop(0) if len(told) > 1 else told[0]
        if callable(said) and not isinstance(said, type):
            said = said(request)
        if isinstance(said, SurefootError):
            raise said
        return said
