"""Between a session and its socket: a wire that never waits, a sink that knows the time."""

from collections.abc import Callable
from typing import Protocol

from surefoot.net.websocket import WebSocket
from surefoot.wire import Closed

MAX_UNSENT_BYTES = 4 * 1024 * 1024
"""A reader that leaves more than this unread is disconnected: it is never told less than what happened."""


class Session(Protocol):
    """What a connection is to the exchange."""

    def on_text(self, data: bytes, now_us: int) -> None: ...
    def over(self) -> None: ...


class SessionSink:
    """Hands frames to the session together with the exchange's time."""

    def __init__(self, session: Session, now_us: Callable[[], int]) -> None:
        self._session = session
        self._now_us = now_us

    def on_text(self, data: bytes) -> None:
        self._session.on_text(data, self._now_us())

    def on_closed(self, closed: Closed) -> None:
        self._session.over()
