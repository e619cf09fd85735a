"""What a judgement says: corrections, refusals, what was met, and the words for them (RULES-3)."""

from decimal import Decimal

import msgspec

from surefoot.rules.grounds import NO_FILTER, code_of
from surefoot.values import trimmed

_PRINTABLE = 60


def short(value: object) -> str:
    """Fixed-point text without the zeros at its end; a number of absurd size keeps its exponent."""
    if not isinstance(value, Decimal):
        return str(value)
    return trimmed(value) if abs(value.adjusted()) < _PRINTABLE else str(value)


class Change(msgspec.Struct, frozen=True):
    """One correction: `field` was `given` and is sent as `used`, because of `filter`; `why` in words."""

    field: str
    given: Decimal
    used: Decimal
    filter: str
    why: str


class Met(msgspec.Struct, frozen=True, gc=False):
    """A filter that the order meets: `value` lies within `low` and `high`, on multiples of `step`.

    `None` and 0 bound nothing. What is measured is what the filter measures: a price, a quantity, a worth,
    a count of orders with this one, a position with this order in it.
    """

    filter: str
    field: str
    value: Decimal | int
    low: Decimal | int | None = None
    high: Decimal | int | None = None
    step: Decimal | None = None

    @property
    def bound(self) -> str:
        """The bounds in words."""
        parts = [
            f"{sign} {short(bound)}"
            for sign, bound in (("≥", self.low), ("≤", self.high), ("step", self.step))
            if bound
        ]
        return ", ".join(parts) or "no bound"


class Skipped(msgspec.Struct, frozen=True, gc=False):
    """A filter that could not be judged, and what would have to be known."""

    filter: str
    why: str


class Closing(msgspec.Struct, frozen=True, kw_only=True):
    """Whether what a BUY leaves can be sold again, after the commission is taken out of it.

    `kept` is what the order leaves at least, `sellable` how much of it a MARKET order could sell (on the lot
    grid, worth enough), `smallest` the smallest quantity to buy of which something could be sold again.
    """

    possible: bool
    kept: Decimal
    sellable: Decimal
    smallest: Decimal | None
    why: str


class Violation(msgspec.Struct, frozen=True, kw_only=True):
    """A refusal: the exchange would say no.

    `filter` is Binance's filter type, or a name of `NO_FILTER`. `given` is what the order says in `field`,
    `bound` what it clashes with, `nearest` the nearest value of this field alone that would pass (`None`
    when there is none). `riskier`: that value buys or sells more, or at a worse price; it is only shown.
    """

    filter: str
    field: str
    given: object
    bound: object
    why: str
    nearest: Decimal | int | None = None
    riskier: bool = False

    @property
    def code(self) -> int:
        """The code with which the exchange would refuse it."""
        return code_of(self.filter)


def describe(said: Change | Violation) -> str:
    """One line for people."""
    if isinstance(said, Change):
        return f"{said.field} {short(said.given)} → {short(said.used)}: {said.why} ({said.filter})"
    advice = ""
    if said.nearest is not None:
        advice = f"; nearest legal value {short(said.nearest)}"
    if said.riskier:
        advice += " (riskier than asked, so it is only shown)"
    return f"{said.filter}: {said.why}{advice}"


def unsaid(ground: str, field: str, given: object, bound: object, why: str = "") -> Violation:
    """A refusal on a ground of `NO_FILTER`."""
    text = why or f"{field} {given}: {NO_FILTER[ground].words}"
    return Violation(filter=ground, field=field, given=given, bound=bound, why=text)
