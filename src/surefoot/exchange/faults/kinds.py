"""What can go wrong with one request or one event: a struct for each, so that one JSON object spells it.

In JSON the member ``kind`` names the fault (`latency`, `lost_answer`, …). Times are milliseconds. What each
of them does, and which behaviour of a client it is meant to test, is listed in ``docs/reference/faults.md``.
"""

from typing import Annotated, Literal

import msgspec

Milliseconds = Annotated[float, msgspec.Meta(ge=0, le=86_400_000)]
How = Literal["close", "reset", "silence", "half_open"]
"""How a connection ends that brings no answer: the words of `surefoot.net.endings`."""

ENGINE_PATIENCE_MS = 10_000
"""So long the API waits for its engine before it answers -1007 (official page *General API Information*)."""


class _Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="kind"):
    """What all faults share: their spelling."""


class Latency(_Fault, frozen=True, tag="latency"):
    """The request arrives `ms` later, or its answer leaves later; `jitter_ms` adds up to that, by seed."""

    ms: Milliseconds = 0
    jitter_ms: Milliseconds = 0
    leg: Literal["request", "answer"] = "request"


class LostAnswer(_Fault, frozen=True, tag="lost_answer"):
    """What was asked is done, and nobody is told; `how` the connection ends."""

    how: How = "close"


class LostRequest(_Fault, frozen=True, tag="lost_request"):
    """What was asked never reaches the exchange, and no answer comes; `how` the connection ends."""

    how: How = "reset"


class Answer(_Fault, frozen=True, tag="answer"):
    """Another answer than the exchange's own: an HTTP `status`, a `code` with its documented words, or both.

    `body` is ``html`` by itself for 403 and 451, else ``json``. `retry_after_s` is said by itself with 429
    (10 s) and 418 (120 s); 0 leaves it out. With `executed` the exchange does what was asked all the same.
    """

    status: Annotated[int, msgspec.Meta(ge=200, le=599)] | None = None
    code: Annotated[int, msgspec.Meta(lt=0)] | None = None
    message: str | None = None
    body: Literal["json", "html", "empty"] | None = None
    retry_after_s: Annotated[int, msgspec.Meta(ge=0)] | None = None
    executed: bool = False


class SlowEngine(_Fault, frozen=True, tag="slow_engine"):
    """The engine needs `ms` for it. At 10 s the API gives up with -1007: then `executed` says whether the
    engine did it nevertheless, at that last moment.
    """

    ms: Annotated[float, msgspec.Meta(ge=0, le=ENGINE_PATIENCE_MS)] = ENGINE_PATIENCE_MS
    executed: bool = True


class ReadLag(_Fault, frozen=True, tag="read_lag"):
    """Queries see nothing of orders, lists and trades younger than `ms`: -2013, or a row less."""

    ms: Milliseconds = 5_000


class BadBody(_Fault, frozen=True, tag="bad_body"):
    """What was asked is done (unless not `executed`), but the answer under `status` cannot be understood."""

    how: Literal["truncated", "html", "other_shape", "wrong_length", "garbage", "broken_gzip"] = "truncated"
    status: Annotated[int, msgspec.Meta(ge=200, le=599)] = 200
    executed: bool = True


class Duplicate(_Fault, frozen=True, tag="duplicate"):
    """The event is sent `times` more than once."""

    times: Annotated[int, msgspec.Meta(ge=1, le=100)] = 1


class Withhold(_Fault, frozen=True, tag="withhold"):
    """The event comes `ms` late, or never without them."""

    ms: Milliseconds | None = None


class Reorder(_Fault, frozen=True, tag="reorder"):
    """The event comes after the next one of its connection, at the latest `within_ms` later."""

    within_ms: Milliseconds = 1_000


class Cut(_Fault, frozen=True, tag="cut"):
    """The event is lost, and its connection with it: torn (`reset`) or ended with 1001 (`close`)."""

    how: Literal["reset", "close"] = "reset"


class Mute(_Fault, frozen=True, tag="mute"):
    """From this event on the connection stays open and says nothing any more: no events, answers or pongs."""


RequestFault = Latency | LostAnswer | LostRequest | Answer | SlowEngine | ReadLag | BadBody
EventFault = Duplicate | Withhold | Reorder | Cut | Mute
Fault = RequestFault | EventFault


def is_decisive(fault: Fault) -> bool:
    """Whether the fault decides what is heard of a request or an event: one of those is enough."""
    waits = isinstance(fault, SlowEngine) and fault.ms < ENGINE_PATIENCE_MS
    return not (waits or isinstance(fault, Latency | ReadLag))
