"""One operation of the API: its spelling, weight, security and parameters."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from surefoot.serve.parameters import Parameter
from surefoot.serve.weights import Weight
from surefoot.spot.enums import SecurityType


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """One operation. `method` and `path` are empty where REST has no twin.

    `free_on_success`: a call that works costs no weight (order calls, since 2026-04-02); `free_if_expired`:
    only where the order expires of it (amends). `order_count`: what an accepted call adds to the unfilled
    order count. `weight_if_unlisted`: what it costs to name a symbol that there is not, where that differs.
    Without `on_ws_api` the WebSocket API has no such method; `key_only` asks for a key without a signature.
    `parameters` leaves out what authentication adds; `combination` judges them together.
    """

    operation: str
    weight: Weight
    method: str = ""
    path: str = ""
    security: SecurityType = SecurityType.NONE
    parameters: tuple[Parameter, ...] = ()
    combination: Callable[[Mapping[str, Any]], None] | None = None
    free_on_success: bool = False
    free_if_expired: bool = False
    order_count: int = 0
    weight_if_unlisted: int | None = None
    on_ws_api: bool = True
    key_only: bool = False

    @property
    def signed(self) -> bool:
        """Whether key, timestamp and signature are asked for."""
        return self.security is not SecurityType.NONE and not self.key_only
