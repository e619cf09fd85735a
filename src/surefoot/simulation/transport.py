"""The two ends of a simulated connection, as asyncio transports.

They behave as asyncio's own on TCP: bytes in order, flow control, half-close, an abort that the other end
sees, errors of a protocol ending its connection. There is no file descriptor (``fileno()`` is -1), so
libraries that would write past the loop fall back to `write`.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from contextvars import Context
from socket import AF_INET, SO_LINGER, SOCK_STREAM
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from surefoot.simulation.wire import Wire

_KERNEL_BYTES = 131_072
_HIGH_BYTES = 65_536
_LOW_BYTES = 16_384

Address = tuple[str, int]
Writer = Callable[["Transport", bytes], None]


class NoSocket:
    """Stands where a socket would: addresses, but no descriptor, and no option but SO_LINGER.

    `lingers` until that is set: then an abort is a reset.
    """

    family, type, proto = AF_INET, SOCK_STREAM, 6

    def __init__(self, sockname: Address, peername: Address | None = None) -> None:
        self._sockname = sockname
        self._peername = peername
        self.lingers = True

    def fileno(self) -> int:
        return -1

    def getsockname(self) -> Address:
        return self._sockname

    def getpeername(self) -> Address | None:
        return self._peername

    def setsockopt(self, _level: int, option: int, _value: object) -> None:
        """Other options change nothing here."""
        if option == SO_LINGER:
            self.lingers = False

    def getsockopt(self, *_args: object) -> int:
        return 0


class _Reading(asyncio.ReadTransport):
    """The receiving half: an inbox, which fills while reading is paused."""

    incoming: "Wire"
    context: Context
    _protocol: asyncio.BaseProtocol
    _closing: bool

    def __init__(self, extra: dict[str, Any]) -> None:
        super().__init__(extra)
        self._inbox: deque[bytes] = deque()
        self._eof = False
        self._paused = False

    def is_reading(self) -> bool:
        return not self._paused and not self._closing

    def pause_reading(self) -> None:
        self._paused = True

    def resume_reading(self) -> None:
        """Deliver what came in the meantime, in the loop's next turn."""
        if self._paused and not self._closing:
            self._paused = False
            self._loop.call_soon(self._drain, context=self.context)

    @property
    def _loop(self) -> asyncio.AbstractEventLoop:
        return self.incoming.loop

    def arrived(self, data: bytes) -> None:
        """Bytes have come over the wire."""
        self._inbox.append(data)
        self._drain()

    def arrived_end(self) -> None:
        """The other end will write no more."""
        self._eof = True
        self._drain()

    def _drain(self) -> None:
        while self._inbox and self.is_reading():
            self._feed(self._inbox.popleft())
        if self._eof and not self._inbox and self.is_reading():
            self._eof = False
            if not self._guarded(self._protocol.eof_received):  # type: ignore[attr-defined]
                self.close()

    def _feed(self, data: bytes) -> None:
        if not isinstance(self._protocol, asyncio.BufferedProtocol):
            self._guarded(self._protocol.data_received, data)  # type: ignore[attr-defined]
            self.incoming.consumed(len(data))
            return
        taken = self._guarded(self._fill, self._protocol, data) or 0
        self.incoming.consumed(taken)
        if taken < len(data) and not self._closing:
            self._inbox.appendleft(data[taken:])

    @staticmethod
    def _fill(protocol: asyncio.BufferedProtocol, data: bytes) -> int:
        buffer = memoryview(protocol.get_buffer(len(data))).cast("B")
        if not len(buffer):
            raise RuntimeError("get_buffer() returned an empty buffer")
        size = min(len(buffer), len(data))
        buffer[:size] = data[:size]
        protocol.buffer_updated(size)
        return size

    def _guarded(self, callback: Callable[..., Any], *args: object) -> Any:
        """As asyncio does: a protocol that raises is reported to the loop and loses its connection."""
        try:
            return callback(*args)
        except Exception as error:
            message = f"Fatal error: {callback.__name__} of {type(self._protocol).__name__} failed"
            self._loop.call_exception_handler({"message": message, "exception": error, "transport": self})
            self.fail(error)

    def fail(self, error: Exception | None) -> None:
        """End the connection at once."""
        raise NotImplementedError


class _Writing(asyncio.WriteTransport):
    """The sending half: every byte goes out at once, flow control counts what the other has not taken."""

    outgoing: "Wire"
    _protocol: asyncio.BaseProtocol
    _closing: bool
    _writer: Writer

    def __init__(self, extra: dict[str, Any]) -> None:
        super().__init__(extra)
        self._limits = (_LOW_BYTES, _HIGH_BYTES)
        self._writing_asleep = False
        self._wrote_eof = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send; after the connection is gone, silently nothing (as asyncio)."""
        if not isinstance(data, (bytes, bytearray, memoryview)):
            raise TypeError(f"data: expected bytes-like object, got {type(data).__name__}")
        if self._wrote_eof:
            raise RuntimeError("Cannot call write() after write_eof()")
        if self._closing or not len(data):
            return
        self._writer(self, bytes(data))  # type: ignore[arg-type]
        if not self._writing_asleep and self.get_write_buffer_size() > self._limits[1]:
            self._writing_asleep = True
            self._protocol.pause_writing()

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        """Half-close: the other end sees the end after the last byte."""
        if not self._closing and not self._wrote_eof:
            self._wrote_eof = True
            self.outgoing.send_end()

    def get_write_buffer_size(self) -> int:
        """Bytes beyond what two socket buffers would hold."""
        return max(0, self.outgoing.unread - _KERNEL_BYTES)

    def get_write_buffer_limits(self) -> tuple[int, int]:
        return self._limits

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        if high is None:
            high = _HIGH_BYTES if low is None else 4 * low
        low = high // 4 if low is None else low
        if not high >= low >= 0:
            raise ValueError(f"high ({high}) must be >= low ({low}) must be >= 0")
        self._limits = (low, high)

    def taken(self) -> None:
        """The other end has taken bytes: writing may go on."""
        if self._writing_asleep and self.get_write_buffer_size() <= self._limits[0]:
            self._writing_asleep = False
            self._protocol.resume_writing()


class Transport(_Reading, _Writing, asyncio.Transport):
    """One end of a simulated connection. Made by the network, never by hand."""

    def __init__(
        self, incoming: "Wire", outgoing: "Wire", context: Context, writer: Writer, extra: dict[str, Any]
    ) -> None:
        super().__init__(extra)
        self.incoming = incoming
        self.outgoing = outgoing
        self.context = context
        self._writer = writer
        self._protocol = asyncio.BaseProtocol()
        self._closing = False
        self.lost = False
        self.on_lost: Callable[[], object] = bool

    def begin(self, protocol: asyncio.BaseProtocol) -> None:
        """The connection stands; tell the protocol."""
        self._protocol = protocol
        protocol.connection_made(self)

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self._protocol = protocol

    def get_protocol(self) -> asyncio.BaseProtocol:
        return self._protocol

    def is_closing(self) -> bool:
        return self._closing

    def close(self) -> None:
        """Send what is written, then the end; unread bytes turn the end into a reset, as in TCP."""
        if not self._closing:
            self._leave()
            if self.get_write_buffer_size() == 0:
                self._end_soon(None)

    def abort(self) -> None:
        """End at once; what is still buffered is dropped, and then the other end sees a reset."""
        self.fail(None)

    def fail(self, error: Exception | None) -> None:
        """As abort; the protocol is told `error`."""
        if not self.lost:
            wire = self.get_extra_info("socket")
            self._leave(reset=self.get_write_buffer_size() > 0 or not getattr(wire, "lingers", True))
            self._end_soon(error)

    def reset(self) -> None:
        """The connection was torn down outside this end."""
        if not self.lost:
            self._closing = True
            self._end_soon(ConnectionResetError(104, "Connection reset by peer"))

    def awaits_room(self) -> bool:
        """Whether someone wants to know when the other end takes bytes."""
        return self._writing_asleep or (self._closing and not self.lost)

    def taken(self) -> None:
        """As `_Writing.taken`; a close that waited for the buffer goes on."""
        if self._closing and not self.lost and self.get_write_buffer_size() == 0:
            self._end_soon(None)
        elif not self._closing:
            super().taken()

    def _leave(self, *, reset: bool = False) -> None:
        self._closing = True
        if reset or self._inbox:
            self.outgoing.send_reset()
        elif not self._wrote_eof:
            self.outgoing.send_end()

    def _end_soon(self, error: Exception | None) -> None:
        if not self.lost:
            self.lost = True
            self._loop.call_soon(self._end, error, context=self.context)

    def _end(self, error: Exception | None) -> None:
        try:
            self._protocol.connection_lost(error)
        finally:
            self.on_lost()
