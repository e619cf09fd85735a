"""What a trader believes: fates of its orders, fills and balances, from answers and events alone (pure)."""

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum

import msgspec

from surefoot.spot.account import Account, Trade
from surefoot.spot.events import BookTickerEvent, Event, ExecutionReport, OutboundAccountPosition
from surefoot.spot.market import BookTicker

NO_TRADE = -1


class Fate(StrEnum):
    """What became of an order that was to be placed."""

    ACCEPTED = "accepted"
    """The exchange said so."""
    REFUSED = "refused"
    """The exchange said no, or nothing ever reached it."""
    UNKNOWN = "unknown"
    """Sent, and then silence; not looked up yet."""
    FOUND = "found"
    """Was unknown, and exists."""
    ABSENT = "absent"
    """Was unknown, and does not exist."""


class Fill(msgspec.Struct, frozen=True, order=True):
    """One execution of one order, as every source tells it."""

    trade_id: int
    order_id: int
    price: Decimal
    qty: Decimal
    commission: Decimal
    commission_asset: str


class Top(msgspec.Struct, frozen=True):
    """Best prices and their quantities; zeroes on an empty side."""

    bid: Decimal
    bid_qty: Decimal
    ask: Decimal
    ask_qty: Decimal


class View:
    """A fold of what one account was told. Balances are (free, locked); stale news does not replace newer."""

    def __init__(self) -> None:
        self.fates: dict[str, Fate] = {}
        self.fills: set[Fill] = set()
        self.balances: dict[str, tuple[Decimal, Decimal]] = {}
        self.tops: dict[str, Top] = {}
        self._balances_ms: dict[str, int] = {}
        self._top_ids: dict[str, int] = {}

    def hear(self, event: Event) -> None:
        """Fold one event, of the user data stream or of a market stream."""
        if isinstance(event, OutboundAccountPosition):
            for held in event.balances:
                self._balance(held.asset, held.free, held.locked, event.last_update)
        elif isinstance(event, ExecutionReport) and event.trade_id != NO_TRADE:
            self.fills.add(
                Fill(
                    event.trade_id,
                    event.order_id,
                    event.last_price,
                    event.last_qty,
                    event.commission,
                    event.commission_asset or "",
                )
            )
        elif isinstance(event, BookTickerEvent) and event.update_id > self._top_ids.get(event.symbol, 0):
            self._top_ids[event.symbol] = event.update_id
            self.tops[event.symbol] = Top(event.bid_price, event.bid_qty, event.ask_price, event.ask_qty)

    def read_account(self, account: Account) -> None:
        """Fold an answer of the account endpoint."""
        for held in account.balances:
            self._balance(held.asset, held.free, held.locked, account.update_time)

    def read_trades(self, trades: Iterable[Trade]) -> None:
        """Fold an answer of myTrades."""
        self.fills.update(
            Fill(one.id, one.order_id, one.price, one.qty, one.commission, one.commission_asset)
            for one in trades
        )

    def read_top(self, top: BookTicker) -> None:
        """Fold an answer of ticker/bookTicker, unless an event came since the symbol was cleared."""
        answer = Top(top.bid_price, top.bid_qty, top.ask_price, top.ask_qty)
        self.tops.setdefault(top.symbol, answer)

    def with_fate(self, *fates: Fate) -> list[str]:
        """The client order ids of these fates."""
        return [id for id, fate in self.fates.items() if fate in fates]

    def _balance(self, asset: str, free: Decimal, locked: Decimal, as_of_ms: int) -> None:
        if as_of_ms >= self._balances_ms.get(asset, 0):
            self._balances_ms[asset] = as_of_ms
            self.balances[asset] = (free, locked)
