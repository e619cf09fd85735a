"""Candles over any range of time: the method that `AsyncClient` has for it."""

from collections.abc import AsyncIterator
from typing import Protocol

from surefoot.client.desk import Desk
from surefoot.client.methods.doors import AsyncDoor
from surefoot.client.ranges import KlinePages, Moment, Watcher, milliseconds, patiently
from surefoot.spot.enums import KlineInterval
from surefoot.spot.market_klines import Kline


class AsyncRanges(AsyncDoor, Protocol):
    """Asks for as many pages as a range needs, the next one when its first candle is wanted."""

    desk: Desk

    def klines_range(
        self,
        symbol: str,
        interval: KlineInterval,
        start: Moment,
        end: Moment | None = None,
        *,
        progress: Watcher | None = None,
    ) -> AsyncIterator[Kline]:
        """The candles that open from `start` on and before `end` (now, when it is not given), oldest first.

        The last one may still be open. `progress` is called after each page of up to 1,000 candles (weight
        2), which waits for room in the limits as long as it takes. Raises `Misuse` at once for a datetime
        without time zone and a range that ends before it begins; what a page may raise comes from where the
        iteration stands, and what came before stays valid.
        """
        until_ms = self.desk.now_ms() if end is None else milliseconds(end)
        return self._candles(KlinePages(symbol, interval, milliseconds(start), until_ms, progress))

    async def _candles(self, pages: KlinePages) -> AsyncIterator[Kline]:
        while (request := pages.ask()) is not None:
            with patiently():
                page = await self.send(request)
            for candle in pages.take(page):
                yield candle
