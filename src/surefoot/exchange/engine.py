"""The exchange's core as one pure machine: commands in, effects out, no clock, no dice of its own, no socket.

Times are integer microseconds since 1970, amounts integers at 1e-8. Every place and cancel appends what it
caused to `outbox`, which the shell drains after each call. The only self-trade prevention mode is NONE: an
account may trade with itself.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from surefoot.errors import Misuse
from surefoot.exchange.commands import Cancel, Canceled, Effect, Place, Placed, Refusal
from surefoot.exchange.ledger import FEES, Ledger
from surefoot.exchange.listing import SCALE, Listing
from surefoot.exchange.market import Market
from surefoot.exchange.orders import Holder
from surefoot.exchange.reading import BAD_SYMBOL, Reading
from surefoot.world import Entropy

STANDARD_RATE = SCALE // 1000
"""0.1 %, at 1e-8."""


class Engine(Reading):
    """Markets, accounts, and the outbox. Queries are inherited from `Reading`.

    `entropy` numbers orders, trades and updates from plausible beginnings and makes missing client order ids.
    `last_prices` (at 1e-8) are trades before the engine's time: MARKET orders and price filters need one.
    """

    def __init__(
        self,
        listings: Iterable[Listing],
        *,
        entropy: Entropy,
        now_us: int,
        exchange_filters: Iterable[Mapping[str, Any]] = (),
        last_prices: Mapping[str, int] | None = None,
    ) -> None:
        ledger = Ledger()
        ledger.open(FEES)
        self.outbox: list[Effect] = []
        self.listings = {listing.symbol: listing for listing in listings}
        self.opened_us = now_us
        exchange_filters = tuple(exchange_filters)
        markets = {
            symbol: Market(
                listing,
                ledger,
                self.outbox,
                entropy=entropy,
                last_price=(last_prices or {}).get(symbol),
                exchange_filters=exchange_filters,
            )
            for symbol, listing in self.listings.items()
        }
        super().__init__(markets, ledger)

    def open_account(
        self,
        name: str,
        balances: Mapping[str, int],
        *,
        maker_rate: int = STANDARD_RATE,
        taker_rate: int = STANDARD_RATE,
        house: bool = False,
    ) -> None:
        """Open an account with deposits at 1e-8; raises `Misuse` when the name is taken.

        A `house` account belongs to the exchange: no filter judges it and it is told nothing.
        """
        if name in self._holders or name == FEES:
            raise Misuse(f"account {name!r} is already open; choose another name")
        self._holders[name] = Holder(name, maker_rate, taker_rate, house=house)
        self.ledger.open(name)
        for asset, amount in balances.items():
            self.ledger.deposit(name, asset, amount)

    def has_account(self, name: str) -> bool:
        """Whether an account of that name is open."""
        return name in self._holders

    def place(self, now_us: int, order: Place) -> Placed | Refusal:
        """Place an order: what became of it at once, or why it was refused."""
        market = self.markets.get(order.symbol)
        if market is None:
            return BAD_SYMBOL
        return market.place(now_us, order, self._seat(market, order.account))

    def test(self, now_us: int, order: Place) -> Refusal | None:
        """Judge an order by state, shape and filters without sending it to the book (order/test)."""
        market = self.markets.get(order.symbol)
        if market is None:
            return BAD_SYMBOL
        return market.test(now_us, order, self._seat(market, order.account))

    def cancel(self, now_us: int, cancel: Cancel) -> Canceled | Refusal:
        """Cancel an open order; -2011 when there is none of that name."""
        market = self.markets.get(cancel.symbol)
        if market is None:
            return BAD_SYMBOL
        return market.cancel(now_us, cancel, self._seat(market, cancel.account))
