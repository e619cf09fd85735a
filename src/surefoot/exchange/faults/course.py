"""What becomes of one request that was struck: all its faults put together, as plain values."""

from collections.abc import Iterable

import msgspec

from surefoot.exchange.faults.kinds import (
    ENGINE_PATIENCE_MS,
    Answer,
    BadBody,
    Latency,
    LostAnswer,
    LostRequest,
    ReadLag,
    SlowEngine,
)
from surefoot.exchange.faults.plan import Strike
from surefoot.net.endings import Ending

_TIMED_OUT = Answer(code=-1007)


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """First `request_ms` on the way, then the exchange judges it, then `engine_ms` in the engine, then
    `answer_ms` on the way back. It is `executed` or not; `answer` and `bad_body` stand in for the true
    answer, `ending` for any. Queries do not see what is younger than `lag_ms`.
    """

    request_ms: float = 0
    engine_ms: float = 0
    answer_ms: float = 0
    lag_ms: float = 0
    executed: bool = True
    answer: Answer | None = None
    bad_body: BadBody | None = None
    ending: Ending | None = None

    @property
    def prompt(self) -> bool:
        """Whether everything happens at once."""
        return not self.request_ms + self.engine_ms + self.answer_ms


def course_of(strikes: Iterable[Strike]) -> Course:
    """Times add up; at most one fault decides what is heard."""
    course = Course()
    for strike in strikes:
        course = _with(course, strike)
    return course


def _with(course: Course, strike: Strike) -> Course:
    fault, change = strike.fault, msgspec.structs.replace
    match fault:
        case Latency(leg="request"):
            return change(course, request_ms=course.request_ms + _latency(fault, strike.dice))
        case Latency():
            return change(course, answer_ms=course.answer_ms + _latency(fault, strike.dice))
        case ReadLag():
            return change(course, lag_ms=max(course.lag_ms, fault.ms))
    return _decided(course, strike)


def _decided(course: Course, strike: Strike) -> Course:
    fault, change = strike.fault, msgspec.structs.replace
    match fault:
        case LostAnswer() | LostRequest():
            return change(course, ending=Ending(fault.how), executed=isinstance(fault, LostAnswer))
        case Answer():
            return change(course, answer=fault, executed=fault.executed)
        case BadBody():
            return change(course, bad_body=fault, executed=fault.executed)
        case SlowEngine() if fault.ms < ENGINE_PATIENCE_MS:
            return change(course, engine_ms=course.engine_ms + fault.ms)
        case SlowEngine():
            return change(course, engine_ms=fault.ms, answer=_TIMED_OUT, executed=fault.executed)
    return course


def _latency(fault: Latency, dice: float) -> float:
    return fault.ms + fault.jitter_ms * dice
