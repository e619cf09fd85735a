"""Whether anybody speaks to the exchange after hearing that it wants to hear nothing (429, 418).

Reads the wire, not the client: when the bytes of such an answer arrived, nothing may leave that host for the
exchange before the moment the answer names. What was on its way, or being connected, is nobody's fault.
"""

import re
from collections.abc import Callable

import msgspec

from surefoot.simulation.network import Connection, Tap
from surefoot.simulation.readable import readable
from surefoot.simulation.transport import Transport

_REFUSAL = re.compile(rb'HTTP/1\.1 (?:429|418) |"status":(?:429|418)\b')
_WAIT_S = re.compile(rb"retry-after: *(\d+)", re.IGNORECASE)
_UNTIL_MS = re.compile(rb'"retryAfter":(\d+)')
_OF_AN_ACCOUNT = b'"code":-1015'
_REQUEST = re.compile(rb'(?:GET|POST|PUT|DELETE) /|\{"id":')
_MARGIN_S = 0.2


class Silence(msgspec.Struct):
    """`host` is refused something by an answer that ends at byte `offset` of a connection, and asked to be
    silent for `wait_s`: from when it is heard, or from `said_s` where it names a moment, which no delay on
    the way puts off. 0 where it is an account that is to wait, or where nothing certain is said.
    """

    host: str
    connection: Connection
    offset: int
    wait_s: float
    said_s: float | None
    text: str
    heard_s: float | None = None

    def holds(self, now_s: float) -> bool:
        """Whether it has been heard and is not over."""
        since_s = self.heard_s if self.said_s is None else self.said_s
        return self.heard_s is not None and since_s is not None and now_s < since_s + self.wait_s - _MARGIN_S


class SilenceWatch:
    """Taps the wires between hosts and the `exchange`; `broken` are sentences. `now_ms` is the exchange's
    clock; moments told by it say nothing once it is not `right`, while a Retry-After in seconds does.
    """

    def __init__(
        self,
        exchange: str,
        now_s: Callable[[], float],
        now_ms: Callable[[], float],
        right: Callable[[], bool],
    ) -> None:
        self._exchange = exchange
        self._now_s, self._now_ms, self._right = now_s, now_ms, right
        self.asked: list[Silence] = []
        self.broken: list[str] = []

    def before(self, tap: Tap) -> Tap:
        """The tap that looks at every write and then asks `tap`."""

        def look(connection: Connection, sender: Transport, data: bytes) -> bool:
            link = sender.outgoing.link
            if link.source == self._exchange:
                self._answered(connection, sender, data)
            elif link.target == self._exchange and self.asked:
                self._spoke(connection, sender, readable(data))
            return tap(connection, sender, data)

        return look

    def arrived(self, connection: Connection) -> None:
        """Bytes have been delivered."""
        for one in self.asked:
            mine = one.heard_s is None and one.connection is connection
            if mine and connection.back.delivered >= one.offset:
                one.heard_s = self._now_s()

    def forget(self, host: str) -> None:
        """Whoever heard it is dead, and told nobody."""
        self.asked = [one for one in self.asked if one.host != host]

    def heard(self, host: str) -> int:
        """How many refusals have reached the host by now."""
        return sum(one.host == host and one.heard_s is not None for one in self.asked)

    def _answered(self, connection: Connection, sender: Transport, data: bytes) -> None:
        refusal = _REFUSAL.search(data)
        if refusal is None:
            return
        offset = sender.outgoing.sent + len(data)
        words = refusal[0].decode().strip()
        host = sender.outgoing.link.target
        self.asked.append(Silence(host, connection, offset, *self._wait(data), words))

    def _wait(self, data: bytes) -> tuple[float, float | None]:
        """For how many seconds, and since when where that is said."""
        moment, wait = _UNTIL_MS.search(data), _WAIT_S.search(data)
        if _OF_AN_ACCOUNT in data:
            return 0.0, None
        if wait is not None:
            return float(wait[1]), None
        if moment is not None and self._right():
            return (int(moment[1]) - self._now_ms()) / 1000, self._now_s()
        return 0.0, None

    def _spoke(self, connection: Connection, sender: Transport, text: bytes) -> None:
        if not _REQUEST.match(text):
            return
        host, now_s = sender.outgoing.link.source, self._now_s()
        was_asked_s = connection.asked_s if sender.outgoing.sent == 0 else now_s
        for one in self.asked:
            if (
                one.host == host
                and one.heard_s is not None
                and one.heard_s < was_asked_s
                and one.holds(now_s)
            ):
                what = text[:60].decode(errors="replace")
                self.broken.append(
                    f"{host} heard {one.text} at {one.heard_s:.6f} s and wrote at {now_s:.6f} s: {what!r}"
                )
                return
