"""One side of an order book: levels by price, the best one at hand."""

from bisect import bisect_left, insort
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

import msgspec

from surefoot.errors import ProtocolViolation
from surefoot.spot.enums import Side
from surefoot.spot.market import Level
from surefoot.values import Money, money, plain

MOST_KNOWN = 10_000
"""Spellings of prices that a side remembers at most."""

_DECIMALS = 8
_TICK = Decimal("1E-8")
_ZEROS = frozenset({"0", *(f"0.{'0' * count}" for count in range(1, 19))})


class Volume(msgspec.Struct, frozen=True, gc=False):
    """What lies between the best price and another: base and quote quantity.

    `complete` is False where the price lies beyond what is known of the book.
    """

    base: Decimal
    quote: Decimal
    complete: bool


class Ladder:
    """The levels of one side. Prices are kept at 1e-8, quantities as text until somebody reads them.

    A snapshot shows only so many levels: what lies beyond its last one, the `horizon`, is unknown until it
    changes, so it is kept but not shown.
    """

    def __init__(self, side: Side) -> None:
        self.side = side
        self._sign = 1 if side is Side.BUY else -1
        self._held: dict[int, str] = {}
        self._keys: list[int] = []  # signed prices, ascending: the best is the last
        self._known: dict[str, int] = {}  # the keys of prices as they were spelled
        self._horizon: int | None = None

    def __repr__(self) -> str:
        best = self.best
        shown = "empty" if best is None else f"{len(self)} levels, best {plain(best.price)}"
        return f"Ladder({self.side}, {shown})"

    def __len__(self) -> int:
        """The number of levels shown."""
        return len(self._keys) - self._first_shown()

    @property
    def best(self) -> Level | None:
        """The best level, or None of an empty side."""
        keys = self._keys
        if not keys or (self._horizon is not None and keys[-1] < self._horizon):
            return None
        return self._level(keys[-1])

    @property
    def horizon(self) -> Decimal | None:
        """The last price up to which the side is known, or None where all of it is."""
        return None if self._horizon is None else self._sign * self._horizon * _TICK

    def top(self, count: int) -> tuple[Level, ...]:
        """The best `count` levels, the best one first."""
        first = max(self._first_shown(), len(self._keys) - max(0, count))
        return tuple(self._level(key) for key in reversed(self._keys[first:]))

    def volume_to(self, price: Money) -> Volume:
        """What lies between the best price and `price`, that one included; raises `Misuse` for a float."""
        edge = self._sign * _ticks(plain(money("price", price)))
        levels = self.top(len(self._keys) - bisect_left(self._keys, edge))
        base = sum((level.quantity for level in levels), Decimal())
        quote = sum((level.price * level.quantity for level in levels), Decimal())
        return Volume(base, quote, self._horizon is None or edge >= self._horizon)

    def runs_low(self, count: int) -> bool:
        """Whether fewer than `count` levels are known, though there are more."""
        return self._horizon is not None and len(self) < count

    def replace(self, levels: Iterable[Level], *, whole: bool) -> None:
        """Begin anew with the levels of a snapshot; `whole` says that there are no others."""
        sign = self._sign
        self._held = {sign * _ticks(plain(level.price)): plain(level.quantity) for level in levels}
        self._keys = sorted(self._held)
        self._horizon = None if whole or not self._keys else self._keys[0]

    def change(self, levels: Iterable[tuple[str, str]]) -> None:
        """Set the absolute quantities of some prices; zero deletes a level, a missing one too. Raises
        `ProtocolViolation` for a price that is none.
        """
        held, keys, known = self._held, self._keys, self._known
        for price, quantity in levels:  # this loop is where a book spends its time
            key = known.get(price)
            if key is None:
                key = self._learn(price)
            if quantity not in _ZEROS:
                if key not in held:
                    insort(keys, key)
                held[key] = quantity
            elif held.pop(key, None) is not None:
                del keys[bisect_left(keys, key)]

    def _learn(self, price: str) -> int:
        """The key of a price that is read for the first time; most come again and again."""
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        key = self._known[price] = self._sign * _ticks(price)
        return key

    def _level(self, key: int) -> Level:
        try:
            return Level(self._sign * key * _TICK, Decimal(self._held[key]))
        except InvalidOperation:
            raise ProtocolViolation(f"{self._held[key]!r} is no quantity") from None

    def _first_shown(self) -> int:
        return 0 if self._horizon is None else bisect_left(self._keys, self._horizon)


def _ticks(price: str) -> int:
    """A price at 1e-8."""
    whole, _, decimals = price.partition(".")
    decimals = decimals.rstrip("0").ljust(_DECIMALS, "0")
    if not whole or len(decimals) > _DECIMALS:
        raise _no_price(price)
    try:
        return int(whole + decimals)
    except ValueError:
        raise _no_price(price) from None


def _no_price(text: str) -> ProtocolViolation:
    return ProtocolViolation(f"{text!r} is no price of {_DECIMALS} decimals")
