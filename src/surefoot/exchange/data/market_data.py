"""Everything that is remembered of one symbol's public trades, fed with each trade as it is told."""

from collections.abc import Mapping

from surefoot.exchange.core.commands import TradeTick
from surefoot.exchange.core.engine import Engine
from surefoot.exchange.data.besides import Besides
from surefoot.exchange.data.candles import Candles
from surefoot.exchange.data.history import History
from surefoot.exchange.data.statistics import Statistics


class MarketData:
    """The machines of one symbol. `prior_price` (at 1e-8) is a price from before the first trade."""

    __slots__ = ("besides", "candles", "history", "statistics")

    def __init__(self, prior_price: int | None = None) -> None:
        self.besides = Besides()
        self.history = History()
        self.candles = Candles()
        self.statistics = Statistics(self.candles, prior_price)

    def add(self, tick: TradeTick) -> None:
        """Remember a trade; they come in the order in which they happened."""
        self.history.add(tick)
        self.candles.add(tick)
        self.statistics.add(tick)


def market_data(engine: Engine) -> Mapping[str, MarketData]:
    """Empty machines for every symbol of an engine that has not traded yet."""
    return {symbol: MarketData(engine.last_price(symbol)) for symbol in engine.listings}
