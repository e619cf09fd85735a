"""Addresses that go on after they were told to wait (official page *IP Limits*): banned for a while.

How many requests are too many is not documented. Here those count that come more than a second after the
first refusal: what was under way by then is nobody's fault.
"""

import msgspec

from surefoot.serve.denial import Denial

PATIENCE = 10
_GRACE_US = 1_000_000
_SHORTEST_US, _LONGEST_US = 120_000_000, 3 * 86_400_000_000
BANNED = 418
"""The HTTP status of every answer to a banned address."""


class _Record(msgspec.Struct):
    """What is known of one address: its refusals in the window that ends at `until_us`, and its bans."""

    first_us: int = 0
    until_us: int = 0
    ignored: int = 0
    bans: int = 0
    banned_until_us: int = 0


class Bans:
    """Two minutes for the first time, then twice as long each time, up to three days."""

    def __init__(self) -> None:
        self._records: dict[str, _Record] = {}

    def check(self, address: str, now_us: int) -> None:
        """Raises `Denial` (418) while the address is banned."""
        record = self._records.get(address)
        if record is not None and now_us < record.banned_until_us:
            until_ms = record.banned_until_us // 1000
            text = (
                f"Way too much request weight used; IP banned until {until_ms}. "
                "Please use WebSocket Streams for live updates to avoid bans."
            )
            raise Denial(-1003, text, status=BANNED, retry_at_ms=until_ms)

    def refused(self, address: str, now_us: int, until_us: int) -> None:
        """The address was told to wait until then; raises `Denial` when that is once too often."""
        record = self._records.setdefault(address, _Record())
        if now_us >= record.until_us:
            record.first_us, record.until_us, record.ignored = now_us, until_us, 0
        record.ignored += now_us - record.first_us > _GRACE_US
        if record.ignored > PATIENCE:
            record.banned_until_us = now_us + min(_SHORTEST_US << record.bans, _LONGEST_US)
            record.bans += 1
            record.until_us = 0
            self.check(address, now_us)
