"""Which limits hold: the rows of exchangeInfo, and those that it does not show.

Numbers of production: exchangeInfo's `rateLimits`, and the official pages *WebSocket Streams* (WebSocket
limits) and *WebSocket API* (connection limits, IP limits).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal, get_args

import msgspec

from surefoot.errors import Misuse

WEIGHT, RAW, ORDERS, CONNECTIONS = "REQUEST_WEIGHT", "RAW_REQUESTS", "ORDERS", "CONNECTIONS"
ProfileName = Literal["production", "generous"]

_UNITS_US = {"SECOND": 1_000_000, "MINUTE": 60_000_000, "HOUR": 3_600_000_000, "DAY": 86_400_000_000}
_PLENTY = 1_000_000_000
_KINDS = Literal["REQUEST_WEIGHT", "RAW_REQUESTS", "ORDERS", "CONNECTIONS"]
_Unit = Literal["SECOND", "MINUTE", "HOUR", "DAY"]
_Count = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
_Length = Annotated[int, msgspec.Meta(ge=1, le=1_000)]


class Limit(msgspec.Struct, frozen=True, rename="camel"):
    """One row of exchangeInfo's `rateLimits`."""

    rate_limit_type: str
    interval: str
    interval_num: int
    limit: int

    @property
    def window_us(self) -> int:
        """Length of the window in microseconds."""
        return _UNITS_US[self.interval] * self.interval_num

    @property
    def words(self) -> str:
        """The interval as messages say it."""
        return f"{self.interval_num} {self.interval}"

    @property
    def span(self) -> tuple[str, str, int]:
        """What is counted over which interval: two rows with the same span are the same limit."""
        return self.rate_limit_type, self.interval, self.interval_num


class LimitProfile(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """All limits of an exchange. Of a kind without a row there is no limit.

    `streams_per_connection` and `messages_per_second` bound a connection to the market streams,
    `connect_weight` is what it costs to connect to the WebSocket API. With `weight_hidden_on_orders`, answers
    to successful order calls say -1 where others say the weight used: not documented, but seen at Binance.
    """

    rows: tuple[Limit, ...]
    streams_per_connection: int = 1024
    messages_per_second: int = 5
    connect_weight: int = 2
    weight_hidden_on_orders: bool = False


PRODUCTION = LimitProfile(
    rows=(
        Limit(WEIGHT, "MINUTE", 1, 6_000),
        Limit(ORDERS, "SECOND", 10, 100),
        Limit(ORDERS, "DAY", 1, 200_000),
        Limit(RAW, "MINUTE", 5, 300_000),
        Limit(CONNECTIONS, "MINUTE", 5, 300),
    )
)
GENEROUS = LimitProfile(
    rows=tuple(msgspec.structs.replace(row, limit=_PLENTY) for row in PRODUCTION.rows),
    streams_per_connection=_PLENTY,
    messages_per_second=_PLENTY,
)
PROFILES: Mapping[str, LimitProfile] = {"production": PRODUCTION, "generous": GENEROUS}


class _Row(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    rate_limit_type: _KINDS
    interval: _Unit
    interval_num: _Length
    limit: _Count


class LimitChanges(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """Some limits, as JSON says them: `rateLimits` in the shape of exchangeInfo, and the fields of
    `LimitProfile`. What is left out stays as it is.
    """

    rate_limits: tuple[_Row, ...] = ()
    streams_per_connection: _Count | msgspec.UnsetType = msgspec.UNSET
    messages_per_second: _Count | msgspec.UnsetType = msgspec.UNSET
    connect_weight: _Count | msgspec.UnsetType = msgspec.UNSET
    weight_hidden_on_orders: bool | msgspec.UnsetType = msgspec.UNSET

    def over(self, base: LimitProfile) -> LimitProfile:
        """These in place of what `base` says of the same."""
        given = [msgspec.convert(row, Limit, from_attributes=True) for row in self.rate_limits]
        rows = {row.span: row for row in (*base.rows, *given)}
        others = LimitChanges.__struct_fields__[1:]
        told = {name: getattr(self, name) for name in others if getattr(self, name) is not msgspec.UNSET}
        return msgspec.structs.replace(base, rows=tuple(rows.values()), **told)


Given = ProfileName | LimitProfile | LimitChanges | Mapping[str, Any] | Sequence[Mapping[str, Any]]
"""A profile by its name, a whole one, or what differs: `LimitChanges`, the same in JSON's shape, or only its
`rateLimits`.
"""


def limits_of(info: Mapping[str, Any]) -> LimitProfile:
    """What an exchangeInfo says; what it does not show is as in production."""
    rows = tuple(msgspec.convert(dict(row), Limit) for row in info["rateLimits"])
    if not any(row.rate_limit_type == CONNECTIONS for row in rows):
        rows += _of_kind(PRODUCTION.rows, CONNECTIONS)
    return LimitProfile(rows=rows)


def profile(given: Given | None, base: LimitProfile) -> LimitProfile:
    """The limits that are meant, `base` for all that is not said; raises `Misuse` for what is no limit."""
    if given is None:
        return base
    if isinstance(given, LimitProfile):
        return given
    if isinstance(given, str):
        return named(given)
    if isinstance(given, LimitChanges):
        return given.over(base)
    return read(given).over(base)


def named(name: str) -> LimitProfile:
    """The profile of that name; raises `Misuse`."""
    if name not in PROFILES:
        known = ", ".join(get_args(ProfileName))
        raise Misuse(f"limits {name!r} are neither a profile ({known}) nor a file of changes")
    return PROFILES[name]


def read(given: object) -> LimitChanges:
    """Changes in JSON's shape, taken apart; raises `Misuse` that names what is wrong."""
    changes = {"rateLimits": given} if isinstance(given, list | tuple) else given
    try:
        return msgspec.convert(changes, LimitChanges)
    except msgspec.ValidationError as error:
        text = "limits are an object with `rateLimits` like exchangeInfo's, or that list alone"
        raise Misuse(f"these are no limits: {error}; {text}") from None


def _of_kind(rows: Iterable[Limit], kind: str) -> tuple[Limit, ...]:
    return tuple(row for row in rows if row.rate_limit_type == kind)
