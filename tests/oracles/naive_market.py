"""Market data as one would write it to be obviously right: all trades counted anew, in decimals."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import Any, NamedTuple

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
UNITS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
PLACES = Decimal("0.00000001")
ZERO = Decimal(0)


class NaiveTrade(NamedTuple):
    id: int
    price: Decimal
    qty: Decimal
    time_us: int
    taker: int
    buyer_is_maker: bool

    @property
    def quote(self) -> Decimal:
        return (self.price * self.qty).quantize(PLACES, ROUND_DOWN)


def opening(interval: str, time_us: int, offset_us: int) -> int:
    """When the candle opens that contains the time: by the calendar and the clock of the zone."""
    local = EPOCH + timedelta(microseconds=time_us + offset_us)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    count, unit = int(interval[:-1]), interval[-1]
    if unit == "M":
        opened = midnight.replace(day=1)
    elif unit == "w":
        opened = midnight - timedelta(days=midnight.weekday())
    elif unit == "d":
        opened = midnight - timedelta(days=(midnight - EPOCH).days % count)
    else:
        length = count * UNITS[unit]
        opened = midnight + (local - midnight) // length * length
    return (opened - EPOCH) // timedelta(microseconds=1) - offset_us


def following(interval: str, open_us: int, offset_us: int) -> int:
    """When the next candle opens."""
    count, unit = int(interval[:-1]), interval[-1]
    length = timedelta(days=32) if unit == "M" else count * UNITS[unit]
    return opening(interval, open_us + length // timedelta(microseconds=1), offset_us)


def candles(trades: Sequence[NaiveTrade], interval: str, now_us: int, offset_us: int) -> list[dict[str, Any]]:
    """All candles from the one of the first trade to the one that is open now."""
    found: list[dict[str, Any]] = []
    if not trades:
        return found
    open_us = opening(interval, trades[0].time_us, offset_us)
    while open_us <= now_us:
        next_us = following(interval, open_us, offset_us)
        inside = [trade for trade in trades if open_us <= trade.time_us < next_us]
        before = found[-1]["close"] if found else None
        found.append(candle(open_us, next_us - 1, inside, before))
        open_us = next_us
    return found


def candle(
    open_us: int, close_us: int, inside: Sequence[NaiveTrade], before: Decimal | None
) -> dict[str, Any]:
    prices = [trade.price for trade in inside] or [before]
    bought = [trade for trade in inside if not trade.buyer_is_maker]
    return {
        "open_us": open_us,
        "close_us": close_us,
        "open": prices[0],
        "high": max(prices),
        "low": min(prices),
        "close": prices[-1],
        "volume": sum((trade.qty for trade in inside), ZERO),
        "quote_volume": sum((trade.quote for trade in inside), ZERO),
        "count": len(inside),
        "taker_base": sum((trade.qty for trade in bought), ZERO),
        "taker_quote": sum((trade.quote for trade in bought), ZERO),
        "first_id": inside[0].id if inside else -1,
        "last_id": inside[-1].id if inside else -1,
    }


def page(rows: Sequence[Any], limit: int, *, from_the_start: bool) -> list[Any]:
    """The oldest or the newest of them."""
    return list(rows[:limit] if from_the_start else rows[-limit:])


def aggregates(trades: Sequence[NaiveTrade]) -> list[dict[str, Any]]:
    """Neighbours of one taker at one price and time, added up."""
    groups = groupby(trades, key=lambda trade: (trade.taker, trade.price, trade.time_us))
    return [aggregate(number, list(group)) for number, (_, group) in enumerate(groups)]


def aggregate(number: int, group: Sequence[NaiveTrade]) -> dict[str, Any]:
    return {
        "id": number,
        "price": group[0].price,
        "qty": sum((trade.qty for trade in group), ZERO),
        "quote_qty": sum((trade.quote for trade in group), ZERO),
        "first_id": group[0].id,
        "last_id": group[-1].id,
        "time_us": group[0].time_us,
        "buyer_is_maker": group[0].buyer_is_maker,
    }


def window(trades: Sequence[NaiveTrade], open_us: int, prior: Decimal) -> dict[str, Any]:
    """Statistics of everything since the minute of `open_us`, in the fields of the full 24 hour ticker."""
    since = open_us // 60_000_000 * 60_000_000
    inside = [trade for trade in trades if trade.time_us >= since]
    before = [prior, *(trade.price for trade in trades if trade.time_us < since)]
    prices = [trade.price for trade in inside] or [ZERO]
    volume = sum((trade.qty for trade in inside), ZERO)
    quote = sum((trade.quote for trade in inside), ZERO)
    change = prices[-1] - prices[0]
    return {
        "priceChange": change,
        "priceChangePercent": rounded(change * 100, prices[0], "0.001"),
        "weightedAvgPrice": rounded(quote, volume, "0.00000001"),
        "prevClosePrice": before[-1],
        "lastPrice": prices[-1],
        "lastQty": inside[-1].qty if inside else ZERO,
        "openPrice": prices[0],
        "highPrice": max(prices),
        "lowPrice": min(prices),
        "volume": volume,
        "quoteVolume": quote,
        "firstId": inside[0].id if inside else -1,
        "lastId": inside[-1].id if inside else -1,
        "count": len(inside),
    }


def rounded(dividend: Decimal, divisor: Decimal, places: str) -> Decimal:
    return (dividend / divisor).quantize(Decimal(places), ROUND_HALF_UP) if divisor else ZERO
