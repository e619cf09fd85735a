"""Every method, awaited."""

from typing import Protocol

from surefoot.client.methods.async_account import AsyncAccount
from surefoot.client.methods.async_general import AsyncGeneral
from surefoot.client.methods.async_lists import AsyncLists
from surefoot.client.methods.async_market import AsyncMarket
from surefoot.client.methods.async_tickers import AsyncTickers
from surefoot.client.methods.async_trade import AsyncTrade


class AsyncMethods(AsyncGeneral, AsyncMarket, AsyncTickers, AsyncTrade, AsyncLists, AsyncAccount, Protocol):
    """One method per request: general, market data, tickers, trading, order lists, account."""
