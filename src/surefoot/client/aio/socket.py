"""One WebSocket API connection: questions matched with answers by id, events handed on."""

import asyncio
import ssl
from collections.abc import Callable
from itertools import count
from typing import Any, TypeGuard

from surefoot.client.aio.dialling import dial_any, limited
from surefoot.client.allowance import LIMITING
from surefoot.client.desk import Desk
from surefoot.client.heard import message_said
from surefoot.codec import wsapi
from surefoot.codec.rest import SignedRequest
from surefoot.codec.streams import decode_user_event
from surefoot.errors import Misuse, ProtocolViolation
from surefoot.net.websocket import WebSocket
from surefoot.rules.outcomes import Said
from surefoot.spot.events import Event, ServerShutdown
from surefoot.spot.request import Request
from surefoot.spot.session import Logon, SubscribeUserDataSigned
from surefoot.wire import Closed, Lost

_CONNECT_WEIGHT = 2  # web-socket-api, General API information
_BY_US = 1000
_UNAUTHORIZED = 401


def _nobody(reason: str) -> None:
    """Who asks over a connection hears of its end by the answer that is missing."""


class ApiSocket:
    """A connection to a venue's WebSocket API. `logged_on` is whether requests may leave out key and
    signature; `retiring` whether the exchange is about to end it, so that another is to be asked.
    """

    def __init__(
        self, desk: Desk, *, on_event: Callable[[Event], None], on_lost: Callable[[str], None] = _nobody
    ) -> None:
        self._desk = desk
        self._on_event, self._on_lost = on_event, on_lost
        self._waiting: dict[int, asyncio.Future[Said | Lost]] = {}
        self._ids = count(1)
        self._socket: WebSocket | None = None
        self.logged_on = self.retiring = self._retired = False

    async def open(self, tls: ssl.SSLContext | None, *, microseconds: bool = False) -> None:
        """Connect; raises `CannotConnect`, and `HeldBack` where the limits have no room for it. With
        `microseconds` the exchange says all times in them.
        """
        urls, target = self._desk.environment.urls("ws_api"), "?timeUnit=MICROSECOND" if microseconds else ""
        self._socket = await dial_any(self._desk, urls, target, self, tls, weight=_CONNECT_WEIGHT)

    @property
    def socket(self) -> WebSocket:
        """The open connection."""
        if self._socket is None:
            raise AssertionError("used before open()")
        return self._socket

    def spell(self, request: Request[Any], recv_window_ms: int | None) -> SignedRequest:
        """The request's text: unsigned, logged on, or signed by itself."""
        if not request.endpoint.ws_method:
            raise Misuse(
                f"{request.endpoint.path} exists on REST only; open the client with transport='rest'"
            )
        if not request.endpoint.signed:
            return wsapi.unsigned(request, next(self._ids))
        key, clock = self._desk.signing_key(request), self._desk.clock
        now_ms, window_ms = self._desk.now_ms(), clock.window_ms(recv_window_ms)
        if self.logged_on and not isinstance(request, (Logon, SubscribeUserDataSigned)):
            return wsapi.logged_on(request, next(self._ids), now_ms, window_ms)
        return wsapi.signed(
            request,
            next(self._ids),
            api_key=key.api_key,
            signer=key.signer,
            timestamp_ms=now_ms,
            recv_window_ms=window_ms,
        )

    async def exchange(self, spelled: SignedRequest, total_ms: float) -> Said | Lost:
        """Send and wait for the answer with the same id."""
        if self.socket.closed is not None:
            return Lost(delivered=False, reason="the WebSocket is closed")
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Said | Lost] = loop.create_future()
        self._waiting[spelled.id] = answer
        timer = loop.call_later(total_ms / 1000, self._give_up, spelled.id, total_ms)
        try:
            self.socket.send(spelled.body)
            return await answer
        finally:
            timer.cancel()
            self._waiting.pop(spelled.id, None)
            self._part()

    def retire(self) -> None:
        """Another connection took its place: it ends when nobody waits for an answer any more."""
        self.retiring = self._retired = True
        self._part()

    def _part(self) -> None:
        if self._retired and not self._waiting and self.socket.closed is None:
            self.socket.dismiss(_BY_US, "")

    def on_text(self, data: bytes) -> None:
        """Something came: an answer, or an event."""
        try:
            message = wsapi.decode(data)
            event = decode_user_event(message.event) if message.is_event else None
        except ProtocolViolation as error:
            self._desk.teller.nonsense(str(error))
            raise
        if event is not None:
            self.retiring |= isinstance(event, ServerShutdown)
            self._desk.told(event)
            self._on_event(event)
        elif self._is_awaited(message.id):
            self._settle(message.id, message_said(message, self._desk.now_ms))
        elif message.id is None and message.status == _UNAUTHORIZED:
            self._on_lost("the exchange revoked the session")
            if self._socket is not None:
                self._socket.abort()  # of whoever waits nobody knows which one that answered
        elif message.status in LIMITING:
            limited(
                self._desk, message_said(message, self._desk.now_ms)
            )  # whoever asked went away; the others must hear it

    def on_closed(self, closed: Closed) -> None:
        """The connection is over: whoever waits will not be answered."""
        reason = f"the WebSocket was closed: {closed.code} {closed.reason}".rstrip()
        for id in list(self._waiting):
            self._settle(id, Lost(delivered=True, reason=reason))
        if closed.code != _BY_US:
            self._desk.clock.doubts.suspect("a connection was lost")
        self._on_lost(reason)

    def _give_up(self, id: int, after_ms: float) -> None:
        self._settle(id, Lost(delivered=True, reason=f"no answer within {after_ms:.0f} ms"))

    def _is_awaited(self, id: object) -> TypeGuard[int]:
        """Whether somebody waits for that answer, who has not just been cancelled."""
        answer = self._waiting.get(id) if isinstance(id, int) else None
        return answer is not None and not answer.done()

    def _settle(self, id: int, heard: Said | Lost) -> None:
        answer = self._waiting.pop(id, None)
        if answer is not None and not answer.done():
            answer.set_result(heard)

    async def close(self) -> None:
        """Close politely; does nothing when it is closed or was never open."""
        if self._socket is not None and self._socket.closed is None:
            await self._socket.close()
