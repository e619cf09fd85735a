"""What an exchange refuses for its limits, noted beside it; and which of that nobody could have avoided."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from surefoot.exchange.limits.bans import Bans


class Refusal(msgspec.Struct, frozen=True):
    """An address was refused something for a `limit` until `until_us`; `ban`: it was banned for that.
    Microseconds since 1970.
    """

    address: str
    at_us: int
    until_us: int
    limit: str
    ban: bool


class Refusals(Bans):
    """The exchange's own judgement, which also notes whom it refused."""

    def __init__(self) -> None:
        super().__init__()
        self.noted: list[Refusal] = []

    def refused(self, address: str, now_us: int, until_us: int, limit: str = "") -> None:
        """As ever."""
        known = self.records.get(address)
        bans = known.bans if known is not None else 0
        try:
            super().refused(address, now_us, until_us, limit)
        finally:
            banned = self.records[address].bans > bans
            self.noted.append(Refusal(address, now_us, until_us, limit, banned))


def unprovoked(noted: Iterable[Refusal], surprises_us: Sequence[int]) -> Iterator[str]:
    """The refusals that a client had to avoid. `surprises_us`: when limits were cut or weights raised.

    Nobody is told of such a change: the first refusal of a limit afterwards is how one learns of it, and all
    that comes before that one's window is over was under way, or is found out elsewhere.
    """
    told: dict[tuple[str, str], int] = {}
    for one in noted:
        surprises = [at_us for at_us in surprises_us if at_us <= one.at_us]
        span = (one.address, one.limit)
        since_us = max(surprises, default=None)
        heard_until_us = told.get(span)
        known = since_us is None or (heard_until_us is not None and since_us < heard_until_us <= one.at_us)
        if one.ban or known:
            kind = "banned" if one.ban else "refused"
            yield f"{one.address} was {kind} for its {one.limit or 'requests'} at {one.at_us // 1000}"
        told[span] = max(one.until_us, heard_until_us or 0)
