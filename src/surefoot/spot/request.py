"""What every request has in common: a frozen struct that knows its path, weight, security and answer."""

from typing import Any, ClassVar, Generic, TypeVar

import msgspec

from surefoot.spot.enums import SecurityType
from surefoot.values import UNSET

A_co = TypeVar("A_co", covariant=True)

_NONE, _TRADE = SecurityType.NONE, SecurityType.TRADE  # members are slow to look up, orders ask often


class ByLimit(msgspec.Struct, frozen=True):
    """Weight by `limit`: the first row (bound, weight) that holds it; `clamp` caps the parameter."""

    default: int
    table: tuple[tuple[int, int], ...]
    clamp: int


class BySymbols(msgspec.Struct, frozen=True):
    """Weight by how many symbols are asked for: one, a list, or all."""

    single: int
    several: int
    omitted: int


class ByPresence(msgspec.Struct, frozen=True):
    """Weight by whether a parameter is sent."""

    param: str
    present: int
    absent: int


class ByFlag(msgspec.Struct, frozen=True):
    """Weight by whether a boolean parameter is true."""

    param: str
    true: int
    false: int


WeightRule = int | ByLimit | BySymbols | ByPresence | ByFlag


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the official endpoint tables.

    `method` and `path` spell it on REST (empty where REST has no twin), `ws_method` on the WebSocket API.
    `weight` is what a call costs, `weight_on_success` what a successful order call costs since 2026-04-02.
    `order_count` is what an accepted call adds to the unfilled order count.
    """

    method: str
    path: str
    ws_method: str
    weight: WeightRule
    answer: Any
    security: SecurityType = SecurityType.NONE
    weight_on_success: int | None = None
    order_count: int = 0

    @property
    def signed(self) -> bool:
        """Whether the request carries a key, a timestamp and a signature."""
        return self.security is not _NONE

    @property
    def mutates(self) -> bool:
        """Whether the request can change something, so that its silence matters."""
        return self.security is _TRADE


class Request(
    msgspec.Struct, Generic[A_co], frozen=True, kw_only=True, rename="camel", omit_defaults=True, gc=False
):
    """One sentence in Binance's language. `A_co` is its answer; fields left `UNSET` are not sent.

    Like every frozen value here it can be in no cycle, so the collector need not look at it (`gc=False`).
    """

    endpoint: ClassVar[Endpoint]


class Answer(msgspec.Struct, frozen=True, kw_only=True, rename="camel", gc=False):
    """One answer. Fields that this version does not know are ignored; absent optional ones are `UNSET`."""


def weight(request: Request[Any]) -> int:
    """What `request` costs by the documented table, before the exchange has answered."""
    match request.endpoint.weight:
        case int(fixed):
            return fixed
        case ByLimit(default, table, clamp):
            given = getattr(request, "limit", UNSET)
            limit = min(default if given is UNSET else given, clamp)
            return next(cost for bound, cost in table if limit <= bound)
        case BySymbols(single, several, omitted):
            if getattr(request, "symbol", UNSET) is not UNSET:
                return single
            return omitted if getattr(request, "symbols", UNSET) is UNSET else several
        case ByPresence(param, present, absent):
            return absent if getattr(request, param) is UNSET else present
        case ByFlag(param, true, false):
            return true if getattr(request, param) is True else false
    raise AssertionError(request.endpoint.weight)
