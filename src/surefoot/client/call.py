"""The one conversation: spell, send, judge; once more, signed afresh, when the timestamp was stale (RETRY-1).

A flow is a plain ``async def`` over a small `Wire`. The asynchronous client suspends in it; the blocking
client's wire never does, so `run_blocking` drives the very same lines.
"""

from collections.abc import Coroutine
from typing import Any, Protocol, TypeVar

from surefoot import errors
from surefoot.client.desk import Desk
from surefoot.client.ids import identified
from surefoot.client.teller import client_order_id
from surefoot.client.timekeeping import reassured
from surefoot.client.timesync import END_OF_TIME_MS, FIRST, Effort, Measurement, Sample
from surefoot.codec.rest import SignedRequest, decode_answer
from surefoot.rules.outcomes import Done, Outcome, Said, error_of, is_stale, judge
from surefoot.spot.general import GetTime, ServerTime
from surefoot.spot.request import Request
from surefoot.wire import Lost

A = TypeVar("A")
R = TypeVar("R")


class Wire(Protocol):
    """One way to the exchange and back."""

    def spell(self, request: Request[Any], recv_window_ms: int | None) -> SignedRequest:
        """The bytes of `request`, stamped and signed now."""
        ...

    async def exchange(self, spelled: SignedRequest, total_ms: float) -> Said | Lost:
        """Send and hear. Raises `CannotConnect` when no connection could be made."""
        ...

    async def resync(self, known: Measurement | None) -> None:
        """Return once the clock has been measured later than `known`; many callers share one measurement."""
        ...

    def now_ms(self) -> float:
        """Monotonic milliseconds."""
        ...


_ENGINE_MS = 10_000  # the exchange gives up after 10 s (rest-api, General API information)
_READ_TOTAL_MS = 15_000  # ENV-3
_MARGIN_MS = 1_000
_WIDEST_WINDOW_MS = 60_000  # rest-api, Timing security


def total_ms(request: Request[Any], spelled: SignedRequest) -> float:
    """How long to wait for an answer: 15 s for reads; recvWindow + 10 s and a margin for writes (ENV-3)."""
    if not request.endpoint.mutates:
        return _READ_TOTAL_MS
    return max(_READ_TOTAL_MS, (spelled.recv_window_ms or 0) + _ENGINE_MS + _MARGIN_MS)


async def call(
    wire: Wire,
    desk: Desk,
    request: Request[A],
    *,
    recv_window_ms: int | None = None,
    sign_before_ms: int | None = None,
) -> A:
    """Ask `request` and return its typed answer, or raise the error that says whether it happened.

    `sign_before_ms` (exchange's clock) is the last moment at which it may be signed, also after a resync;
    past it the request is refused here with `HeldBack`. Raises `Misuse` for a `recv_window_ms` that the
    exchange would not take.
    """
    if recv_window_ms is not None and not 0 < recv_window_ms <= _WIDEST_WINDOW_MS:
        raise errors.Misuse(
            f"recv_window_ms {recv_window_ms}: 1 to {_WIDEST_WINDOW_MS} ms, the less the better"
        )
    if not isinstance(request, Request):
        raise errors.Misuse(f"{request!r} is no request: make one of surefoot.spot, such as GetTime()")
    desk.admit(request)
    request = identified(request, desk.now_ms(), desk.entropy)
    if request.endpoint.signed and (doubt := desk.doubt()) is not None:
        await reassured(wire, desk, doubt)
    known = desk.clock.measurement  # what the attempt is signed by
    spelled, outcome = await _attempt(wire, desk, request, recv_window_ms, sign_before_ms)
    if is_stale(outcome):
        try:
            await wire.resync(known)
        except errors.SurefootError as error:  # what is certain about the request is not lost over it
            raise _error(desk, request, spelled, outcome) from error
        desk.teller.retried(request, spelled, "-1021: refused at the gate, signed afresh after a resync")
        spelled, outcome = await _attempt(wire, desk, request, recv_window_ms, sign_before_ms)
    if isinstance(outcome, Done):
        return _answer(desk, request, spelled, outcome)
    raise _error(desk, request, spelled, outcome)


def _error(
    desk: Desk, request: Request[Any], spelled: SignedRequest, outcome: Outcome
) -> errors.SurefootError:
    return error_of(outcome, mutates=request.endpoint.mutates, facts=desk.facts(request, spelled))


async def _attempt(
    wire: Wire,
    desk: Desk,
    request: Request[Any],
    recv_window_ms: int | None,
    sign_before_ms: int | None,
) -> tuple[SignedRequest, Outcome]:
    if sign_before_ms is not None and desk.now_ms() > sign_before_ms:
        raise errors.HeldBack(
            "too late to sign: its last signing moment has passed", desk.facts(request, None)
        )
    spelled = wire.spell(request, recv_window_ms)
    desk.teller.sent(request, spelled)
    started_ms = wire.now_ms()
    try:
        heard = await wire.exchange(spelled, total_ms(request, spelled))
    except errors.NotDelivered as error:
        heard = Lost(delivered=False, reason=str(error))
    except BaseException as error:
        _interrupted(error, request)
        raise
    outcome, took_ms = judge(heard, mutates=request.endpoint.mutates), wire.now_ms() - started_ms
    desk.heard(outcome, took_ms, signed=request.endpoint.signed)
    desk.teller.heard(request, spelled, outcome, took_ms)
    return spelled, outcome


def _interrupted(error: BaseException, request: Request[Any]) -> None:
    """Whoever cancels a write, or ends the program, is told what is not known now."""
    if request.endpoint.mutates and not isinstance(error, errors.SurefootError):
        id = client_order_id(request)
        named = f" of {id}: ask for the order by this id" if id else ""
        error.add_note(
            f"{type(request).__name__} may have been sent: nobody knows what became{named or ' of it'}"
        )


def _answer(desk: Desk, request: Request[A], spelled: SignedRequest, outcome: Done) -> A:
    try:
        return decode_answer(request, outcome.said.result)
    except errors.ProtocolViolation as error:
        facts = desk.facts(request, spelled)
        if not request.endpoint.mutates:
            raise errors.ProtocolViolation(str(error), facts) from None
        text = f"accepted with {outcome.said.status}, but the answer cannot be read: {error}; look it up"
        raise errors.OutcomeUnknown(text, facts) from None


_DEAD_ENDS = 2  # so many hosts may refuse a connection before the network is blamed


async def measure(wire: Wire, desk: Desk, effort: Effort = FIRST) -> Measurement:
    """Compare clocks by the best of several round trips (AUTH-3); raises when none was answered."""
    samples: list[Sample] = []
    request, give_up_at_ms, dead_ends = GetTime(), wire.now_ms() + effort.total_ms, 0
    outcome: Outcome | None = None
    for _ in range(effort.rounds):
        spelled, sent_ms = wire.spell(request, None), wire.now_ms()
        if sent_ms >= give_up_at_ms:
            break
        try:
            outcome = judge(await wire.exchange(spelled, give_up_at_ms - sent_ms), mutates=False)
        except errors.NotDelivered:
            dead_ends += 1
            if dead_ends == _DEAD_ENDS and not samples:
                raise
            continue
        if isinstance(outcome, Done):
            samples.append(_sample(request, outcome, sent_ms, wire.now_ms()))
    if samples:
        return desk.settle(samples)
    if outcome is None:
        raise errors.NoAnswer("no answer: the clock could not be measured in time")
    raise error_of(outcome, mutates=False, facts=desk.facts(request, None))


def _sample(request: GetTime, outcome: Done, sent_ms: float, heard_ms: float) -> Sample:
    answer: ServerTime = decode_answer(request, outcome.said.result)
    if not 0 <= answer.server_time < END_OF_TIME_MS:
        raise errors.ProtocolViolation("the exchange's serverTime is no time")
    return Sample(sent_ms, heard_ms, answer.server_time)


def run_blocking(flow: Coroutine[Any, Any, R]) -> R:
    """Drive a flow whose wire never suspends, to its end, without an event loop."""
    try:
        flow.send(None)
    except StopIteration as stop:
        result: R = stop.value
        return result
    flow.close()
    raise AssertionError("a blocking wire suspended")
