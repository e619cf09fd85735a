"""HTTP/1.1 on one blocking socket: no thread, no loop."""

import contextlib
import math
import socket
import ssl
import time

from surefoot.errors import CannotConnect, Misuse, ProtocolViolation
from surefoot.net.http1 import ResponseParser
from surefoot.net.limits import Limits, Timeouts
from surefoot.net.proxy import Proxy, way
from surefoot.net.tunnel import Tunnel, tunnel_to
from surefoot.wire import HttpResponse, Lost, Origin

_CHUNK_BYTES = 65_536


class BlockingHttp:
    """A kept-alive connection to one origin; made anew when it is no longer usable. Not for two
    threads at once.
    """

    def __init__(
        self,
        origin: Origin,
        *,
        tls: ssl.SSLContext | None = None,
        timeouts: Timeouts = Timeouts(),  # noqa: B008 - frozen
        limits: Limits = Limits(),  # noqa: B008 - frozen
        proxy: Proxy | None = None,
    ) -> None:
        if origin.tls and tls is None:
            raise Misuse(f"{origin.scheme}://{origin.authority} needs a TLS context")
        self._origin, self._tls = origin, tls if origin.tls else None
        self._timeouts, self._limits = timeouts, limits
        self._proxy = proxy
        self._socket: socket.socket | None = None
        self._idle_since = 0.0

    def exchange(
        self, data: bytes, *, read_ms: float | None = None, total_ms: float | None = None
    ) -> HttpResponse | Lost:
        """Send `data`, one encoded request; raises `CannotConnect` when nobody takes it."""
        read_s = (self._timeouts.read_ms if read_ms is None else read_ms) / 1000
        give_up_at = time.monotonic() + (self._timeouts.total_ms if total_ms is None else total_ms) / 1000
        connected = self._usable() or self._connect()
        if time.monotonic() >= give_up_at:
            return Lost(delivered=False, reason="no time was left to send anything")
        try:
            connected.settimeout(_left_s(give_up_at, read_s))
            connected.sendall(data)
            return self._hear(connected, data.startswith(b"HEAD "), read_s, give_up_at)
        except TimeoutError:
            return self._lost("no answer in time")
        except OSError as error:
            return self._lost(f"the connection was lost: {error}")
        except ProtocolViolation as error:
            return self._lost(f"the answer is not HTTP/1.1: {error}")
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the connection; the next exchange opens another."""
        connected, self._socket = self._socket, None
        if connected is not None:
            connected.close()

    def _hear(
        self, connected: socket.socket, bodyless: bool, read_s: float, give_up_at: float
    ) -> HttpResponse | Lost:
        parser = ResponseParser(self._limits, bodyless=bodyless)
        while True:
            connected.settimeout(_left_s(give_up_at, read_s))
            data = connected.recv(_CHUNK_BYTES)
            answer = parser.feed(data) if data else parser.finish()
            if answer is not None:
                if not parser.keep_alive:
                    self.close()
                self._idle_since = time.monotonic()
                return answer
            if not data:
                return self._lost("the other side closed the connection")

    def _lost(self, reason: str) -> Lost:
        self.close()
        return Lost(delivered=True, reason=reason)

    def _usable(self) -> socket.socket | None:
        """The kept connection, unless it is old, or the other side has ended it or said something unasked."""
        if self._socket is None:
            return None
        if time.monotonic() - self._idle_since > self._timeouts.idle_ms / 1000:
            self.close()
            return None
        self._socket.setblocking(False)
        with contextlib.suppress(OSError):  # a broken connection is as useless as an ended one
            try:
                self._socket.recv(1)
            except (BlockingIOError, ssl.SSLWantReadError):
                return self._socket
        self.close()
        return None

    def _connect(self) -> socket.socket:
        try:
            connected = self._dial(time.monotonic() + self._timeouts.connect_ms / 1000)
        except OSError as error:
            where = way(self._origin, self._proxy)
            raise CannotConnect(f"cannot connect to {where}: {error}; is the network up?") from None
        self._socket, self._idle_since = connected, time.monotonic()
        return connected

    def _dial(self, give_up_at: float) -> socket.socket:
        origin, proxy = self._origin, self._proxy
        first = (origin.host, origin.port) if proxy is None else (proxy.host, proxy.port)
        connected = socket.create_connection(first, _left_s(give_up_at))
        try:
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if proxy is not None:
                _go_through(connected, tunnel_to(origin, proxy), proxy, give_up_at)
            if self._tls is not None:
                connected.settimeout(_left_s(give_up_at))
                connected = self._tls.wrap_socket(connected, server_hostname=origin.host)
        except BaseException:
            connected.close()
            raise
        return connected


def _go_through(connected: socket.socket, talk: Tunnel, proxy: Proxy, give_up_at: float) -> None:
    """Hold the conversation that the proxy expects."""
    say = talk.opening
    while not talk.done:
        connected.settimeout(_left_s(give_up_at))
        connected.sendall(say)
        heard = connected.recv(_CHUNK_BYTES)
        if not heard:
            raise CannotConnect(f"the proxy {proxy.where} closed the connection")
        say = talk.feed(heard)


def _left_s(give_up_at: float, read_s: float = math.inf) -> float:
    left = min(give_up_at - time.monotonic(), read_s)
    if left <= 0:
        raise TimeoutError("timed out")
    return left
