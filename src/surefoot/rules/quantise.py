"""Exact arithmetic on grids: which values are legal, and where a value lands on its way there (RULES-1).

Every operation names its own context: the caller's, with its 28 digits, rounds nothing here. An operation
that could not be exact would raise `decimal.Inexact` rather than round.
"""

from decimal import Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow
from fractions import Fraction
from math import lcm

import msgspec

EXACT = Context(prec=400, traps=[Inexact, InvalidOperation, DivisionByZero, Overflow])
"""Room for the product of any two values that `MOST` admits, whatever the filters' decimals."""

MOST = Decimal("1E40")
"""No price, quantity or amount has more digits before the point; larger ones are refused unread."""

ZERO = Decimal(0)
ONE = Decimal(1)
TWO = Decimal(2)


def down(value: Decimal, step: Decimal) -> Decimal:
    """The highest multiple of `step` that is not above `value`; `value` itself when it is one."""
    below = EXACT.multiply(EXACT.divide_int(value, step), step)
    return value if below == value else below


def up(value: Decimal, step: Decimal) -> Decimal:
    """The lowest multiple of `step` that is not below `value`; `value` itself when it is one."""
    below = EXACT.multiply(EXACT.divide_int(value, step), step)
    return value if below == value else EXACT.add(below, step)


def neat(value: Decimal) -> Decimal:
    """`value` without trailing zeros, never in scientific notation: 0.01000000 is 0.01, 1E+1 is 10."""
    short = EXACT.normalize(value)
    return short if short.as_tuple().exponent <= 0 else EXACT.quantize(short, ONE)  # type: ignore[operator]


def common_step(*steps: Decimal) -> Decimal:
    """The finest step whose multiples are multiples of every step; 0 stands for any value."""
    fractions = [Fraction(step) for step in steps if step]
    denominator = lcm(*(each.denominator for each in fractions))
    numerator = lcm(*(each.numerator * (denominator // each.denominator) for each in fractions))
    return neat(EXACT.divide(Decimal(numerator), Decimal(denominator))) if fractions else ZERO


class Window(msgspec.Struct, frozen=True, gc=False):
    """The legal values of one field: multiples of `step` from `low` to `high`, both legal themselves.

    A window with `low` above `high` is empty. `low` is never below one step: zero is not an order.
    """

    low: Decimal
    high: Decimal
    step: Decimal

    def narrowed(self, low: Decimal, high: Decimal, unit: Decimal = ONE) -> "Window":
        """The legal values of which `low` <= value × `unit` <= `high` holds; a `high` of 0 bounds nothing."""
        size = EXACT.multiply(self.step, unit)
        least = EXACT.multiply(EXACT.divide_int(up(low, size), size), self.step)
        most = EXACT.multiply(EXACT.divide_int(high, size), self.step) if high else self.high
        return Window(max(self.low, least), min(self.high, most), self.step)

    def below(self, high: Decimal) -> "Window":
        """The legal values up to `high`; none when nothing is left."""
        return Window(self.low, min(self.high, down(max(high, ZERO), self.step)), self.step)

    def nearest(self, value: Decimal, *, upwards: bool) -> Decimal | None:
        """The legal value closest to `value`, a tie going `upwards` or not; `None` from an empty window."""
        if self.low > self.high:
            return None
        if not self.low < value < self.high:
            return self.low if value <= self.low else self.high
        below, above = down(value, self.step), up(value, self.step)
        middle = EXACT.divide(EXACT.add(below, above), TWO)
        return above if value > middle or (upwards and value == middle) else below


def window(step: Decimal) -> Window:
    """Every positive multiple of `step`, up to `MOST`."""
    return Window(step, down(MOST, step), step)
