"""The front of the exchange: REST requests in, answers out, and all that an operation counts and sets off."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec

from surefoot.exchange.calls import CALLS
from surefoot.exchange.calls.desk import Ask, Desk
from surefoot.exchange.core.commands import BalanceChange, Report, TradeTick
from surefoot.exchange.door.firewall import PAGE, suspicious
from surefoot.exchange.door.hub import Hub
from surefoot.exchange.door.lagging import lagging
from surefoot.exchange.door.weights import Weights
from surefoot.exchange.keys import Key, KeyRing
from surefoot.exchange.limits.bans import BANNED
from surefoot.exchange.render import amounts
from surefoot.serve.answers import Used, limit_headers, rest_answer, rest_denial
from surefoot.serve.authentication import encoded, known_key, permitted, signed_by, timely
from surefoot.serve.denial import Denial
from surefoot.serve.forms import Form, read_form
from surefoot.serve.judge import judge
from surefoot.serve.route import Route
from surefoot.serve.venues import BINANCE, Venue
from surefoot.spot.enums import ExecutionType, OrderStatus
from surefoot.wire import HttpRequest, HttpResponse

_UNITS = {"MILLISECOND": amounts.MILLISECONDS, "MICROSECOND": amounts.MICROSECONDS}
_UNJUDGED, _UNTOLD = 1, -1
_MILLISECOND = "MILLISECOND"
_NOT_FOUND, _GONE, _NOT_ACCEPTABLE = 404, 410, 406
_NOT_FOUND_PAGE = b"<html><body><h1>404 Not found</h1></body></html>"
_SBE = "application/sbe"
_JSON_TOO = frozenset({"application/json", "application/*", "*/*"})

_encode = msgspec.json.Encoder().encode


def time_unit(text: str) -> int:
    """Microseconds per tick of the answer's times; raises `Denial` -1194."""
    try:
        return _UNITS[text.upper() if text in {"millisecond", "microsecond"} else text]
    except KeyError:
        words = "Invalid value for time unit; expected either MICROSECOND or MILLISECOND."
        raise Denial(-1194, words) from None


def unsupported(status: int) -> Denial:
    """An operation that does not exist here (404), or no longer (410)."""
    return Denial(-1020, "This operation is not supported.", status=status)


class Seen(msgspec.Struct, frozen=True):
    """How the exchange sees one request: what its clock said when the request came, by which timestamps are
    judged; and how much younger than its newest orders the state is that queries are answered from.
    """

    clock_us: int
    lag_us: int = 0

    def by(self, ask: Ask) -> Ask:
        """The request, seen that way."""
        if self.lag_us == 0 and self.clock_us == ask.now_us:
            return ask
        return msgspec.structs.replace(ask, clock_us=self.clock_us, lag_us=self.lag_us)


class Front:
    """Requests of every kind meet here: limits first, then who asks, then what, then the engine."""

    def __init__(self, desk: Desk, keys: KeyRing, hub: Hub, venue: Venue = BINANCE) -> None:
        self.venue = venue
        self.desk = desk
        self.keys = keys
        self.limiter = desk.limiter
        self.hub = hub
        self.weights = Weights()
        self.on_ban: Callable[[str], None] = lambda address: None
        """Told every address that is banned, once all answers under way are out."""

    def rest(self, request: HttpRequest, address: str, now_us: int, seen: Seen | None = None) -> HttpResponse:
        """Answer one REST request. `now_us` is the exchange's clock in microseconds since 1970; `seen` is
        given where the request is seen at another time than that, or sees less than there is.
        """
        if suspicious(request):
            return HttpResponse(403, {"content-type": "text/html"}, PAGE)
        used: list[Used] = []
        try:
            body = _encode(self._rest_result(request, address, now_us, used, seen or Seen(now_us)))
        except Denial as denial:
            if denial.status == _NOT_FOUND and "text/html" in request.headers.get("accept", ""):
                headers = {"content-type": "text/html", **self._headers(address, now_us, used)}
                return HttpResponse(404, headers, _NOT_FOUND_PAGE)
            answer = rest_denial(denial, self._headers(address, now_us, used), now_us // 1000)
        else:
            answer = rest_answer(body, self._headers(address, now_us, used) | self._hidden(request))
        self.settle(now_us)
        return answer

    def perform(self, route: Route, ask: Ask, address: str) -> Any:
        """Do what is asked and count it; raises `Denial`."""
        cost = self._cost(route, ask)
        if not (route.free_on_success or route.free_if_expired):
            self.limiter.spend(address, cost, ask.now_us)
            return lagging(CALLS[route.operation](self.desk, ask), ask)
        with self.charging(address, ask.now_us, cost):
            result = (
                self._ordered(route, ask, address)
                if route.order_count
                else CALLS[route.operation](self.desk, ask)
            )
        if route.free_if_expired and result["amendedOrder"]["status"] != OrderStatus.EXPIRED:
            self.limiter.charge(address, cost, ask.now_us)
        return result

    def _cost(self, route: Route, ask: Ask) -> int:
        cost = route.weight.of(ask.values)
        if route.weight_if_unlisted is not None and ask.values["symbol"] not in self.desk.engine.listings:
            cost = route.weight_if_unlisted
        return self.weights.of(route.operation, cost)

    def _ordered(self, route: Route, ask: Ask, address: str) -> Any:
        """A call that adds to the unfilled order count, also when only half of it is done."""
        account, count = ask.owner.name, route.order_count
        limited = self.limiter.orders.too_many(account, count, ask.now_us)
        told = None if limited is None else self.venue.told(limited)
        if limited is not None and ask.values.get("orderRateLimitExceededMode") != "CANCEL_ONLY":
            self.limiter.insisted(address, limited, ask.now_us)
            raise self.venue.told(limited)
        try:
            result = CALLS[route.operation](self.desk, msgspec.structs.replace(ask, too_many_orders=told))
        except Denial as denial:
            if denial.data is not None and limited is None:
                self.limiter.orders.add(account, count, ask.now_us)
            raise
        self.limiter.orders.add(account, count, ask.now_us)
        return result

    @contextmanager
    def charging(self, address: str, now_us: int, weight: int = _UNJUDGED) -> Iterator[None]:
        """Only a refusal costs its address something: 1 when its weight is not known yet."""
        try:
            yield
        except Denial as denial:
            if denial.status != BANNED:
                self.limiter.spend(address, weight, now_us)
            raise

    def settle(self, now_us: int) -> None:
        """Tell the world what the engine did since the last time."""
        outbox = self.desk.engine.outbox
        effects = tuple(outbox)
        outbox.clear()
        for effect in effects:
            if isinstance(effect, TradeTick):
                self.desk.data[effect.symbol].add(effect)
            elif isinstance(effect, BalanceChange):
                self.desk.updated_us[effect.account] = effect.time_us
            elif isinstance(effect, Report) and _first_fill(effect):
                self.limiter.orders.first_fill(effect.account, maker=effect.is_maker, now_us=now_us)
        self.hub.dispatch(effects)
        for address in self.limiter.bans.take_fresh():
            self.on_ban(address)
        for ended in self.desk.listen_keys.take_ended():
            self.hub.end_listen_key(ended, now_us)

    def _rest_result(
        self, request: HttpRequest, address: str, now_us: int, used: list[Used], seen: Seen
    ) -> Any:
        path = request.target.partition("?")[0]
        route = self.venue.rest_route(request.method, path)
        self.limiter.knock(address, now_us)
        self.limiter.within(address, now_us)
        with self.charging(address, now_us):
            _speaks_json(request.headers.get("accept", ""))
            if route is None:
                raise unsupported(_GONE if path in self.venue.removed_paths else _NOT_FOUND)
            named = request.headers.get("x-mbx-time-unit", _MILLISECOND)
            unit = time_unit(named if self.venue.microseconds else _MILLISECOND)
            form = read_form(request)
            asks = route.signed or route.key_only
            key = self._signer(route, request, form, address, seen.clock_us) if asks else None
        try:
            with self.charging(address, now_us):
                values = judge(route, form.values)
            ask = Ask(now_us=now_us, values=values, unit=unit, key=key)
            return self.perform(route, seen.by(ask), address)
        finally:
            if key:  # order counts are an account's, so every answer that has one says them
                used.extend(self.limiter.orders.used(key.account.name, now_us))

    def _signer(self, route: Route, request: HttpRequest, form: Form, address: str, clock_us: int) -> Key:
        key = known_key(self.keys, request.headers.get("x-mbx-apikey"))
        permitted(key, route.security, address, clock_us)
        if route.key_only:
            return key
        timely(form.values, clock_us)
        signed_by(key, form.payload, form.values.get("signature"))
        encoded(form.payload)
        return key

    def _headers(self, address: str, now_us: int, used: Sequence[Used]) -> dict[str, str]:
        return limit_headers([*self.limiter.weight_used(address, now_us), *used])

    def _hidden(self, request: HttpRequest) -> dict[str, str]:
        """Headers that do not tell the weight used, where a successful order call is not to tell it."""
        if not self.limiter.profile.weight_hidden_on_orders:
            return {}
        route = self.venue.rest_route(request.method, request.target.partition("?")[0])
        if route is None or not route.free_on_success:
            return {}
        untold = [msgspec.structs.replace(one, count=_UNTOLD) for one in self.limiter.weight_used("", 0)]
        return limit_headers(untold)


def _first_fill(report: Report) -> bool:
    return report.execution_type is ExecutionType.TRADE and report.order.executed_qty == report.last_qty


def _speaks_json(accept: str) -> None:
    if not accept:
        return
    kinds = {kind.partition(";")[0].strip().lower() for kind in accept.split(",")}
    if _SBE in kinds and not kinds & _JSON_TOO:
        raise Denial(-1155, "SBE is not enabled.", status=_NOT_ACCEPTABLE)
