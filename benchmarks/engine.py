"""The exchange's matching, in process: the whole engine, and the book alone, fed the same seeded orders."""

from random import Random

from benchmarks.chunks import together
from benchmarks.figures import Row, Table, Worked, rates
from benchmarks.processes import Run
from surefoot.exchange.accounts import ample_balances
from surefoot.exchange.core.book import Book, Entry
from surefoot.exchange.core.commands import Cancel, Place, Refusal
from surefoot.exchange.core.engine import Engine
from surefoot.exchange.core.listing import default_exchange_info, listing_from_exchange_info, units
from surefoot.spot.enums import (
    OrderStatus,
    OrderType,
    SelfTradePreventionMode,
    Side,
    TimeInForce,
)
from surefoot.world import SeededEntropy

_SYMBOL, _MID, _TICK, _STEP = "BTCUSDT", units("60000"), units("0.01"), units("0.00001")
_ORDERS = 2_000
_MOST_OPEN, _CANCELLED = 150, 100


def _drawn(count: int) -> list[tuple[Side, int, int]]:
    """Side, ticks from the middle, steps: half buy, half sell, so near to each other that many trade."""
    dice = Random(1)
    return [
        (Side.BUY if dice.random() < 0.5 else Side.SELL, dice.randint(-50, 50), dice.randint(10, 1000))
        for _ in range(count)
    ]


def _places() -> list[Place]:
    return [
        Place(
            account="alice" if number % 2 else "bob",
            symbol=_SYMBOL,
            side=side,
            type=OrderType.LIMIT,
            time_in_force=TimeInForce.GTC,
            quantity=steps * _STEP,
            price=_MID + ticks * _TICK,
            client_order_id=f"order-{number}",
            prevention=SelfTradePreventionMode.NONE,  # each other's orders are matched, and one's own
        )
        for number, (side, ticks, steps) in enumerate(_drawn(_ORDERS))
    ]


def _opened() -> Engine:
    listings = [listing_from_exchange_info(row) for row in default_exchange_info()["symbols"]]
    engine = Engine(listings, entropy=SeededEntropy(1), now_us=0, last_prices={_SYMBOL: _MID})
    for name in ("alice", "bob"):
        engine.open_account(name, ample_balances(listings))
    return engine


def whole(seconds: float, port: int) -> Worked:
    """Filters, accounts, commission, reports; the outbox is drained after every command."""
    places, engine = _places(), _opened()
    resting: list[tuple[str, int]] = []
    now_us = 0

    def cancel() -> None:
        for account, order_id in resting:  # the filled ones are refused, which is work as well
            engine.cancel(now_us, Cancel(account=account, symbol=_SYMBOL, order_id=order_id))
            engine.outbox.clear()
        resting.clear()

    def many() -> int:
        nonlocal now_us
        for place in places:
            now_us += 50
            placed = engine.place(now_us, place)
            engine.outbox.clear()
            if isinstance(placed, Refusal):
                raise AssertionError(placed)
            if placed.order.status is not OrderStatus.FILLED:
                resting.append((place.account, placed.order.order_id))
            if len(resting) > _MOST_OPEN:
                cancel()
        cancel()
        return len(places)

    worked = together(many, seconds)
    for asset in ("BTC", "USDT"):
        if engine.ledger.total(asset) != engine.ledger.deposited[asset]:
            raise AssertionError(f"{asset} does not add up")
    return worked


def book(seconds: float, port: int) -> Worked:
    """Price-time priority alone: each order takes what it can and rests with what is left."""
    orders = [(side is Side.BUY, 6_000_000 + ticks, steps) for side, ticks, steps in _drawn(_ORDERS * 10)]

    def many() -> int:
        sides: Book[Entry] = Book()
        bids, asks = sides.bids, sides.asks
        for buying, ticks, steps in orders:
            own, other = (bids, asks) if buying else (asks, bids)
            key, left = ticks * own.sign, steps
            if other.keys and other.keys[-1] >= -key:
                left -= sum(taken for _, taken in other.take(-key, left))
            if left:
                own.add(Entry(key, left))
        return len(orders)

    return together(many, seconds)


def measure(run: Run) -> list[Table]:
    """Orders a second of either."""
    rounds = run.rounds(("engine.whole", "engine.book"), 5, 1.0)
    return [
        Table(
            title="engine: LIMIT orders matched in process",
            rows=(
                Row(
                    name="engine",
                    figures=rates(rounds, "engine.whole"),
                    unit="orders/s",
                    goal=40_000,
                    at_least=True,
                ),
                Row(
                    name="book alone",
                    figures=rates(rounds, "engine.book"),
                    unit="orders/s",
                    goal=500_000,
                    at_least=True,
                ),
            ),
            notes=(
                "engine: filters, two accounts, commission, events drained; cancels come on top, uncounted",
                "absolute rates depend on the machine",
            ),
        )
    ]
