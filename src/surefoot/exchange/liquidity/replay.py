"""Driving the books with a recorded market, on the recording's clock.

Snapshots and diffs set the market maker's absolute quantity of each level, recorded trades act as takers.
A customer's order keeps its own place in the queue and is matched when the recorded market crosses it; what
customers eat is quoted again within some 100 ms. When the recording is over the book stays as it was.

Recorded symbols may trade once a minute. So that an order near the touch is filled all the same, synthetic
takers (`takers`) hit customers' orders every second or so, as they do in synthetic markets.
"""

from surefoot.errors import Misuse
from surefoot.exchange.core.engine import Engine
from surefoot.exchange.liquidity.house import House
from surefoot.exchange.liquidity.recording import Levels, RecordedBook, RecordedDiff, RecordedTrade, Recording
from surefoot.exchange.liquidity.synthetic import order_sizes
from surefoot.exchange.liquidity.takers import Takers, opposite
from surefoot.spot.enums import Side
from surefoot.world import Entropy

LOOK_US = 100_000
_TAKE_US = (500_000, 1_000_000)


class Replay:
    """Plays a recording into an engine, from `now_us` on, `speed` times as fast as it was recorded.

    Raises `Misuse` when a recorded symbol is not listed.
    """

    def __init__(
        self, engine: Engine, recording: Recording, *, entropy: Entropy, now_us: int, speed: float = 1.0
    ) -> None:
        if speed <= 0:
            raise Misuse(f"speed: {speed} is not positive")
        missing = sorted(set(recording.books) - set(engine.listings))
        if missing:
            raise Misuse(f"recorded symbols not listed: {', '.join(missing)}; add them to the listed symbols")
        self._events = recording.events
        self._next = 0
        self._began_us = now_us
        self._speed = speed
        self._mirrors = {
            symbol: Mirror(engine, symbol, book, entropy) for symbol, book in recording.books.items()
        }

    @property
    def over(self) -> bool:
        """Whether everything recorded has been played."""
        return self._next == len(self._events)

    def step(self, now_us: int) -> int:
        """Play what is due; returns when to call again (microseconds since 1970)."""
        while not self.over and self._due_us() <= now_us:
            event = self._events[self._next][1]
            self._next += 1
            self._mirrors[event.symbol].play(now_us, event)
        due = min([mirror.step(now_us) for mirror in self._mirrors.values()])
        return due if self.over else min(due, self._due_us())

    def _due_us(self) -> int:
        return self._began_us + int(self._events[self._next][0] / self._speed)


class Mirror:
    """One recorded symbol: the quantities it should show, and the market maker's orders that show them."""

    def __init__(self, engine: Engine, symbol: str, book: RecordedBook, entropy: Entropy) -> None:
        self._engine = engine
        self._symbol = symbol
        self._house = House(engine, symbol)
        listing = self._house.listing
        price = engine.last_price(symbol) or listing.tick * 10_000
        small, _ = order_sizes(listing, price)
        self._takers = Takers(self._house, entropy, small=small, grid=max(1, price // listing.tick // 10_000))
        self._recorded: dict[tuple[Side, int], dict[int, int]] = {}
        self._orders: dict[tuple[Side, int], list[int]] = {}
        self._stale: dict[tuple[Side, int], None] = {}
        self._last_id = book.last_update_id
        self._seen_id = self._look_at_us = self._take_at_us = 0
        self._want(book.bids, book.asks)

    def play(self, now_us: int, event: RecordedDiff | RecordedTrade) -> None:
        """One thing that was recorded; diffs older than the snapshot are skipped."""
        if isinstance(event, RecordedTrade):
            self._restore(now_us)
            self._trade(now_us, event)
        elif event.last_id > self._last_id:
            self._last_id = event.last_id
            self._want(event.bids, event.asks)
            self._restore(now_us)

    def step(self, now_us: int) -> int:
        """Quote again what customers ate, send takers to customers near it; returns what is due next."""
        if now_us >= self._take_at_us:
            soonest, latest = _TAKE_US
            self._take_at_us = now_us + soonest + self._takers.dice(latest - soonest)
            self._take(now_us)
        if now_us >= self._look_at_us:
            self._look_at_us = now_us + LOOK_US
            if self._engine.book_ticker(self._symbol).update_id != self._seen_id:
                self._stale = dict.fromkeys(self._recorded)
            self._restore(now_us)
        return min(self._look_at_us, self._take_at_us)

    def _take(self, now_us: int) -> None:
        side = self._takers.pick()
        if side is not None:
            self._stale = dict.fromkeys(self._recorded)
            self._restore(now_us)
            self._takers.hit(now_us, side)

    def _trade(self, now_us: int, trade: RecordedTrade) -> None:
        """A recorded taker. What it met may be gone from our book already: then it is put up first."""
        passive = Side.BUY if trade.buyer_is_maker else Side.SELL
        ticks = self._ticks(passive, trade.price)
        steps = max(trade.qty // self._house.listing.step, 1)
        resting, facing = self._house.side(passive), self._house.side(opposite(passive))
        missing = steps - resting.available(ticks * resting.sign, steps)
        crosses = facing.keys and facing.keys[-1] >= ticks * facing.sign
        if missing and not crosses and self._takers.allows(passive, ticks):
            self._house.quote(now_us, passive, ticks, missing)
        self._house.take(now_us, opposite(passive), ticks, steps)

    def _want(self, bids: Levels, asks: Levels) -> None:
        for side, levels in ((Side.BUY, bids), (Side.SELL, asks)):
            for price, quantity in levels:
                place = side, self._ticks(side, price)
                self._recorded.setdefault(place, {})[price] = quantity
                self._stale[place] = None

    def _ticks(self, side: Side, price: int) -> int:
        """On the listed grid, away from the touch: real books hold leftovers from before it was coarsened."""
        tick = self._house.listing.tick
        return max(price // tick, 1) if side is Side.BUY else -(-price // tick)

    def _steps(self, place: tuple[Side, int]) -> int:
        """What the market maker should show there now."""
        recorded = self._recorded[place]
        if not any(recorded.values()):
            del self._recorded[place]
            return 0
        steps = max(sum(recorded.values()) // self._house.listing.step, 1)
        return steps if self._takers.allows(*place) else 0

    def _restore(self, now_us: int) -> None:
        """Make stale levels what they should be: first what goes, so that the market never meets itself."""
        if not self._stale:
            return
        short = [(place, missing) for place in self._stale if (missing := self._lower(now_us, place)) > 0]
        self._stale = {}
        for (side, ticks), missing in short:
            order_id = self._house.quote(now_us, side, ticks, missing)
            if order_id is not None:
                self._orders.setdefault((side, ticks), []).append(order_id)
        self._seen_id = self._engine.book_ticker(self._symbol).update_id

    def _lower(self, now_us: int, place: tuple[Side, int]) -> int:
        """Cancel, newest first, what is quoted beyond the wanted quantity; returns the steps then missing."""
        wanted = self._steps(place)
        resting = [order for order in map(self._house.resting, self._orders.pop(place, ())) if order]
        total = sum(order.left for order in resting)
        while resting and total > wanted:
            total -= resting[-1].left
            self._house.cancel(now_us, resting.pop().order_id)
        if resting:
            self._orders[place] = [order.order_id for order in resting]
        return wanted - total
