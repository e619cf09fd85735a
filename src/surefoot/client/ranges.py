"""Candles over any range of time: asked for page by page, told one by one."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

import msgspec

from surefoot.budget.ledger import purse, spending
from surefoot.client.desk import Desk
from surefoot.client.methods.doors import BlockingDoor
from surefoot.errors import Misuse, ProtocolViolation
from surefoot.spot.enums import KlineInterval
from surefoot.spot.market_klines import GetKlines, Kline

Moment = int | datetime
"""Milliseconds since 1970, or a datetime that knows its time zone."""

_PATIENCE_MS = 600_000
_PAGE = 1_000  # the most that one answer holds


class Progress(msgspec.Struct, frozen=True):
    """How far a range has come: candles heard so far, and the share of its time (0 to 1) that they cover."""

    candles: int
    share: float


Watcher = Callable[[Progress], None]


def patiently() -> AbstractContextManager[None]:
    """For one page: who pulls a long range rather waits for the next window than starts again."""
    return spending(patience_ms=max(purse().patience_ms, _PATIENCE_MS))


def milliseconds(moment: Moment) -> int:
    """`moment` as milliseconds since 1970; raises `Misuse` for a datetime without time zone, and for what is
    neither.
    """
    if isinstance(moment, int) and not isinstance(moment, bool):
        return moment
    if not isinstance(moment, datetime):
        raise Misuse(
            f"{moment!r} is no moment: give a datetime with its time zone, or milliseconds since 1970"
        )
    if moment.tzinfo is None:
        raise Misuse(f"{moment} has no time zone; say which, for example tzinfo=datetime.UTC")
    return round(moment.timestamp() * 1000)


class KlinePages:
    """What to ask next until the range is heard; weight 2 a page of up to 1,000 candles.

    The range holds the candles that open at `start_ms` or later and before `end_ms`.
    """

    def __init__(
        self, symbol: str, interval: KlineInterval, start_ms: int, end_ms: int, watch: Watcher | None = None
    ) -> None:
        if start_ms > end_ms:
            raise Misuse(f"the range begins at {start_ms}, after its end at {end_ms}")
        self._symbol, self._interval = symbol, interval
        self._start_ms, self._next_ms, self._end_ms = start_ms, start_ms, end_ms
        self._watch = watch
        self._candles = 0

    def ask(self) -> GetKlines | None:
        """The next request, or None when everything was heard."""
        if self._next_ms >= self._end_ms:
            return None
        return GetKlines(
            symbol=self._symbol,
            interval=self._interval,
            start_time=self._next_ms,
            end_time=self._end_ms - 1,
            limit=_PAGE,
        )

    def take(self, page: tuple[Kline, ...]) -> tuple[Kline, ...]:
        """The answer to what was asked last; raises `ProtocolViolation` when it is not of that range."""
        for candle in page:
            if not self._next_ms <= candle.open_time < self._end_ms:
                raise ProtocolViolation(f"a candle of {candle.open_time} was not asked for, or out of order")
            self._next_ms = candle.open_time + 1
        self._candles += len(page)
        if len(page) < _PAGE:
            self._next_ms = self._end_ms
        if self._watch is not None:
            self._watch(Progress(self._candles, self._share()))
        return page

    def _share(self) -> float:
        whole = self._end_ms - self._start_ms
        return (self._next_ms - self._start_ms) / whole if whole else 1.0


class BlockingRanges(BlockingDoor, Protocol):
    """As `surefoot.client.aio.ranges.AsyncRanges`, without await."""

    desk: Desk

    def klines_range(
        self,
        symbol: str,
        interval: KlineInterval,
        start: Moment,
        end: Moment | None = None,
        *,
        progress: Watcher | None = None,
    ) -> Iterator[Kline]:
        """The candles that open from `start` on and before `end` (now, if not given), oldest first."""
        until_ms = self.desk.now_ms() if end is None else milliseconds(end)
        return self._candles(KlinePages(symbol, interval, milliseconds(start), until_ms, progress))

    def _candles(self, pages: KlinePages) -> Iterator[Kline]:
        while (request := pages.ask()) is not None:
            with patiently():
                page = self.send(request)
            yield from pages.take(page)
