"""What anybody may ask of the markets, without changing anything."""

from collections.abc import Mapping

from surefoot.exchange.core.commands import Depth, TopChange
from surefoot.exchange.core.market import Market
from surefoot.exchange.core.tape import ReferencePrice


class MarketReading:
    """Queries about the market. A symbol that does not exist raises KeyError."""

    def __init__(self, markets: Mapping[str, Market]) -> None:
        self.markets = markets

    def depth(self, symbol: str, limit: int) -> Depth:
        """The best `limit` levels of each side, and the id of the last change."""
        return self.markets[symbol].publication.depth(limit)

    def book_ticker(self, symbol: str) -> TopChange:
        """Best prices and quantities."""
        return self.markets[symbol].publication.top()

    def last_price(self, symbol: str) -> int | None:
        """Price of the last trade at 1e-8; None when nothing was ever traded."""
        return self.markets[symbol].tape.last_price

    def average_price(self, symbol: str, minutes: int, now_us: int) -> int | None:
        """Volume-weighted price of the last `minutes` calendar minutes; else the last price."""
        return self.markets[symbol].tape.average(now_us, minutes)

    def reference_price(self, symbol: str) -> ReferencePrice | None:
        """The reference price; None while none was ever set."""
        return self.markets[symbol].tape.reference
