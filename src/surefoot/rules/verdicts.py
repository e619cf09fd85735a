"""What a judgement says: corrections, refusals, what was met, and the words for them (RULES-3)."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

import msgspec

from surefoot.spot.enums import OrderRejectReason
from surefoot.spot.request import weight
from surefoot.spot.trade import NewOrder
from surefoot.values import plain

ASSET_PRECISION = "PRECISION"
MANDATORY = "MANDATORY"
UNEXPECTED = "UNEXPECTED"
COMBINATION = "COMBINATION"
CHARACTERS = "CHARACTERS"
POSITIVE = "POSITIVE"
DUPLICATE = "DUPLICATE"
ICEBERG_GTC = "ICEBERG_GTC"
ICEBERG_SIZE = "ICEBERG_SIZE"
NO_FUNDS = OrderRejectReason.INSUFFICIENT_BALANCES.value
WOULD_TRIGGER = OrderRejectReason.STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY.value
WOULD_MATCH = OrderRejectReason.WOULD_MATCH_IMMEDIATELY.value
BAD_PRICES = OrderRejectReason.OCO_BAD_PRICES.value

FILTER_FAILURE = -1013
_AMEND_REFUSED = -2038


class Ground(NamedTuple):
    """A ground for refusal that is no filter: the code the exchange would answer, and what it means."""

    code: int
    words: str


NO_FILTER: Mapping[str, Ground] = MappingProxyType(
    {
        ASSET_PRECISION: Ground(-1111, "more decimals than the asset has (-1111)"),
        MANDATORY: Ground(-1102, "a parameter that this order type needs is missing (-1102)"),
        UNEXPECTED: Ground(-1106, "a parameter that this order type does not take (-1106)"),
        COMBINATION: Ground(-1128, "parameters that exclude or need each other (-1128)"),
        CHARACTERS: Ground(-1100, "characters that the exchange does not accept (-1100)"),
        POSITIVE: Ground(-1013, "a number that is not above zero (-1013)"),
        ICEBERG_GTC: Ground(-1014, "an iceberg order lives until it is cancelled: GTC (-1014)"),
        ICEBERG_SIZE: Ground(-1013, "the visible part of an iceberg order is not below its quantity"),
        NO_FUNDS: Ground(-2010, "the account has less than the order needs"),
        WOULD_TRIGGER: Ground(-2010, "the order would trigger immediately"),
        WOULD_MATCH: Ground(-2010, "the order would immediately match and take"),
        BAD_PRICES: Ground(-2010, "the legs of an OCO must lie on both sides of the last price"),
        DUPLICATE: Ground(-2010, "an open order has this client order id"),
        "status": Ground(-1013, "the symbol takes no orders now"),
        "orderTypes": Ground(-1013, "the symbol does not list this order type"),
        "type": Ground(-1116, "not an order type that the exchange documents (-1116)"),
        "side": Ground(-1117, "neither BUY nor SELL (-1117)"),
        "timeInForce": Ground(-1115, "not one that the exchange documents (-1115)"),
        "strategyType": Ground(-1134, "reserved below 1000000 (-1134)"),
        "permissionSets": Ground(-2010, "the account lacks a permission that the symbol asks for"),
        "quoteOrderQtyMarketAllowed": Ground(-1013, "the symbol takes no quoteOrderQty"),
        "icebergAllowed": Ground(-1013, "the symbol takes no iceberg orders"),
        "allowTrailingStop": Ground(-1013, "the symbol takes no trailing stops"),
        "pegInstructionsAllowed": Ground(-1013, "the symbol takes no pegged orders"),
        "cancelReplaceAllowed": Ground(-1013, "the symbol takes no cancelReplace"),
        "amendAllowed": Ground(-1013, "the symbol takes no amendments"),
        "ocoAllowed": Ground(-1013, "the symbol takes no OCO lists"),
        "otoAllowed": Ground(-1013, "the symbol takes no OTO lists"),
        "opoAllowed": Ground(-1013, "the symbol takes no OPO lists"),
        "allowedSelfTradePreventionModes": Ground(-1013, "the symbol does not list this mode"),
        "pegPriceType": Ground(-1013, "a peg that this order type may not use"),
        "pegOffsetValue": Ground(-1013, "more price levels than a peg may be away"),
        "legs": Ground(-1158, "order types or sides that do not make such a list"),
        "newQty": Ground(_AMEND_REFUSED, "an amendment may only make an order smaller (-2038)"),
    }
)
"""What `Violation.filter` says when the refusal is not a filter's: the name, its code, and its meaning."""

_PRINTABLE = 60


def short(value: object) -> str:
    """Fixed-point text; a number of absurd size keeps its exponent rather than filling the screen."""
    if not isinstance(value, Decimal):
        return str(value)
    return plain(value) if abs(value.adjusted()) < _PRINTABLE else str(value)


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


class Checked(msgspec.Struct, frozen=True):
    """An order that passes, corrected: the very same object when nothing had to change.

    `met` are the filters that judged it, with value and bound; `skipped` those that could not, for want of
    knowledge. `closing` says of a BUY whether it could be closed again, where that was asked for and enough
    is known.
    """

    order: NewOrder
    changes: tuple[Change, ...]
    met: tuple[Met, ...]
    skipped: tuple[Skipped, ...]
    closing: Closing | None = None

    @property
    def weight(self) -> int:
        """What sending it costs when it is refused."""
        return weight(self.order)

    @property
    def weight_on_success(self) -> int:
        """What sending it costs when it is accepted (since 2026-04-02 nothing)."""
        free = self.order.endpoint.weight_on_success
        return self.weight if free is None else free

    @property
    def order_count(self) -> int:
        """What it adds to the unfilled order count."""
        return self.order.endpoint.order_count


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
        if self.filter == "MAX_NUM_ORDER_AMENDS":
            return _AMEND_REFUSED
        ground = NO_FILTER.get(self.filter)
        return FILTER_FAILURE if ground is None else ground.code


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
