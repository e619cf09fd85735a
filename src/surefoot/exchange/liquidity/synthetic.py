"""Seeded synthetic markets: someone to trade with when nobody else is there.

`quiet`: the mid moves less than 1 % an hour, at least 20 levels a side, a trade every second or so. `lively`:
the same with more of everything. `storm`: a hundred trades a second, a book that is never the same, moves of
several percent within a minute. `none`: nobody. The market maker is an account like others and acts through
the engine; its dice are handed in, so the same seed and the same times give the same market.

Customers are noticed: what they eat is quoted again within some 100 ms, and a small order of theirs at or
near the touch is filled in parts within seconds (`takers`), because the market maker steps aside for it.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType

import msgspec

from surefoot.exchange.core.engine import Engine
from surefoot.exchange.core.listing import SCALE, Listing, units
from surefoot.exchange.liquidity.house import House
from surefoot.exchange.liquidity.takers import Takers, opposite
from surefoot.spot.enums import Side, SymbolStatus
from surefoot.world import Entropy

IDLE_US = 3_600_000_000
_DOLLARS: Mapping[str, int] = MappingProxyType(
    {
        "BTC": 67_000,
        "ETH": 3_400,
        "BNB": 600,
        "USDT": 1,
        "USDC": 1,
        "FDUSD": 1,
        "BUSD": 1,
        "TUSD": 1,
        "EUR": 1,
    }
)
_UNKNOWN_TICKS = 20_000
_COARSE_TICKS = 500


class Style(msgspec.Struct, frozen=True, kw_only=True):
    """How a market behaves. Times in microseconds; `drift_ppm` per trade, `range_ppm` around the start."""

    levels: int
    look_us: int
    trade_us: tuple[int, int]
    drift_ppm: int
    range_ppm: int
    churn: int


class Liquidity(StrEnum):
    """Which synthetic market to run."""

    NONE = "none"
    QUIET = "quiet"
    LIVELY = "lively"
    STORM = "storm"


STYLES: Mapping[Liquidity, Style] = MappingProxyType(
    {
        Liquidity.QUIET: Style(
            levels=25, look_us=100_000, trade_us=(500_000, 1_500_000), drift_ppm=60, range_ppm=3_000, churn=1
        ),
        Liquidity.LIVELY: Style(
            levels=40, look_us=50_000, trade_us=(50_000, 250_000), drift_ppm=150, range_ppm=30_000, churn=3
        ),
        Liquidity.STORM: Style(
            levels=50, look_us=20_000, trade_us=(4_000, 16_000), drift_ppm=1_500, range_ppm=150_000, churn=6
        ),
    }
)


def starting_prices(listings: Iterable[Listing]) -> dict[str, int]:
    """A plausible last price at 1e-8 for each symbol, legal under its PRICE_FILTER."""
    return {listing.symbol: _starting_price(listing) for listing in listings}


def _starting_price(listing: Listing) -> int:
    base, quote = _DOLLARS.get(listing.base), _DOLLARS.get(listing.quote)
    ticks = _UNKNOWN_TICKS if not base or not quote else base * SCALE // quote // listing.tick
    bounds = listing.filter("PRICE_FILTER")
    lowest = units(bounds["minPrice"]) if bounds else 0
    highest = units(bounds["maxPrice"]) if bounds else 0
    price = max(ticks, 1) * listing.tick
    if highest and price > highest // 2:
        price = highest // 2 // listing.tick * listing.tick
    return max(price, 2 * lowest, listing.tick)


class SyntheticMarket:
    """All quoted symbols. `step` is called when it said it wants to be; being called late is no harm."""

    def __init__(
        self, engine: Engine, liquidity: Liquidity, *, entropy: Entropy, symbols: Iterable[str] | None = None
    ) -> None:
        style = STYLES.get(liquidity)
        chosen = engine.listings if symbols is None else symbols
        trading = [name for name in chosen if engine.markets[name].status is SymbolStatus.TRADING]
        self._markets = engine.markets
        self._quoters = (
            {} if style is None else {name: Quoter(engine, name, style, entropy) for name in trading}
        )

    def step(self, now_us: int) -> int:
        """Do what is due; returns when to call again (microseconds since 1970)."""
        dues = [
            quoter.step(now_us)
            for name, quoter in self._quoters.items()
            if self._markets[name].status is SymbolStatus.TRADING
        ]
        return min(dues, default=now_us + IDLE_US)


class Quoter:
    """The market maker, and the synthetic takers, of one symbol.

    Levels sit on a fixed grid (about one basis point) with a fixed jitter each, so that a drifting fair price
    changes only the levels at its edge. `_fair` is in thousandths of a tick.
    """

    def __init__(self, engine: Engine, symbol: str, style: Style, entropy: Entropy) -> None:
        self._house = House(engine, symbol)
        self._style = style
        listing = self._house.listing
        price = engine.last_price(symbol) or _starting_price(listing)
        self._anchor = price // listing.tick * 1_000
        self._fair = self._anchor
        ticks = price // listing.tick
        self._range = 0 if ticks < _COARSE_TICKS else self._anchor * style.range_ppm // 1_000_000
        self._grid = max(1, ticks // 10_000)
        self._small, self._most = order_sizes(listing, price)
        self._orders: dict[int, tuple[Side, int, int]] = {}
        self._takers = Takers(self._house, entropy, small=self._small, grid=self._grid)
        self._look_at_us = self._trade_at_us = 0

    def step(self, now_us: int) -> int:
        """Trade and look after the quotes as far as due; returns when something is due again."""
        if now_us >= self._look_at_us:
            self._look_at_us = now_us + self._style.look_us
            self._requote(now_us)
        if now_us >= self._trade_at_us:
            soonest, latest = self._style.trade_us
            self._trade_at_us = now_us + soonest + self._takers.dice(latest - soonest)
            self._drift()
            self._trade(now_us)
        return min(self._look_at_us, self._trade_at_us)

    def _drift(self) -> None:
        width = self._anchor * self._style.drift_ppm // 1_000_000
        pull = (self._anchor - self._fair) // 1_000
        fair = self._fair + pull + self._takers.dice(2 * width + 1) - width
        self._fair = min(max(fair, self._anchor - self._range), self._anchor + self._range)

    def _requote(self, now_us: int) -> None:
        wanted = self._wanted()
        for place, (side, order_id, steps) in list(self._orders.items()):
            order = self._house.resting(order_id)
            if order is None or wanted.get(place) is not side or 2 * order.left < steps:
                self._house.cancel(now_us, order_id)
                del self._orders[place]
        for place, side in wanted.items():
            if place not in self._orders:
                self._quote(now_us, place, side)

    def _quote(self, now_us: int, place: int, side: Side) -> None:
        depth = abs(place - self._fair // 1_000 // self._grid)
        steps = min(self._small * (200 + self._takers.dice(1_800)) * (4 + depth) // 4, self._most)
        order_id = self._house.quote(now_us, side, self._ticks(place), steps)
        if order_id is not None:
            self._orders[place] = (side, order_id, steps)

    def _ticks(self, place: int) -> int:
        """Price of a place on the grid: its jitter depends on nothing but the place."""
        return place * self._grid + (place * 2_654_435_761 >> 7) % (self._grid // 2 + 1)

    def _wanted(self) -> dict[int, Side]:
        """Which places should be quoted now, best first."""
        fair, levels = self._fair // 1_000, self._style.levels
        centre = fair // self._grid
        bids = [place for place in range(centre, centre - levels - 4, -1) if 0 < self._ticks(place) < fair]
        asks = [place for place in range(centre, centre + levels + 4) if self._ticks(place) > fair]
        buying = [place for place in bids if self._takers.allows(Side.BUY, self._ticks(place))]
        selling = [place for place in asks if self._takers.allows(Side.SELL, self._ticks(place))]
        return dict.fromkeys(buying[:levels], Side.BUY) | dict.fromkeys(selling[:levels], Side.SELL)

    def _trade(self, now_us: int) -> None:
        """A synthetic taker: it hits a customer's order near the touch, else the best level."""
        side = self._takers.pick()
        if side is not None:
            self._requote(now_us)
            self._takers.hit(now_us, side)
            return
        side = Side.BUY if self._takers.dice(2) else Side.SELL
        best, steps = self._house.side(side).top()
        if steps:
            size = min(self._small * (2 + self._takers.dice(38)), steps)
            self._house.take(now_us, opposite(side), best, size)
        self._churn(now_us)

    def _churn(self, now_us: int) -> None:
        """Renew a few quotes, so that the book breathes."""
        places = list(self._orders)
        for _ in range(min(self._style.churn, len(places))):
            place = places[self._takers.dice(len(places))]
            if place in self._orders:
                side, order_id, _ = self._orders.pop(place)
                self._house.cancel(now_us, order_id)
                self._quote(now_us, place, side)


def order_sizes(listing: Listing, price: int) -> tuple[int, int]:
    """In steps: about the smallest order that the filters allow at `price`, and the largest."""
    lot = listing.filter("LOT_SIZE")
    least = units(lot["minQty"]) if lot else listing.step
    most = units(lot["maxQty"]) if lot else 10**6 * SCALE
    notional = listing.filter("NOTIONAL") or listing.filter("MIN_NOTIONAL")
    if notional is not None:
        least = max(least, -(-units(notional["minNotional"]) * SCALE // price))
    return max(1, -(-least // listing.step)), max(1, most // listing.step)
