"""Between a session and its socket: a wire that never waits, a sink that knows the time."""

from collections.abc import Callable
from typing import Protocol

from surefoot.errors import NotDelivered
from surefoot.exchange.door.attendance import GOING_AWAY, Attendance, Visit
from surefoot.net.endings import Ending
from surefoot.net.limits import Limits
from surefoot.net.websocket import WebSocket
from surefoot.wire import Closed

MAX_UNSENT_BYTES = Limits().max_unsent_bytes
"""A reader that leaves more than this unread is disconnected: it is never told less than what happened."""


class Session(Protocol):
    """What a connection is to the exchange."""

    def on_text(self, data: bytes, now_us: int) -> None: ...
    def over(self) -> None: ...
    def shutdown_event(self, now_us: int) -> bytes: ...


class BoundedWire:
    """Sends at once, or cuts off a reader that is too slow."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket

    def send(self, data: bytes) -> None:
        try:
            self._socket.send(data)
        except NotDelivered:
            return  # it is over, and the session hears of that by itself
        if self._socket.unsent_bytes > MAX_UNSENT_BYTES:
            self._socket.abort()

    def close(self, code: int, reason: str) -> None:
        self._socket.dismiss(code, reason)

    def end(self, ending: Ending) -> None:
        """End the connection, or leave it as it is, in silence."""
        match ending:
            case Ending.CLOSE:
                self._socket.dismiss(GOING_AWAY, "going away")
            case Ending.RESET:
                self._socket.abort(reset=True)
            case Ending.HALF_OPEN:
                self._socket.pause(for_ever=True)


class SessionSink:
    """Hands frames to the session together with the exchange's time, and counts it among those present."""

    def __init__(
        self, session: Session, visit: Visit, attendance: Attendance, now_us: Callable[[], int]
    ) -> None:
        self._session = session
        self._now_us = now_us
        self._attendance = attendance
        self._visit = visit
        attendance.enter(visit)

    def on_text(self, data: bytes) -> None:
        self._session.on_text(data, self._now_us())

    def on_closed(self, _: Closed) -> None:
        self._attendance.leave(self._visit)
        self._session.over()
