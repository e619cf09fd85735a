"""Between picows and a WebSocket: frames put together, the protocol kept, for both roles."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

import picows
from picows.picows import WSProtocol  # type: ignore[attr-defined]

from surefoot.errors import ProtocolViolation
from surefoot.net.limits import Limits
from surefoot.wire import Closed

if TYPE_CHECKING:
    from surefoot.net.websocket import TextSink, WebSocket

_NORMAL, _PROTOCOL_ERROR, _NO_CODE, _ABNORMAL, _TOO_BIG, _OWN_FAULT = 1000, 1002, 1005, 1006, 1009, 1011
_CODE_BYTES = 2
_SAYABLE = frozenset({1000, 1001, 1002, 1003, *range(1007, 1015), *range(3000, 5000)})  # RFC 6455, 7.4
_PING, _PONG = picows.WSMsgType.PING, picows.WSMsgType.PONG
_CONTINUATION, _CLOSE = picows.WSMsgType.CONTINUATION, picows.WSMsgType.CLOSE
_DATA = frozenset({picows.WSMsgType.TEXT, picows.WSMsgType.BINARY, _CONTINUATION})
_LOGGER = logging.getLogger("surefoot.net")


class Frames(picows.WSListener):
    """Puts frames together and keeps the protocol; the callbacks that picows calls."""

    def __init__(
        self, socket: "WebSocket", sink_of: "Callable[[WebSocket], TextSink]", limits: Limits
    ) -> None:
        self._socket, self._sink_of, self._limits = socket, sink_of, limits
        self._loop = asyncio.get_running_loop()
        self._sink: TextSink | None = None
        self._begun: bytearray | None = None
        self._cost = 0
        self._said: Closed | None = None

    def on_ws_connected(self, transport: picows.WSTransport) -> None:
        _claim_violation(transport)
        self._socket.opened(transport)
        try:
            self._sink = self._sink_of(self._socket)
        except Exception as error:
            self._failed(error)

    def on_ws_frame(self, transport: picows.WSTransport, frame: picows.WSFrame) -> None:
        kind, socket = frame.msg_type, self._socket
        socket.pulse.heard_at = self._loop.time()
        if frame.rsv1 or frame.rsv2 or frame.rsv3:  # picows leaves them to extensions; there are none
            socket.dismiss(_PROTOCOL_ERROR, "reserved bits")
        if kind in _DATA:
            # picows may still deliver what follows a violation it has answered with CLOSE
            if not (socket.leaving or transport.is_close_frame_sent):
                if self._begun is None and frame.fin and kind != _CONTINUATION:  # nearly always
                    self._deliver(frame.get_payload_as_bytes())
                else:
                    self._take(frame, begins=kind != _CONTINUATION)
        elif kind in {_PING, _PONG}:
            self._control(transport, frame.get_payload_as_bytes(), pong=kind == _PONG)
        elif kind == _CLOSE and self._said is None:
            self._hear_close(transport, frame.get_payload_as_bytes())

    def _control(self, transport: picows.WSTransport, payload: bytes, *, pong: bool) -> None:
        if not (pong or self._socket.leaving or transport.is_close_frame_sent):
            transport.send_pong(payload)
            if self._socket.unsent_bytes > self._limits.max_unsent_bytes:
                self._socket.abort()  # it pings and never reads
        self._socket.pulse.control(payload, pong=pong)

    def _take(self, frame: picows.WSFrame, *, begins: bool) -> None:
        """A fragment of a message."""
        if begins == (self._begun is not None):
            self._socket.dismiss(_PROTOCOL_ERROR, "fragments out of order")
        else:
            self._assemble(frame)

    def _assemble(self, frame: picows.WSFrame) -> None:
        """One buffer for all fragments: a list of them would need more than they hold. Empty ones count."""
        if self._begun is None:
            self._begun, self._cost = bytearray(), -1
        begun = self._begun
        self._cost += 1 + frame.payload_size
        if self._cost > self._limits.max_message_bytes:
            self._begun = None
            self._socket.dismiss(_TOO_BIG, "message too big")
            return
        begun += frame.get_payload_as_bytes()
        if frame.fin:
            self._begun = None
            self._deliver(bytes(begun))

    def _deliver(self, message: bytes) -> None:
        if self._sink is None:
            return
        try:
            self._sink.on_text(message)
        except ProtocolViolation:
            self._socket.abort()
        except Exception as error:
            self._failed(error)

    def _failed(self, error: Exception) -> None:
        """A defect of whoever listens: told to the loop, and to the other side as our own fault."""
        self._loop.call_exception_handler({"message": "a WebSocket's sink failed", "exception": error})
        self._socket.dismiss(_OWN_FAULT)

    def _hear_close(self, transport: picows.WSTransport, payload: bytes) -> None:
        code = int.from_bytes(payload[:_CODE_BYTES], "big") if len(payload) >= _CODE_BYTES else _NO_CODE
        self._said = Closed(code, payload[_CODE_BYTES:].decode(errors="replace"))
        reply = _NORMAL if code == _NO_CODE else code
        self._socket.dismiss(reply if reply in _SAYABLE else _PROTOCOL_ERROR)
        transport.disconnect()

    def on_ws_disconnected(self, transport: picows.WSTransport) -> None:
        sink, self._sink = self._sink, None
        closed = self._said or Closed(_ABNORMAL, _why(transport))
        if not self._socket.ended(closed) or sink is None:
            return
        try:
            sink.on_closed(closed)
        except Exception as error:
            self._loop.call_exception_handler({"message": "a WebSocket's sink failed", "exception": error})

    def forsake(self) -> None:
        """Tell nobody of anything any more."""
        self._sink = None

    def pause_writing(self) -> None:
        """Whoever sends asks for `unsent_bytes`."""

    def resume_writing(self) -> None:
        """See `pause_writing`."""


def _claim_violation(transport: picows.WSTransport) -> None:
    """picows keeps what it found wrong for whoever waits for the end; asyncio complains if nobody does."""
    waiting = transport.wait_disconnected()
    waiting.send(None).add_done_callback(lambda end: end.cancelled() or end.exception())
    waiting.close()


def _why(transport: picows.WSTransport) -> str:
    """The other side said no good-bye; what we said, if we did, is the best explanation."""
    sent = transport.close_handshake.sent if transport.close_handshake is not None else None
    if sent is None:
        return "the connection was cut"
    return f"the connection was cut after we said {int(sent.code)} {sent.reason}".rstrip()  # type: ignore[call-overload]


def protocol_of(
    frames: Frames,
    limits: Limits,
    *,
    authority: str | None = None,
    target: str | None = None,
    headers: Mapping[str, str] = MappingProxyType({}),
) -> WSProtocol:
    """picows' protocol for a server, or for a client when there is an `authority` to greet.

    Built as picows' own `ws_connect` and `ws_create_server` build it; time-outs and pings are ours.
    """
    return WSProtocol(
        authority,
        target,
        authority is not None,
        lambda *_: frames,
        _LOGGER,
        True,  # a defect in a callback ends the connection
        None,
        False,  # pings are ours: picows wants the pong sooner than the next ping
        10,
        10,
        picows.WSAutoPingStrategy.PING_PERIODICALLY,
        False,  # so are pongs: picows tells nobody of the pings that it answers
        limits.max_message_bytes,
        dict(headers) or None,
        16_384,
    )
