"""Filters that count what an account has open, and those that look inside one order (RULES-2).

MAX_NUM_ORDERS, MAX_NUM_ALGO_ORDERS, MAX_NUM_ICEBERG_ORDERS, MAX_NUM_ORDER_LISTS and their EXCHANGE_ twins;
ICEBERG_PARTS, TRAILING_DELTA, MAX_NUM_ORDER_AMENDS.
"""

from collections.abc import Iterable, Sequence
from enum import Enum, auto
from typing import ClassVar, Self

import msgspec

from surefoot.rules.legs import Ticket
from surefoot.spot.account import Order
from surefoot.spot.enums import OrderType, Side
from surefoot.spot.filters import Filter
from surefoot.values import UNSET

ALGO = frozenset(
    {OrderType.STOP_LOSS, OrderType.STOP_LOSS_LIMIT, OrderType.TAKE_PROFIT, OrderType.TAKE_PROFIT_LIMIT}
)
"""The types that wait for a trigger: what MAX_NUM_ALGO_ORDERS counts."""

STOPS = frozenset({OrderType.STOP_LOSS, OrderType.STOP_LOSS_LIMIT})
_NO_LIST = -1


def triggers_above(order: Ticket) -> bool:
    """Whether such an order waits for a rising price (STOP_LOSS* BUY, TAKE_PROFIT* SELL)."""
    return (order.type in STOPS) is (order.side == Side.BUY)


def hides(order: Ticket | Order) -> bool:
    """Whether it is an iceberg order."""
    return order.iceberg_qty is not UNSET and order.iceberg_qty > 0


class Kind(Enum):
    """What is counted."""

    ORDERS = auto()
    ALGO = auto()
    ICEBERG = auto()
    LISTS = auto()


class Tally(msgspec.Struct, frozen=True, gc=False):
    """How many there are of each kind."""

    orders: int = 0
    algo: int = 0
    iceberg: int = 0
    lists: int = 0

    def of(self, kind: Kind) -> int:
        """The count of one kind."""
        match kind:
            case Kind.ORDERS:
                return self.orders
            case Kind.ALGO:
                return self.algo
            case Kind.ICEBERG:
                return self.iceberg
            case Kind.LISTS:
                return self.lists


def tally(orders: Iterable[Order]) -> Tally:
    """What is open among `orders`."""
    listed = list(orders)
    return Tally(
        orders=len(listed),
        algo=sum(each.type in ALGO for each in listed),
        iceberg=sum(map(hides, listed)),
        lists=len({(each.symbol, each.order_list_id) for each in listed if each.order_list_id != _NO_LIST}),
    )


def added(legs: Sequence[Ticket], *, as_list: bool = False) -> Tally:
    """What new orders would add: one, or the legs of one list."""
    return Tally(
        orders=len(legs),
        algo=sum(each.type in ALGO for each in legs),
        iceberg=sum(map(hides, legs)),
        lists=int(as_list),
    )


class CountLimit(msgspec.Struct, frozen=True, gc=False):
    """At most `limit` open of one kind, on the symbol or `everywhere`, the new ones included."""

    filter_type: str
    kind: Kind
    everywhere: bool
    limit: int

    @property
    def rank(self) -> tuple[bool, int]:
        """When it is judged: on the symbol before everywhere, all orders before those of a kind."""
        return self.everywhere, self.kind.value

    @property
    def field(self) -> str:
        """The request field that makes an order count."""
        return {Kind.ICEBERG: "iceberg_qty", Kind.LISTS: "legs"}.get(self.kind, "type")


_COUNTS: dict[str, tuple[Kind, str]] = {
    "MAX_NUM_ORDERS": (Kind.ORDERS, "max_num_orders"),
    "MAX_NUM_ALGO_ORDERS": (Kind.ALGO, "max_num_algo_orders"),
    "MAX_NUM_ICEBERG_ORDERS": (Kind.ICEBERG, "max_num_iceberg_orders"),
    "MAX_NUM_ORDER_LISTS": (Kind.LISTS, "max_num_order_lists"),
}
_EVERYWHERE = "EXCHANGE_"
COUNTS = frozenset({*_COUNTS, *(_EVERYWHERE + name for name in _COUNTS)})
"""The filter types that count."""


def count_limit(raw: Filter) -> CountLimit | None:
    """The limit that a filter of `COUNTS` sets; `None` when it does not say how many."""
    kind, field = _COUNTS[raw.filter_type.removeprefix(_EVERYWHERE)]
    limit = getattr(raw, field)
    if limit is UNSET:
        return None
    return CountLimit(raw.filter_type, kind, raw.filter_type.startswith(_EVERYWHERE), limit)


class TrailingDelta(msgspec.Struct, frozen=True, gc=False):
    """TRAILING_DELTA: how many basis points a trailing stop may keep from the market."""

    filter_type: ClassVar[str] = "TRAILING_DELTA"
    above: tuple[int, int | None]
    below: tuple[int, int | None]

    @classmethod
    def read(cls, raw: Filter) -> Self:
        """From exchangeInfo."""
        return cls(
            (_least(raw.min_trailing_above_delta), _most(raw.max_trailing_above_delta)),
            (_least(raw.min_trailing_below_delta), _most(raw.max_trailing_below_delta)),
        )

    def bounds(self, order: Ticket) -> tuple[int, int | None]:
        """The lowest and the highest delta of such an order."""
        return self.above if triggers_above(order) else self.below


def _least(given: object) -> int:
    return given if isinstance(given, int) else 0


def _most(given: object) -> int | None:
    return given if isinstance(given, int) else None


def parts(order: Ticket) -> int:
    """Into how many parts an iceberg order falls: ICEBERG_PARTS bounds it."""
    assert order.quantity is not UNSET
    assert order.iceberg_qty is not UNSET
    whole, rest = divmod(order.quantity, order.iceberg_qty)
    return int(whole) + bool(rest)
