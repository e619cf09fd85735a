"""What every request has in common: a frozen struct that knows its path, weight, security and answer."""

from typing import Any, ClassVar, Generic, TypeVar

import msgspec

from surefoot.spot.enums import SecurityType
from surefoot.spot.weights import WeightRule

A_co = TypeVar("A_co", covariant=True)

_NONE, _TRADE = SecurityType.NONE, SecurityType.TRADE  # members are slow to look up, orders ask often


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the official endpoint tables.

    `method` and `path` spell it on REST (empty where REST has no twin), `ws_method` on the WebSocket API.
    `weight` is what a call costs, `weight_on_success` what a successful order call costs since 2026-04-02.
    `order_count` is what an accepted call adds to the unfilled order count.
    `ws_array`: the WebSocket API puts the answer into an array of one.
    """

    method: str
    path: str
    ws_method: str
    weight: WeightRule
    answer: Any
    security: SecurityType = SecurityType.NONE
    weight_on_success: int | None = None
    order_count: int = 0
    ws_array: bool = False

    @property
    def signed(self) -> bool:
        """Whether the request carries a key, a timestamp and a signature."""
        return self.security is not _NONE

    @property
    def mutates(self) -> bool:
        """Whether the request can change something, so that its silence matters."""
        return self.security is _TRADE


class Request(
    msgspec.Struct,
    Generic[A_co],
    frozen=True,
    kw_only=True,
    rename="camel",
    repr_omit_defaults=True,
    gc=False,
):
    """One sentence in Binance's language. `A_co` is its answer; fields left `UNSET` are not sent.

    Like every frozen value here it can be in no cycle, so the collector need not look at it (`gc=False`).
    """

    endpoint: ClassVar[Endpoint]


class Answer(msgspec.Struct, frozen=True, kw_only=True, rename="camel", repr_omit_defaults=True, gc=False):
    """One answer. Fields that this version does not know are ignored; absent optional ones are `UNSET`, and
    not shown.
    """


def weight(request: Request[Any]) -> int:
    """What `request` costs by the documented table, before the exchange has answered."""
    rule = request.endpoint.weight
    return rule if isinstance(rule, int) else rule.of(request)
