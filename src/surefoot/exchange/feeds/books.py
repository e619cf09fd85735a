"""The book: its best prices at once, its changes and its top levels once a period."""

from surefoot.exchange.core.commands import DepthChange, MarketEffect, TopChange
from surefoot.exchange.feeds.feed import Feed, Sources
from surefoot.exchange.feeds.stream_names import StreamName
from surefoot.exchange.render import amounts
from surefoot.exchange.render import streams as render_streams


class BestPrices(Feed):
    """Every change of the best prices or their quantities."""

    def on(self, effect: MarketEffect) -> None:
        if isinstance(effect, TopChange):
            self.tell_form(lambda form: render_streams.best_prices(effect, form))


class Changes(Feed):
    """The levels that changed in a period: the newest quantity of each price counts."""

    def __init__(self, name: StreamName, sources: Sources) -> None:
        super().__init__(name, sources)
        self._clear()

    def _clear(self) -> None:
        self._ids: tuple[int, int] | None = None
        self._bids: dict[int, int] = {}
        self._asks: dict[int, int] = {}

    def on(self, effect: MarketEffect) -> None:
        if isinstance(effect, DepthChange):
            first = effect.first_id if self._ids is None else self._ids[0]
            self._ids = (first, effect.last_id)
            self._bids.update(effect.bids)
            self._asks.update(effect.asks)

    def tick(self, now_us: int) -> None:
        if self._ids is None:
            return
        symbol, ids = self.name.symbol, self._ids
        sides = (sorted(self._bids.items(), reverse=True), sorted(self._asks.items()))
        self._clear()
        self.tell_form(lambda form: render_streams.depth_update(symbol, ids, sides, now_us, form))


class Snapshots(Feed):
    """The best levels, after a period in which the book changed or somebody joined."""

    def joined(self) -> None:
        self._stale = True

    def on(self, effect: MarketEffect) -> None:
        self._stale = self._stale or isinstance(effect, DepthChange)

    def tick(self, now_us: int) -> None:
        if not self._stale:
            return
        self._stale = False
        book = self.sources.engine.depth(self.name.symbol, self.name.levels)
        self.tell_form(lambda form: amounts.depth(book, form))
