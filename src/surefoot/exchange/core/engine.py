"""The exchange's core as one pure machine: commands in, effects out, no clock, no dice of its own, no socket.

Times are integer microseconds since 1970, amounts integers at 1e-8. Every place and cancel appends what it
caused to `outbox`, which the shell drains after each call.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from surefoot.errors import Misuse
from surefoot.exchange.core.commands import Cancel, Canceled, Effect, Place, Placed, Refusal
from surefoot.exchange.core.ledger import FEES, Ledger
from surefoot.exchange.core.list_commands import (
    Amend,
    Amended,
    CancelAll,
    CancelList,
    ListCanceled,
    ListPlaced,
    PlaceList,
    Replaced,
)
from surefoot.exchange.core.listing import SCALE, Digits, Listing, asset_places
from surefoot.exchange.core.market import Market
from surefoot.exchange.core.order_lists import OrderLists
from surefoot.exchange.core.orders import Holder, Names, Seat
from surefoot.exchange.core.reading import BAD_SYMBOL, Reading
from surefoot.exchange.core.withdrawal import UNKNOWN
from surefoot.world import Entropy

R = TypeVar("R")
Command = Amend | PlaceList | CancelList | CancelAll

NO_REPLACE = Refusal(-1013, "Order cancel-replace is not supported for this symbol.")

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
        asset_filters: Iterable[Mapping[str, Any]] = (),
        last_prices: Mapping[str, int] | None = None,
    ) -> None:
        ledger = Ledger()
        ledger.open(FEES)
        self.outbox: list[Effect] = []
        self.listings = {listing.symbol: listing for listing in listings}
        self.opened_us = now_us
        exchange_filters, asset_filters = tuple(exchange_filters), tuple(asset_filters)
        lists = OrderLists(Names(entropy))
        places = asset_places(self.listings.values())
        markets = {
            symbol: Market(
                listing,
                ledger,
                lists,
                self.outbox,
                entropy=entropy,
                last_price=(last_prices or {}).get(symbol),
                exchange_filters=exchange_filters,
                asset_filters=asset_filters,
                places=Digits(places[listing.base], places[listing.quote]),
            )
            for symbol, listing in self.listings.items()
        }
        super().__init__(markets, ledger, lists)

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
        placed = market.place(now_us, order, self._seat(market, order.account))
        market.publication.flush(now_us)
        return placed

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
        canceled = market.withdrawal.cancel(now_us, cancel, self._seat(market, cancel.account))
        market.publication.flush(now_us)
        return canceled

    def replace(
        self, now_us: int, cancel: Cancel, order: Place, *, stop_on_failure: bool
    ) -> Replaced | Refusal:
        """Cancel, then place: two steps, of which either may fail alone. Filters are judged before both."""
        market = self.markets.get(order.symbol)
        if market is None:
            return BAD_SYMBOL
        if "cancelReplaceAllowed" not in market.listing.allowed:
            return NO_REPLACE
        seat = self._seat(market, order.account)
        if (refusal := market.test(now_us, order, seat)) is not None:
            return refusal
        canceled = self.cancel(now_us, cancel)
        if isinstance(canceled, Refusal) and stop_on_failure:
            return Replaced(canceled, None)
        placed = self.place(now_us, order)
        if isinstance(canceled, Canceled) and isinstance(placed, Refusal):
            market.reject(now_us, order, seat, placed)
        return Replaced(canceled, placed)

    def amend(self, now_us: int, amend: Amend) -> Amended | Refusal:
        """Make an open order smaller without losing its place in the queue; -2038 when that cannot be."""
        return self._act(now_us, amend, lambda market, seat: market.withdrawal.amend(now_us, amend, seat))

    def place_list(self, now_us: int, asked: PlaceList) -> ListPlaced | Refusal:
        """Place an OCO, OTO or OTOCO as a whole."""
        return self._act(now_us, asked, lambda market, seat: market.lists.place(now_us, asked, seat))

    def cancel_list(self, now_us: int, cancel: CancelList) -> ListCanceled | Refusal:
        """Cancel every leg of a list; -2011 when no open one has that name, or that id and that name."""
        number, name = cancel.order_list_id, cancel.list_client_order_id
        found = self.lists.find(cancel.account, number, name if number is None else None)

        def end(market: Market, _: Seat) -> ListCanceled | Refusal:
            if found is None or found.symbol != cancel.symbol or not found.open_legs:
                return UNKNOWN
            if name not in {None, found.list_client_order_id}:
                return UNKNOWN
            legs = market.withdrawal.cancel_list(now_us, found, cancel.new_client_order_id)
            return ListCanceled(found.snapshot(), legs)

        return self._act(now_us, cancel, end)

    def cancel_all(self, now_us: int, cancel: CancelAll) -> tuple[ListCanceled, ...] | Refusal:
        """Cancel everything the account has open there; -2011 when that is nothing."""
        return self._act(
            now_us, cancel, lambda market, seat: market.withdrawal.cancel_all(now_us, seat) or UNKNOWN
        )

    def _act(
        self,
        now_us: int,
        command: Amend | PlaceList | CancelList | CancelAll,
        do: Callable[[Market, Seat], R],
    ) -> R | Refusal:
        market = self.markets.get(command.symbol)
        if market is None:
            return BAD_SYMBOL
        done = do(market, self._seat(market, command.account))
        market.publication.flush(now_us)
        return done
