"""What a judgement needs and says: prices to judge by, corrections, refusals, and their words (RULES-3)."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

import msgspec

from surefoot.errors import Misuse
from surefoot.rules.quantise import ZERO
from surefoot.spot.trade import NewOrder
from surefoot.values import money, plain

ASSET_PRECISION = "PRECISION"
MANDATORY = "MANDATORY"
UNEXPECTED = "UNEXPECTED"
CHARACTERS = "CHARACTERS"
POSITIVE = "POSITIVE"

NO_FILTER: Mapping[str, str] = MappingProxyType(
    {
        ASSET_PRECISION: "more decimals than the asset has (-1111)",
        MANDATORY: "a parameter that this order type needs is missing (-1102)",
        UNEXPECTED: "a parameter that this order type does not take (-1106)",
        CHARACTERS: "characters that the exchange does not accept (-1100)",
        POSITIVE: "a number that is not above zero (-1013)",
        "status": "the symbol takes no orders now",
        "orderTypes": "the symbol does not list this order type",
        "type": "an order type that this version cannot judge",
        "quoteOrderQtyMarketAllowed": "the symbol takes no quoteOrderQty",
        "allowedSelfTradePreventionModes": "the symbol does not list this mode",
        "side": "neither BUY nor SELL",
        "timeInForce": "not one that the exchange documents",
        "strategyType": "reserved below 1000000 (-1134)",
    }
)
"""What `Violation.filter` says when the refusal is not a filter's: the name, and its meaning."""


class Prices(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the market, each `None` when unknown: then what needs it is skipped, not guessed.

    `reference` is the symbol's reference price (GET referencePrice), where it has one; `average` the
    weighted average over the filter's avgPriceMins (GET avgPrice); `last` the last trade's price, which
    counts where avgPriceMins is 0. Raises `Misuse` for anything but positive exact numbers.
    """

    last: Decimal | None = None
    average: Decimal | None = None
    reference: Decimal | None = None

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            given = getattr(self, name)
            if given is not None and not (isinstance(given, Decimal) and money(name, given) > ZERO):
                raise Misuse(
                    f"{name}: {given!r} is not a positive Decimal; leave out a price that is unknown"
                )

    def by(self, avg_price_mins: int) -> Decimal | None:
        """The price that a filter with this avgPriceMins compares with (rule since 2026-05-08)."""
        if self.reference is not None:
            return self.reference
        return self.average if avg_price_mins else self.last


UNKNOWN_PRICES = Prices()

_PRINTABLE = 60


def short(value: Decimal) -> str:
    """Fixed-point text; a number of absurd size keeps its exponent rather than filling the screen."""
    return plain(value) if abs(value.adjusted()) < _PRINTABLE else str(value)


class Change(msgspec.Struct, frozen=True):
    """One correction: `field` was `given` and is sent as `used`, because of `filter`; `why` in words."""

    field: str
    given: Decimal
    used: Decimal
    filter: str
    why: str


class Checked(msgspec.Struct, frozen=True):
    """An order that passes, corrected: the very same object when nothing had to change.

    `met` names the filters that judged it, `skipped` those that could not, for want of a price.
    """

    order: NewOrder
    changes: tuple[Change, ...]
    met: tuple[str, ...]
    skipped: tuple[str, ...]


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
    nearest: Decimal | None = None
    riskier: bool = False


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
