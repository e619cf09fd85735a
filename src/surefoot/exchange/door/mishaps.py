"""Requests on their way in and answers on their way out, as the plan of faults wants them.

Whatever is struck, the engine is never half done with a request: it executes all of it, consequences told, or
none of it. Nobody waits here: `Waiting` does, on the running loop.
"""

from collections.abc import Awaitable, Callable
from typing import Protocol

from surefoot.exchange.door.attendance import EndableWire
from surefoot.exchange.door.front import Front, Seen
from surefoot.exchange.door.session_calls import SESSION_CALLS
from surefoot.exchange.door.sessions import ApiSession
from surefoot.exchange.faults.clock import ExchangeClock
from surefoot.exchange.faults.course import Course, course_of
from surefoot.exchange.faults.plan import Plan
from surefoot.exchange.faults.rules import Occasion
from surefoot.exchange.faults.wording import rest_instead, spoiled, spoiled_text, ws_instead
from surefoot.net.endings import Broken
from surefoot.serve.answers import limit_headers
from surefoot.serve.denial import Denial
from surefoot.serve.forms import read_form
from surefoot.serve.frames import BadFrame, Frame, read_frame
from surefoot.wire import HttpRequest, HttpResponse

Answered = HttpResponse | Broken
_MS_US = 1000
_UNSTRUCK = Course()
_NOTHING = HttpResponse(200, {}, b"{}")


class Waiting(Protocol):
    """How time passes: both in milliseconds of the running loop."""

    async def sleep(self, ms: float) -> None: ...
    def after(self, ms: float, call: Callable[[], object]) -> None: ...


class Mishaps:
    """Lets requests of both APIs through, or not."""

    def __init__(self, front: Front, plan: Plan, clock: ExchangeClock, waiting: Waiting) -> None:
        self._front = front
        self._plan = plan
        self._clock = clock
        self._waiting = waiting

    def rest(self, request: HttpRequest, peer: str) -> Answered | Awaitable[Answered]:
        """The answer to a REST request, at once or later."""
        if self._plan.idle:
            now_us = self._clock.now_us()
            return self._front.rest(request, peer, now_us, Seen(self._clock.seen_us))
        course = self._course(self._rest_occasion(request, peer))
        if course.prompt:
            return self._said(course, request, peer, self._seen(course))
        return self._slowly(course, request, peer)

    def frame(self, session: ApiSession, wire: EndableWire, data: bytes, peer: str) -> None:
        """A frame of a WebSocket API connection."""
        frame = None if self._plan.idle else _read(data)
        course = None if frame is None else self._course(_frame_occasion(session, frame, peer))
        if frame is None or course is None or course == _UNSTRUCK:
            now_us = self._clock.now_us()
            session.on_text(data, now_us, Seen(self._clock.seen_us))
        else:
            _Passage(self._clock, self._waiting, session, wire).begin(data, frame, course)

    def handshake(self, kind: str, peer: str) -> Answered | None:
        """What a WebSocket's handshake meets instead of being taken; `kind` is ``ws_api`` or ``streams``."""
        if self._plan.idle:
            return None
        course = self._course(Occasion(on="connect", names=(kind,), address=peer))
        if course.ending is not None:
            return Broken(course.ending)
        if course.answer is None:
            return None
        return rest_instead(course.answer, {}, self._clock.shown_us() // _MS_US)

    def _course(self, occasion: Occasion) -> Course:
        return course_of(self._plan.strike(occasion))

    def _seen(self, course: Course) -> Seen:
        return Seen(self._clock.shown_us(), int(course.lag_ms * _MS_US))

    def _rest_occasion(self, request: HttpRequest, peer: str) -> Occasion:
        path = request.target.partition("?")[0]
        route = self._front.venue.rest_route(request.method, path)
        names = (f"{request.method} {path}", *((route.operation,) if route else ()))
        key = self._front.keys.find(request.headers.get("x-mbx-apikey", ""))
        account = key.account.name if key else ""
        try:
            params = read_form(request).values
        except Denial:
            params = {}
        return Occasion(on="rest", names=names, account=account, address=peer, params=params)

    async def _slowly(self, course: Course, request: HttpRequest, peer: str) -> Answered:
        await self._waiting.sleep(course.request_ms)
        seen = self._seen(course)
        await self._waiting.sleep(course.engine_ms)
        said = self._said(course, request, peer, seen)
        await self._waiting.sleep(course.answer_ms)
        return said

    def _said(self, course: Course, request: HttpRequest, peer: str, seen: Seen) -> Answered:
        now_us = self._clock.now_us()
        true = self._front.rest(request, peer, now_us, seen) if course.executed else _NOTHING
        if course.ending is not None:
            return Broken(course.ending)
        if course.answer is not None:
            headers = limit_headers(self._front.limiter.weight_used(peer, now_us))
            return rest_instead(course.answer, headers, self._clock.shown_us() // _MS_US)
        return true if course.bad_body is None else spoiled(course.bad_body, true)


class StruckSession:
    """A connection to the WebSocket API whose frames go through the mishaps."""

    def __init__(self, session: ApiSession, mishaps: Mishaps, wire: EndableWire, peer: str) -> None:
        self._session, self._mishaps = session, mishaps
        self._wire, self._peer = wire, peer
        self.over, self.shutdown_event = session.over, session.shutdown_event

    def on_text(self, data: bytes, _: int) -> None:
        """One frame; the exchange's clock is read when it is executed."""
        self._mishaps.frame(self._session, self._wire, data, self._peer)


class _Passage:
    """One struck frame on its way through the exchange and back."""

    _data: bytes
    _frame: Frame
    _course: Course

    def __init__(
        self, clock: ExchangeClock, waiting: Waiting, session: ApiSession, wire: EndableWire
    ) -> None:
        self._clock, self._after = clock, waiting.after
        self._session, self._wire = session, wire

    def begin(self, data: bytes, frame: Frame, course: Course) -> None:
        """On its way."""
        self._data, self._frame, self._course = data, frame, course
        self._then(course.request_ms, self._arrive)

    def _then(self, ms: float, call: Callable[[], object]) -> None:
        if ms:
            self._after(ms, call)
        else:
            call()

    def _arrive(self) -> None:
        seen = Seen(self._clock.shown_us(), int(self._course.lag_ms * _MS_US))
        self._then(self._course.engine_ms, lambda: self._execute(seen))

    def _execute(self, seen: Seen) -> None:
        now_us = self._clock.now_us()
        if not self._course.executed:
            self._deliver(self._session.instead(self._frame, 200, ("result", {}), now_us))
        elif not (self._session.ended and self._frame.method in SESSION_CALLS):  # nobody is there to log on
            self._session.on_text(self._data, now_us, seen, self._deliver)

    def _deliver(self, true: bytes) -> None:
        """Called once, with the true answer."""
        course, said = self._course, true
        if course.answer is not None:
            status, content = ws_instead(course.answer, self._clock.shown_us() // _MS_US)
            said = self._session.instead(self._frame, status, content, self._clock.now_us())
        elif course.bad_body is not None:
            said = spoiled_text(course.bad_body, true)
        self._then(course.answer_ms, lambda: self._leave(said))

    def _leave(self, said: bytes) -> None:
        if self._course.ending is None:
            self._wire.send(said)
        else:
            self._wire.end(self._course.ending)


def _read(data: bytes) -> Frame | None:
    """None for what the session will refuse by itself."""
    try:
        return read_frame(data)
    except BadFrame:
        return None


def _frame_occasion(session: ApiSession, frame: Frame, peer: str) -> Occasion:
    names = (frame.method.removeprefix("v3/"),)
    return Occasion(on="ws_api", names=names, account=session.asker(frame), address=peer, params=frame.values)
