"""One connection to the WebSocket API: frames in, answers and events out (official page *WebSocket API*)."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from surefoot.exchange.calls.desk import Ask
from surefoot.exchange.door.front import Front, Seen, unsupported
from surefoot.exchange.door.session_calls import ALWAYS_SIGNED, SESSION_CALLS, Login, Options, Turn
from surefoot.exchange.door.subscriptions import Subscriptions
from surefoot.exchange.feeds.listeners import POLICY_VIOLATION, UserListener, Wire
from surefoot.exchange.keys import Key
from surefoot.exchange.limits.bans import BANNED
from surefoot.exchange.render.events import terminated
from surefoot.exchange.render.streams import server_shutdown
from surefoot.serve.answers import Used, envelope, ws_denial
from surefoot.serve.authentication import known_key, permitted, rejected, signed_by, timely
from surefoot.serve.denial import Denial, invalid, missing
from surefoot.serve.frames import BadFrame, Frame, read_frame
from surefoot.serve.judge import judge
from surefoot.serve.route import Route
from surefoot.serve.venues import Venue
from surefoot.spot.enums import SecurityType

_GONE, _BAD_REQUEST = 410, 400
_UNJUDGED = 1
_RETURN_LIMITS = "returnRateLimits"
_BOOLEANS = {"true": True, "false": False}
_encode = msgspec.json.Encoder().encode

Deliver = Callable[[bytes], object]
"""Takes one answer on its way to the other side."""


class ApiSession:
    """Answers the frames of one connection, in their order. `on_text` and `over` are called by the shell.

    `wire_of` says where the events of an account go, if not where the answers go.
    """

    def __init__(
        self,
        front: Front,
        wire: Wire,
        address: str,
        options: Options,
        now_us: int,
        *,
        wire_of: Callable[[str], Wire] | None = None,
    ) -> None:
        self._front = front
        self._wire = wire
        self._address = address
        subscriptions = Subscriptions(front.hub, wire, options.unit, wire_of)
        self._login = Login(options, subscriptions, now_us)
        self.ended = False

    def on_text(
        self, data: bytes, now_us: int, seen: Seen | None = None, deliver: Deliver | None = None
    ) -> None:
        """Answer one request; its consequences are told afterwards. `deliver` takes the answer, if not the
        wire; `seen` is given where the request is seen at another time than `now_us`.
        """
        deliver = deliver or self._wire.send
        try:
            frame = read_frame(data)
        except BadFrame as bad:
            self._refuse(bad, now_us, deliver)
        else:
            relying = self._login.key is not None and self._relies(frame)
            if self._still_valid(now_us) or not relying:
                self._answer(frame, now_us, seen or Seen(now_us), deliver)
        self._front.settle(now_us)

    def instead(self, frame: Frame, status: int, content: tuple[str, Any], now_us: int) -> bytes:
        """An answer that did not come from here."""
        shown = _shown(frame.values, self._login.options.return_rate_limits)
        used = self._front.limiter.weight_used(self._address, now_us)
        return envelope(frame.id, status, content, used if shown else None)

    def asker(self, frame: Frame) -> str:
        """The account that a frame says it comes from; empty where that is none."""
        key = self._login.key
        if "apiKey" in frame.values:
            key = self._front.keys.find(frame.values["apiKey"])
        return key.account.name if key else ""

    def over(self) -> None:
        """The connection is closed: nobody listens any more."""
        self.ended = True
        self._login.subscriptions.close_all()

    def shutdown_event(self, now_us: int) -> bytes:
        """What this connection is told before the exchange ends it."""
        return _encode({"event": server_shutdown(now_us, self._login.options.unit)})

    def _refuse(self, bad: BadFrame, now_us: int, deliver: Deliver) -> None:
        """What cannot be read is counted, limited and answered like every other request."""
        said: Denial = bad
        try:
            self._front.limiter.within(self._address, now_us)
            with self._front.charging(self._address, now_us):
                raise bad
        except Denial as denial:
            said = denial
        used = self._front.limiter.weight_used(self._address, now_us)
        shown = used if self._login.options.return_rate_limits else None
        deliver(envelope(bad.id, said.status, ws_denial(said, now_us // 1000), shown))
        self._part(said.status)

    def _still_valid(self, now_us: int) -> bool:
        """Whether the key of the log-on is as good as it was; if not, the session is revoked, and told so."""
        key = self._login.key
        if key is None:
            return True
        now = self._front.keys.find(key.api_key)
        may = now is not None and now.allows(SecurityType.USER_STREAM, self._address, now_us)
        if now is not None and may and not now.lost(key):
            self._login.key = now
            return True
        self._login.key = self._login.authorized_us = None
        ended = self._login.subscriptions.close_of_logon()
        self._front.limiter.charge(self._address, _UNJUDGED, now_us)
        self._wire.send(envelope(None, rejected().status, ws_denial(rejected(), now_us // 1000), None))
        for listener in ended:
            listener.hear(_encode(terminated(now_us, listener.unit)))
        return False

    def _relies(self, frame: Frame) -> bool:
        """Whether the request is to be made with the session's key."""
        route = self._front.venue.ws_route(frame.method)
        return route is not None and route.signed and not _explicit(route, frame)

    def _part(self, status: int) -> None:
        """Who is banned is disconnected."""
        if status == BANNED:
            self._wire.close(POLICY_VIOLATION, "banned")

    def _answer(self, frame: Frame, now_us: int, seen: Seen, deliver: Deliver) -> None:
        shown = _shown(frame.values, self._login.options.return_rate_limits)
        ended: list[UserListener] = []
        used: list[Used] = []
        try:
            result, ended = self._result(frame, now_us, used, seen)
            status, content = 200, ("result", result)
        except Denial as denial:
            status, content = denial.status, ws_denial(denial, now_us // 1000)
        used.extend(self._front.limiter.weight_used(self._address, now_us))
        deliver(envelope(frame.id, status, content, used if shown else None))
        self._part(status)
        for listener in ended:
            listener.hear(_encode(terminated(now_us, listener.unit)))

    def _result(
        self, frame: Frame, now_us: int, used: list[Used], seen: Seen
    ) -> tuple[Any, list[UserListener]]:
        self._front.limiter.within(self._address, now_us)
        with self._front.charging(self._address, now_us):
            route = _route(self._front.venue, frame.method)
            asks = route.signed or route.key_only
            key = self._signer(route, frame, seen.clock_us) if asks else None
            values = judge(route, _given(frame.values), ws_api=True)
        if route.operation in SESSION_CALLS:
            weight = self._front.weights.of(route.operation, route.weight.of(values))
            self._front.limiter.spend(self._address, weight, now_us)
            return SESSION_CALLS[route.operation](self._login, Turn(seen.clock_us, values, key))
        ask = Ask(now_us=now_us, values=values, unit=self._login.options.unit, key=key, ws_api=True)
        return self._ask(route, seen.by(ask), used), []

    def _ask(self, route: Route, ask: Ask, used: list[Used]) -> Any:
        try:
            return self._front.perform(route, ask, self._address)
        finally:
            if route.order_count and ask.key:
                used.extend(self._front.limiter.orders.used(ask.key.account.name, ask.now_us))

    def _signer(self, route: Route, frame: Frame, clock_us: int) -> Key:
        """Whose request it is: an explicit key with its signature wins over the session's."""
        given = frame.values
        if self._login.key is not None and not _explicit(route, frame):
            permitted(self._login.key, route.security, self._address, clock_us)
            timely(given, clock_us)
            return self._login.key
        if "apiKey" not in given:
            raise missing("apiKey")
        key = known_key(self._front.keys, given["apiKey"])
        permitted(key, route.security, self._address, clock_us)
        if route.key_only:
            return key
        timely(given, clock_us)
        signed_by(key, frame.payload, given.get("signature"))
        return key


def _route(venue: Venue, method: str) -> Route:
    route = venue.ws_route(method)
    if route is None:
        gone = method.removeprefix("v3/") in venue.removed_methods
        raise unsupported(_GONE if gone else _BAD_REQUEST)
    return route


def _explicit(route: Route, frame: Frame) -> bool:
    """Whether the request names a key of its own."""
    return route.operation in ALWAYS_SIGNED or not frame.values.keys().isdisjoint({"apiKey", "signature"})


def _shown(values: Mapping[str, str], default: bool) -> bool:
    """Whether this answer carries `rateLimits`: a request may say so for itself."""
    return _BOOLEANS.get(values.get(_RETURN_LIMITS, ""), default)


def _given(values: Mapping[str, str]) -> Mapping[str, str]:
    """The operation's own parameters; raises `Denial` -1130 for a `returnRateLimits` that is no boolean."""
    if _RETURN_LIMITS not in values:
        return values
    if values[_RETURN_LIMITS] not in _BOOLEANS:
        raise invalid(_RETURN_LIMITS)
    return {name: text for name, text in values.items() if name != _RETURN_LIMITS}
