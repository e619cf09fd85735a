"""The filters that count what an account has open (official page *Filters*)."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec


class Crowd(msgspec.Struct, frozen=True, gc=False):
    """How much of each kind: open already, or about to be."""

    orders: int = 0
    algo_orders: int = 0
    icebergs: int = 0
    lists: int = 0


_HERE: Mapping[str, tuple[str, str]] = {
    "MAX_NUM_ORDERS": ("orders", "maxNumOrders"),
    "MAX_NUM_ALGO_ORDERS": ("algo_orders", "maxNumAlgoOrders"),
    "MAX_NUM_ICEBERG_ORDERS": ("icebergs", "maxNumIcebergOrders"),
    "MAX_NUM_ORDER_LISTS": ("lists", "maxNumOrderLists"),
}
_EVERYWHERE = {f"EXCHANGE_{name}": fields for name, fields in _HERE.items()}


class CountFilters:
    """Those of one symbol and of the exchange, in the order they are judged."""

    def __init__(self, raw: Iterable[Mapping[str, Any]]) -> None:
        given = {entry["filterType"]: entry for entry in raw}
        self._here = _limits(_HERE, given)
        self._everywhere = _limits(_EVERYWHERE, given)
        amends = given.get("MAX_NUM_ORDER_AMENDS")
        self.max_amends: int | None = None if amends is None else amends["maxNumOrderAmends"]

    def failure(self, more: Crowd, here: Crowd, everywhere: Crowd) -> str | None:
        """The name of the first filter that `more` would break, or None. What is not added is not judged."""
        for limits, open_now in ((self._here, here), (self._everywhere, everywhere)):
            for name, field, limit in limits:
                adding = getattr(more, field)
                if adding and getattr(open_now, field) + adding > limit:
                    return name
        return None


def _limits(
    known: Mapping[str, tuple[str, str]], given: Mapping[str, Mapping[str, Any]]
) -> tuple[tuple[str, str, int], ...]:
    return tuple(
        (name, counted, given[name][limit]) for name, (counted, limit) in known.items() if name in given
    )
