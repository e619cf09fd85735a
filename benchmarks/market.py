"""The market that every book and ticker benchmark is fed: made once from a seed, the same for everybody.

`TICKERS` are book tickers. The diffs are a cycle that comes back to where it began: each sets absolute
quantities of levels near the top, a part of them to nothing, and never crosses the book. Going round it again
with greater ids is therefore a market without end, and `snapshot` is the book wherever a cycle is over.

Here nothing of surefoot is imported: other people's clients are fed in their own environment.
"""

import json
from functools import cache
from random import Random

SYMBOL = "BTCUSDT"
TICKER_STREAM, DEPTH_STREAM = "btcusdt@bookTicker", "btcusdt@depth@100ms"
LEVELS = 1_000
"""Levels a side of the snapshot."""

CYCLE = 200
"""Diffs in a cycle."""

FIRST_ID = 1_000_000_001
"""The update id of the first diff. All ids have as many digits, so that a diff is always as long."""

_MID_CENTS, _MOST_TICKERS = 6_000_000, 256
_CHANGED_BIDS, _CHANGED_ASKS = 15, 14
_NEAR, _GONE = 60, 0.3
_NOTHING = "0.00000000"

_Levels = dict[int, str]


def _price(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}000000"


def _quantity(dice: Random) -> str:
    return f"{dice.randint(0, 9)}.{dice.randint(1, 99_999):05d}000"


def tickers() -> list[bytes]:
    """Some book tickers, one different from the other."""
    dice = Random(1)
    return [
        b'{"u":%d,"s":"%b","b":"%b","B":"%b","a":"%b","A":"%b"}'
        % (
            FIRST_ID + number,
            SYMBOL.encode(),
            _price(_MID_CENTS - dice.randint(1, 50)).encode(),
            _quantity(dice).encode(),
            _price(_MID_CENTS + dice.randint(1, 50)).encode(),
            _quantity(dice).encode(),
        )
        for number in range(_MOST_TICKERS)
    ]


def _changes(dice: Random, sign: int, count: int) -> _Levels:
    """New quantities of so many levels of one side, by their price in cents."""
    changed: _Levels = {}
    while len(changed) < count:
        distance = min(LEVELS, 1 + int(dice.expovariate(1 / _NEAR)))
        changed[_MID_CENTS + sign * distance] = _NOTHING if dice.random() < _GONE else _quantity(dice)
    return changed


@cache
def _cycle() -> tuple[tuple[_Levels, _Levels], ...]:
    dice = Random(2)
    return tuple((_changes(dice, -1, _CHANGED_BIDS), _changes(dice, 1, _CHANGED_ASKS)) for _ in range(CYCLE))


def _spelled(levels: _Levels) -> list[tuple[str, str]]:
    return [(_price(cents), quantity) for cents, quantity in levels.items()]


def _diff(number: int, bids: _Levels, asks: _Levels) -> str:
    levels = json.dumps({"b": _spelled(bids), "a": _spelled(asks)}, separators=(",", ":"))[1:]
    return f'{{"e":"depthUpdate","E":{1_753_772_400_000 + number},"s":"{SYMBOL}","U":%d,"u":%d,{levels}'


@cache
def diff_forms() -> tuple[bytes, ...]:
    """One cycle of depth updates, each with two places (``%d``) for its one update id."""
    return tuple(_diff(number, *sides).encode() for number, sides in enumerate(_cycle()))


def diffs(number: int) -> list[bytes]:
    """The diffs of that cycle, counted from zero."""
    return [form % (id, id) for id, form in enumerate(diff_forms(), FIRST_ID + number * CYCLE)]


def _ended() -> tuple[_Levels, _Levels]:
    """The book at the end of a cycle: bids, asks, by price in cents."""
    dice = Random(3)
    sides: tuple[_Levels, _Levels] = (
        {_MID_CENTS - distance: _quantity(dice) for distance in range(1, LEVELS + 1)},
        {_MID_CENTS + distance: _quantity(dice) for distance in range(1, LEVELS + 1)},
    )
    for changes in _cycle():
        for side, changed in zip(sides, changes, strict=True):
            side.update(changed)
    bids, asks = ({cents: text for cents, text in side.items() if text != _NOTHING} for side in sides)
    return bids, asks


@cache
def _levels() -> str:
    bids, asks = map(_spelled, _ended())
    return json.dumps({"bids": bids, "asks": asks}, separators=(",", ":"))[1:]


def snapshot(last_update_id: int) -> bytes:
    """The body of GET /api/v3/depth at the end of a cycle."""
    return f'{{"lastUpdateId":{last_update_id},{_levels()}'.encode()


def best() -> tuple[float, float]:
    """The best bid and ask at the end of a cycle, as a book that was kept has them."""
    bids, asks = _ended()
    return max(bids) / 100, min(asks) / 100


def must_be_best(bid: float, ask: float) -> None:
    """Raises where these are not the best prices at the end of a cycle."""
    if (bid, ask) != best():
        raise AssertionError(f"the book went astray: {bid} {ask} instead of {best()}")
