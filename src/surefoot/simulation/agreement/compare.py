"""Many random orders, judged by the client and by the exchange; every difference is told with its seed."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from surefoot.exchange.core.listing import SCALE, Listing, listing_from_exchange_info
from surefoot.rules import grounds
from surefoot.rules.check import Checked, Violation, describe, judge
from surefoot.rules.snapshot import Snapshot
from surefoot.simulation.agreement.grounds import ground_of
from surefoot.simulation.agreement.lists import wished_list
from surefoot.simulation.agreement.symbols import Row, asset_filters, exchange_filters, made_symbol
from surefoot.simulation.agreement.venue import Refused, Venue
from surefoot.simulation.agreement.wishes import Wishes
from surefoot.simulation.draws import below, pick
from surefoot.spot.enums import OrderType, Side, TimeInForce
from surefoot.spot.order_list_oco import NewOco
from surefoot.spot.order_list_oto import NewOto, NewOtoco
from surefoot.spot.trade import NewOrder, TestOrder
from surefoot.values import UNSET
from surefoot.world import Entropy, SeededEntropy

Wish = NewOrder | TestOrder | NewOco | NewOto | NewOtoco

ORDERS_OF_A_VENUE = 25
_PLACED_OF_THEM = 8
_LATE = frozenset({grounds.NO_FUNDS, grounds.WOULD_MATCH, grounds.WOULD_TRIGGER, grounds.DUPLICATE})
"""What order/test does not look at."""

_AFTER_SIZING = frozenset({"LOT_SIZE", "MARKET_LOT_SIZE", "MAX_POSITION", "MAX_ASSET"})


class Difference(msgspec.Struct, frozen=True):
    """An order of which the two sides say different things."""

    seed: str
    request: Wish
    here: str
    there: str

    def __str__(self) -> str:
        return f"{self.seed}: {self.request}\n  check: {self.here}\n  exchange: {self.there}"


class Tally(msgspec.Struct):
    """How many orders were compared, and what became of them."""

    orders: int = 0
    grounds: Counter[str] = msgspec.field(default_factory=Counter)
    differences: list[Difference] = msgspec.field(default_factory=list)


def compare(base: str, count: int, rows: Sequence[Row] = ()) -> Tally:
    """Judge `count` orders on symbols of exchangeInfo (`rows`) and, each second time, on made ones."""
    tally = Tally()
    number = 0
    while tally.orders < count:
        most = min(ORDERS_OF_A_VENUE, count - tally.orders)
        tally.differences += meet(f"{base}/{number}", rows, most, tally)
        number += 1
    return tally


def row_of(seed: str, rows: Sequence[Row]) -> Row | None:
    """The symbol of a seed, by the number at its end; `None`: a made one."""
    number = int(seed.rpartition("/")[2])
    return rows[number // 2 % len(rows)] if rows and number % 2 else None


def meet(seed: str, rows: Sequence[Row], count: int, tally: Tally) -> Iterator[Difference]:
    """One exchange in a random state, and `count` orders that both sides judge."""
    dice = SeededEntropy(f"agreement/{seed}")
    venue = _venue(seed, dice, row_of(seed, rows))
    known = venue.snapshot()
    for number in range(count):
        wishes = Wishes(dice, venue.rules, known)
        place = number >= count - _PLACED_OF_THEM
        request = _wished(dice, venue.symbol, wishes, place=place)
        verdict = judge(request, venue.rules, known, rounding=False)
        answer = venue.ask(request)
        refused = answer if isinstance(answer, Refused) else None
        tally.orders += 1
        tally.grounds["accepted" if refused is None else ground_of(refused)] += 1
        if not agree(verdict, refused, tested=not place):
            yield Difference(seed, request, _said(verdict), "accepted" if refused is None else str(refused))
        if refused is not None and isinstance(request, TestOrder):
            yield from _corrected(seed, request, venue, known)
        if place and refused is None:
            known = venue.snapshot()


def _corrected(seed: str, request: TestOrder, venue: Venue, known: Snapshot) -> Iterator[Difference]:
    """What the check makes of an order that was refused as it was must pass, if it makes anything of it."""
    verdict = judge(request, venue.rules, known)
    if isinstance(verdict, Checked):
        answer = venue.ask(verdict.order)
        if not agree(verdict, answer if isinstance(answer, Refused) else None, tested=True):
            yield Difference(seed, verdict.order, f"corrected from {request}", str(answer))


def _wished(dice: Entropy, symbol: str, wishes: Wishes, *, place: bool) -> Wish:
    if place and below(dice, 3) == 0:
        return wished_list(dice, symbol, wishes)
    order = wishes.order()
    return order if place else TestOrder(**msgspec.structs.asdict(order))


def agree(verdict: Checked[Any] | Violation, refused: Refused | None, *, tested: bool) -> bool:
    """Whether both say the same: yes, or no with the same code on the same ground.

    What the client says it cannot judge, the exchange may refuse.
    """
    if isinstance(verdict, Violation):
        if refused is None:
            return tested and verdict.filter in _LATE
        ground = ground_of(refused)
        sized = verdict.field == "quote_order_qty" or verdict.filter == grounds.DUPLICATE
        unseen = sized and verdict.filter in _LATE and ground in _AFTER_SIZING
        return unseen or (verdict.code, verdict.filter) == (refused.code, ground)
    return refused is None or ground_of(refused) in {each.filter for each in verdict.skipped}


def _said(verdict: Checked[Any] | Violation) -> str:
    return "accepted" if isinstance(verdict, Checked) else f"{verdict.code} {describe(verdict)}"


def _venue(seed: str, dice: Entropy, row: Row | None) -> Venue:
    """A symbol with a book, some trades, and a customer who has something and may have orders open."""
    row = row or made_symbol(dice)
    listing = listing_from_exchange_info(row)
    price = _somewhere(dice, row, listing.tick)
    lots = _smallest(row, listing.step) + listing.step * below(dice, 400)
    purse = {
        listing.quote: price * lots // SCALE * pick(dice, 0, 1, 10, 1_000) + below(dice, SCALE),
        listing.base: lots * pick(dice, 0, 1, 10, 1_000),
    }
    venue = Venue(
        row,
        seed=seed,
        last_price=price,
        balances=purse,
        exchange_filters=exchange_filters(dice),
        asset_filters=() if below(dice, 3) else asset_filters(dice, _unit(listing, price, lots)),
    )
    _furnish(venue, dice, price // listing.tick)
    for _ in range(below(dice, 16)):
        venue.ask(Wishes(dice, venue.rules, venue.snapshot()).order())
    return venue


def _unit(listing: Listing, price: int, lots: int) -> Mapping[str, Decimal]:
    """An amount of each asset of which an order moves about as much."""
    return {
        listing.base: Decimal(lots) / SCALE,
        listing.quote: Decimal(price * lots // SCALE) / SCALE,
    }


def _somewhere(dice: Entropy, row: Row, tick: int) -> int:
    bounds = next(each for each in row["filters"] if each["filterType"] == "PRICE_FILTER")
    low, high = (int(Decimal(bounds[name]) * SCALE) for name in ("minPrice", "maxPrice"))
    span = (high or tick * 300) - low
    return (low + int(span * dice.uniform() ** 3)) // tick * tick + tick


def _smallest(row: Row, step: int) -> int:
    bounds = next(each for each in row["filters"] if each["filterType"] == "LOT_SIZE")
    return max(int(Decimal(bounds["minQty"]) * SCALE), step)


def _furnish(venue: Venue, dice: Entropy, ticks: int) -> None:
    for distance in range(1, 1 + below(dice, 5)):
        steps = 1 + below(dice, 500)
        venue.house.quote(venue.now_us, Side.SELL, ticks + distance, steps)
        if ticks > distance:
            venue.house.quote(venue.now_us, Side.BUY, ticks - distance, steps)
    for _ in range(below(dice, 4)):
        venue.ask(_taking(venue, dice), by_bob=True)
        venue.pass_time(below(dice, 7))


def _taking(venue: Venue, dice: Entropy) -> NewOrder:
    side = pick(dice, Side.BUY, Side.SELL)
    top = venue.engine.book_ticker(venue.symbol)
    units = (top.ask if side is Side.BUY else top.bid) or SCALE
    return NewOrder(
        symbol=venue.symbol,
        side=side,
        type=OrderType.LIMIT,
        time_in_force=TimeInForce.IOC,
        price=Decimal(units) / SCALE,
        quantity=Decimal(venue.house.listing.step * (1 + below(dice, 300))) / SCALE,
        new_client_order_id=UNSET,
    )
