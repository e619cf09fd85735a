"""Addresses that go on after they were told to wait (official page *IP Limits*): banned for a while.

How many requests are too many is not documented. Here those count that come more than a second after the
first refusal: what was under way by then is nobody's fault. Nor is it documented what a request during a ban
does: here it is refused and counted, and the ban lasts as long as it was told to.
"""

import msgspec

from surefoot.serve.denial import Denial

PATIENCE = 10
_GRACE_US = 1_000_000
_SHORTEST_US, _LONGEST_US = 120_000_000, 3 * 86_400_000_000
BANNED = 418
"""The HTTP status of every answer to a banned address."""


class _Warning(msgspec.Struct):
    """One limit that an address was told of: first when, until when, how often it went on all the same."""

    first_us: int
    until_us: int
    ignored: int = 0


class Record(msgspec.Struct):
    """What is known of one address: its bans so far, the end of the newest, and requests during bans."""

    bans: int = 0
    banned_until_us: int = 0
    requests_during_bans: int = 0
    warnings: dict[str, _Warning] = {}


class Bans:
    """Two minutes for the first time, then twice as long each time, up to three days."""

    def __init__(self) -> None:
        self._records: dict[str, Record] = {}
        self._fresh: list[str] = []

    @property
    def records(self) -> dict[str, Record]:
        """By address, those that were ever refused."""
        return self._records

    def check(self, address: str, now_us: int) -> None:
        """Raises `Denial` (418) while the address is banned, and counts that it asked."""
        record = self._records.get(address)
        if record is not None and now_us < record.banned_until_us:
            record.requests_during_bans += 1
            raise _denial(record)

    def refused(self, address: str, now_us: int, until_us: int, limit: str = "") -> None:
        """The address was told to wait until then; raises `Denial` when that is once too often.

        Each `limit` is a matter of its own: who heeds one is not to blame for another.
        """
        record = self._record(address)
        warning = record.warnings.get(limit)
        if warning is None or now_us >= warning.until_us:
            warning = record.warnings[limit] = _Warning(now_us, until_us)
        warning.ignored += now_us - warning.first_us > _GRACE_US
        if warning.ignored > PATIENCE:
            self.ban(address, now_us)
            raise _denial(record)

    def ban(self, address: str, now_us: int, length_us: int | None = None) -> int:
        """Ban an address, by default as long as its history asks for; returns until when (µs since 1970)."""
        record = self._record(address)
        if length_us is None:
            length_us = min(_SHORTEST_US << record.bans, _LONGEST_US)
        record.banned_until_us = now_us + length_us
        record.bans += 1
        record.warnings.clear()
        self._fresh.append(address)
        return record.banned_until_us

    def lift(self, address: str) -> None:
        """End a ban now; the next one is longer all the same."""
        record = self._record(address)
        record.banned_until_us = 0
        record.warnings.clear()

    def take_fresh(self) -> list[str]:
        """Addresses banned since the last time this was asked."""
        fresh, self._fresh = self._fresh, []
        return fresh

    def _record(self, address: str) -> Record:
        return self._records.setdefault(address, Record())


def _denial(record: Record) -> Denial:
    until_ms = record.banned_until_us // 1000
    text = (
        f"Way too much request weight used; IP banned until {until_ms}. "
        "Please use WebSocket Streams for live updates to avoid bans."
    )
    return Denial(-1003, text, status=BANNED, retry_at_ms=until_ms)
