"""Trades in real time: one by one, by taker and price, and those agreed upon besides the book."""

from functools import partial

from surefoot.exchange.core.commands import BlockTrade, MarketEffect, TradeTick
from surefoot.exchange.feeds.feed import Feed, Sources
from surefoot.exchange.feeds.stream_names import StreamName
from surefoot.exchange.render import streams as render_streams


class Trades(Feed):
    """Every trade."""

    def on(self, effect: MarketEffect) -> None:
        if isinstance(effect, TradeTick):
            self.tell_form(lambda form: render_streams.trade(effect, form))


class Aggregates(Feed):
    """Every aggregate, once its last trade was told: by then its taker has been matched to the end."""

    def __init__(self, name: StreamName, sources: Sources) -> None:
        super().__init__(name, sources)
        self._history = sources.data[name.symbol].history
        last = self._history.last_aggregate
        self._next_id = 0 if last is None else last.id + 1

    def on(self, effect: MarketEffect) -> None:
        if not isinstance(effect, TradeTick):
            return
        for aggregate in self._history.aggregates_from_id(self._next_id, 1):
            if aggregate.last_id <= effect.trade_id:
                self._next_id = aggregate.id + 1
                self.tell_form(partial(render_streams.aggregate, effect.symbol, aggregate))


class BlockTrades(Feed):
    """Every block trade."""

    def on(self, effect: MarketEffect) -> None:
        if isinstance(effect, BlockTrade):
            self.tell_form(lambda form: render_streams.block_trade(effect, form))
