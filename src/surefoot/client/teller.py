"""Tells what the client does, as observations (OBS-1). Costs nothing for what nobody hears."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from surefoot.client.timesync import Measurement, astray
from surefoot.codec.answers import UNREADABLE
from surefoot.codec.rest import SignedRequest
from surefoot.rules.outcomes import Done, NotDelivered, Outcome, Said, Unknown
from surefoot.spot.events import Event, ExecutionReport
from surefoot.spot.request import Request
from surefoot.telemetry.observations import (
    ClockMeasured,
    EventHeard,
    GapSeen,
    Held,
    LimitHit,
    NonsenseHeard,
    Noted,
    RequestSent,
    ResponseHeard,
    Retried,
    Sink,
    Warned,
)
from surefoot.values import UNSET, Secret, whole

_BODY_BYTES = 4096  # OBS-1
_KEY_TAIL = 6
_REPORTED = ("order_id", "status", "executed_qty", "cummulative_quote_qty", "transact_time")
_WEIGHT, _ORDERS = "x-mbx-used-weight-", "x-mbx-order-count-"


def client_order_id(request: Request[Any]) -> str | None:
    """The client order id that `request` is about, if any."""
    for name in ("new_client_order_id", "orig_client_order_id", "list_client_order_id"):
        given = getattr(request, name, UNSET)
        if given is not UNSET:
            return str(given)
    return None


def _path(request: Request[Any]) -> str:
    return request.endpoint.path or request.endpoint.ws_method


class Teller:
    """Turns what happens into observations of one environment and one key."""

    def __init__(
        self,
        environment: str,
        api_key: Secret | None,
        *,
        now_ms: Callable[[], int],
        offset_ms: Callable[[], float],
        sink: Sink,
    ) -> None:
        self._environment = environment
        self._api_key = api_key.reveal() if api_key else ""
        self._key_tail = self._api_key[-_KEY_TAIL:] or None
        self._now_ms = now_ms
        self._offset_ms = offset_ms
        self._sink = sink

    def sent(self, request: Request[Any], spelled: SignedRequest) -> None:
        """A request is about to leave."""
        if not self._sink.hears(RequestSent):
            return
        payload = spelled.payload
        self._sink.tell(
            RequestSent(
                time_ms=self._now_ms(),
                environment=self._environment,
                method=spelled.method,
                path=_path(request),
                params=shown(spelled),
                payload_sha256=hashlib.sha256(payload.encode()).hexdigest() if payload else None,
                key_tail=self._key_tail if payload else None,
                recv_window_ms=spelled.recv_window_ms,
                offset_ms=round(self._offset_ms(), 3),
                client_order_id=client_order_id(request),
            )
        )

    def heard(
        self, request: Request[Any], spelled: SignedRequest, outcome: Outcome, latency_ms: float
    ) -> None:
        """An answer came, or none."""
        if not self._sink.hears(ResponseHeard):
            return
        said = _said(outcome)
        body = bytes(said.result)
        executed = isinstance(outcome, Done) and request.endpoint.mutates
        self._sink.tell(
            ResponseHeard(
                time_ms=self._now_ms(),
                environment=self._environment,
                method=spelled.method,
                path=_path(request),
                outcome=type(outcome).__name__,
                latency_ms=round(latency_ms, 3),
                status=said.status or None,
                code=said.code,
                message=said.message,
                body=_redacted(body, self._api_key),
                used_weight=_counted(said.headers, _WEIGHT),
                order_count=_counted(said.headers, _ORDERS),
                client_order_id=client_order_id(request),
                order=_order_facts(body) if executed else {},
            )
        )

    def retried(self, request: Request[Any], reason: str) -> None:
        """Something is sent again."""
        if self._sink.hears(Retried):
            self._sink.tell(
                Retried(
                    time_ms=self._now_ms(),
                    environment=self._environment,
                    method=request.endpoint.method or request.endpoint.ws_method,
                    path=_path(request),
                    reason=reason,
                    client_order_id=client_order_id(request),
                )
            )

    def held(self, request: Request[Any], retry_at_ms: int | None, reason: str) -> None:
        """A request did not leave: there is no room for it in time."""
        if self._sink.hears(Held):
            self._sink.tell(
                Held(
                    time_ms=self._now_ms(),
                    environment=self._environment,
                    path=_path(request),
                    reason=reason,
                    retry_at_ms=retry_at_ms,
                    client_order_id=client_order_id(request),
                )
            )

    def limited(self, status: int, code: int | None, until_ms: int) -> None:
        """The exchange wants to hear nothing until then."""
        if self._sink.hears(LimitHit):
            self._sink.tell(
                LimitHit(
                    time_ms=self._now_ms(),
                    environment=self._environment,
                    status=status,
                    code=code,
                    until_ms=until_ms,
                )
            )

    def clock(self, measured: Measurement) -> None:
        """Clocks were compared."""
        if self._sink.hears(ClockMeasured):
            self._sink.tell(
                ClockMeasured(
                    time_ms=self._now_ms(),
                    environment=self._environment,
                    offset_ms=round(self._offset_ms(), 3),
                    round_trip_ms=round(measured.round_trip_ms, 3),
                    drift_ms=round(measured.drift_ms, 3),
                    drift_ppm=None if measured.drift_ppm is None else round(measured.drift_ppm, 1),
                )
            )
        for text in astray(measured.drift_ms, self._offset_ms()):
            self.warn(text)

    def hears_events(self) -> bool:
        """Whether somebody hears what `event` tells."""
        return self._sink.hears(EventHeard)

    def event(self, event: Event) -> None:
        """A stream said something."""
        if not self._sink.hears(EventHeard):
            return
        report = event if isinstance(event, ExecutionReport) else None
        self._sink.tell(
            EventHeard(
                time_ms=self._now_ms(),
                environment=self._environment,
                event=type(event).__name__,
                client_order_id=report.placed_as if report else None,
                order={name: str(getattr(report, name)) for name in _REPORTED} if report else {},
            )
        )

    def nonsense(self, text: str) -> None:
        """The other side broke the protocol."""
        if self._sink.hears(NonsenseHeard):
            self._sink.tell(NonsenseHeard(time_ms=self._now_ms(), environment=self._environment, text=text))

    def note(self, text: str) -> None:
        """Something that a person may want to know, and nothing went wrong."""
        if self._sink.hears(Noted):
            self._sink.tell(Noted(time_ms=self._now_ms(), environment=self._environment, text=text))

    def warn(self, text: str) -> None:
        """Something that a person should look into soon."""
        if self._sink.hears(Warned):
            self._sink.tell(Warned(time_ms=self._now_ms(), environment=self._environment, text=text))

    def gap(self, stream: str, since_ms: int, until_ms: int, reason: str) -> None:
        """A stream was deaf."""
        if self._sink.hears(GapSeen):
            self._sink.tell(
                GapSeen(
                    time_ms=self._now_ms(),
                    environment=self._environment,
                    stream=stream,
                    since_ms=since_ms,
                    until_ms=until_ms,
                    reason=reason,
                )
            )


def _redacted(body: bytes, api_key: str) -> str | None:
    """The body's beginning without the API key, which session.logon says back."""
    text = body[: _BODY_BYTES + len(api_key)].decode(errors="replace")
    if api_key:
        text = text.replace(api_key, f"…{api_key[-_KEY_TAIL:]}")
    return text[:_BODY_BYTES] or None


def shown(spelled: SignedRequest) -> str:
    """The parameters without key and signature: what may be logged."""
    if spelled.payload:
        return "&".join(part for part in spelled.payload.split("&") if not part.startswith("apiKey="))
    _, _, query = spelled.target.partition("?")
    return query or spelled.body.decode()


def _said(outcome: Outcome) -> Said:
    if isinstance(outcome, NotDelivered):
        return Said(status=0, message=outcome.reason)
    if isinstance(outcome, Unknown):
        return outcome.said or Said(status=0, message=outcome.reason)
    return outcome.said


def _counted(headers: Mapping[str, str], prefix: str) -> Mapping[str, int]:
    """Counts by interval, from headers such as ``x-mbx-used-weight-1m: 12``."""
    named = ((name, whole(text)) for name, text in headers.items() if name.startswith(prefix))
    return {name[len(prefix) :]: count for name, count in named if count is not None}


class _Executed(msgspec.Struct, rename="camel"):
    order_id: int | None = None
    transact_time: int | None = None
    status: str | None = None
    executed_qty: str | None = None
    cummulative_quote_qty: str | None = None
    fills: tuple[msgspec.Raw, ...] = ()


_EXECUTED = msgspec.json.Decoder(_Executed)


def _order_facts(body: bytes) -> Mapping[str, Any]:
    try:
        executed = _EXECUTED.decode(body)
        fills = [msgspec.json.decode(fill) for fill in executed.fills]
    except UNREADABLE:
        return {"unreadable": True}
    return {name: getattr(executed, name) for name in _REPORTED} | {"fills": fills}
