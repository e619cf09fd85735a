"""What befalls the exchange at a certain time, as plain data drawn from the seed.

Rules of its own plan of faults (`surefoot.exchange.faults`) say which request or event is struck; these say
what is done to the exchange as a whole. Seconds count from the moment at which the faults begin.
"""

from typing import Literal

import msgspec

from surefoot.exchange.limits.profile import ORDERS, WEIGHT, LimitProfile
from surefoot.exchange.limits.profile import PRODUCTION as PRODUCTION_LIMITS
from surefoot.spot.enums import SymbolStatus


class _Happening(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    at_s: float


class WrongClock(_Happening, frozen=True):
    """The exchange's clock jumps by `step_ms`, and goes `drift_ppm` millionths too fast from then on."""

    step_ms: float = 0
    drift_ppm: float = 0


class Halted(_Happening, frozen=True):
    """A symbol is in another trading status for `for_s`, and then trades again."""

    symbol: str
    status: SymbolStatus
    for_s: float


class Reweighed(_Happening, frozen=True):
    """An operation costs `times` as much from then on."""

    operation: str
    times: float


class Relimited(_Happening, frozen=True):
    """Other limits from then on: weight per minute and unfilled orders per ten seconds."""

    weight: int
    orders: int

    @property
    def profile(self) -> LimitProfile:
        """These in place of production's."""
        return limits(self.weight, self.orders)


class Banned(_Happening, frozen=True):
    """The address of a host is banned, and its connections end."""

    host: str
    for_s: float


class Maintenance(_Happening, frozen=True):
    """For so long everything is answered 503, and all WebSockets are cut."""

    for_s: float


class Leaving(_Happening, frozen=True):
    """Every WebSocket is told `serverShutdown`, and ended `lead_s` later."""

    lead_s: float


class Dropped(_Happening, frozen=True):
    """Every WebSocket of one kind, or of both, ends, or stays open and says nothing any more."""

    on: Literal["ws_api", "market"] | None
    how: Literal["reset", "close", "mute"]


Happening = WrongClock | Halted | Reweighed | Relimited | Banned | Maintenance | Leaving | Dropped


def limits(weight: int, orders: int) -> LimitProfile:
    """Production's limits with another weight per minute, and other unfilled orders per ten seconds."""
    instead = {(WEIGHT, "MINUTE"): weight, (ORDERS, "SECOND"): orders}
    rows = [
        msgspec.structs.replace(row, limit=instead.get((row.rate_limit_type, row.interval), row.limit))
        for row in PRODUCTION_LIMITS.rows
    ]
    return msgspec.structs.replace(PRODUCTION_LIMITS, rows=tuple(rows))
