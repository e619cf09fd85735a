"""What an exchange refuses for its limits, noted beside it; and which of that nobody could have avoided."""

from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from surefoot.exchange.limits.bans import Bans


class Refusal(msgspec.Struct, frozen=True):
    """An address was refused something for a `limit` until `until_us`; `ban`: it was banned for that. `heard`
    is how many refusals had reached it by then. Microseconds since 1970.
    """

    address: str
    at_us: int
    until_us: int
    limit: str
    ban: bool
    heard: int


class Refusals(Bans):
    """The exchange's own judgement, which also notes whom it refused. `heard` tells how many refusals have
    reached an address.
    """

    def __init__(self, heard: Callable[[str], int]) -> None:
        super().__init__()
        self._heard = heard
        self.noted: list[Refusal] = []

    def refused(self, address: str, now_us: int, until_us: int, limit: str = "") -> None:
        """As ever."""
        known = self.records.get(address)
        bans = known.bans if known is not None else 0
        try:
            super().refused(address, now_us, until_us, limit)
        finally:
            banned = self.records[address].bans > bans
            self.noted.append(Refusal(address, now_us, until_us, limit, banned, self._heard(address)))


def unprovoked(noted: Iterable[Refusal], surprises_us: Sequence[int]) -> Iterator[str]:
    """The refusals that a client had to avoid. `surprises_us`: when limits were cut or weights raised.

    Nobody is told of such a change: the first refusal of a limit afterwards is how one learns of it, and all
    that comes before that one's window is over was under way, or is found out elsewhere. A ban is excused
    only where no refusal at all was heard since that first one: answers were lost, and requests were not.
    """
    told: dict[tuple[str, str], tuple[int, int]] = {}
    for one in noted:
        span = (one.address, one.limit)
        since_us = max((at_us for at_us in surprises_us if at_us <= one.at_us), default=None)
        until_us, heard = told.get(span, (0, one.heard))
        over = until_us <= one.at_us
        known = since_us is None or (over and since_us < until_us)
        deaf = not over and one.heard == heard
        if known or (one.ban and not deaf):
            kind = "banned" if one.ban else "refused"
            yield f"{one.address} was {kind} for its {one.limit or 'requests'} at {one.at_us // 1000}"
        told[span] = (max(one.until_us, until_us), one.heard if over else heard)
