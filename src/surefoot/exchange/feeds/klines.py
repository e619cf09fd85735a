"""Candles while they grow, and each once more when it is closed."""

from surefoot.exchange.core.commands import MarketEffect, TradeTick
from surefoot.exchange.data.candles import Candle
from surefoot.exchange.data.intervals import bucket
from surefoot.exchange.feeds.feed import Feed, Sources
from surefoot.exchange.feeds.stream_names import StreamName
from surefoot.exchange.render import streams as render_streams

_MOST = 1000  # candles that may close in one period, after a long leap of the clock


class Klines(Feed):
    """The open candle after a period in which it changed or somebody joined; every candle as it closes."""

    def __init__(self, name: StreamName, sources: Sources) -> None:
        super().__init__(name, sources)
        self._candles = sources.data[name.symbol].candles
        self._ticked_us = 0
        self._open_until_us = 0
        self._traded = False

    def joined(self) -> None:
        self._fresh = True

    def on(self, effect: MarketEffect) -> None:
        self._traded = self._traded or isinstance(effect, TradeTick)

    def tick(self, now_us: int) -> None:
        if self._fresh or self._traded or now_us >= self._open_until_us:
            for candle in self._since_last_tick(now_us):
                grown = self._fresh or (self._traded and candle.count)
                if grown or candle.close_us < now_us:
                    self._tell_candle(candle, now_us)
        self._ticked_us = now_us
        self._fresh = self._traded = False

    def _since_last_tick(self, now_us: int) -> list[Candle]:
        """Those that were open at the last tick or later; the first tick comes within a period."""
        interval, offset_us = self.name.interval, self.name.offset_us
        ticked_us = self._ticked_us or now_us - self.name.period_ms * 1000
        start_us, _ = bucket(interval, ticked_us, offset_us)
        _, self._open_until_us = bucket(interval, now_us, offset_us)
        return self._candles.range(interval, start_us, now_us, _MOST, now_us=now_us, offset_us=offset_us)

    def _tell_candle(self, candle: Candle, now_us: int) -> None:
        symbol, interval = self.name.symbol, self.name.interval
        self.tell_form(lambda form: render_streams.kline(symbol, interval, candle, now_us, form))
