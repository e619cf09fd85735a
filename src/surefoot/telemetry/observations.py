"""What a client observes, one frozen struct each (OBS-1). Secrets cannot be in them: no field holds one."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Protocol

import msgspec


class Observation(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", omit_defaults=True):
    """Something seen at `time_ms` (exchange's clock as measured) in `environment`."""

    time_ms: int
    environment: str


class RequestSent(Observation, frozen=True, tag="request"):
    """A request is about to leave. `params` lack key and signature; `payload_sha256` is of the signed
    text.
    """

    method: str
    path: str
    params: str
    payload_sha256: str | None = None
    key_tail: str | None = None
    recv_window_ms: int | None = None
    offset_ms: float | None = None
    client_order_id: str | None = None


class ResponseHeard(Observation, frozen=True, tag="response"):
    """An answer, or silence (`status` None). `body` is cut at 4 KiB; `latency_ms` is the round trip."""

    method: str
    path: str
    outcome: str
    latency_ms: float
    status: int | None = None
    code: int | None = None
    message: str | None = None
    body: str | None = None
    used_weight: Mapping[str, int] = MappingProxyType({})
    order_count: Mapping[str, int] = MappingProxyType({})
    client_order_id: str | None = None
    order: Mapping[str, Any] = MappingProxyType({})


class EventHeard(Observation, frozen=True, tag="event"):
    """An event of a stream: its name, and the facts of the order if it is about one."""

    event: str
    client_order_id: str | None = None
    order: Mapping[str, Any] = MappingProxyType({})


class Retried(Observation, frozen=True, tag="retry"):
    """The client sends something again, and why that is safe."""

    method: str
    path: str
    reason: str
    client_order_id: str | None = None


class Held(Observation, frozen=True, tag="held"):
    """A request did not leave, because the limits have no room for it in time, and when they have (None:
    never).
    """

    path: str
    reason: str
    retry_at_ms: int | None
    client_order_id: str | None = None


class LimitHit(Observation, frozen=True, tag="limit"):
    """The exchange said 429 or 418: nothing leaves until `until_ms`."""

    status: int
    code: int | None
    until_ms: int


class ClockMeasured(Observation, frozen=True, tag="clock"):
    """The clock was compared: `offset_ms` (exchange minus local), best round trip, and drift since
    last time, in all and (where that was long enough ago) in parts per million.
    """

    offset_ms: float
    round_trip_ms: float
    drift_ms: float
    drift_ppm: float | None = None


class GapSeen(Observation, frozen=True, tag="gap"):
    """A stream was deaf from `since_ms` until `until_ms`."""

    stream: str
    since_ms: int
    until_ms: int
    reason: str


class NonsenseHeard(Observation, frozen=True, tag="nonsense"):
    """The other side said what the protocol does not allow; the connection was dropped."""

    text: str


class Noted(Observation, frozen=True, tag="note"):
    """What was done instead of something that did not work, such as asking where a file could not be read."""

    text: str


class Warned(Observation, frozen=True, tag="warning"):
    """Something that works still and that a person should look into soon, such as a clock that is astray."""

    text: str


class Sink(Protocol):
    """Where observations go. Both methods must return quickly and must not raise.

    `hears` is asked before an observation is made, so that what nobody hears costs nothing.
    """

    def hears(self, kind: type[Observation]) -> bool: ...
    def tell(self, observation: Observation) -> None: ...
