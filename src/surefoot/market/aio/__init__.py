"""Order books on the asynchronous client."""

from surefoot.market.aio.order_book import BookUpdate, OrderBook

__all__ = ["BookUpdate", "OrderBook"]
