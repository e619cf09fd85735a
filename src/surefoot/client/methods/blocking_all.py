"""Every method, without await."""

from typing import Protocol

from surefoot.client.methods.blocking_account import BlockingAccount
from surefoot.client.methods.blocking_general import BlockingGeneral
from surefoot.client.methods.blocking_lists import BlockingLists
from surefoot.client.methods.blocking_market import BlockingMarket
from surefoot.client.methods.blocking_tickers import BlockingTickers
from surefoot.client.methods.blocking_trade import BlockingTrade


class BlockingMethods(
    BlockingGeneral, BlockingMarket, BlockingTickers, BlockingTrade, BlockingLists, BlockingAccount, Protocol
):
    """One method per request: general, market data, tickers, trading, order lists, account."""
