"""The one conversation: wait for room, spell, send, judge; again, signed afresh, where that is safe.

A flow is a plain ``async def`` over a small `Wire`. The asynchronous client suspends in it; the blocking
client's wire never does, so `run_blocking` drives the very same lines.
"""

from collections.abc import Callable, Coroutine
from typing import Any, Protocol, TypeVar

import msgspec

from surefoot import errors
from surefoot.budget.address import Permit
from surefoot.budget.ledger import purse
from surefoot.client.admission import asked_at_once, must_be_open, room_for
from surefoot.client.desk import Desk
from surefoot.client.ids import identified
from surefoot.client.teller import client_order_id
from surefoot.client.timekeeping import reassured
from surefoot.client.timesync import END_OF_TIME_MS, FIRST, Effort, Measurement, Sample
from surefoot.codec.rest import SignedRequest, decode_answer
from surefoot.rules.outcomes import (
    INTERRUPTED,
    Done,
    NotDelivered,
    Outcome,
    Refused,
    Said,
    error_of,
    is_stale,
    judge,
)
from surefoot.rules.retries import Again, Retries, again
from surefoot.spot.general import GetTime, ServerTime
from surefoot.spot.request import Request
from surefoot.wire import Lost

A = TypeVar("A")
R = TypeVar("R")

SignBefore = int | Callable[[], int]
"""The last moment (exchange's clock) at which a request may be signed; or who says it when that is about to
happen, since it may have become earlier meanwhile.
"""


class Wire(Protocol):
    """One way to the exchange and back."""

    @property
    def usable(self) -> bool:
        """Whether there is a way to go now; `ready` makes one."""
        ...

    async def ready(self, by_ms: float) -> None:
        """Return once there is a way to go, by that moment (exchange's clock). Raises `CannotConnect`, or
        what keeps it from being opened.
        """
        ...

    def spell(self, request: Request[Any], recv_window_ms: int | None) -> SignedRequest:
        """The bytes of `request`, stamped and signed now."""
        ...

    async def exchange(self, spelled: SignedRequest, total_ms: float) -> Said | Lost:
        """Send and hear. Raises `CannotConnect` when no connection could be made."""
        ...

    async def resync(self, known: Measurement | None) -> None:
        """Return once the clock has been measured later than `known`; many callers share one measurement."""
        ...

    async def sleep_until(self, moment_ms: float) -> None:
        """Return at that moment of the exchange's clock."""
        ...

    def now_ms(self) -> float:
        """Monotonic milliseconds."""
        ...

    def later(self, work: Callable[[], None]) -> None:
        """Do this soon: where others can wait, while the next bytes travel."""
        ...


_ENGINE_MS = 10_000  # the exchange gives up after 10 s (rest-api, General API information)
_READ_TOTAL_MS = 15_000  # ENV-3
_LEAST_TOTAL_MS = 1_000
_MARGIN_MS = 1_000
_WIDEST_WINDOW_MS = 60_000  # rest-api, Timing security


def total_ms(request: Request[Any], spelled: SignedRequest, left_ms: float = _READ_TOTAL_MS) -> float:
    """How long to wait for an answer: 15 s for reads, or what is left of them; recvWindow + 10 s and a margin
    for writes (ENV-3).
    """
    if not request.endpoint.mutates:
        return max(_LEAST_TOTAL_MS, min(_READ_TOTAL_MS, left_ms))
    return max(_READ_TOTAL_MS, (spelled.recv_window_ms or 0) + _ENGINE_MS + _MARGIN_MS)


async def call(
    wire: Wire,
    desk: Desk,
    request: Request[A],
    *,
    recv_window_ms: int | None = None,
    sign_before_ms: SignBefore | None = None,
    retries: Retries | None = None,
) -> A:
    """Ask `request` and return its typed answer, or raise the error that says whether it happened.

    It waits for room in the limits and is sent again where that is safe (`rules.retries`; the client's
    `retries` unless others are given), as long as the patience of the caller lasts
    (`budget.ledger.spending`; 15 s). `sign_before_ms` (exchange's clock) is the
    last moment at which it may be signed, also after a wait; past it the request is refused here with
    `HeldBack`. Raises `Misuse` for a `recv_window_ms` that the exchange would not take.
    """
    if recv_window_ms is not None and not 0 < recv_window_ms <= _WIDEST_WINDOW_MS:
        raise errors.Misuse(
            f"recv_window_ms {recv_window_ms}: 1 to {_WIDEST_WINDOW_MS} ms, the less the better"
        )
    if not isinstance(request, Request):
        raise errors.Misuse(f"{request!r} is no request: make one of surefoot.spot, such as GetTime()")
    desk.admit(request)
    began_ms = wire.now_ms()
    now_ms = desk.clock.now_ms(began_ms)
    request = identified(request, now_ms, desk.entropy)
    terms = Terms(began_ms, now_ms, now_ms + purse().patience_ms, recv_window_ms, sign_before_ms)
    tried = stale = 0
    while True:
        spelled, outcome, known = await _attempt(wire, desk, request, terms, first=not tried)
        if spelled is not None and isinstance(outcome, Done):
            return _answer(desk, request, spelled, outcome)
        tried, stale = tried + 1, stale + is_stale(outcome)
        next = again(
            outcome,
            retries or desk.retries,
            mutates=request.endpoint.mutates,
            tried=tried,
            stale=stale,
            dice=desk.entropy.uniform(),
        )
        try:
            in_time = next is not None and await _time_for(wire, desk, next, terms, known)
        except errors.SurefootError as error:  # what is certain about the request is not lost over it
            raise _error(desk, request, spelled, outcome) from error
        if next is None or not in_time:
            raise _error(desk, request, spelled, outcome)
        desk.teller.retried(request, next.reason)


class Terms(msgspec.Struct, frozen=True, gc=False):
    """What the caller asked for, and when: on the monotonic clock, and on the exchange's; when to be done (on
    that one); and what `call` says.
    """

    began_ms: float
    now_ms: int
    by_ms: float
    recv_window_ms: int | None
    sign_before_ms: SignBefore | None


async def _time_for(wire: Wire, desk: Desk, next: Again, terms: Terms, known: Measurement | None) -> bool:
    """Wait until it may be sent again; False when that is too late. Raises when the clock cannot be
    measured.
    """
    if next.resync:
        await wire.resync(known)
        return True
    now_ms = desk.now_ms()
    silence = desk.allowance.silence(now_ms)
    soonest_ms = max(next.at_ms or 0, silence.at_ms if silence else 0)
    due_ms = max(now_ms + next.after_ms * desk.allowance.rain.slower(now_ms), soonest_ms)
    if due_ms >= terms.by_ms:
        return False
    await wire.sleep_until(due_ms)
    return True


def _error(
    desk: Desk, request: Request[Any], spelled: SignedRequest | None, outcome: Outcome
) -> errors.SurefootError:
    error = error_of(outcome, mutates=request.endpoint.mutates, facts=desk.facts(request, spelled))
    if isinstance(error, errors.RateLimited | errors.Banned) and error.retry_at_ms is None:
        silence = desk.allowance.silence(desk.now_ms())  # where the exchange does not say, we know better
        if silence is not None:
            error.facts = msgspec.structs.replace(error.facts, retry_at_ms=int(silence.at_ms))
    return error


async def _attempt(
    wire: Wire, desk: Desk, request: Request[Any], terms: Terms, *, first: bool
) -> tuple[SignedRequest | None, Outcome, Measurement | None]:
    """What was sent, what became of it, and by which measurement of the clock it was signed."""
    started_ms = terms.began_ms if first else wire.now_ms()
    if not wire.usable:
        if (failure := await _connected(wire, terms.by_ms)) is not None:
            return None, failure, desk.clock.measurement
        started_ms = wire.now_ms()
    endpoint = request.endpoint
    if endpoint.signed and (doubt := desk.doubt(started_ms)) is not None:
        await reassured(wire, desk, doubt)
        started_ms = wire.now_ms()
    permit = desk.allowance.admit(request, terms.now_ms if first else desk.now_ms())
    if not isinstance(permit, Permit):
        permit = await room_for(wire, desk, request, terms.by_ms, permit)
        started_ms = wire.now_ms()
    if terms.sign_before_ms is not None:
        _must_be_in_time(desk, permit, terms.sign_before_ms)
    known, spelled = desk.clock.measurement, None
    try:
        spelled = wire.spell(request, terms.recv_window_ms)
        desk.teller.sent(request, spelled)
        left_ms = _READ_TOTAL_MS if first else terms.by_ms - desk.now_ms()
        outcome = judge(
            await wire.exchange(spelled, total_ms(request, spelled, left_ms)), mutates=endpoint.mutates
        )
    except errors.NotDelivered as error:
        outcome = NotDelivered(_bare(error))
    except BaseException as error:
        _interrupted(desk, error, permit, sent=spelled is not None and not isinstance(error, errors.Misuse))
        raise
    heard_ms = wire.now_ms()
    took_ms, now_ms = heard_ms - started_ms, desk.clock.now_ms(heard_ms)
    if isinstance(outcome, Done):
        if desk.allowance.answered(permit, outcome, now_ms, took_ms):
            wire.later(desk.allowance.settle_all)
    else:
        desk.allowance.settle(permit, outcome, now_ms, took_ms)
    desk.heard(outcome, took_ms, signed=endpoint.signed)
    if spelled is not None:
        desk.teller.heard(request, spelled, outcome, took_ms)
    return spelled, outcome, known


async def _connected(wire: Wire, by_ms: float) -> NotDelivered | None:
    """None once there is a way to go."""
    try:
        await wire.ready(by_ms)
    except errors.CannotConnect as error:
        return NotDelivered(_bare(error))
    return None


def _must_be_in_time(desk: Desk, permit: Permit, sign_before_ms: SignBefore) -> None:
    now_ms = desk.now_ms()
    if now_ms > (sign_before_ms() if callable(sign_before_ms) else sign_before_ms):
        desk.allowance.settle(permit, NotDelivered("too late to sign"), now_ms, 0.0)
        text = "too late to sign: its last signing moment has passed"
        raise errors.HeldBack(text, desk.facts(permit.request, None))


def _bare(error: errors.NotDelivered) -> str:
    return str(error).removeprefix("nothing was sent: ")


def _interrupted(desk: Desk, error: BaseException, permit: Permit, *, sent: bool) -> None:
    """Whoever cancels a write, or ends the program, is told what is not known now."""
    unheard = INTERRUPTED if sent else NotDelivered("interrupted")
    desk.allowance.settle(permit, unheard, desk.now_ms(), 0.0)
    request = permit.request
    if sent and request.endpoint.mutates and not isinstance(error, errors.SurefootError):
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
    must_be_open(desk)
    samples: list[Sample] = []
    request, give_up_at_ms, dead_ends = GetTime(), wire.now_ms() + effort.total_ms, 0
    outcome: Outcome | None = None
    for _ in range(effort.rounds):
        sent_ms = wire.now_ms()
        if sent_ms >= give_up_at_ms or desk.allowance.silence(desk.now_ms()) is not None:
            break
        outcome = await asked_at_once(wire, desk, request, give_up_at_ms - sent_ms)
        if isinstance(outcome, Done):
            samples.append(_sample(request, outcome, sent_ms, wire.now_ms()))
        elif isinstance(outcome, Refused):
            break  # it will be refused again; and after a 429 or a ban, nothing may leave
        elif isinstance(outcome, NotDelivered):
            dead_ends += 1
            if dead_ends == _DEAD_ENDS and not samples:
                break
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
