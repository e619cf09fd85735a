"""What was traded in equal stretches of time: the material of candles and statistics."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from copy import copy
from itertools import chain

import msgspec

from surefoot.exchange.core.commands import TradeTick
from surefoot.exchange.core.listing import SCALE


class Bar(msgspec.Struct, gc=False):
    """The trades of one stretch that begins at `start_us`. Prices and amounts are integers at 1e-8.

    `taker_base` and `taker_quote` are what takers bought. The quote of a trade is rounded down to 1e-8, as
    it was settled.
    """

    start_us: int
    open: int
    high: int
    low: int
    close: int
    volume: int
    quote_volume: int
    count: int
    taker_base: int
    taker_quote: int
    first_id: int
    last_id: int

    def absorb(self, later: "Bar") -> None:
        """Add what was traded after it."""
        self.high = max(self.high, later.high)
        self.low = min(self.low, later.low)
        self.close = later.close
        self.volume += later.volume
        self.quote_volume += later.quote_volume
        self.count += later.count
        self.taker_base += later.taker_base
        self.taker_quote += later.taker_quote
        self.last_id = later.last_id


def bar_of(tick: TradeTick) -> Bar:
    """One trade as a bar."""
    price, qty = tick.price, tick.qty
    quote = price * qty // SCALE
    bought, paid = (0, 0) if tick.buyer_is_maker else (qty, quote)
    return Bar(
        tick.time_us,
        price,
        price,
        price,
        price,
        qty,
        quote,
        1,
        bought,
        paid,
        tick.trade_id,
        tick.trade_id,
    )


def merged(bars: Iterable[Bar]) -> Bar | None:
    """One bar of all, which are oldest first; None of none."""
    whole: Bar | None = None
    for bar in bars:
        if whole is None:
            whole = copy(bar)
        else:
            whole.absorb(bar)
    return whole


class Ring:
    """The last `capacity` bars of `width_us` in which something was traded; older ones are forgotten."""

    __slots__ = ("_capacity", "_width_us", "bars", "forgotten")

    def __init__(self, width_us: int, capacity: int) -> None:
        self._width_us = width_us
        self._capacity = capacity
        self.bars: list[Bar] = []
        self.forgotten: Bar | None = None

    def add(self, trade: Bar) -> None:
        """Add a trade that is not older than the last one; `trade` stays as it is."""
        start = trade.start_us - trade.start_us % self._width_us
        bars = self.bars
        if bars and bars[-1].start_us >= start:
            bars[-1].absorb(trade)
            return
        opened = copy(trade)
        opened.start_us = start
        bars.append(opened)
        if len(bars) > self._capacity:
            self.forgotten = bars.pop(0)

    @property
    def complete_from_us(self) -> int:
        """From when on nothing is missing."""
        return 0 if self.forgotten is None else self.forgotten.start_us + self._width_us

    def index(self, time_us: int) -> int:
        """Position of the first bar that begins at `time_us` or later."""
        return bisect_left(self.bars, time_us, key=_start)

    def before(self, index: int) -> Bar | None:
        """The bar before that position, also where it is the last that was forgotten."""
        return self.bars[index - 1] if index else self.forgotten


def _start(bar: Bar) -> int:
    return bar.start_us


def since(fine: Ring, coarse: Ring, start_us: int, width_us: int) -> Iterator[Bar]:
    """All bars from `start_us` on: fine ones up to the next coarse one, whose width is `width_us`."""
    whole_us = -(-start_us // width_us) * width_us
    return chain(
        fine.bars[fine.index(start_us) : fine.index(whole_us)], coarse.bars[coarse.index(whole_us) :]
    )
