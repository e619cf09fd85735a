"""A server's way out: bytes to one peer, and an end that neither cuts off the last answer nor waits long."""

import asyncio
import socket
import struct
from collections.abc import Callable

from surefoot.net.deadline import Deadline

_LINGER_MS = 1_000  # so long the last answer may take to be read
_NO_LINGER = struct.pack("ii", 1, 0)


def never_linger(transport: asyncio.BaseTransport) -> None:
    """Let the other side read a reset, not an end, once the connection is cut."""
    wire = transport.get_extra_info("socket")
    if wire is not None and not transport.is_closing():
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)


class Line:
    """The server's hold on one accepted connection. `ending` once nothing more will be said."""

    def __init__(self, transport: asyncio.Transport, out_of_patience: Callable[[], None]) -> None:
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._out_of_patience = out_of_patience
        self._deadline = Deadline(self._due)
        self._held = self._frozen = False
        self.ending = False

    def write(self, data: bytes, *, last: bool) -> None:
        """Send, and end the connection after the last."""
        if not self.ending:
            self._transport.write(data)
            if last:
                self.end()

    def refuse(self, data: bytes) -> None:
        """Send the last words to somebody who may still be talking.

        Closing at once would reset the connection, and the words might be lost with it: so what still comes
        is read, and ignored, until the other side closes.
        """
        self._transport.write(data)
        self.hold(False)
        self._set_end()
        if self._transport.can_write_eof():
            self._transport.write_eof()

    def end(self) -> None:
        """Close once what was written has left; cut it when that takes too long."""
        if not self.ending:
            self._set_end()
            self._transport.close()

    def abort(self, *, reset: bool = False) -> None:
        """Cut the connection now; with `reset` the other side reads a reset, not an end."""
        self.ending = True
        if reset:
            never_linger(self._transport)
        self._transport.abort()

    def freeze(self) -> None:
        """Read nothing and say nothing any more; the other side is not told."""
        self.hold(True)
        self._deadline.cancel()
        self._frozen = True

    def hold(self, wanted: bool) -> None:
        """Stop reading, or read again."""
        if wanted != self._held and not self._frozen and not self._transport.is_closing():
            self._held = wanted
            if wanted:
                self._transport.pause_reading()
            else:
                self._transport.resume_reading()

    def expect(self, within_ms: float) -> None:
        """Be out of patience unless this is said again in time."""
        if not (self.ending or self._frozen):
            self._deadline.move(self._loop.time() + within_ms / 1000)

    def released(self) -> asyncio.Transport:
        """Give the transport away, or up."""
        self.ending = True
        self._deadline.cancel()
        return self._transport

    def _set_end(self) -> None:
        self.ending = True
        self._deadline.move(self._loop.time() + _LINGER_MS / 1000)

    def _due(self) -> None:
        if self.ending:
            self._transport.abort()
        else:
            self._out_of_patience()
