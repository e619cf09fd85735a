"""What is told when it changed, once a period: tickers of one symbol or of all, and the average price."""

from collections.abc import Collection

from surefoot.exchange.calls.market import AVERAGE_MINUTES
from surefoot.exchange.calls.tickers import window_us
from surefoot.exchange.core.commands import MarketEffect, TopChange, TradeTick
from surefoot.exchange.data.intervals import MINUTE_US
from surefoot.exchange.feeds.feed import Feed, Sources
from surefoot.exchange.feeds.stream_names import StreamName
from surefoot.exchange.render import streams as render_streams
from surefoot.exchange.render.amounts import MILLISECONDS, Json, Spelling

_CLOCKS = frozenset({"E", "O", "C"})
"""Fields that only say when: an event in which nothing else is new is none."""


class Watched(Feed):
    """One symbol, after a period in which it changed or somebody joined; or all that changed, in an array.

    A look is due after a trade, and at the turn of a minute, because windows begin on the minute.
    """

    def __init__(self, name: StreamName, sources: Sources) -> None:
        super().__init__(name, sources)
        self._symbols = (name.symbol,) if name.symbol else tuple(sources.data)
        self._due: dict[str, None] = {}
        self._told: dict[str, Json] = {}
        self._minute = -1

    def spell(self, symbol: str, now_us: int, form: Spelling) -> Json:
        """The event."""
        raise NotImplementedError

    def joined(self) -> None:
        if self.name.symbol:
            self._told.clear()
            self._due[self.name.symbol] = None

    def on(self, effect: MarketEffect) -> None:
        if isinstance(effect, TradeTick):
            self._due[effect.symbol] = None

    def tick(self, now_us: int) -> None:
        minute, due = now_us // MINUTE_US, self._due
        looked = self._symbols if minute != self._minute else due
        self._minute, self._due = minute, {}
        changed = [symbol for symbol in looked if self._is_news(symbol, now_us, due)]
        if changed and self.name.symbol:
            self.tell_form(lambda form: self.spell(self.name.symbol, now_us, form))
        elif changed:
            form = self.sources.form
            self.tell(lambda unit: [self.spell(symbol, now_us, form(symbol, unit)) for symbol in changed])

    def _is_news(self, symbol: str, now_us: int, due: Collection[str]) -> bool:
        """What was never told is news only where it is due: of many symbols, those that traded."""
        event = self.spell(symbol, now_us, self.sources.form(symbol, MILLISECONDS))
        content = {field: value for field, value in event.items() if field not in _CLOCKS}
        before, self._told[symbol] = self._told.get(symbol), content
        return symbol in due if before is None else content != before


class MiniTickers(Watched):
    """24 hours in short."""

    def spell(self, symbol: str, now_us: int, form: Spelling) -> Json:
        stats = self.sources.data[symbol].statistics.day(now_us)
        return render_streams.mini_ticker(symbol, stats, now_us, form)


class DayTickers(Watched):
    """24 hours in full, with the best prices."""

    def on(self, effect: MarketEffect) -> None:
        if isinstance(effect, TradeTick | TopChange):
            self._due[effect.symbol] = None

    def spell(self, symbol: str, now_us: int, form: Spelling) -> Json:
        stats = self.sources.data[symbol].statistics.day(now_us)
        top = self.sources.engine.book_ticker(symbol)
        return render_streams.day_ticker(symbol, stats, top, now_us, form)


class WindowTickers(Watched):
    """A rolling window."""

    def spell(self, symbol: str, now_us: int, form: Spelling) -> Json:
        window = self.name.interval
        stats = self.sources.data[symbol].statistics.window(window_us(window), now_us)
        return render_streams.window_ticker(symbol, window, stats, now_us, form)


class AveragePrices(Watched):
    """The average price of the last minutes."""

    def spell(self, symbol: str, now_us: int, form: Spelling) -> Json:
        price = self.sources.engine.average_price(symbol, AVERAGE_MINUTES, now_us)
        last = self.sources.data[symbol].history.last
        last_us = 0 if last is None else last.time_us
        return render_streams.average_price(symbol, AVERAGE_MINUTES, price or 0, (last_us, now_us), form)


class ReferencePrices(Feed):
    """The reference price, every period; null without one."""

    def tick(self, now_us: int) -> None:
        reference = self.sources.engine.reference_price(self.name.symbol)
        price = None if reference is None else reference.price
        self.tell_form(lambda form: render_streams.reference_price(self.name.symbol, price, now_us, form))
