"""What must hold when everything has healed: the exchange's truth against what each trader believes."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

import msgspec

from surefoot.exchange.core.engine import Engine
from surefoot.exchange.core.listing import SCALE
from surefoot.simulation.view import Fate, Fill, Top, View


class _Event(msgspec.Struct):
    x: str = ""
    c: str = ""


class _Told(msgspec.Struct):
    event: _Event


class Entries:
    """Stands beside the exchange; notes which client order ids of one account it let in, and how often."""

    def __init__(self) -> None:
        self.entered: Counter[str] = Counter()

    def send(self, data: bytes) -> None:
        """One event of the account, before any network."""
        event = msgspec.json.decode(data, type=_Told).event
        if event.x == "NEW":
            self.entered[event.c] += 1

    def close(self, code: int, reason: str) -> None:
        """Nobody makes it stop."""


def decimal(units: int) -> Decimal:
    """An amount of the engine (1e-8) as a decimal."""
    return Decimal(units) / SCALE


def conservation(engine: Engine) -> Iterator[str]:
    """Deposits = free + locked + fees, asset by asset."""
    for asset, deposited in engine.ledger.deposited.items():
        total = engine.ledger.total(asset)
        if total != deposited:
            yield f"{asset}: {deposited} was deposited, {total} is there"


def orders(view: View, entered: Mapping[str, int]) -> Iterator[str]:
    """Each client order id at most once; the exchange knows exactly the orders that the trader says exist."""
    for id, times in entered.items():
        if times > 1:
            yield f"order {id} exists {times} times"
        if id not in view.fates:
            yield f"the exchange let in {id}, which nobody sent"
    for id, fate in view.fates.items():
        exists = id in entered
        if fate is Fate.UNKNOWN:
            yield f"the doubt about {id} outlived the healing"
        elif exists != (fate in {Fate.ACCEPTED, Fate.FOUND}):
            yield f"order {id} is {fate} to its trader, but {'exists' if exists else 'does not exist'}"


_MOST_LIMITED = 7
_MOST_STALE = 2


Counts = Mapping[str, int]


def resending(crossed: Counts, stale: Counts, limited: Counts) -> Iterator[str]:
    """An order crosses the network once; once more only for each time that the exchange refused it at the
    gate: -1021 once, 429 six times at most (RETRY-2).
    """
    for id, times in crossed.items():
        refused = (stale.get(id, 0), limited.get(id, 0))
        if times > 1 + sum(refused) or refused[0] > _MOST_STALE or refused[1] > _MOST_LIMITED:
            words = f"-1021 {refused[0]} times, 429 {refused[1]} times"
            yield f"order {id} was sent {times} times, and refused with {words}"


def fills(view: View, engine: Engine, account: str) -> Iterator[str]:
    """The trader's fills are the exchange's, to the last digit."""
    truth = {
        Fill(
            fill.trade_id,
            fill.order_id,
            decimal(fill.price),
            decimal(fill.qty),
            decimal(fill.commission),
            fill.commission_asset,
        )
        for symbol in engine.listings
        for fill in engine.trades(account, symbol, from_id=0, limit=1_000_000)
    }
    for fill in sorted(truth - view.fills):
        yield f"{account} never learnt of {fill}"
    for fill in sorted(view.fills - truth):
        yield f"{account} believes in {fill}, which never was"


def balances(view: View, engine: Engine, account: str) -> Iterator[str]:
    """The trader's balances are the exchange's, and nothing is locked without an open order."""
    for held in engine.balances(account):
        truth = (decimal(held.free), decimal(held.locked))
        if view.balances.get(held.asset) != truth:
            believed = view.balances.get(held.asset)
            yield f"{account} has {truth} of {held.asset} (free, locked), but believes {believed}"
        if held.locked:
            yield f"{account} has {truth[1]} {held.asset} locked without an open order"


def tops(view: View, engine: Engine, symbols: Iterable[str]) -> Iterator[str]:
    """The best prices that a market stream told last are the book's."""
    for symbol in symbols:
        book = engine.book_ticker(symbol)
        truth = Top(decimal(book.bid), decimal(book.bid_qty), decimal(book.ask), decimal(book.ask_qty))
        if view.tops.get(symbol) != truth:
            yield f"{symbol}'s best prices are {truth}, but the stream left {view.tops.get(symbol)}"


def rest(engine: Engine, account: str) -> Iterator[str]:
    """Nothing is left open."""
    for order in engine.open_orders(account):
        yield f"{account}'s order {order.client_order_id} is still open"
