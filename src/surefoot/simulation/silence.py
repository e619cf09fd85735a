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
_MARGIN_MS = 100


class Silence(msgspec.Struct):
    """`host` is asked to be silent by an answer that ends at byte `offset` of that connection, until
    `until_us` of the exchange's clock, which was `skew_ms` wrong then.
    """

    host: str
    connection: Connection
    offset: int
    until_us: int
    skew_ms: float
    text: str
    heard_s: float | None = None


class SilenceWatch:
    """Taps the wires between hosts and the `exchange`; `broken` are sentences. `now_us` and `skew_ms` are
    the exchange's clock.
    """

    def __init__(
        self,
        exchange: str,
        now_s: Callable[[], float],
        now_us: Callable[[], int],
        skew_ms: Callable[[], float],
    ) -> None:
        self._exchange = exchange
        self._now_s, self._now_us, self._skew_ms = now_s, now_us, skew_ms
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

    def _answered(self, connection: Connection, sender: Transport, data: bytes) -> None:
        refusal = _REFUSAL.search(data)
        if refusal is None or _OF_AN_ACCOUNT in data:
            return
        offset = sender.outgoing.sent + len(data)
        if (moment := _UNTIL_MS.search(data)) is not None:
            until_us = int(moment[1]) * 1000
        elif (wait := _WAIT_S.search(data)) is not None:
            until_us = self._now_us() + int(wait[1]) * 1_000_000
        else:
            return
        words = refusal[0].decode().strip()
        host = sender.outgoing.link.target
        self.asked.append(Silence(host, connection, offset, until_us, self._skew_ms(), words))

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
                and self._holds(one)
            ):
                what = text[:60].decode(errors="replace")
                self.broken.append(
                    f"{host} heard {one.text} at {one.heard_s:.6f} s and wrote at {now_s:.6f} s: {what!r}"
                )
                return

    def _holds(self, one: Silence) -> bool:
        """Whether it is not over yet. Who cannot know: the exchange's clock was set meanwhile."""
        same_clock = abs(self._skew_ms() - one.skew_ms) < _MARGIN_MS
        return same_clock and self._now_us() + _MARGIN_MS * 1000 < one.until_us
