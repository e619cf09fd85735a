"""The reading half of the engine: what can be asked without changing anything."""

from collections.abc import Mapping

from surefoot.errors import Misuse
from surefoot.exchange.core.commands import (
    Fill,
    Held,
    OrderSnapshot,
    PreventedMatch,
    Refusal,
)
from surefoot.exchange.core.ledger import Ledger
from surefoot.exchange.core.list_commands import Amendment
from surefoot.exchange.core.listing import asset_places
from surefoot.exchange.core.market import Market
from surefoot.exchange.core.market_reading import MarketReading
from surefoot.exchange.core.order_lists import OrderLists
from surefoot.exchange.core.orders import Holder, OrderState, Seat

BAD_SYMBOL = Refusal(-1121, "Invalid symbol.")


class Reading(MarketReading):
    """Queries. A symbol or account that does not exist raises KeyError where no refusal is documented."""

    def __init__(self, markets: Mapping[str, Market], ledger: Ledger, lists: OrderLists) -> None:
        super().__init__(markets)
        self.ledger = ledger
        self.lists = lists
        self._holders: dict[str, Holder] = {}
        self._places = asset_places(market.listing for market in markets.values())

    def order(
        self,
        account: str,
        symbol: str,
        *,
        order_id: int | None = None,
        orig_client_order_id: str | None = None,
    ) -> OrderSnapshot | Refusal:
        """An order, open or done; -2013 when there is none, -2039 when the two ids do not belong together."""
        market = self.markets.get(symbol)
        if market is None:
            return BAD_SYMBOL
        return market.order(self._seat(market, account), order_id, orig_client_order_id)

    def open_orders(self, account: str, symbol: str | None = None) -> tuple[OrderSnapshot, ...]:
        """Open orders of a symbol or of all, oldest first."""
        if symbol is not None:
            return tuple(
                [order.snapshot() for order in self._seat(self.markets[symbol], account).open.values()]
            )
        found = [
            order.snapshot()
            for market in self.markets.values()
            for order in self._seat(market, account).open.values()
        ]
        return tuple(sorted(found, key=lambda order: order.time_us))

    def all_orders(
        self,
        account: str,
        symbol: str,
        *,
        from_id: int | None = None,
        start_us: int | None = None,
        end_us: int | None = None,
        limit: int = 500,
    ) -> tuple[OrderSnapshot, ...]:
        """The account's orders, oldest first: from `from_id` or `start_us` on, else the newest `limit`.

        Their time is that of their last change.
        """
        found = [
            order
            for order in sorted(self._seat(self.markets[symbol], account).by_id.values(), key=_id)
            if (from_id is None or order.order_id >= from_id)
            and (start_us is None or order.update_us >= start_us)
            and (end_us is None or order.update_us <= end_us)
        ]
        forwards = from_id is not None or start_us is not None
        return tuple([order.snapshot() for order in (found[:limit] if forwards else found[-limit:])])

    def prevented_matches(self, account: str, symbol: str) -> tuple[PreventedMatch, ...]:
        """The account's matches with itself that were prevented, oldest first."""
        return tuple(self._seat(self.markets[symbol], account).prevented)

    def amendments(self, account: str, symbol: str, order_id: int) -> tuple[Amendment, ...]:
        """How an order was amended, oldest first; nothing for an order that is not the account's."""
        order = self._seat(self.markets[symbol], account).by_id.get(order_id)
        return () if order is None or order.special is None else tuple(order.special.amendments)

    def open_order(self, account: str, symbol: str, order_id: int) -> OrderState | None:
        """The live order itself while it is open: for the exchange's own machines, not to be changed."""
        return self._seat(self.markets[symbol], account).open.get(order_id)

    def trades(
        self,
        account: str,
        symbol: str,
        *,
        order_id: int | None = None,
        from_id: int | None = None,
        start_us: int | None = None,
        end_us: int | None = None,
        limit: int = 500,
    ) -> tuple[Fill, ...]:
        """The account's fills, oldest first: from `from_id` or `start_us` on, else the newest `limit`."""
        seat = self._seat(self.markets[symbol], account)
        found = [
            fill
            for fill in (seat.trades if from_id is None else seat.trades_from(from_id))
            if (order_id is None or fill.order_id == order_id)
            and (start_us is None or fill.time_us >= start_us)
            and (end_us is None or fill.time_us <= end_us)
        ]
        forwards = from_id is not None or start_us is not None
        return tuple(found[:limit] if forwards else found[-limit:])

    def balances(self, account: str) -> tuple[Held, ...]:
        """Everything the account ever had, zeroes included."""
        wallets = self.ledger.wallets(account)
        places = self._places
        return tuple(
            [
                Held(asset, wallet.free, wallet.locked, places.get(asset, 8))
                for asset, wallet in wallets.items()
            ]
        )

    def _holder(self, account: str) -> Holder:
        try:
            return self._holders[account]
        except KeyError:
            raise Misuse(f"no account {account!r} on this exchange; open it first") from None

    def _seat(self, market: Market, account: str) -> Seat:
        return market.seat(self._holder(account))


def _id(order: OrderState) -> int:
    return order.order_id
