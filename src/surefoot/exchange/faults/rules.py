"""Rules as data: which request or event, how often, and which fault. One JSON object spells a rule."""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import Annotated, Any, Literal

import msgspec

from surefoot.errors import Misuse
from surefoot.exchange.faults.kinds import (
    Answer,
    EventFault,
    Fault,
    Latency,
    LostRequest,
    Milliseconds,
    RequestFault,
)
from surefoot.serve.routes import REMOVED_METHODS, ROUTES
from surefoot.serve.venues import VENUES

Channel = Literal["rest", "ws_api", "connect", "user", "market"]
"""Where something comes from: requests of both APIs, handshakes of WebSockets, events of both streams."""

_EVENTS = frozenset({"user", "market"})
_REQUESTS = frozenset({"rest", "ws_api"})
_OF_CONNECT = Answer | LostRequest
_OPERATIONS = REMOVED_METHODS | {route.operation for route in ROUTES}
_HANDSHAKES = frozenset({"ws_api", "streams"})
_CALLS = frozenset(f"{method} {path}" for venue in VENUES.values() for method, path in venue.rest)
_PATTERN = re.compile(r"[*?\[]")
_AS_A_CALL = re.compile(r"[A-Z]+ /\S+")


class Occasion(msgspec.Struct, frozen=True, kw_only=True):
    """One request or event that a rule may strike, by all of its `names`."""

    on: Channel
    names: tuple[str, ...]
    account: str = ""
    address: str = ""
    params: Mapping[str, str] = MappingProxyType({})


class Where(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which requests or events: everything that is said must hold.

    `request` is an operation (``order.place``, by REST and by WebSocket API), a method and path (``POST
    /api/v3/order``), an event (``executionReport``) or a stream (``btcusdt@trade``); ``*`` and ``?`` stand
    for anything. `account` is a name, `address` the caller's, `params` parameters with exactly these texts:
    of an event its fields, as Binance spells them (``{"x": "TRADE"}`` is a fill).
    """

    request: str = ""
    on: Channel | None = None
    account: str | None = None
    address: str | None = None
    params: dict[str, str] = msgspec.field(default_factory=dict)

    def holds(self, occasion: Occasion) -> bool:
        """Whether the occasion is meant."""
        return (
            self.on in {None, occasion.on}
            and self.account in {None, occasion.account}
            and self.address in {None, occasion.address}
            and all(occasion.params.get(name) == text for name, text in self.params.items())
            and (not self.request or any(fnmatchcase(name, self.request) for name in occasion.names))
        )


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One fault, where and how often. `where` may be just the text of a `Where.request`.

    The first `skip` occasions pass; of the others at most `times` are struck, each with `probability` by dice
    of that `seed`. The rule holds from `after_ms` after it was added, for `for_ms`.
    """

    fault: Fault
    where: Where | str = ""
    skip: Annotated[int, msgspec.Meta(ge=0)] = 0
    times: Annotated[int, msgspec.Meta(ge=1)] | None = None
    probability: Annotated[float, msgspec.Meta(ge=0, le=1)] = 1.0
    seed: int = 0
    after_ms: Milliseconds = 0
    for_ms: Milliseconds | None = None
    name: str = ""

    @property
    def place(self) -> Where:
        """`where` in full."""
        return Where(self.where) if isinstance(self.where, str) else self.where

    def meets(self, occasion: Occasion) -> bool:
        """Whether the fault can happen to such an occasion, and the rule means it."""
        return occasion.on in channels(self) and self.place.holds(occasion)


def channels(rule: Rule) -> frozenset[str]:
    """Where the rule's fault can happen: a handshake is struck only by a rule that says so."""
    if isinstance(rule.fault, EventFault):
        return _EVENTS
    return frozenset({"connect"}) if rule.place.on == "connect" else _REQUESTS


def read_rule(given: object) -> Rule:
    """A rule from what was given: a `Rule`, a fault alone, or the same as JSON values or as JSON text.

    Raises `Misuse` that names the field which is wrong.
    """
    raw = _plain(given)
    if isinstance(raw, Mapping) and "kind" in raw:
        raw = {"fault": raw}
    try:
        rule = msgspec.convert(raw, Rule)
    except msgspec.ValidationError as error:
        raise Misuse(f"a rule of faults: {error}") from None
    _coherent(rule)
    return rule


def _plain(given: object) -> Any:
    if not isinstance(given, str | bytes):
        return msgspec.to_builtins(given)
    try:
        return msgspec.json.decode(given)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Misuse(f"a rule of faults is no JSON: {error}") from None


def _coherent(rule: Rule) -> None:
    """Raises `Misuse` for a rule that could never strike."""
    kind, place = rule.fault.__struct_config__.tag, rule.place.on
    if place is not None and place not in channels(rule):
        wanted = " or ".join(sorted(channels(rule)))
        raise Misuse(f"a rule of faults: {kind} happens on {wanted}, not on {place}: change `where.on`")
    _known(rule)
    if place == "connect" and not isinstance(rule.fault, _OF_CONNECT):
        raise Misuse(f"a rule of faults: {kind} cannot happen to a handshake; answer and lost_request can")
    if isinstance(rule.fault, Latency) and not rule.fault.ms + rule.fault.jitter_ms:
        raise Misuse("a rule of faults: a latency of nothing: say `fault.ms` or `fault.jitter_ms`")
    if isinstance(rule.fault, Answer) and rule.fault.status is rule.fault.code is None:
        raise Misuse("a rule of faults: an answer without `fault.status` and `fault.code`: say one of them")


def _known(rule: Rule) -> None:
    """Raises `Misuse` for the name of an operation that there is not: such a rule would wait for ever."""
    name = rule.place.request.removeprefix("v3/")
    if isinstance(rule.fault, EventFault) or not name or _PATTERN.search(name):
        return
    if rule.place.on == "connect":
        what, names = "handshake", _HANDSHAKES
    elif _AS_A_CALL.fullmatch(name):
        what, names = "call of REST", _CALLS
    else:
        what, names = "operation", _OPERATIONS
    if name not in names:
        likely = ", ".join(get_close_matches(name, names, 3, 0))
        raise Misuse(
            f"a rule of faults: {name!r} is no {what}: what about {likely}? (`where.request`; by REST also"
            " METHOD /path)"
        )


__all__ = ["Channel", "Occasion", "RequestFault", "Rule", "Where", "channels", "read_rule"]
